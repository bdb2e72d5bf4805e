"""The two ends of the frequency domain: words to spectra and back, by NumPy's FFT."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LibraryTransform:
    """NumPy's real FFT over the first two axes. PlainTransform does the same in operations one can count."""

    def of_ifmap(self, words: np.ndarray, points: tuple[int, int]) -> np.ndarray:
        """Transform tiles of the ifmap (h, w, ...) to spectra (rows, columns // 2 + 1, ...)."""
        spectra = np.fft.rfft2(words, s=points, axes=(0, 1))
        # NumPy before 2.0 transforms float32 in float64; the spectra go on in the words' own precision.
        return spectra.astype(np.result_type(words.dtype, np.complex64), copy=False)

    def of_filters(self, words: np.ndarray, points: tuple[int, int]) -> np.ndarray:
        """Transform filters (R, S, ...) likewise."""
        return self.of_ifmap(words, points)

    def to_psums(self, spectra: np.ndarray, points: tuple[int, int]) -> np.ndarray:
        """Transform spectra back to psums (rows, columns, ...)."""
        return np.fft.irfft2(spectra, s=points, axes=(0, 1))
