"""The door of the matrix products: two matrices of one dtype, with errors a reader can act on."""

import numpy as np

from cnnhw.conv.words import INT64_LIMIT, common_dtype, magnitude
from cnnhw.errors import ShapeError
from cnnhw.tensors.checked import check_words


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
    dtype = common_dtype(a, b)
    if dtype == np.int64:
        check_sums_fit(a.shape[1], a.shape[1] * magnitude(a) * magnitude(b))
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
    if bound >= INT64_LIMIT:
        raise ShapeError(
            "every sum of whole numbers must fit a signed 64-bit word",
            f"{products} products that may add up to {bound}",
            "use smaller words, or astype(object) for exact Python integers",
        )


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
    check_words(name, array, "multiplying")
    return array
