"""The sliding window: a filter on one channel, its products, the psum that grows, the ofmap that fills."""

from dataclasses import dataclass

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.pictures.convolution.coverage import check_position, factor, ifmap_cells
from cnnhw.pictures.convolution.grid import (
    HEAD,
    Cell,
    Grid,
    cell_side,
    draw_grids,
    extent,
    number,
    plane,
    rows_in_words,
)
from cnnhw.pictures.marks.board import CELL, Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import LayerShape, Tensor
from cnnhw.tensors import pad

_WIDEST = 9.0  # inches, the width of a notebook's text
_GAP = 1.0  # cells between two grids, room for a sign
_SPELLED = 12  # products that a caption spells out; of more it gives the first and the last


@dataclass(frozen=True, eq=False)
class Window:
    """One position of a filter on one channel, with the numbers that belong to it.

    ifmap    (H, W) words
    filters  (R, S) words
    shape    LayerShape with N = M = C = 1
    e, f     row and column of the ofmap word
    terms    how many of its R*S products are added so far
    """

    ifmap: np.ndarray
    filters: np.ndarray
    shape: LayerShape
    e: int
    f: int
    terms: int

    @property
    def padded(self) -> np.ndarray:
        """(H + 2P, W + 2P) words, zeros around."""
        return pad(self.ifmap, self.shape.P)

    def words(self, e: int, f: int) -> np.ndarray:
        """(R, S) words of the padded ifmap under the filter at ofmap word (e, f)."""
        rows, columns = self.shape.rows, self.shape.columns
        top, left = rows.U * e, columns.U * f
        return self.padded[top : top + rows.window : rows.D, left : left + columns.window : columns.D]

    @property
    def products(self) -> np.ndarray:
        """(R, S) products of a word and the weight above it."""
        return self.words(self.e, self.f) * self.filters

    @property
    def psums(self) -> np.ndarray:
        """(R, S) values of the psum after each product, row by row."""
        return np.cumsum(self.products).reshape(self.products.shape)

    @property
    def psum(self):
        """The psum after `terms` products."""
        return self.psums.flat[self.terms - 1] if self.terms else self.products.dtype.type(0)

    @property
    def ofmap(self) -> np.ndarray:
        """(E, F) finished words, the last of them perhaps a psum; zeros where the window has not been."""
        ofmap = np.zeros((self.shape.E, self.shape.F), self.products.dtype)
        for position in range(self.e * self.shape.F + self.f):
            e, f = divmod(position, self.shape.F)
            ofmap[e, f] = np.sum(self.words(e, f) * self.filters)
        ofmap[self.e, self.f] = self.psum
        return ofmap

    @property
    def sum_in_words(self) -> str:
        """The sum so far, term by term, such as 0*0 + 1*1 + 3*2 + 4*3 = 19."""
        pairs = zip(self.words(self.e, self.f).flat, self.filters.flat, strict=True)
        terms = [f"{factor(word)}*{factor(weight)}" for word, weight in pairs][: self.terms]
        if len(terms) > _SPELLED:
            terms = [*terms[:4], f"... {len(terms) - 6} more ...", *terms[-2:]]
        return (" + ".join(terms) or "no product yet") + f" = {number(self.psum)}"


def sliding_window(
    ifmap, filters, U: int = 1, P: int = 0, e: int = 0, f: int = 0, terms: int | None = None
) -> Picture:
    """Draw a filter at one position of an ifmap: products, growing psum, and the ofmap so far.

    ifmap    (H, W), one channel; padding is drawn as dashed zeros, words that no window reaches are crossed
    filters  (R, S), one filter of one channel
    U, P     stride, zero padding on each side
    e, f     the ofmap word at which the filter stands; the words before it are already filled in
    terms    products added so far, 0 to R*S; all of them if None
    returns  Picture; its caption is the sum of padded[U*e + r, U*f + s] * filter[r, s] over r and s
    raises   ShapeError if the filter does not fit; CourseError if (e, f) is not in the ofmap, terms is not in
             0 to R*S, or a grid has more than 64 cells on a side
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> ifmap = np.arange(12).reshape(4, 3)
    >>> sliding_window(ifmap, [[0, 1], [2, 3]]).caption
    'ofmap[0, 0] = 0*0 + 1*1 + 3*2 + 4*3 = 19'
    """
    window = _window(plane("ifmap", ifmap), plane("filter", filters), U, P, e, f, terms)
    grids = [*_operands(window), *_sums(window)]
    cell = cell_side(grids)
    places = _places(grids, cell)
    columns, rows = extent(grids, places, cell)

    def artist(board: Board) -> None:
        draw_grids(board, grids, places)
        _write_signs(board, grids, places)

    return draw_board(artist, columns, rows, _in_words(window), _caption(window), cell)


