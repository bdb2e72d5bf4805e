"""The fast exact reference: every window times every filter, as one matrix product per image and group."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnhw.conv.arguments import checked, for_blas
from cnnhw.conv.groups import members
from cnnhw.shape import LayerShape
from cnnhw.tensors import pad


def conv_windows(ifmap: np.ndarray, filters: np.ndarray, U=1, P=0, G: int = 1, D=1) -> np.ndarray:
    """Convolve as conv_loops does, thousands of times faster.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S)
    U, P, G  stride, zero padding on each side, groups
    D        dilation; U, P and D also in their forms for each axis, as in LayerShape
    returns  ofmap (N, M, E, F): equal to conv_loops on whole numbers, to rounding on floats
    raises   ShapeError as conv_loops does
    source   the windows are NumPy's sliding_window_view; the sums are those of conv_loops

    Whole numbers whose sums stay below 2**53 go through float64, where each of them is exact and
    BLAS does the product; larger ones are summed as 64-bit integers.

    >>> conv_windows(np.ones((1, 1, 3, 4), int), np.ones((1, 1, 2, 2), int))[0, 0]
    array([[4, 4, 4],
           [4, 4, 4]])
    """
    ifmap, filters, shape = checked(ifmap, filters, U, P, G, D)
    ofmap = np.empty((shape.N, shape.M, shape.E, shape.F), dtype=ifmap.dtype)
    ifmap, filters = for_blas(ifmap, filters, shape)
    windows = windows_of(ifmap, shape)
    for n in range(shape.N):  # one image at a time: the product copies its windows, R*S times the ifmap
        for group in range(shape.G):
            channels, outputs = members(shape, group)
            sums = np.tensordot(filters[outputs], windows[n, channels], axes=([1, 2, 3], [0, 3, 4]))
            ofmap[n, outputs] = sums
    return ofmap


def windows_of(ifmap: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Give the windows of a layer as a view of its padded ifmap.

    ifmap    (N, C, H, W)
    shape    the layer
    returns  (N, C, E, F, R, S): the words that each ofmap word's filter meets

    >>> layer = LayerShape(M=1, C=1, H=1, W=6, R=1, S=2, D=3)
    >>> windows_of(np.arange(6).reshape(1, 1, 1, 6), layer)[0, 0, 0, :, 0]
    array([[0, 3],
           [1, 4],
           [2, 5]])
    """
    rows, columns = shape.rows, shape.columns
    every = sliding_window_view(pad(ifmap, shape.P), (rows.window, columns.window), axis=(2, 3))
    return every[:, :, :: rows.U, :: columns.U, :: rows.D, :: columns.D]
