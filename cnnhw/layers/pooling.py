"""Pooling: one word for every window, each channel on its own."""

from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnhw.errors import ShapeError, whole_number
from cnnhw.tensors.checked import check_words


def max_pool(ofmap: np.ndarray, R: int, U: int, ceil: bool = False) -> np.ndarray:
    """Keep the largest word of every R x R window.

    ofmap    (N, M, E, F), or any array whose last two axes are rows and columns
    R, U     window height and width, and stride, in words
    ceil     True: a last window that hangs over the edge counts too; False: it is dropped
    returns  (N, M, floor((E - R)/U) + 1, likewise F), same dtype; with ceil the division rounds up,
             but no window starts outside the ofmap
    raises   ShapeError if R or U is not a whole number >= 1, a window does not fit, or a word is
             no finite number
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> max_pool(np.array([[1, 5, 2], [7, 3, 4]]), R=2, U=1)
    array([[7, 5]])
    >>> max_pool(np.array([[1, 5, 2], [7, 3, 4]]), R=2, U=2, ceil=True)      # the last window: 2, 4
    array([[7, 4]])
    """
    ofmap = _checked(ofmap, R, U)
    if ceil:
        # A repeated edge word is in the window already, so it changes no maximum.
        ofmap = np.pad(ofmap, _overhang(ofmap, R, U), mode="edge")
    windows = _windows(ofmap, R, U)
    # R * R comparisons of whole maps: many times faster than a maximum inside each small window.
    return reduce(np.maximum, (windows[..., r, s] for r in range(R) for s in range(R)))


def avg_pool(ofmap: np.ndarray, R: int, U: int, ceil: bool = False) -> np.ndarray:
    """Take the mean of every R x R window.

    ofmap    (N, M, E, F), or any array whose last two axes are rows and columns
    R, U     window height and width, and stride, in words
    ceil     as in max_pool; a window that hangs over the edge is divided by the words it has
    returns  sizes as in max_pool: sum / R^2, a float even for whole numbers
    raises   ShapeError as max_pool does
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> avg_pool(np.array([[1, 5, 2], [7, 3, 4]]), R=2, U=1)      # (1+5+7+3)/4, (5+2+3+4)/4
    array([[4. , 3.5]])
    """
    ofmap = _checked(ofmap, R, U)
    if not ceil:
        return _windows(ofmap, R, U).mean(axis=(-2, -1))
    overhang = _overhang(ofmap, R, U)
    there = np.pad(np.ones(ofmap.shape[-2:], dtype=ofmap.dtype), overhang[-2:])
    sums = _windows(np.pad(ofmap, overhang), R, U).sum(axis=(-2, -1))
    return sums / _windows(there, R, U).sum(axis=(-2, -1))


def _windows(ofmap: np.ndarray, R: int, U: int) -> np.ndarray:
    return sliding_window_view(ofmap, (R, R), axis=(-2, -1))[..., ::U, ::U, :, :]


def _overhang(ofmap: np.ndarray, R: int, U: int) -> list[tuple[int, int]]:
    """Give np.pad's widths for the rows and columns that the last windows miss."""
    extra = []
    for words in ofmap.shape[-2:]:
        last = -(-(words - R) // U) * U  # where the last window starts when the division rounds up
        if last >= words:
            last -= U
        extra.append((0, max(0, last + R - words)))
    return [(0, 0)] * (ofmap.ndim - 2) + extra


def _checked(ofmap, R: int, U: int) -> np.ndarray:
    ofmap = np.asarray(ofmap)
    for name, value in (("R", R), ("U", U)):
        if whole_number(value) is None:
            raise ShapeError(
                f"{name} of a pooling window must be a whole number, 1 or more",
                f"{name}={value!r}",
                "use for example R=2, U=2",
            )
    if ofmap.ndim < 2 or min(ofmap.shape[-2:]) < R:
        raise ShapeError(
            "the pooling window must fit into the ofmap",
            f"R={R} but an ofmap of shape {ofmap.shape}",
            "use a smaller R, or give an ofmap (N, M, E, F)",
        )
    check_words("ofmap", ofmap, "pooling")
    return ofmap
