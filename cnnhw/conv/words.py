"""What every door checks of the words themselves: they are finite numbers, and of one dtype."""

import numpy as np

from cnnhw.errors import ShapeError

INT64_LIMIT = 2**63


def as_array(words, rule: str) -> np.ndarray:
    """Give words as an array.

    words   an array, or nested lists
    rule    what they must be, as a sentence
    raises  ShapeError if rows have different lengths

    >>> as_array([[1, 2], [3, 4]], "an ifmap must be an array").shape
    (2, 2)
    """
    try:
        return np.asarray(words)
    except ValueError as error:
        got, change = (
            f"a {type(words).__name__} that is not rectangular",
            "give every row the same number of words",
        )
        raise ShapeError(rule, got, change) from error


def check_words(name: str, array: np.ndarray, doing: str) -> None:
    """Refuse an array that holds anything but finite numbers.

    name    what the reader calls it
    array   any array with at least one word
    doing   what follows, as in "convolving"
    raises  ShapeError that names the dtype, or the first word that is not finite

    >>> check_words("ifmap", np.array([1, 2]), "convolving")
    """
    if array.dtype.kind not in "biufcO" or (array.dtype.kind == "O" and not _all_numbers(array)):
        raise ShapeError(
            f"{name} must hold numbers",
            f"dtype {array.dtype}",
            f"convert it first, as in {name}.astype(float)",
        )
    if _sum_of_squares_is_finite(array):
        return
    finite = array == array if array.dtype.kind == "O" else np.isfinite(array)
    if not np.all(finite):
        index = tuple(int(i) for i in np.argwhere(~finite.astype(bool))[0])
        raise ShapeError(
            f"every word of {name} must be a finite number",
            f"{array[index]} at {name}{list(index)}",
            f"replace it before {doing}, as in np.nan_to_num",
        )


def magnitude(array: np.ndarray) -> int:
    """Give the largest magnitude of whole numbers, as a Python int, so that it cannot wrap itself.

    >>> magnitude(np.array([-128, 127], np.int8))
    128
    """
    return max(abs(int(array.min())), abs(int(array.max())))


def common_dtype(one: np.ndarray, other: np.ndarray) -> np.dtype:
    """Give the dtype that sums of products of two arrays are kept in.

    one, other  arrays of numbers
    returns     int64 for whole numbers; float32 for float16, whose 11 bits would lose words in a sum and
                which chips widen too; else what NumPy makes of both

    >>> common_dtype(np.ones(1, np.int8), np.ones(1, bool)), common_dtype(*np.ones((2, 1), np.float16))
    (dtype('int64'), dtype('float32'))
    """
    if one.dtype.kind in "biu" and other.dtype.kind in "biu":
        return np.dtype(np.int64)
    dtype = np.result_type(one.dtype, other.dtype)
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def _sum_of_squares_is_finite(array: np.ndarray) -> bool:
    """Whether one pass of BLAS clears every word; where the sum overflows, the words may still be finite.

    On VGG-16's last layers, looking at each filter word took a seventh of the time of the convolution.
    """
    is_flat = array.flags.c_contiguous or array.flags.f_contiguous
    return array.dtype.char in "fdFD" and is_flat and bool(np.isfinite(np.vdot(array, array)))


def _all_numbers(array: np.ndarray) -> bool:
    """Whether every object can be multiplied and added as a number; text also has `*`, for repetition."""
    return all(hasattr(word, "__mul__") and not hasattr(word, "__len__") for word in array.flat)
