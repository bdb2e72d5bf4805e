"""One Winograd tile on its way: ifmap and filter transformed, multiplied word by word, transformed back."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cnnhw.conv.winograd import transforms
from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import HEAD, Grid, cell_side, draw_grids, extent, plane
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

_ARROW = 0.6  # inches between two grids and their margins, room for "Bᵀ d B"
_MARGIN = 0.8  # cells at the left of the first grids that stay empty
_SPELLED = 9  # terms that a caption spells out; of more it gives the first and the last
_NAMES = ("ifmap tile d", "filter g", "d, transformed", "g, transformed", "products", "ofmap")


@dataclass(frozen=True, eq=False)
class Tile:
    """The exact numbers of one tile, from the ifmap to the ofmap, as object arrays of fractions.

    ifmap, filters  (H, W) and (R, S) words
    rows, columns   the transforms AT, G, BT for each axis
    """

    ifmap: np.ndarray
    filters: np.ndarray
    rows: tuple[np.ndarray, np.ndarray, np.ndarray]
    columns: tuple[np.ndarray, np.ndarray, np.ndarray]

    @property
    def ifmap_transformed(self) -> np.ndarray:
        """(H, W): BT d B."""
        return self.rows[2] @ self.ifmap @ self.columns[2].T

    @property
    def filters_transformed(self) -> np.ndarray:
        """(H, W): G g GT."""
        return self.rows[1] @ self.filters @ self.columns[1].T

    @property
    def products(self) -> np.ndarray:
        """(H, W): word times word, the only multiplications of data by data."""
        return self.ifmap_transformed * self.filters_transformed

    @property
    def ofmap(self) -> np.ndarray:
        """(H - R + 1, W - S + 1): AT (products) A."""
        return self.rows[0] @ self.products @ self.columns[0].T


def winograd_tile(
    ifmap, filters, points: Sequence | None = None, lit: tuple[int, int] | None = None
) -> Picture:
    """Draw one tile going through its transforms, every number exact.

    ifmap    (H, W) whole numbers, one tile of one channel; (1, W) for the transform in one dimension
    filters  (R, S) whole numbers; the ofmap is the m by m tile with m = H - R + 1 (its width likewise)
    points   where the polynomials are evaluated, infinity left out; the library's own if None
    lit      (row, column) of the product to light; the caption is its arithmetic. The middle one if None
    returns  Picture: AT [(G g GT) * (BT d B)] A with the product word by word
    raises   CourseError if the filter does not fit the tile, or lit is not a product of it
    source   Lavin and Gray, CVPR 2016, equation 8

    >>> winograd_tile([[1, 2, 3, 4]], [[1, 1, 2]]).caption
    'Lit: (2 + 3) * (1 + 1 + 2) / 2 = 5 * 2 = 10. 4 multiplications for 2 ofmap words, instead of 6.'
    """
    tile = _tile(plane("ifmap", ifmap), plane("filter", filters), points)
    i, j = _lit(tile, lit)
    grids = _grids(tile, i, j)
    cell = cell_side(grids)
    places = _places(grids, cell)
    columns, rows = extent(grids, places, cell)

    def artist(board: Board) -> None:
        draw_grids(board, grids, places)
        _outline_operands(board, tile, places, i, j)
        _write_signs(board, tile, grids, places)

    return draw_board(artist, columns, rows, _in_words(tile, i, j), _caption(tile, i, j), cell)


def _tile(ifmap: np.ndarray, filters: np.ndarray, points: Sequence | None) -> Tile:
    if any(filter_ > tile for filter_, tile in zip(filters.shape, ifmap.shape, strict=True)):
        raise CourseError(
            "a tile must be at least as large as the filter",
            f"a tile of {ifmap.shape[0]} x {ifmap.shape[1]} and a filter of "
            f"{filters.shape[0]} x {filters.shape[1]}",
            "give a tile of m + R - 1 words for m ofmap words",
        )
    axes = [_transforms(*sizes, points) for sizes in zip(ifmap.shape, filters.shape, strict=True)]
    return Tile(_exact(ifmap), _exact(filters), *axes)


def _transforms(tile: int, filter_: int, points: Sequence | None):
    """AT, G, BT along one axis. A filter of one word needs none: each ofmap word is one product."""
    if filter_ == 1:
        identity = _exact(np.eye(tile, dtype=int))
        return identity, _exact(np.ones((tile, 1), dtype=int)), identity
    matrices = transforms(tile - filter_ + 1, filter_, points)
    return tuple(_exact(matrix) for matrix in (matrices.AT, matrices.G, matrices.BT))


def _exact(words) -> np.ndarray:
    words = np.asarray(words)
    exact = np.empty(words.shape, dtype=object)
    for index in np.ndindex(words.shape):
        word = words[index]
        exact[index] = Fraction(word.item() if isinstance(word, np.generic) else word)
    return exact


def _lit(tile: Tile, lit: tuple[int, int] | None) -> tuple[int, int]:
    H, W = tile.ifmap.shape
    i, j = (min(1, H - 1), min(1, W - 1)) if lit is None else lit
    if not (0 <= i < H and 0 <= j < W):
        raise CourseError(
            "the lit product must be in the tile",
            f"(row, column) = ({i}, {j}) in a tile of {H} x {W}",
            f"use rows 0 to {H - 1} and columns 0 to {W - 1}",
        )
    return i, j


def _grids(tile: Tile, i: int, j: int) -> list[Grid]:
    here = (i, j, 1, 1)
    parts = (
        (tile.ifmap, Tensor.IFMAP, None),
        (tile.filters, Tensor.FILTER, None),
        (tile.ifmap_transformed, Tensor.IFMAP, here),
        (tile.filters_transformed, Tensor.FILTER, here),
        (tile.products, Tensor.PSUM, here),
        (tile.ofmap, Tensor.OFMAP, None),
    )
    return [
        Grid(words, tensor, title, f"{words.shape[0]} x {words.shape[1]}", lit=lit, indices=False)
        for title, (words, tensor, lit) in zip(_NAMES, parts, strict=True)
    ]


def _places(grids: list[Grid], cell: float) -> list[tuple[float, float]]:
    """Ifmap above filter, their transforms beside them, products and ofmap between the two lines."""
    gap = _ARROW / cell
    second = max(grids[0].width(cell), grids[1].width(cell)) + gap - _MARGIN
    third = second + max(grids[2].width(cell), grids[3].width(cell)) + gap
    fourth = third + grids[4].width(cell) + gap
    below = grids[0].height(cell) + 0.3
    middle = below / 2
    lower = middle + (grids[4].rows - grids[5].rows) / 2
    return [(-_MARGIN, 0), (-_MARGIN, below), (second, 0), (second, below), (third, middle), (fourth, lower)]


def _outline_operands(board: Board, tile: Tile, places, i: int, j: int) -> None:
    """Outline the words of ifmap and filter that the lit product is made of."""
    for operand, (x, y) in zip((2, 1), places[:2], strict=True):
        used = np.argwhere(_weights(tile, operand, i, j) != 0)
        top = y + HEAD * board.line
        boxes = [(x + 1 + column, top + row, 1.0, 1.0) for row, column in used]
        board.boxes(boxes, line=palette.TEXT, linewidth=2.0)


def _write_signs(board: Board, tile: Tile, grids: list[Grid], places) -> None:
    flat = 1 in tile.ifmap.shape  # in one dimension nothing is multiplied from the right
    names = ("Bᵀ d", "G g") if flat else ("Bᵀ d B", "G g Gᵀ")
    for name, index in zip(names, (2, 3), strict=True):
        _arrow(board, grids[index], places[index], name)
    _arrow(board, grids[4], places[4], "\u00d7")
    _arrow(board, grids[5], places[5], "Aᵀ p" if flat else "Aᵀ p A")


def _arrow(board: Board, grid: Grid, place: tuple[float, float], name: str) -> None:
    # Half way between the last grid's right edge, a gap before, and this grid's first cell.
    x, y = place[0] + (1 - _ARROW / board.cell) / 2, place[1] + HEAD * board.line + grid.rows / 2
    board.write(x, y - 0.5 * board.line, name, size=10)
    board.write(x, y + 0.35 * board.line, "\u2192", size=15)


def _weights(tile: Tile, operand: int, i: int, j: int) -> np.ndarray:
    """How often each word of an operand goes into its transform's word (i, j); 1 is G's place, 2 is BT's."""
    return np.multiply.outer(tile.rows[operand][i], tile.columns[operand][j])


