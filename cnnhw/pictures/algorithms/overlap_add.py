"""Overlap-add: an ifmap cut into tiles, each convolved alone, their overlapping results added."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.coverage import factor
from cnnhw.pictures.convolution.grid import (
    HEAD,
    Grid,
    cell_side,
    draw_grids,
    extent,
    number,
    plane,
    rows_in_words,
)
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

_MOST = 9  # tiles that still fit a page with readable numbers (chosen for teaching)


@dataclass(frozen=True, eq=False)
class Part:
    """One tile's own result, and where it goes in the sum.

    row, column  of its first word, in the ifmap and in the sum alike
    words        (height + R - 1, width + S - 1) words, all that the tile's words add to
    """

    row: int
    column: int
    words: np.ndarray

    def at(self, h: int, w: int):
        """The word that this part adds to word (h, w) of the sum, or None where it does not reach."""
        h, w = h - self.row, w - self.column
        inside = 0 <= h < self.words.shape[0] and 0 <= w < self.words.shape[1]
        return self.words[h, w] if inside else None


def overlap_add(ifmap, filters, tile: int, lit: tuple[int, int] | None = None) -> Picture:
    """Draw an ifmap cut into tiles, what each tile gives alone, and the sum of the overlapping results.

    ifmap    (H, W) whole numbers, one channel
    filters  (R, S) whole numbers
    tile     rows and columns of the ifmap in one tile; tiles at the right and lower edge may be smaller
    lit      (row, column) of the sum whose parts are lit; the first word with the most parts if None
    returns  Picture; the sum is the convolution with R - 1 rows and S - 1 columns of padding on each side,
             and the outlined block inside it is the ofmap without padding
    raises   CourseError if tile is below 1, cuts more than 9 tiles, or lit is no word of the sum;
             ShapeError if the filter does not fit the ifmap
    source   the overlap-add method of signal processing

    >>> overlap_add([[1, 2, 3, 4]], [[10, 1]], tile=2).caption
    'sum[0, 2] = 20 + 3 = 23, from 2 tiles.'
    """
    ifmap, filters = (words.astype(np.int64) for words in (plane("ifmap", ifmap), plane("filter", filters)))
    parts = _parts(ifmap, filters, tile)
    total = _full(ifmap, filters)
    h, w = _lit(parts, total, lit)
    grids = _grids(ifmap, parts, total, h, w)
    cell = cell_side(grids)
    places = _places(grids, parts, cell)
    columns, rows = extent(grids, places, cell)

    def artist(board: Board) -> None:
        draw_grids(board, grids, places)
        _outline_tiles(board, parts, ifmap.shape, tile, places[0])
        _outline_ofmap(board, ifmap.shape, filters.shape, places[-1])

    words, caption = _in_words(ifmap, filters, parts, total, tile, h, w), _caption(parts, total, h, w)
    return draw_board(artist, columns, rows, words, caption, cell)


def _parts(ifmap: np.ndarray, filters: np.ndarray, tile: int) -> list[Part]:
    starts = [range(0, size, tile) for size in ifmap.shape] if isinstance(tile, int) and tile > 0 else [()]
    tiles = int(np.prod([len(axis) for axis in starts]))
    if not 1 <= tiles <= _MOST:
        raise CourseError(
            f"this picture has 1 to {_MOST} tiles",
            f"tile={tile!r} for an ifmap of {ifmap.shape[0]} x {ifmap.shape[1]}",
            "use a whole number; a larger tile cuts the ifmap less often",
        )
    return [
        Part(row, column, _full(ifmap[row : row + tile, column : column + tile], filters))
        for row in starts[0]
        for column in starts[1]
    ]


def _full(ifmap: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """Everything that these words add to: the convolution with R - 1 rows and S - 1 columns of padding."""
    R, S = filters.shape
    padded = np.pad(ifmap, ((R - 1, R - 1), (S - 1, S - 1)))
    return conv_windows(padded[None, None], filters[None, None])[0, 0]


def _lit(parts: list[Part], total: np.ndarray, lit: tuple[int, int] | None) -> tuple[int, int]:
    if lit is None:
        counts = [sum(part.at(h, w) is not None for part in parts) for h, w in np.ndindex(total.shape)]
        return divmod(int(np.argmax(counts)), total.shape[1])
    if not all(0 <= index < size for index, size in zip(lit, total.shape, strict=True)):
        raise CourseError(
            "the lit word must be in the sum",
            f"(row, column) = {tuple(lit)} in a sum of {total.shape[0]} x {total.shape[1]}",
            f"use rows 0 to {total.shape[0] - 1} and columns 0 to {total.shape[1] - 1}",
        )
    return tuple(lit)


def _grids(ifmap: np.ndarray, parts: list[Part], total: np.ndarray, h: int, w: int) -> list[Grid]:
    middle = []
    for index, part in enumerate(parts):
        lit = None if part.at(h, w) is None else (h - part.row, w - part.column, 1, 1)
        corner = (part.row, part.column)
        middle.append(Grid(part.words, Tensor.PSUM, f"tile {index}", "alone", lit=lit, first=corner))
    size = f"{ifmap.shape[0]} x {ifmap.shape[1]}, {len(parts)} tiles"
    return [
        Grid(ifmap, Tensor.IFMAP, "ifmap", size),
        *middle,
        Grid(total, Tensor.OFMAP, "sum", "tiles added", lit=(h, w, 1, 1)),
    ]


def _places(grids: list[Grid], parts: list[Part], cell: float) -> list[tuple[float, float]]:
    rows, columns = (sorted({getattr(part, axis) for part in parts}) for axis in ("row", "column"))
    width = max(grid.width(cell) for grid in grids[1:-1]) + 0.4
    height = max(grid.height(cell) for grid in grids[1:-1]) + 0.2
    left = grids[0].width(cell) + 0.3
    middle = [(left + columns.index(p.column) * width, rows.index(p.row) * height) for p in parts]
    tall = len(rows) * height
    last = left + len(columns) * width + 0.3
    centred = [max(0.0, (tall - grid.height(cell)) / 2) for grid in (grids[0], grids[-1])]
    return [(0.0, centred[0]), *middle, (last, centred[1])]


def _outline_tiles(board: Board, parts: list[Part], ifmap: tuple[int, int], tile: int, place) -> None:
    x, y = place[0] + 1, place[1] + HEAD * board.line
    boxes = [
        (x + p.column, y + p.row, min(tile, ifmap[1] - p.column), min(tile, ifmap[0] - p.row)) for p in parts
    ]
    board.boxes(boxes, line=palette.TEXT, linewidth=2.0)


def _outline_ofmap(board: Board, ifmap: tuple[int, int], filters: tuple[int, int], place) -> None:
    (H, W), (R, S) = ifmap, filters
    if H >= R and W >= S:
        corner = place[0] + 1 + S - 1, place[1] + HEAD * board.line + R - 1
        size = W - S + 1, H - R + 1
        board.boxes([(*corner, *size)], line=palette.TEXT, linewidth=1.6, linestyle=(0, (4, 2)))


def _caption(parts: list[Part], total: np.ndarray, h: int, w: int) -> str:
    added = [part.at(h, w) for part in parts if part.at(h, w) is not None]
    if len(added) == 1:
        return f"sum[{h}, {w}] = {number(total[h, w])}, from one tile alone."
    terms = " + ".join(factor(word) for word in added)
    return f"sum[{h}, {w}] = {terms} = {number(total[h, w])}, from {len(added)} tiles."


def _in_words(ifmap, filters, parts: list[Part], total: np.ndarray, tile: int, h: int, w: int) -> str:
    (H, W), (R, S) = ifmap.shape, filters.shape
    alone = "; ".join(
        f"tile {index} at row {part.row}, column {part.column} gives {rows_in_words(part.words)}"
        for index, part in enumerate(parts)
    )
    return (
        f"Overlap-add: an ifmap of {H}x{W} cut into {len(parts)} tiles of {tile}x{tile} or less, a filter of "
        f"{R}x{S}; {alone}; the sum {rows_in_words(total)}; {_caption(parts, total, h, w)}"
    )
