"""The door every convolution enters by: arrays are checked here once, with errors a reader can act on."""

import numpy as np

from cnnhw.conv.words import INT64_LIMIT, common_dtype, magnitude
from cnnhw.errors import ShapeError
from cnnhw.shape import LayerShape
from cnnhw.tensors.checked import as_array, check_words

_AXES = {"ifmap": "(N, C, H, W)", "filters": "(M, C/G, R, S)"}
_FLOAT64_EXACT = 2**53  # whole numbers up to here are exact in a float64 (IEEE 754, 53-bit significand)


def checked(ifmap, filters, U, P, G: int, D=1) -> tuple[np.ndarray, np.ndarray, LayerShape]:
    """Turn the arguments of a convolution into two arrays of one dtype and the shape they describe.

    ifmap    (N, C, H, W), real, complex or object numbers
    filters  (M, C/G, R, S)
    U, P, G  stride, zero padding on each side, groups
    D        dilation
    returns  ifmap and filters as int64, a float or complex dtype, or object, and the LayerShape
    raises   ShapeError if axes, channels, sizes or words are not those of a layer, or a sum of whole
             numbers might not fit 64 bits

    >>> checked(np.ones((1, 2, 5, 6), int), np.ones((4, 1, 3, 2), int), U=1, P=0, G=2)[2].ofmap_words
    60
    """
    ifmap, filters = _four_axes("ifmap", ifmap), _four_axes("filters", filters)
    shape = _shape(ifmap, filters, U, P, G, D)
    ifmap, filters = _one_dtype(ifmap, filters)
    if ifmap.dtype == np.int64:
        _check_sums_fit(ifmap, filters, shape)
    return ifmap, filters, shape


def largest_sum(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape) -> int:
    """Bound any psum of whole numbers: C/G * R * S * max|ifmap| * max|filters|.

    ifmap, filters  whole numbers, as `checked` returns them
    shape           their LayerShape
    returns         a Python int, so the bound itself cannot overflow

    >>> checked_one = checked([[[[3, -4]]]], [[[[2, 1]]]], 1, 0, 1)
    >>> largest_sum(*checked_one)                    # 1*1*2 products of at most 4 * 2
    16
    """
    return shape.ofmap_reuse * magnitude(ifmap) * magnitude(filters)


def for_blas(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape) -> tuple[np.ndarray, np.ndarray]:
    """Give whole numbers as float64 where every sum of them is exact there, because BLAS knows only floats.

    ifmap, filters  as `checked` returns them
    shape           their LayerShape
    returns         both as float64 if they are int64 and no psum can pass 2**53, else as they are

    >>> [words.dtype for words in for_blas(*checked([[[[3, -4]]]], [[[[2, 1]]]], 1, 0, 1))]
    [dtype('float64'), dtype('float64')]
    """
    if ifmap.dtype == np.int64 and largest_sum(ifmap, filters, shape) < _FLOAT64_EXACT:
        return ifmap.astype(np.float64), filters.astype(np.float64)
    return ifmap, filters


def _four_axes(name: str, words) -> np.ndarray:
    array = as_array(words, f"{name} must be an array with axes {_AXES[name]}")
    if array.ndim != 4:
        raise ShapeError(
            f"{name} must have four axes {_AXES[name]}",
            f"shape {array.shape}",
            f"add axes of one word, as in {name}[None, None]" if array.ndim < 4 else "drop or merge axes",
        )
    if array.size == 0:
        raise ShapeError(
            f"{name} must have at least one word on each axis {_AXES[name]}",
            f"shape {array.shape}",
            f"check the slice that made {name}",
        )
    check_words(name, array, "convolving")
    return array


def _shape(ifmap: np.ndarray, filters: np.ndarray, U, P, G: int, D) -> LayerShape:
    (N, C, H, W), (M, seen, R, S) = ifmap.shape, filters.shape
    try:
        shape = LayerShape(N=N, M=M, C=C, H=H, W=W, R=R, S=S, U=U, P=P, G=G, D=D)
    except ShapeError:
        # Channels that fit another G are the likelier mistake than a G that does not divide.
        if isinstance(G, int) and G > 0 and C % G == 0 and C // G != seen:
            raise _channel_error(C, G, seen) from None
        raise
    if C // shape.G != seen:
        raise _channel_error(C, shape.G, seen)
    return shape


def _channel_error(C: int, G: int, seen: int) -> ShapeError:
    change = f"give filters {C // G} channels"
    if C % seen == 0:
        change += f", or use G={C // seen}"
    return ShapeError(
        "each filter must see C / G channels",
        f"ifmap C={C}, G={G} ({C // G} channels a group) but filters with {seen} channels",
        change,
    )


def _one_dtype(ifmap: np.ndarray, filters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    dtype = common_dtype(ifmap, filters)
    if dtype == np.int64:
        _check_word_fits("ifmap", ifmap)
        _check_word_fits("filters", filters)
    return ifmap.astype(dtype, copy=False), filters.astype(dtype, copy=False)


def _check_word_fits(name: str, array: np.ndarray) -> None:
    if magnitude(array) >= INT64_LIMIT:
        raise ShapeError(
            "whole numbers must fit a signed 64-bit word",
            f"{name} with a word of magnitude {magnitude(array)}",
            f"use smaller words, or {name}.astype(object) for exact Python integers",
        )


def _check_sums_fit(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape) -> None:
    bound = largest_sum(ifmap, filters, shape)
    if bound >= INT64_LIMIT:
        raise ShapeError(
            "every psum of whole numbers must fit a signed 64-bit word",
            f"{shape.ofmap_reuse} products that may add up to {bound}",
            "use smaller words, or astype(object) for exact Python integers",
        )
