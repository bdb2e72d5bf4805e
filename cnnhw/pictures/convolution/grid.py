"""A grid of words: one plane of a tensor, a number in every cell, its indices beside it."""

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import CELL, Board, Box, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

LARGEST = 64  # cells on a side; beyond, a cell is smaller than a letter (chosen for teaching)
_NUMBERED = 16  # cells on a side that still leave room for 10 pt numbers (chosen for teaching)
_LETTER = 0.088  # inches, the width of a digit at 10 pt
HEAD = 2.4  # lines of text above the first cell: title, subtitle, column indices


class Cell(IntEnum):
    """What a cell holds."""

    WORD = 0  # a word of the tensor
    PADDING = 1  # a zero that is known, not stored
    UNREAD = 2  # a word that no window reaches
    EMPTY = 3  # a word not computed yet


@dataclass(frozen=True, eq=False)
class Grid:
    """One plane of a tensor as it is to be drawn.

    values      (rows, columns) numbers
    tensor      whose colours to use
    title       the line above, in bold
    subtitle    the line below the title, usually sizes
    cells       (rows, columns) of Cell, or None where all are words
    lit         (row, column, height, width) of the block to highlight, or None
    first       index of the upper left cell; negative where padding is drawn
    indices     whether row and column indices are written
    """

    values: np.ndarray
    tensor: Tensor
    title: str
    subtitle: str = ""
    cells: np.ndarray | None = None
    lit: tuple[int, int, int, int] | None = None
    first: tuple[int, int] = (0, 0)
    indices: bool = True

    @property
    def rows(self) -> int:
        """Rows of cells."""
        return self.values.shape[0]

    @property
    def columns(self) -> int:
        """Columns of cells."""
        return self.values.shape[1]

    def width(self, cell: float = CELL) -> float:
        """Width in cells, with row indices and title."""
        letters = max(1.1 * len(self.title), 0.9 * len(self.subtitle))  # bold 10 pt, plain 9 pt
        return max(1 + self.columns, 1 + letters * _LETTER / cell)

    def height(self, cell: float = CELL) -> float:
        """Height in cells, with titles and column indices."""
        return HEAD * CELL / cell + self.rows


def number(value) -> str:
    """Write a word as it stands in a cell: whole numbers and fractions in full, others to three digits.

    >>> number(19), number(0.123456), number(-2.0), number(Fraction(1, 2))
    ('19', '0.123', '-2', '1/2')
    """
    if isinstance(value, (int, np.integer, Fraction)):
        return str(value)
    return f"{float(value):.3g}"


def cell_side(grids: list[Grid]) -> float:
    """Choose the side of a cell in inches: wide enough for the longest number, small for large grids.

    raises   CourseError if a grid has more than 64 cells on a side
    """
    side = max(max(grid.rows, grid.columns) for grid in grids)
    if side > LARGEST:
        raise CourseError(
            f"a grid is drawn cell by cell, at most {LARGEST} on a side",
            f"{side} cells on a side",
            "draw a crop of it, as in ifmap[:16, :16]",
        )
    if side > _NUMBERED:
        return 4.0 / side
    longest = max(len(number(value)) for grid in grids for value in grid.values.flat)
    return max(CELL, _LETTER * longest + 0.08)


def extent(grids: list[Grid], places: list[tuple[float, float]], cell: float) -> tuple[float, float]:
    """Give the columns and rows of a board that holds every grid at its place, with a little air.

    grids   Grids
    places  (x, y) of each one's upper left corner, in cells
    cell    side of one cell, in inches

    >>> grid = Grid(np.ones((2, 3)), Tensor.IFMAP, title="ifmap")
    >>> extent([grid, grid], [(1.0, 0.0), (6.0, 0.0)], CELL)[0] == 6.0 + grid.width() + 0.3
    True
    """
    columns = max(x + grid.width(cell) for grid, (x, _) in zip(grids, places, strict=True))
    rows = max(y + grid.height(cell) for grid, (_, y) in zip(grids, places, strict=True))
    return columns + 0.3, rows + 0.3


def letter_size(grids: list[Grid], cell: float) -> float:
    """Give the size in points at which the longest number of some grids fits into a cell, 10 at the most.

    grids   Grids
    cell    side of one cell, in inches
    """
    longest = max(len(number(value)) for grid in grids for value in grid.values.flat)
    return min(10.0, round(10 * (cell - 0.05) / (_LETTER * longest), 1))


