"""A matrix product as three grids, with copies of one word lit and one row or column followed through it."""

from dataclasses import dataclass

import numpy as np

from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import HEAD, Grid, cell_side, draw_grid, letter_size
from cnnhw.pictures.marks.board import CELL, Board, draw_board
from cnnhw.pictures.picture import Picture

_WIDEST = 9.0  # inches, the width of a notebook's text
_SMALLEST = 6.5  # points of a number that can still be read (chosen for teaching)
_GAP = 1.0  # cells of normal size between two grids, room for a sign

Place = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Panel:
    """A grid with its marks.

    grid     Grid
    lit      (rows, columns) booleans: the cells to fill with the highlight, or None
    window   (row, column, height, width) of the block to outline, or None
    blocks   (rows, columns) of the blocks that the grid consists of, or None where it is one
    """

    grid: Grid
    lit: np.ndarray | None = None
    window: tuple[int, int, int, int] | None = None
    blocks: tuple[int, int] | None = None


@dataclass(frozen=True)
class Product:
    """What is drawn: the sources that the matrices are made from, and left times right gives result."""

    sources: list[Panel]
    left: Panel
    right: Panel
    result: Panel

    @property
    def panels(self) -> list[Panel]:
        """All panels, sources first."""
        return [*self.sources, self.left, self.right, self.result]


def draw_product(product: Product, words: str, caption: str) -> Picture:
    """Draw a product: on one line if the page is wide enough, else the result below the right matrix.

    product  Product; below the right matrix, each result word stands under the column it is made from
    words    the content in words
    caption  one visible line under the picture
    returns  Picture; numbers are smaller where the page is narrow, and left out below 6.5 points
    raises   CourseError if a grid has more than 64 cells on a side
    """
    cell = cell_side([panel.grid for panel in product.panels])
    places = _in_line(product, cell)
    if _width(product, places, cell) > _WIDEST / cell:
        places = _in_a_corner(product, cell)
    if _width(product, places, cell) > _WIDEST / cell:
        cell = min(cell, _WIDEST / _width(product, places, cell))
        places = _in_a_corner(product, cell)
    if cell >= CELL:
        return _draw(product, places, cell, words, caption)
    fitted = _as_wide_as_the_page(product)
    size = letter_size([panel.grid for panel in product.panels], fitted)
    if size < _SMALLEST:
        return _draw(product, places, cell, words, caption)
    return _draw(product, _in_a_corner(product, fitted), fitted, words, caption, size)


def _as_wide_as_the_page(product: Product) -> float:
    """Give the cell with which the product in a corner is as wide as the page."""
    cell = CELL
    for _ in range(8):
        cell *= _WIDEST / (cell * _width(product, _in_a_corner(product, cell), cell))
    return min(cell, CELL)


def _draw(
    product: Product,
    places: list[Place],
    cell: float,
    words: str,
    caption: str,
    size: float | None = None,
) -> Picture:
    panels = product.panels
    rows = max(y + panel.grid.height(cell) for panel, (_, y) in zip(panels, places, strict=True)) + 0.3

    def artist(board: Board) -> None:
        for panel, (x, y) in zip(panels, places, strict=True):
            _draw_panel(board, panel, x, y, size)
        _write_signs(board, product, places)

    return draw_board(artist, _width(product, places, cell) + 0.3, rows, words, caption, cell)


def _draw_panel(board: Board, panel: Panel, x: float, y: float, size: float | None) -> None:
    draw_grid(board, panel.grid, x, y, size)
    left, top = x + 1, y + HEAD * board.line
    ink = palette.TENSOR[panel.grid.tensor].line
    if panel.lit is not None:  # boxes lie under the numbers, whenever they are drawn
        boxes = [(left + column, top + row, 1.0, 1.0) for row, column in np.argwhere(panel.lit)]
        board.boxes(boxes, fill=palette.HIGHLIGHT, line=palette.TEXT, linewidth=1.2)
    if panel.blocks:
        height, width = panel.blocks
        corners = np.ndindex(panel.grid.rows // height, panel.grid.columns // width)
        board.boxes([(left + c * width, top + r * height, width, height) for r, c in corners],
                    line=ink, linewidth=1.8)  # fmt: skip
    if panel.window:
        row, column, height, width = panel.window
        board.boxes([(left + column, top + row, width, height)], line=palette.TEXT, linewidth=2.4)


def _in_line(product: Product, cell: float) -> list[Place]:
    places, x = _stacked(product.sources, cell), _stack_width(product.sources, cell)
    for panel in (product.left, product.right, product.result):
        places.append((x + _GAP * CELL / cell, 0.0))
        x = places[-1][0] + panel.grid.width(cell)
    return places


def _in_a_corner(product: Product, cell: float) -> list[Place]:
    """Put the right matrix above its result and the left one beside it: a word stands under its column."""
    stack = _stacked(product.sources, cell)
    x = max(_stack_width(product.sources, cell), product.left.grid.width(cell)) + 0.3 * CELL / cell
    bottom = stack[-1][1] + product.sources[-1].grid.height(cell)
    y = max(bottom, product.right.grid.height(cell)) + 0.3 * CELL / cell
    return [*stack, (0.0, y), (x, 0.0), (x, y)]


def _stacked(panels: list[Panel], cell: float) -> list[Place]:
    heights = [panel.grid.height(cell) + 0.3 * CELL / cell for panel in panels]
    return [(0.0, sum(heights[:index])) for index in range(len(heights))]


def _stack_width(panels: list[Panel], cell: float) -> float:
    return max(panel.grid.width(cell) for panel in panels)


def _width(product: Product, places: list[Place], cell: float) -> float:
    ends = (x + panel.grid.width(cell) for panel, (x, _) in zip(product.panels, places, strict=True))
    return max(ends)


def _write_signs(board: Board, product: Product, places: list[Place]) -> None:
    """On one line: left x right = result."""
    (_, left_y), (right_x, right_y), (result_x, _) = places[-3:]
    if left_y == right_y:
        y = HEAD * board.line + min(product.left.grid.rows, product.result.grid.rows) / 2
        for x, sign in ((right_x, "\u00d7"), (result_x, "=")):
            board.write(x + 0.7 - 0.75 * board.line, y, sign, size=14)
