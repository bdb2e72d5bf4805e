"""The Toeplitz matrix: a convolution as one matrix product, with every copy of one word lit up."""

import numpy as np

from cnnhw.pictures.algorithms.product import Panel, Product, draw_product
from cnnhw.pictures.algorithms.toeplitz_case import Case, checked_case
from cnnhw.pictures.convolution.coverage import factor, ifmap_cells
from cnnhw.pictures.convolution.grid import Grid, number, rows_in_words
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor
from cnnhw.tensors import pad

_SPELLED = 12  # products that a caption spells out; of more it gives the first and the last
_IN_WORDS = 144  # matrix entries that the words list; of a larger matrix they give the size


def toeplitz_product(
    ifmap,
    filters,
    U: int = 1,
    P: int = 0,
    e: int = 0,
    f: int = 0,
    lit: tuple[int, ...] | None = None,
    expand: str = "ifmap",
) -> Picture:
    """Draw a convolution as a matrix product, one window outlined and every copy of one word lit.

    ifmap    (C, H, W), one image
    filters  (M, C, R, S)
    U, P     stride, zero padding on each side; zeros that are no word are dashed
    e, f     the window: its column of the expanded ifmap (or row of the expanded filters) is outlined
    lit      index of the word to light up: (c, h, w) of the ifmap, or (m, c, r, s) where filters are expanded
    expand   "ifmap": filters (M, C*R*S) times expanded ifmap (C*R*S, E*F) gives ofmap (M, E*F)
             "filters": expanded filters (M*E*F, C*H*W) times ifmap (C*H*W, 1) gives ofmap (M*E*F, 1)
    returns  Picture; its caption is the arithmetic of ofmap word (m=0, e, f) and the copies of the lit word
    raises   ShapeError if the filter does not fit; CourseError if channels differ, the window or lit word is
             not there, or the matrix is more than 64 on a side
    source   Sze, "Energy-Efficient Deep Learning", slide 25; Proc. IEEE 2017, section V-A

    >>> ifmap, filters = np.arange(1, 10).reshape(1, 3, 3), np.arange(1, 5).reshape(1, 1, 2, 2)
    >>> toeplitz_product(ifmap, filters, lit=(0, 1, 1)).caption
    'ofmap[0, 0, 0] = 1*1 + 2*2 + 4*3 + 5*4 = 37. ifmap[0, 1, 1] = 5 stands in the matrix 4 times.'
    """
    case = checked_case(ifmap, filters, U, P, e, f, lit, expand)
    product = _ifmap_expanded(case) if expand == "ifmap" else _filters_expanded(case)
    matrix = product.right if expand == "ifmap" else product.left
    caption = _sum(case) + _copies(case, matrix)
    return draw_product(product, _in_words(case, matrix, caption), caption)


def _ifmap_expanded(case: Case) -> Product:
    shape, rows, columns = case.shape, case.shape.ofmap_reuse, case.shape.E * case.shape.F
    taps, weights = shape.R * shape.S, case.filters.reshape(shape.M, rows)
    filters = Grid(weights, Tensor.FILTER, "filters", f"M={shape.M} x C*R*S={rows}")
    matrix = case.grid(Tensor.IFMAP, f"C*R*S={rows} x E*F={columns}")
    ofmap = Grid(case.ofmap, Tensor.OFMAP, "ofmap", f"M={shape.M} x E*F={columns}")
    return Product(
        _ifmap_planes(case),
        Panel(filters, blocks=(shape.M, taps)),
        Panel(matrix, case.matrix(case.marked), (0, case.window, rows, 1), (taps, columns)),
        Panel(ofmap, window=(0, case.window, 1, 1)),
    )


