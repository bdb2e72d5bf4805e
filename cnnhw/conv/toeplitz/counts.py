"""What the Toeplitz matrices cost: how often each word is repeated, and the operations of the product."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv.operations import Operations
from cnnhw.conv.toeplitz.options import IFMAP, check_expand
from cnnhw.shape import Axis, LayerShape


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """How far one tensor of a layer is blown up when it is made a matrix.

    rows, columns  of the matrix of one group; the layer has G of them
    entries        places in the G matrices
    words          places that hold a word; the others hold zeros that the expansion adds
    distinct       words of the tensor that stand in some matrix at least once
    """

    rows: int
    columns: int
    entries: int
    words: int
    distinct: int

    @property
    def zeros(self) -> int:
        """Places that hold a zero which is in neither tensor: entries - words."""
        return self.entries - self.words

    @property
    def redundancy(self) -> float:
        """Places of the matrix for each distinct word in it: entries / distinct; inf if all are zeros."""
        return self.entries / self.distinct if self.distinct else float("inf")


def expansion(shape: LayerShape, expand: str = "ifmap") -> Expansion:
    """Count the places and words of an expanded tensor without making it.

    shape    any LayerShape
    expand   "ifmap": one column for each window; "filters": one row for each filter at each position
    returns  Expansion. The two axes are independent: an axis of H words, windows of R, stride U, dilation D,
             padding P has p(H) pairs (e, r) with 0 <= U*e + D*r - P < H, and the matrix holds p(H)*p(W)
             words of each plane of the ifmap, or of each plane of each filter
    raises   ShapeError if `expand` is neither

    >>> expansion(LayerShape(M=1, C=1, H=3, R=2))              # slide 25: 4 x 4 places for 9 words
    Expansion(rows=4, columns=4, entries=16, words=16, distinct=9)
    >>> expansion(LayerShape(M=64, C=64, H=224, R=3, P=1)).redundancy       # VGG-16's 3x3: 9 times
    9.0
    """
    check_expand(expand)
    down, across = (_meets(axis).sum(0) for axis in (shape.rows, shape.columns))
    words = int(down.sum() * across.sum())
    if expand == IFMAP:
        rows, columns = shape.ofmap_reuse, shape.N * shape.E * shape.F
        planes, distinct = shape.N * shape.C, shape.ifmap_words_read
    else:
        rows, columns = shape.made * shape.E * shape.F, shape.seen * shape.H * shape.W
        planes = shape.M * shape.seen
        distinct = planes * int(np.count_nonzero(down)) * int(np.count_nonzero(across))
    return Expansion(
        rows=rows,
        columns=columns,
        entries=shape.G * rows * columns,
        words=planes * words,
        distinct=distinct,
    )


def repeats(shape: LayerShape) -> np.ndarray:
    """Say how often each word of a plane stands in the expanded ifmap.

    shape    any LayerShape
    returns  (H, W) whole numbers: the windows that see word (h, w), which is (windows whose rows reach h) *
             (windows whose columns reach w); the same for every image and channel
    source   row h is in window e if U*e + D*r - P = h for some r < R

    >>> repeats(LayerShape(M=1, C=1, H=3, R=2))              # slide 25: the middle word stands four times
    array([[1, 2, 1],
           [2, 4, 2],
           [1, 2, 1]])
    """
    return np.outer(_windows_reaching(shape.rows), _windows_reaching(shape.columns))


def toeplitz_operations(shape: LayerShape, expand: str = "ifmap") -> Operations:
    """Count what conv_toeplitz does: a product of inner length K is K multiplications and K - 1 additions.

    shape    any LayerShape
    expand   "ifmap": K = C/G*R*S, the multiplications are the MACs; "filters": K = C/G*H*W, so zeros
             are multiplied too, H*W / (R*S) times as many in all
    returns  Operations. The workspace is the matrix of one image and one group; the default product holds
             no more than a strip of it at once. Expanded filters are words that are kept: filter_words.
    raises   ShapeError if `expand` is neither

    >>> toeplitz_operations(LayerShape(M=2, C=1, H=3, R=2))     # 2*4 sums of 4 products, a 4 x 4 matrix
    Operations(multiplications=32, additions=24, filter_words=8, workspace_words=16)
    >>> toeplitz_operations(LayerShape(M=2, C=1, H=3, R=2), expand="filters")      # 2*4 sums of 9
    Operations(multiplications=72, additions=64, filter_words=72)
    """
    check_expand(expand)
    seen = shape.seen
    inner = seen * (shape.R * shape.S if expand == IFMAP else shape.H * shape.W)
    return Operations(
        multiplications=shape.ofmap_words * inner,
        additions=shape.ofmap_words * (inner - 1),
        filter_words=shape.filter_words if expand == IFMAP else shape.M * shape.E * shape.F * inner,
        workspace_words=inner * shape.E * shape.F if expand == IFMAP else 0,
    )


def _meets(axis: Axis) -> np.ndarray:
    """Say which ofmap word e and filter position r along one axis meet an ifmap word: (E, R)."""
    h = axis.at(np.arange(axis.ofmap)[:, None], np.arange(axis.filter))
    return (h >= 0) & (h < axis.ifmap)


def _windows_reaching(axis: Axis) -> np.ndarray:
    """For each ifmap position h along one axis, the windows that reach it: a window meets a word once."""
    h = axis.at(np.arange(axis.ofmap)[:, None], np.arange(axis.filter))
    return np.bincount(h[_meets(axis)], minlength=axis.ifmap)
