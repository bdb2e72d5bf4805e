"""Channels: each has its own window and its own slice of the filter; their sums make one ofmap word."""

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.pictures.convolution.coverage import check_position, factor, ifmap_cells
from cnnhw.pictures.convolution.grid import HEAD, Grid, cell_side, draw_grid, number
from cnnhw.pictures.marks.board import CELL, Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import LayerShape, Tensor
from cnnhw.tensors import pad

_WIDEST = 9.0  # inches, the width of a notebook's text


def channel_sum(ifmap, filters, U: int = 1, P: int = 0, e: int = 0, f: int = 0) -> Picture:
    """Draw one ofmap word as a sum over channels, a column for each channel.

    ifmap    (C, H, W), one image
    filters  (C, R, S), one filter
    U, P     stride, zero padding on each side; padding is drawn with the ifmap
    e, f     the ofmap word at which the filter stands
    returns  Picture; its caption is the sum over c of the sum over r, s of padded[c, U*e + r, U*f + s] *
             filter[c, r, s]
    raises   ShapeError if the filter does not fit; CourseError if the channels differ, (e, f) is not in the
             ofmap, or the channels do not fit side by side on a page
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> ifmap = np.arange(24).reshape(2, 4, 3)
    >>> channel_sum(ifmap, [[[0, 1], [2, 3]], [[1, 0], [0, 0]]]).caption
    'ofmap[0, 0] = 19 + 12 = 31'
    """
    ifmap, filters = _volume("ifmap", ifmap), _volume("filter", filters)
    shape = _shape(ifmap, filters, U, P)
    check_position(shape, e, f)
    padded = pad(ifmap, P)
    windows = padded[:, U * e : U * e + shape.R, U * f : U * f + shape.S]
    sums = (windows * filters).sum(axis=(1, 2))
    columns = [_column(shape, c, padded[c], filters[c], sums[c], e, f) for c in range(shape.C)]
    total = _one_word(sums.sum(), Tensor.OFMAP, "ofmap", f"e={e} f={f}", lit=(0, 0, 1, 1))
    return _draw_columns(columns, total, _in_words(shape, sums, e, f), _sum(sums, e, f))


def _volume(name: str, values) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 3 or array.size == 0 or array.dtype.kind not in "biuf":
        raise CourseError(
            f"{name} must be numbers with three axes, channels first",
            f"shape {array.shape}, dtype {array.dtype}",
            f"pick one image or one filter, as in {name}[0]",
        )
    return array.astype(np.int64) if array.dtype.kind in "biu" else array


def _shape(ifmap: np.ndarray, filters: np.ndarray, U: int, P: int) -> LayerShape:
    (C, H, W), (seen, R, S) = ifmap.shape, filters.shape
    if seen != C:
        raise CourseError(
            "a filter has as many channels as the ifmap it looks at",
            f"ifmap C={C} but a filter with {seen} channels",
            f"give the filter {C} channels",
        )
    return LayerShape(M=1, C=C, H=H, W=W, R=R, S=S, U=U, P=P)


def _column(shape, c: int, ifmap: np.ndarray, filters: np.ndarray, total, e: int, f: int) -> list[Grid]:
    rows, columns = shape.rows, shape.columns
    lit, first = (rows.U * e, columns.U * f, shape.R, shape.S), (-rows.before, -columns.before)
    size = f"H={shape.H} W={shape.W}" + (f" P={shape.P}" if shape.P else "")
    return [
        Grid(ifmap, Tensor.IFMAP, f"ifmap c={c}", size, ifmap_cells(shape), lit, first),
        Grid(filters, Tensor.FILTER, f"filter c={c}", f"R={shape.R} S={shape.S}"),
        _one_word(total, Tensor.PSUM, "psum", f"c={c} alone"),
    ]


def _one_word(value, tensor: Tensor, title: str, subtitle: str, lit=None) -> Grid:
    return Grid(np.array([[value]]), tensor, title, subtitle, lit=lit, indices=False)


def _draw_columns(columns: list[list[Grid]], total: Grid, words: str, caption: str) -> Picture:
    cell = max(CELL, cell_side([grid for column in columns for grid in column] + [total]))
    step = max(grid.width(cell) for column in columns for grid in column) + 0.6
    width = len(columns) * step + total.width(cell) + 0.5
    if width * cell > _WIDEST:
        raise CourseError(
            f"channels are drawn side by side on a page {_WIDEST:g} inches wide",
            f"{len(columns)} channels that need {width * cell:.1f} inches",
            "draw fewer channels, or a crop of each, as in ifmap[:3, :4, :4]",
        )
    tops = _tops(columns[0], cell)

    def artist(board: Board) -> None:
        for index, column in enumerate(columns):
            for grid, top in zip(column, tops, strict=True):
                draw_grid(board, grid, index * step, top)
            sign = "+" if index + 1 < len(columns) else "="
            board.write((index + 1) * step + 0.2, tops[2] + HEAD * board.line + 0.5, sign, size=14)
        draw_grid(board, total, len(columns) * step + 0.2, tops[2])

    return draw_board(artist, width, tops[2] + columns[0][2].height(cell) + 0.3, words, caption, cell)


def _tops(column: list[Grid], cell: float) -> list[float]:
    heights = [grid.height(cell) + 0.3 for grid in column]
    return [sum(heights[:index]) for index in range(len(heights))]


def _sum(sums: np.ndarray, e: int, f: int) -> str:
    return f"ofmap[{e}, {f}] = {' + '.join(factor(value) for value in sums)} = {number(sums.sum())}"


def _in_words(shape: LayerShape, sums: np.ndarray, e: int, f: int) -> str:
    channels = "; ".join(f"channel {c} adds {number(value)}" for c, value in enumerate(sums))
    return (
        f"One ofmap word from {shape.C} channels: ifmap {shape.C}x{shape.H}x{shape.W}, filter "
        f"{shape.C}x{shape.R}x{shape.S}, stride {shape.U}, padding {shape.P}; {channels}; {_sum(sums, e, f)}"
    )
