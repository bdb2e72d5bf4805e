"""The door of the matrix products: two matrices of one dtype, with errors a reader can act on."""

import numpy as np

from cnnhw.errors import ShapeError

_INT64_LIMIT = 2**63


def checked_matrices(a, b) -> tuple[np.ndarray, np.ndarray]:
    """Turn the operands of a matrix product into two arrays of one dtype.

    a        (M, K), real, complex or object numbers
    b        (K, N)
    returns  a and b as int64, a float or complex dtype, or object
    raises   ShapeError if they are not two matrices that share K, hold anything but finite numbers, or
             a sum of whole numbers might not fit 64 bits

    >>> checked_matrices([[1, 2]], [[3], [0.5]])[0]
    array([[1., 2.]])
    """
    a, b = _matrix("a", a), _matrix("b", b)
    check_inner(a.shape, b.shape)
    if all(array.dtype.kind in "biu" for array in (a, b)):
        check_sums_fit(a.shape[1], a.shape[1] * magnitude(a) * magnitude(b))
        return a.astype(np.int64, copy=False), b.astype(np.int64, copy=False)
    dtype = np.result_type(a, b)
    if dtype == np.float16:
        dtype = np.dtype(np.float32)  # as in conv.arguments: a sum in 11 bits would lose words
    return a.astype(dtype, copy=False), b.astype(dtype, copy=False)


def check_inner(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    """Refuse shapes that are not (..., M, K) and (..., K, N).

    left, right  shapes of the operands
    raises       ShapeError
    """
    if len(left) < 2 or len(right) < 2 or left[-1] != right[-2]:
        raise ShapeError(
            "matrices (M, K) and (K, N) must share K",
            f"shapes {left} and {right}",
            "transpose one of them, or check which axis is summed",
        )


def check_sums_fit(products: int, bound: int) -> None:
    """Refuse whole numbers whose result might pass 64 bits.

    products  how many are added up in one word of the result
    bound     largest magnitude that word can have
    raises    ShapeError

    What an algorithm adds up on its way may pass 64 bits: int64 wraps modulo 2**64, which sums, differences
    and products respect, so a result that fits is right however often the way to it wrapped.
    """
    if bound >= _INT64_LIMIT:
        raise ShapeError(
            "every sum of whole numbers must fit a signed 64-bit word",
            f"{products} products that may add up to {bound}",
            "use smaller words, or astype(object) for exact Python integers",
        )


def magnitude(array: np.ndarray) -> int:
    """Give the largest magnitude of whole numbers, as a Python int, so that it cannot wrap itself."""
    return max(abs(int(array.min())), abs(int(array.max())))


def _matrix(name: str, words) -> np.ndarray:
    try:
        array = np.asarray(words)
    except ValueError:  # rows of different lengths
        array = np.empty(0)
    if array.ndim != 2 or array.size == 0:
        raise ShapeError(
            f"{name} must be a matrix with at least one row and one column",
            f"shape {array.shape}" if array.ndim else f"a {type(words).__name__}",
            f"check the slice that made {name}, or add an axis, as in {name}[None]",
        )
    if array.dtype.kind not in "biufcO" or (array.dtype.kind == "O" and not _all_numbers(array)):
        raise ShapeError(
            f"{name} must hold numbers",
            f"dtype {array.dtype}",
            f"convert it first, as in {name}.astype(float)",
        )
    _check_finite(name, array)
    return array


def _all_numbers(array: np.ndarray) -> bool:
    """Whether every object can be multiplied and added as a number; text also has `*`, for repetition."""
    return all(hasattr(word, "__mul__") and not hasattr(word, "__len__") for word in array.flat)


def _check_finite(name: str, array: np.ndarray) -> None:
    finite = array == array if array.dtype.kind == "O" else np.isfinite(array)
    if not np.all(finite):
        index = tuple(int(i) for i in np.argwhere(~finite.astype(bool))[0])
        raise ShapeError(
            f"every word of {name} must be a finite number",
            f"{array[index]} at {name}{list(index)}",
            "replace it before multiplying, as in np.nan_to_num",
        )
