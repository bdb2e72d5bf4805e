"""A layer as tools see it that know no padding: its zeros are words like others."""

from dataclasses import replace

from cnnhw.shape import Axis, LayerShape


def least(ofmap: int, filter_: int, U: int = 1, D: int = 1) -> int:
    """Give the words of the ifmap under so many windows, zeros too: U*(ofmap - 1) + D*(filter - 1) + 1.

    >>> least(ofmap=112, filter_=7, U=2)                             # 111*2 + 7
    229
    """
    return U * (ofmap - 1) + D * (filter_ - 1) + 1


def needed(axis: Axis) -> int:
    """Give the words of the ifmap, zeros among them, that the ofmap along an axis needs.

    >>> needed(LayerShape(M=1, C=1, H=224, R=7, U=2, P=3).rows)      # 111*2 + 7; 230 are there
    229
    """
    return least(axis.ofmap, axis.filter, axis.U, axis.D)


def with_zeros_stored(shape: LayerShape) -> LayerShape:
    """Give the same layer with its padding in the ifmap, and no row or column that no window needs.

    >>> with_zeros_stored(LayerShape(M=1, C=1, H=5, R=3, U=2, P=1))
    LayerShape(N=1, M=1, C=1, H=7, W=7, R=3, S=3, U=2, P=0, G=1)
    """
    return replace(shape, H=needed(shape.rows), W=needed(shape.columns), P=0)
