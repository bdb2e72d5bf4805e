"""Sums and dtypes of words: how large they are, and what they are kept in."""

import numpy as np

INT64_LIMIT = 2**63


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