def _caption(tile: Tile, i: int, j: int) -> str:
    ifmap = _sum(_weights(tile, 2, i, j), tile.ifmap)
    filters = _sum(_weights(tile, 1, i, j), tile.filters)
    values = [tile.ifmap_transformed[i, j], tile.filters_transformed[i, j]]
    product = " * ".join(f"({value})" if value < 0 else str(value) for value in values)
    made, done = tile.ofmap.size, tile.products.size
    return (
        f"Lit: {ifmap} * {filters} = {product} = {tile.products[i, j]}. "
        f"{done} multiplications for {made} ofmap words, instead of {made * tile.filters.size}."
    )


def _sum(weights: np.ndarray, words: np.ndarray) -> str:
    """Write a weighted sum; a fraction that all its weights share goes behind it: (1 + 1 + 2) / 2."""
    used = [(w, word) for w, word in zip(weights.flat, words.flat, strict=True) if w != 0]
    shared = min(abs(w) for w, _ in used)
    shared = shared if all((w / shared).denominator == 1 for w, _ in used) else Fraction(1)
    terms = [_term(w / shared, word, first=index == 0) for index, (w, word) in enumerate(used)]
    if len(terms) > _SPELLED:
        terms = [*terms[:3], f" ... {len(terms) - 4} more ...", terms[-1]]
    text = "".join(terms)
    text = f"({text})" if len(used) > 1 or used[0][0] / shared != 1 else text
    if shared == 1:
        return text
    return f"{text} / {1 / shared}" if shared.numerator == 1 else f"{text} * {shared}"


def _term(weight: Fraction, word: Fraction, first: bool) -> str:
    sign = ("-" if weight < 0 else "") if first else (" - " if weight < 0 else " + ")
    times = "" if abs(weight) == 1 else f"{abs(weight)}*"
    return sign + times + (f"({word})" if word < 0 else str(word))


def _in_words(tile: Tile, i: int, j: int) -> str:
    grids = _grids(tile, i, j)
    parts = [f"{grid.title} {_rows(grid.values)}" for grid in grids]
    return f"A Winograd tile: {'; '.join(parts)}. {_caption(tile, i, j)}"


def _rows(values: np.ndarray) -> str:
    return " ".join("[" + " ".join(str(value) for value in row) + "]" for row in values)