def _window(ifmap, filters, U, P, e, f, terms) -> Window:
    (H, W), (R, S) = ifmap.shape, filters.shape
    shape = LayerShape(M=1, C=1, H=H, W=W, R=R, S=S, U=U, P=P)
    check_position(shape, e, f)
    terms = R * S if terms is None else terms
    if not 0 <= terms <= R * S:
        raise CourseError(
            "a window has R * S products to add", f"terms={terms} but R*S = {R}*{S} = {R * S}",
            f"use terms from 0 to {R * S}",
        )  # fmt: skip
    if ifmap.dtype.kind in "biu":
        ifmap, filters = ifmap.astype(np.int64), filters.astype(np.result_type(filters, np.int64))
    return Window(ifmap, filters, shape, e, f, terms)


def _operands(window: Window) -> list[Grid]:
    shape = window.shape
    rows, columns, cells = shape.rows, shape.columns, ifmap_cells(shape)
    lit = (rows.U * window.e, columns.U * window.f, rows.window, columns.window)
    size = f"H={shape.H} W={shape.W}" + (f" P={shape.P}" if shape.P else "")
    return [
        Grid(window.padded, Tensor.IFMAP, "ifmap", size, cells, lit, (-rows.before, -columns.before)),
        Grid(window.filters, Tensor.FILTER, "filter", f"R={shape.R} S={shape.S}"),
    ]


def _sums(window: Window) -> list[Grid]:
    shape = window.shape
    later = np.where(np.arange(shape.R * shape.S) < window.terms, Cell.WORD, Cell.EMPTY)
    later = later.reshape(shape.R, shape.S)
    last = (*divmod(window.terms - 1, shape.S), 1, 1) if window.terms else None
    done = np.full(shape.E * shape.F, Cell.EMPTY)
    done[: window.e * shape.F + window.f + 1] = Cell.WORD
    done, here = done.reshape(shape.E, shape.F), (window.e, window.f, 1, 1)
    return [
        Grid(window.products, Tensor.PSUM, "products", "word * weight", later),
        Grid(window.psums, Tensor.PSUM, "psum", "running sum", later, last),
        Grid(window.ofmap, Tensor.OFMAP, "ofmap", f"E={shape.E} F={shape.F}", done, here),
    ]


def _places(grids: list[Grid], cell: float) -> list[tuple[float, float]]:
    """Put all on one line if the page is wide enough, else the psum under the filter, beside the ifmap."""
    ifmap, operands, sums = grids[0], grids[1:3], grids[3:]
    if _line_width(grids, cell) <= _WIDEST / cell:
        return _line(grids, cell, 0, 0)
    x, y = ifmap.width(cell) + _GAP * CELL / cell, 0.0
    if x + max(_line_width(operands, cell), _line_width(sums, cell)) > _WIDEST / cell:
        x, y = 0.0, ifmap.height(cell) + 0.3
    below = y + max(grid.height(cell) for grid in operands) + 0.3
    return [(0.0, 0.0), *_line(operands, cell, x, y), *_line(sums, cell, x, below)]


def _line(grids: list[Grid], cell: float, x: float, y: float) -> list[tuple[float, float]]:
    widths = [grid.width(cell) + _GAP * CELL / cell for grid in grids]
    return [(x + sum(widths[:index]), y) for index in range(len(grids))]


def _line_width(grids: list[Grid], cell: float) -> float:
    return sum(grid.width(cell) for grid in grids) + (len(grids) - 1) * _GAP * CELL / cell


def _write_signs(board: Board, grids: list[Grid], places: list[tuple[float, float]]) -> None:
    """Between neighbours on a line: ifmap x filter = products, then arrows."""
    signs = ["\u00d7", "=", "\u2192", "\u2192"]
    for index, sign in enumerate(signs):
        (_, left_y), (x, y) = places[index], places[index + 1]
        if left_y == y:
            lower = min(grids[index].rows, grids[index + 1].rows)
            board.write(x + 0.7 - 0.75 * board.line, y + HEAD * board.line + lower / 2, sign, size=14)


def _caption(window: Window) -> str:
    left = window.shape.R * window.shape.S - window.terms
    note = f" so far, {left} products to go" if left else ""
    if Cell.UNREAD in ifmap_cells(window.shape):
        note += ". Crossed words are never read."
    return f"ofmap[{window.e}, {window.f}] = {window.sum_in_words}{note}"


def _in_words(window: Window) -> str:
    shape = window.shape
    rows, columns = (
        (axis.at(at, 0), axis.at(at, axis.filter - 1))
        for axis, at in ((shape.rows, window.e), (shape.columns, window.f))
    )
    parts = [
        f"Sliding window: ifmap {shape.H}x{shape.W}, filter {shape.R}x{shape.S}, stride {shape.U}, "
        f"padding {shape.P}, {'' if shape.D == 1 else f'dilation {shape.D}, '}ofmap {shape.E}x{shape.F}",
        f"the filter covers ifmap rows {rows[0]} to {rows[1]} and columns {columns[0]} to {columns[1]}",
        _caption(window).rstrip("."),
    ]
    skipped = int(np.sum(ifmap_cells(shape) == Cell.UNREAD))
    if skipped:
        parts.append(f"that is {skipped} words")
    done = window.ofmap.flat[: window.e * shape.F + window.f + 1]
    parts.append(f"ofmap so far, row by row: {rows_in_words(done[None])}")
    return "; ".join(parts)
