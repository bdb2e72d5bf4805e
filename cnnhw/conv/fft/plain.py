"""The real two-dimensional transform made of fft_words: NumPy's does the same, but cannot be counted."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnnhw.conv.fft.words import Complex, fft_words, fft_words_operations
from cnnhw.conv.operations import Operations


@dataclass(frozen=True)
class PlainTransform:
    """The real two-dimensional FFT made of fft_words, in the place of NumPy's.

    number   turns a word or a constant into the kind of number to calculate with, such as one that
             counts; None for NumPy's floats, which is faster

    Two real rows go through one complex transform, as its real and its imaginary part. The spectra
    come out doubled; what is left to divide by is divided into the filters, once.
    """

    number: Callable | None = None

    def of_ifmap(self, words: np.ndarray, points: tuple[int, int]) -> Complex:
        """Transform tiles (h, w, ...) to spectra (rows, columns // 2 + 1, ...), twice their size."""
        rows, columns = points
        words = self._lift(words)
        pairs = _zeros_after(_row_pairs(words), columns, self._constant)
        first, second = _unmixed(fft_words(pairs, self._constant), columns)
        spectra = tuple(_rows_in_turn(first[side], second[side], len(words)) for side in (0, 1))
        return fft_words(_zeros_after(spectra, rows, self._constant), self._constant)

    def of_filters(self, words: np.ndarray, points: tuple[int, int]) -> Complex:
        """Transform filters (R, S, ...) likewise, divided by 4 * rows * columns."""
        scale = self._constant(1 / (4 * points[0] * points[1]))
        return self.of_ifmap(self._lift(words) * scale, points)

    def to_psums(self, spectra: Complex | np.ndarray, points: tuple[int, int]) -> np.ndarray:
        """Transform spectra back to psums (rows, columns, ...), undivided."""
        rows, columns = points
        if not isinstance(spectra, tuple):  # Gauss's product joins the parts of floats
            spectra = spectra.real, spectra.imag
        half = _inverse(spectra, self._constant)
        real, imaginary = _inverse(_mixed(half, columns), self._constant)
        return _rows_in_turn(real, imaginary, rows)

    def _constant(self, value: float):
        return value if self.number is None else self.number(value)

    def _lift(self, words: np.ndarray) -> np.ndarray:
        if self.number is None:
            return words.astype(np.result_type(words.dtype, np.float32), copy=False)
        return np.frompyfunc(self.number, 1, 1)(words)


def plane_operations(height: int, points: tuple[int, int]) -> Operations:
    """Count PlainTransform.of_ifmap on one plane of `height` rows that hold words.

    height   rows with words; those that only fill up to the points are zero, and never transformed
    points   (rows, columns) of the transform
    returns  Operations: ceil(height / 2) transforms of `columns` points, 4 additions for each pair of
             frequencies taken apart, then columns // 2 + 1 transforms of `rows` points
    """
    rows, columns = points
    pairs, half = -(-height // 2), columns // 2 + 1
    apart = Operations(additions=4 * pairs * half)
    return fft_words_operations(columns).repeated(pairs) + apart + fft_words_operations(rows).repeated(half)


def inverse_operations(points: tuple[int, int]) -> Operations:
    """Count PlainTransform.to_psums on one spectrum: the way back, 2 additions for each word mixed."""
    rows, columns = points
    pairs, half = -(-rows // 2), columns // 2 + 1
    mixed = Operations(additions=2 * pairs * columns)
    return fft_words_operations(rows).repeated(half) + mixed + fft_words_operations(columns).repeated(pairs)


def _zeros_after(words: Complex, n: int, constant: Callable) -> Complex:
    """Fill the first axis up to n points."""
    missing = (n - len(words[0]), *words[0].shape[1:])
    zeros = np.full(missing, constant(0.0), dtype=words[0].dtype)
    return np.concatenate([words[0], zeros]), np.concatenate([words[1], zeros])


def _row_pairs(words: np.ndarray) -> Complex:
    """Rows 0, 2, 4 ... as real parts and 1, 3, 5 ... as imaginary parts: (h, w, ...) -> (w, pairs, ...)."""
    even, odd = words[0::2], words[1::2]
    if len(odd) < len(even):
        odd = np.concatenate([odd, even[-1:]])  # the last row keeps itself company
    return np.swapaxes(even, 0, 1), np.swapaxes(odd, 0, 1)


def _unmixed(mixed: Complex, columns: int) -> tuple[Complex, Complex]:
    """Take the spectra A and B of two real rows out of that of a + bi: 2A = Z[k] + conj Z[-k], and so on."""
    k = np.arange(columns // 2 + 1)
    (real, imaginary), (real_back, imaginary_back) = ([part[i] for part in mixed] for i in (k, -k % columns))
    first = real + real_back, imaginary - imaginary_back
    return first, (imaginary + imaginary_back, real_back - real)


def _mixed(half: Complex, columns: int) -> Complex:
    """Put the spectra A and B of two real rows into one, A + Bi: the way back from _unmixed."""
    (real_a, real_b), (imaginary_a, imaginary_b) = _row_pairs(half[0]), _row_pairs(half[1])
    back = slice((columns - 1) // 2, 0, -1)  # frequencies above the middle mirror those below it
    real = real_a - imaginary_b, (real_a[back] + imaginary_b[back])
    imaginary = imaginary_a + real_b, (real_b[back] - imaginary_a[back])
    return np.concatenate(real), np.concatenate(imaginary)


def _rows_in_turn(first: np.ndarray, second: np.ndarray, rows: int) -> np.ndarray:
    """Undo _row_pairs: two arrays (w, pairs, ...) -> (rows, w, ...)."""
    paired = np.stack([first, second], axis=2)
    flat = paired.reshape(len(first), -1, *first.shape[2:])
    return np.swapaxes(flat[:, :rows], 0, 1)


def _inverse(words: Complex, constant: Callable) -> Complex:
    """Transform back, undivided: with real and imaginary parts exchanged, before and after."""
    imaginary, real = fft_words((words[1], words[0]), constant)
    return real, imaginary
