"""Cutting the ifmap into tiles, and where the psums of each tile belong in the ofmap (overlap-add)."""

from dataclasses import dataclass

from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape


@dataclass(frozen=True)
class Axis:
    """One axis of the ifmap cut into tiles; written here for rows, columns are the same.

    ifmap    H, words of the ifmap
    filter   R, words of the filter, zeros that a dilation puts between them included
    ofmap    E, words of the ofmap
    U        stride
    before, after  zero padding before the first word, and after the last
    tile     ifmap words in a tile; the last tile may be partly empty

    A tile of T words and a filter of R words make T + R - 1 psums: R - 1 more than words, which overlap
    those of the next tile and are added to them. Padding is never transformed: its psums are the overlap.
    """

    ifmap: int
    filter: int
    ofmap: int
    U: int
    before: int
    after: int
    tile: int

    @property
    def tiles(self) -> int:
        """Tiles on this axis: H / T, rounded up."""
        return -(-self.ifmap // self.tile)

    @property
    def points(self) -> int:
        """Points of the transform: T + R - 1 or a little more; see `smooth`.

        A single tile needs only H + min(P, R - 1), P the larger of both paddings: a transform of n points
        adds the psums it has no room for to the first ones, and those stand for positions off the ofmap,
        which nobody keeps.
        """
        psums = self.tile + self.filter - 1
        if self.tiles == 1:
            psums = max(self.ifmap + min(max(self.before, self.after), self.filter - 1), self.filter)
        return smooth(psums)

    @property
    def shared(self) -> int:
        """The most tiles whose psums one ofmap word adds up."""
        return min(self.tiles, -(-(self.filter - 1) // self.tile) + 1)

    def places(self) -> list[tuple[slice, slice]]:
        """Give for each tile the ofmap words it contributes to, and where their psums are in the tile."""
        return [self._place(number * self.tile) for number in range(self.tiles)]

    def _place(self, start: int) -> tuple[slice, slice]:
        # Ofmap word e begins at ifmap word U*e - P, which is psum U*e - P - start + R - 1 of this tile.
        offset = self.filter - 1 - self.before - start
        first = max(0, -(offset // self.U))  # the least e whose psum is not before the tile's first
        last = min(self.ofmap - 1, (self.tile + self.filter - 2 - offset) // self.U)
        if last < first:  # a stride can step over a whole tile
            return slice(0, 0), slice(0, 0)
        begin = self.U * first + offset
        return slice(first, last + 1), slice(begin, self.U * last + offset + 1, self.U)


@dataclass(frozen=True)
class Tiling:
    """A layer's ifmap cut into tiles along rows and columns.

    rows, columns  each an Axis
    """

    rows: Axis
    columns: Axis

    @property
    def tiles(self) -> int:
        """Tiles in each plane."""
        return self.rows.tiles * self.columns.tiles

    @property
    def points(self) -> tuple[int, int]:
        """Rows and columns of the transform of one tile."""
        return self.rows.points, self.columns.points

    @property
    def frequencies(self) -> int:
        """Complex words in the spectrum of one tile; a real tile's other frequencies are their mirror."""
        rows, columns = self.points
        return rows * (columns // 2 + 1)

    @property
    def sums(self) -> int:
        """Psums that overlap-add adds into one ofmap plane; those of a single tile are only put there."""
        return 0 if self.tiles == 1 else _kept(self.rows) * _kept(self.columns)


def tiling(shape: LayerShape, tile: int | tuple[int, int] | None = None) -> Tiling:
    """Cut the ifmap of a layer.

    shape    any LayerShape
    tile     ifmap words in a tile, one number or (rows, columns); None for the whole ifmap in one
    returns  Tiling
    raises   CourseError if tile is not made of whole numbers, 1 or more

    >>> cut = tiling(LayerShape(M=1, C=1, H=20, R=5, P=2), tile=8)
    >>> cut.tiles, cut.points                        # 3*3 tiles; 8 + 5 - 1 psums
    (9, (12, 12))
    """
    rows, columns = _pair(tile, shape)
    return Tiling(
        *(
            Axis(axis.ifmap, axis.window, axis.ofmap, axis.U, axis.before, axis.after, min(tile, axis.ifmap))
            for axis, tile in ((shape.rows, rows), (shape.columns, columns))
        )
    )


def smooth(least: int) -> int:
    """Give the smallest size from `least` up whose prime factors are 2, 3 and 5: the sizes FFTs are good at.

    least    a whole number, 1 or more
    returns  2**i * 3**j * 5**k >= least

    >>> [smooth(n) for n in (7, 11, 17, 226)]
    [8, 12, 18, 240]
    """
    size = least
    while not _is_smooth(size):
        size += 1
    return size


def _is_smooth(size: int) -> bool:
    for prime in (2, 3, 5):
        while size % prime == 0:
            size //= prime
    return size == 1


def _kept(axis: Axis) -> int:
    return sum(ofmap.stop - ofmap.start for ofmap, _ in axis.places())


def _pair(tile, shape: LayerShape) -> tuple[int, int]:
    if tile is None:
        return shape.H, shape.W
    pair = tile if isinstance(tile, tuple) else (tile, tile)
    whole = all(isinstance(size, int) and not isinstance(size, bool) and size >= 1 for size in pair)
    if len(pair) != 2 or not whole:
        raise CourseError(
            "a tile is a whole number of ifmap words, 1 or more, or a pair (rows, columns) of them",
            f"tile={tile!r}",
            f"use a tile such as {max(8, 2 * shape.R)}, or None for the whole ifmap",
        )
    return pair