def draw_grid(board: Board, grid: Grid, x: float, y: float, size: float | None = None) -> None:
    """Draw a grid whose upper left corner, indices and titles included, is at (x, y).

    board    Board
    grid     Grid
    x, y     in cells
    size     of the numbers in points; None for 10, and none where cells are too small for them
    """
    board.write(x + 1, y + 0.45 * board.line, grid.title, align="left", fontweight="bold")
    board.write(x + 1, y + 1.15 * board.line, grid.subtitle, size=9, align="left", color=palette.MUTED)
    kinds = np.zeros(grid.values.shape, int) if grid.cells is None else grid.cells
    left, top = x + 1, y + HEAD * board.line
    for kind in Cell:
        _draw_cells(board, grid, np.argwhere(kinds == kind), kind, left, top)
    if grid.lit:
        row, column, height, width = grid.lit
        board.boxes([(left + column, top + row, width, height)], line=palette.TEXT, linewidth=2.2)
    if size or board.cell >= CELL:
        _write_numbers(board, grid, kinds, left, top, size or 10)
    if grid.indices and board.cell >= CELL:
        _write_indices(board, grid, left, top)


def draw_grids(board: Board, grids: list[Grid], places: list[tuple[float, float]]) -> None:
    """Draw each grid with the upper left corner of its titles at its place (x, y)."""
    for grid, (x, y) in zip(grids, places, strict=True):
        draw_grid(board, grid, x, y)


def _draw_cells(board: Board, grid: Grid, where: np.ndarray, kind: Cell, x: float, y: float) -> None:
    ink = palette.TENSOR[grid.tensor]
    style = {
        Cell.WORD: {"fill": ink.fill, "line": ink.line},
        Cell.PADDING: {"fill": palette.PAPER, "line": palette.GRID, "linestyle": (0, (2, 2))},
        Cell.UNREAD: {"fill": palette.PAPER, "line": palette.GRID, "hatch": "xxx"},
        Cell.EMPTY: {"fill": palette.PAPER, "line": palette.GRID},
    }[kind]
    lit = [_is_lit(grid, row, column) for row, column in where]
    boxes = [(x + column, y + row, 1.0, 1.0) for row, column in where]
    board.boxes(_where(boxes, lit, False), **style)
    board.boxes(_where(boxes, lit, True), **{**style, "fill": palette.HIGHLIGHT})


def _where(boxes: list[Box], lit: list[bool], wanted: bool) -> list[Box]:
    return [box for box, is_lit in zip(boxes, lit, strict=True) if is_lit == wanted]


def _is_lit(grid: Grid, row: int, column: int) -> bool:
    if grid.lit is None:
        return False
    top, left, height, width = grid.lit
    return top <= row < top + height and left <= column < left + width


def _write_numbers(board: Board, grid: Grid, kinds: np.ndarray, x: float, y: float, size: float) -> None:
    for (row, column), value in np.ndenumerate(grid.values):
        kind = kinds[row, column]
        if kind != Cell.EMPTY:
            colour = palette.TEXT if kind == Cell.WORD else palette.MUTED
            board.write(x + column + 0.5, y + row + 0.52, number(value), size=size, color=colour)


def _write_indices(board: Board, grid: Grid, x: float, y: float) -> None:
    for column in range(grid.columns):
        index = str(column + grid.first[1])
        board.write(x + column + 0.5, y - 0.4 * board.line, index, size=9, color=palette.MUTED)
    for row in range(grid.rows):
        index = str(row + grid.first[0])
        board.write(x - 0.3, y + row + 0.52, index, size=9, align="right", color=palette.MUTED)


def grid_picture(values, tensor: Tensor, title: str = "") -> Picture:
    """Draw one plane of a tensor, a number in every cell.

    values   (rows, columns) numbers, at most 64 on a side; numbers are shown up to 16
    tensor   whose colours to use
    title    the line above; the tensor's name if empty
    returns  Picture
    raises   CourseError if values has another number of axes, or is too large to draw

    >>> grid_picture([[1, 2], [3, 4], [5, 6]], Tensor.FILTER)
    filter, 3 rows by 2 columns: [1 2] [3 4] [5 6]
    """
    values = plane("values", values)
    title = title or str(tensor)
    grid = Grid(values, tensor, title, f"{values.shape[0]} x {values.shape[1]}")
    cell = cell_side([grid])
    words = f"{title}, {values.shape[0]} rows by {values.shape[1]} columns"
    if max(values.shape) <= _NUMBERED:
        words += ": " + rows_in_words(values)
    columns, rows = grid.width(cell) + 0.3, grid.height(cell) + 0.3
    return draw_board(lambda board: draw_grid(board, grid, 0, 0), columns, rows, words, cell=cell)


def plane(name: str, values) -> np.ndarray:
    """Check that `values` are numbers with two axes, and give them as an array.

    raises   CourseError, which calls the array `name`
    """
    array = np.asarray(values)
    if array.ndim != 2 or array.size == 0 or array.dtype.kind not in "biuf":
        raise CourseError(
            f"{name} must be a plane of numbers, with two axes",
            f"shape {array.shape}, dtype {array.dtype}",
            f"pick one image and one channel, as in {name}[0, 0]",
        )
    return array


def rows_in_words(values: np.ndarray) -> str:
    """Write a plane row by row.

    >>> rows_in_words(np.array([[1, 2], [3, 4]]))
    '[1 2] [3 4]'
    """
    return " ".join("[" + " ".join(number(value) for value in row) + "]" for row in values)
