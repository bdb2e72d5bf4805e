"""How a layer is cut: a stride into stride-1 parts, each part's ofmap into tiles."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnhw.conv.winograd.transforms import Transforms, check_size, exact_points, transforms
from cnnhw.errors import ShapeError
from cnnhw.shape import LayerShape


@dataclass(frozen=True)
class Part:
    """One stride-1 convolution: rows a, a + U, ... and columns b, b + U, ... of padded ifmap and filters.

    a, b           first row and column, below U
    rows, columns  Transforms of the two directions
    """

    a: int
    b: int
    rows: Transforms
    columns: Transforms

    @property
    def tile_words(self) -> int:
        """Words of an ifmap tile, and multiplications of a tile for each filter and channel."""
        return self.rows.T * self.columns.T

    def tiles(self, shape: LayerShape) -> tuple[int, int]:
        """Give the tiles down and across an ofmap; ragged ones at its edges are computed whole."""
        return -(-shape.E // self.rows.m), -(-shape.F // self.columns.m)

    def filters(self, filters: np.ndarray, U: int) -> np.ndarray:
        """Take this part's words of the filters (M, C/G, R, S)."""
        return filters[:, :, self.a :: U, self.b :: U]


@dataclass(frozen=True)
class Plan:
    """The parts of a layer with these filter sizes, stride and tiles.

    R, S    filter height and width
    U       stride
    m       ofmap words of a tile, (down, across)
    points  Cook-Toom points, or None for the default ones
    """

    R: int
    S: int
    U: int
    m: tuple[int, int]
    points: tuple | None

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """One part for each residue of the stride that some filter row, and some column, has."""
        return tuple(
            Part(a, b, self._transforms(0, self.R, a), self._transforms(1, self.S, b))
            for a in range(min(self.U, self.R))
            for b in range(min(self.U, self.S))
        )

    def _transforms(self, direction: int, size: int, first: int) -> Transforms:
        r = -(-(size - first) // self.U)
        # One word of filter has nothing to share between ofmap words: F(1, 1) is the plain product.
        return transforms(1, 1) if r == 1 else transforms(self.m[direction], r, self.points)


def plan(R: int, S: int, U: int, m, points) -> Plan:
    """Check m and the points, and make the plan.

    R, S, U  filter height and width, stride
    m        ofmap words of a tile in both directions, or (down, across)
    points   as in transforms
    returns  Plan
    raises   ShapeError if m is not one or two whole numbers from 1, or the points cannot serve

    >>> [(part.a, part.b, part.rows.r, part.columns.r) for part in plan(3, 1, 2, 4, None).parts]
    [(0, 0, 2, 1), (1, 0, 1, 1)]
    """
    pair = m if isinstance(m, tuple | list) else (m, m)
    if len(pair) != 2:
        raise ShapeError(
            "m is one whole number, or two: rows and columns of a tile", f"m={m!r}", "use m=2, or m=(2, 4)"
        )
    for size in pair:
        check_size("m", size)
    made = Plan(R, S, U, tuple(pair), exact_points(points))
    made.parts  # noqa: B018 - builds the transforms, so that points which cannot serve are refused now
    return made


def blank(shape: tuple[int, ...], dtype) -> np.ndarray:
    """Give the zeros that stand for the padding and for what ragged tiles read past the ifmap."""
    return np.zeros(shape, dtype)


def padded_size(shape: LayerShape, part: Part, rows: int | None = None) -> tuple[int, int]:
    """Give the height and width of what `rows` rows of a part's tiles read, all of them if None."""
    down, across = part.tiles(shape)
    height = (down if rows is None else rows) * part.rows.m + part.rows.r - 1
    return height, across * part.columns.m + part.columns.r - 1


def plan_of(shape: LayerShape, m, points) -> Plan:
    """Give the plan of a layer.

    shape      its stride is the same along both axes, and nothing is dilated
    m, points  as in plan
    raises     ShapeError if it is not, or m or the points cannot serve
    """
    check_served(shape)
    return plan(shape.R, shape.S, shape.U, m, points)


def check_served(shape: LayerShape) -> None:
    """Refuse a layer that cannot be cut into tiles here.

    raises  ShapeError
    """
    if not isinstance(shape.U, int) or shape.D != 1:
        raise ShapeError(
            "Winograd's algorithm is laid out here for one stride along both axes, and no dilation",
            f"U={shape.U}, D={shape.D}",
            "use conv_windows, conv_toeplitz or conv_fft, which know any",
        )


def fill_padded(padded: np.ndarray, ifmap: np.ndarray, shape: LayerShape, part: Part, first: int = 0) -> None:
    """Copy the words that rows of a part's tiles read to where they belong in an array of zeros.

    padded   (..., height, width) as padded_size gives them, zeros on entry
    ifmap    (..., H, W)
    shape    the layer
    part     one of its plan
    first    the first row of tiles

    >>> layer, padded = LayerShape(M=1, C=1, H=1, W=4, R=1, S=3, P=0), np.zeros((1, 5), int)
    >>> fill_padded(padded, np.array([[1, 2, 3, 4]]), layer, plan(1, 3, 1, (1, 3), None).parts[0])
    >>> padded
    array([[1, 2, 3, 4, 0]])
    """
    height, width = padded.shape[-2:]
    top = shape.rows.at(part.rows.m * first, part.a)
    to_rows, from_rows = _overlap(top, shape.U, shape.H, height)
    to_columns, from_columns = _overlap(shape.columns.at(0, part.b), shape.U, shape.W, width)
    padded[..., to_rows, to_columns] = ifmap[..., from_rows, from_columns]


def _overlap(first: int, U: int, size: int, length: int) -> tuple[slice, slice]:
    """Where positions first, first + U, ... (`length` of them) meet 0 .. size - 1: in them, and in those."""
    start = max(0, -(first // U))  # the first that is not negative
    stop = max(start, min(length, -(-(size - first) // U)))
    return slice(start, stop), slice(first + U * start, max(0, first + U * stop), U)
