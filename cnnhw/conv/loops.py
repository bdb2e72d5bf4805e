"""The definition: seven nested loops, one multiply-accumulate in the middle."""

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.operations import Operations
from cnnhw.shape import LayerShape
from cnnhw.tensors import pad


def conv_loops(ifmap: np.ndarray, filters: np.ndarray, U=1, P=0, G: int = 1, D=1) -> np.ndarray:
    """Convolve by the definition, one MAC at a time.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S); the filter is not flipped: deep learning's convolution is a correlation
    U, P, G  stride, zero padding on each side, groups
    D        dilation; U, P and D also in their forms for each axis, as in LayerShape
    returns  ofmap (N, M, E, F), E = floor((H + 2P - D*(R - 1) - 1) / U) + 1, F likewise; int64 for whole
             numbers
    raises   ShapeError if the channels do not match, G does not divide C and M, the filter is larger
             than the padded ifmap, a word is not a finite number, or a psum might not fit 64 bits
    source   Sze et al., Proc. IEEE 2017, section II-B, equation 1

    It does exactly LayerShape.macs multiplications and as many additions, those with padding included.

    >>> conv_loops([[[[1, 2, 3], [4, 5, 6]]]], [[[[10, 1]]]])[0, 0]      # 1*10 + 2*1 = 12
    array([[12, 23],
           [45, 56]])
    """
    ifmap, filters, shape = checked(ifmap, filters, U, P, G, D)
    ofmap = np.zeros((shape.N, shape.M, shape.E, shape.F), dtype=ifmap.dtype)
    padded, rows, columns = pad(ifmap, shape.P), shape.rows, shape.columns
    seen = shape.seen  # channels that each filter sees
    for n in range(shape.N):
        for m in range(shape.M):
            first = m // shape.made * seen  # where the channels of this filter's group start
            for c in range(seen):
                for e in range(shape.E):
                    for f in range(shape.F):
                        for r in range(shape.R):
                            for s in range(shape.S):
                                row, column = rows.U * e + rows.D * r, columns.U * f + columns.D * s
                                word = padded[n, first + c, row, column]
                                ofmap[n, m, e, f] += word * filters[m, c, r, s]
    return ofmap


def loops_operations(shape: LayerShape) -> Operations:
    """Count what conv_loops does: one multiplication and one addition for each MAC.

    shape    any LayerShape
    returns  Operations; nothing is transformed, and the workspace is the padded ifmap

    >>> loops_operations(LayerShape(M=2, C=1, H=3, R=2))     # 2*2*2 ofmap words of 2*2 products
    Operations(multiplications=32, additions=32, filter_words=8, workspace_words=9)
    """
    padded = shape.N * shape.C * shape.rows.padded * shape.columns.padded
    return Operations(
        multiplications=shape.macs,
        additions=shape.macs,
        filter_words=shape.filter_words,
        workspace_words=padded,
    )
