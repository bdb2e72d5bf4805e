"""The convolution as a matrix product: filters times windows, or filters over positions times the ifmap."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnhw.conv.arguments import checked, for_blas
from cnnhw.conv.groups import members
from cnnhw.conv.toeplitz.matrices import toeplitz_filters, toeplitz_ifmap
from cnnhw.conv.toeplitz.options import IFMAP, check_expand
from cnnhw.conv.toeplitz.strips import Strips
from cnnhw.errors import ShapeError
from cnnhw.shape import LayerShape


def conv_toeplitz(
    ifmap: np.ndarray,
    filters: np.ndarray,
    U=1,
    P=0,
    G: int = 1,
    D=1,
    *,
    expand: str = IFMAP,
    matmul: Callable[[np.ndarray, np.ndarray], np.ndarray] = np.matmul,
) -> np.ndarray:
    """Convolve with matrix products over a Toeplitz-expanded tensor.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S)
    U, P, G  stride, zero padding on each side, groups
    D        dilation; U, P and D also in their forms for each axis, as in LayerShape
    expand   "ifmap": filters (M/G, C/G*R*S) times windows (C/G*R*S, E*F);
             "filters": filters over positions (M/G*E*F, C/G*H*W) times the flat ifmap (C/G*H*W, 1)
    matmul   any product of two matrices; called once for each image and group. With NumPy's own, the
             windows are expanded a strip of ofmap rows at a time, into the same memory again and again.
    returns  ofmap (N, M, E, F), as conv_loops; equal to it on whole
             numbers, within K*u / (1 - K*u) * sum |a*b| of the exact sum of K products on floats, where u
             is 2**-24 in float32 and 2**-53 in float64
    raises   ShapeError as conv_loops does, or if `expand` or `matmul` cannot be used
    source   Sze et al., Proc. IEEE 2017, section V-A; the bound is Higham 2002, equation 3.5

    >>> conv_toeplitz(np.ones((1, 1, 3, 4)), np.ones((1, 1, 2, 2)))[0, 0]
    array([[4., 4., 4.],
           [4., 4., 4.]])
    """
    check_expand(expand)
    _check_callable(matmul)
    ifmap, filters, shape = checked(ifmap, filters, U, P, G, D)
    dtype = ifmap.dtype
    if matmul is np.matmul:  # another product may be the thing that is tried out: it gets the words as given
        ifmap, filters = for_blas(ifmap, filters, shape)
    ofmap = np.empty((shape.N, shape.M, shape.E, shape.F), dtype=ifmap.dtype)
    if expand != IFMAP:
        _over_positions(ifmap, filters, shape, matmul, ofmap)
    elif matmul is np.matmul and shape.R == shape.S == 1 and shape.P == 0:
        _of_single_words(ifmap, filters, shape, ofmap)
    elif matmul is np.matmul:
        _in_strips(ifmap, filters, shape, ofmap)
    else:
        _over_windows(ifmap, filters, shape, matmul, ofmap)
    return ofmap.astype(dtype, copy=False)


def _in_strips(ifmap, filters, shape: LayerShape, ofmap) -> None:
    strips = Strips(shape, ifmap.dtype)
    flat_filters, flat_ofmap = filters.reshape(shape.M, -1), ofmap.reshape(shape.N, shape.M, -1)
    for n, group in np.ndindex(shape.N, shape.G):
        channels, outputs = members(shape, group)
        for columns, matrix in strips.of(ifmap[n, channels]):
            np.matmul(flat_filters[outputs], matrix, out=flat_ofmap[n, outputs, columns])


def _of_single_words(ifmap, filters, shape: LayerShape, ofmap) -> None:
    """A 1x1 filter without padding: the ifmap words that a window reaches are the matrix already."""
    seen, made, pixels = shape.seen, shape.made, shape.E * shape.F
    reached = np.ascontiguousarray(ifmap[:, :, :: shape.rows.U, :: shape.columns.U])
    np.matmul(
        filters.reshape(shape.G, made, seen),
        reached.reshape(shape.N, shape.G, seen, pixels),
        out=ofmap.reshape(shape.N, shape.G, made, pixels),
    )


def _over_windows(ifmap, filters, shape: LayerShape, matmul, ofmap) -> None:
    flat_filters, flat_ofmap = filters.reshape(shape.M, -1), ofmap.reshape(shape.N, shape.M, -1)
    for n, group in np.ndindex(shape.N, shape.G):
        channels, outputs = members(shape, group)
        matrix = toeplitz_ifmap(ifmap[n : n + 1, channels], _one_group(shape))
        flat_ofmap[n, outputs] = _product(matmul, flat_filters[outputs], matrix)


def _over_positions(ifmap, filters, shape: LayerShape, matmul, ofmap) -> None:
    flat_ifmap, flat_ofmap = ifmap.reshape(shape.N, shape.G, -1, 1), ofmap.reshape(shape.N, shape.G, -1, 1)
    for group in range(shape.G):
        _, outputs = members(shape, group)
        matrix = toeplitz_filters(filters[outputs], _one_group(shape))
        for n in range(shape.N):
            flat_ofmap[n, group] = _product(matmul, matrix, flat_ifmap[n, group])


def _one_group(shape: LayerShape) -> LayerShape:
    """The shape of one image and one group."""
    return replace(shape, N=1, M=shape.made, C=shape.seen, G=1)


def _product(matmul, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    product, wanted = np.asarray(matmul(left, right)), (left.shape[0], right.shape[1])
    if product.shape != wanted:
        raise ShapeError(
            "matmul(a, b) must give as many rows as a and as many columns as b",
            f"shape {product.shape} from {left.shape} and {right.shape}",
            f"make it return shape {wanted}, as np.matmul does",
        )
    return product


def _check_callable(matmul) -> None:
    if not callable(matmul):
        raise ShapeError(
            "matmul must be a function of two matrices",
            f"a {type(matmul).__name__}",
            "give np.matmul, or a function that returns the product of its two arguments",
        )