def _ifmap_planes(case: Case) -> list[Panel]:
    shape, P = case.shape, case.shape.P
    size = f"H={shape.H} W={shape.W}" + (f" P={P}" if P else "")
    words, marked = (pad(planes, P) for planes in (case.ifmap, case.marked))
    rows, columns, cells = shape.rows, shape.columns, ifmap_cells(shape)
    window, first = (rows.U * case.e, columns.U * case.f, shape.R, shape.S), (-rows.before, -columns.before)
    titles = [_title("ifmap", shape.C, "c", c) for c in range(shape.C)]
    return [
        Panel(Grid(words[c], Tensor.IFMAP, title, size, cells, first=first), marked[c], window)
        for c, title in enumerate(titles)
    ]


def _filters_expanded(case: Case) -> Product:
    shape, place = case.shape, case.window
    plane, windows = shape.H * shape.W, shape.E * shape.F
    rows, columns = shape.M * windows, shape.C * plane
    matrix = case.grid(Tensor.FILTER, f"M*E*F={rows} x C*H*W={columns}")
    ifmap = Grid(case.ifmap.reshape(-1, 1), Tensor.IFMAP, "ifmap", "C*H*W x 1")
    ofmap = Grid(case.ofmap.reshape(-1, 1), Tensor.OFMAP, "ofmap", "M*E*F x 1")
    return Product(
        _filter_planes(case),
        Panel(matrix, case.matrix(case.marked), (place, 0, 1, columns), (windows, plane)),
        Panel(ifmap, blocks=(plane, 1)),
        Panel(ofmap, window=(place, 0, 1, 1), blocks=(windows, 1)),
    )


def _filter_planes(case: Case) -> list[Panel]:
    shape, size = case.shape, f"R={case.shape.R} S={case.shape.S}"
    panels = []
    for m, c in np.ndindex(shape.M, shape.C):
        title = _title(_title("filter", shape.M, "m", m), shape.C, "c", c)
        panels.append(Panel(Grid(case.filters[m, c], Tensor.FILTER, title, size), case.marked[m, c]))
    return panels


def _title(name: str, count: int, letter: str, index: int) -> str:
    return f"{name} {letter}={index}" if count > 1 else name


def _sum(case: Case) -> str:
    top, left = case.shape.rows.U * case.e, case.shape.columns.U * case.f
    padded = pad(case.ifmap, case.shape.P)
    words = padded[:, top : top + case.shape.R, left : left + case.shape.S]
    pairs = zip(words.flat, case.filters[0].flat, strict=True)
    terms = [f"{factor(word)}*{factor(weight)}" for word, weight in pairs]
    if len(terms) > _SPELLED:
        terms = [*terms[:4], f"... {len(terms) - 6} more ...", *terms[-2:]]
    return f"ofmap[0, {case.e}, {case.f}] = {' + '.join(terms)} = {number(case.ofmap[0, case.window])}."


def _copies(case: Case, matrix: Panel) -> str:
    if case.lit is None:
        return ""
    copies = int(matrix.lit.sum())
    times = "once" if copies == 1 else f"{copies} times"
    return f" {case.expand}{list(case.lit)} = {number(case.expanded[case.lit])} stands in the matrix {times}."


def _in_words(case: Case, matrix: Panel, caption: str) -> str:
    shape, entries = case.shape, matrix.grid.values
    parts = [
        f"A convolution as a matrix product, {case.expand} expanded: filters {shape.M}x{shape.C}x{shape.R}x"
        f"{shape.S} on an ifmap {shape.C}x{shape.H}x{shape.W}, stride {shape.U}, padding {shape.P}; "
        f"Toeplitz matrix of {entries.shape[0]} rows by {entries.shape[1]} columns",
        caption.rstrip("."),
    ]
    if case.lit is not None:
        places = ", ".join(f"({row}, {column})" for row, column in np.argwhere(matrix.lit))
        parts.append(f"rows and columns where it stands: {places or 'none'}")
    if entries.size <= _IN_WORDS:
        parts.append(f"the matrix, row by row: {rows_in_words(entries)}")
    parts.append(f"ofmap, a row for each filter: {rows_in_words(case.ofmap)}")
    return "; ".join(parts)
