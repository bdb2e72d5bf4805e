"""The three matrices of F(m, r), each row beside the point it evaluates at, and what they save and cost."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from cnnhw.conv.winograd import transforms
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import HEAD, Grid, cell_side, draw_grids, extent
from cnnhw.pictures.marks.board import CELL, Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

_GAP = 1.6  # cells beside a matrix, room for the names of the points
_WIDEST = 9.0  # inches, the width of a notebook's text


def winograd_transforms(m: int, r: int, points: Sequence | None = None) -> Picture:
    """Draw BT, G and AT of F(m, r), exact, with the point that each row or column belongs to.

    m, r     ofmap words of a tile, filter words
    points   m + r - 2 finite points; the library's own if None
    returns  Picture; its caption says what a tile of m x m words saves, and the largest of the numbers
    raises   ShapeError if m or r is below 1, a point is repeated or one is missing
    source   Lavin and Gray, CVPR 2016, section 4.1

    >>> winograd_transforms(2, 3).caption.split("; ")[0]
    'F(2x2, 3x3): multiplications 16 instead of 36, 2.25 times fewer'
    """
    matrices = transforms(m, r, points)
    names = [*map(str, matrices.points), "\u221e"]
    grids = [
        Grid(_array(matrices.BT), Tensor.IFMAP, "Bᵀ, for the ifmap", _size(matrices.BT), indices=False),
        Grid(_array(matrices.G), Tensor.FILTER, "G, for the filter", _size(matrices.G), indices=False),
        Grid(_array(matrices.AT), Tensor.OFMAP, "Aᵀ, back to the ofmap", _size(matrices.AT), indices=False),
    ]
    cell = cell_side(grids)
    places = _places(grids, cell)
    columns, rows = extent(grids, places, cell)

    def artist(board: Board) -> None:
        draw_grids(board, grids, places)
        _write_points(board, grids, places, names)

    caption = _caption(m, r, grids)
    words = _in_words(grids, names, caption)
    return draw_board(artist, columns, rows, words, caption, cell)


def _array(matrix) -> np.ndarray:
    array = np.empty((len(matrix), len(matrix[0])), dtype=object)
    for row, numbers in enumerate(matrix):
        array[row] = [Fraction(number) for number in numbers]
    return array


def _size(matrix) -> str:
    return f"{len(matrix)} x {len(matrix[0])}"


def _places(grids: list[Grid], cell: float) -> list[tuple[float, float]]:
    """BT and G side by side, one row a point; AT beside them if the page is wide enough, else below."""
    gap = _GAP * CELL / cell
    second = gap + grids[0].width(cell) + gap
    third = second + grids[1].width(cell) + 0.3 * gap
    if third + grids[2].width(cell) <= _WIDEST / cell:
        return [(gap, 0.0), (second, 0.0), (third, 0.0)]
    below = max(grid.height(cell) for grid in grids[:2]) + 1.2 * CELL / cell
    return [(gap, 0.0), (second, 0.0), (gap, below)]


def _write_points(board: Board, grids: list[Grid], places, names: list[str]) -> None:
    style = {"size": 10, "color": palette.MUTED}
    for x, y in places[:2]:
        top = y + HEAD * board.line
        for row, name in enumerate(names):
            board.write(x + 0.75, top + row + 0.52, name, align="right", **style)
        board.write(x + 0.75, top - 0.4 * board.line, "point", align="right", **style)
    x, y = places[2]
    for column, name in enumerate(names):
        board.write(x + 1.5 + column, y + (HEAD - 0.4) * board.line, name, **style)


def _caption(m: int, r: int, grids: list[Grid]) -> str:
    tile, direct = (m + r - 1) ** 2, (m * r) ** 2
    largest = max(abs(word) for grid in grids for word in grid.values.flat)
    return (
        f"F({m}x{m}, {r}x{r}): multiplications {tile} instead of {direct}, {direct / tile:.2f} times fewer; "
        f"words of a filter {tile} instead of {r * r}; largest number {largest}."
    )


def _in_words(grids: list[Grid], names: list[str], caption: str) -> str:
    matrices = "; ".join(f"{grid.title} {_rows(grid.values)}" for grid in grids)
    return f"Winograd's matrices at the points {', '.join(names)}: {matrices}. {caption}"


def _rows(values: np.ndarray) -> str:
    return " ".join("[" + " ".join(str(value) for value in row) + "]" for row in values)
