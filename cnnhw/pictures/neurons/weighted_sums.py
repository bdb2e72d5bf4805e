"""A layer of weighted sums: every ofmap word reads every ifmap word through a weight of its own."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from cnnhw.errors import ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import listed, short, sum_of_products
from cnnhw.pictures.marks.sketch import column, column_height, heading, node, sheet, tag
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

_IFMAP, _FILTER, _OFMAP = (palette.TENSOR[t] for t in (Tensor.IFMAP, Tensor.FILTER, Tensor.OFMAP))
_LEFT, _RIGHT = 0.95, 5.3  # where the two columns stand, in inches


def weighted_sums(filters: np.ndarray, ifmap: Sequence[float], lit: int = 0) -> Picture:
    """Draw M weighted sums of the same C ifmap words, the weights of one of them written out.

    filters  (M, C) words, M and C at most 8
    ifmap    (C,) words
    lit      index m of the ofmap word whose weights and arithmetic are shown
    returns  Picture whose caption works out ofmap[lit] = sum of filters[lit, c] * ifmap[c]
    raises   ShapeError if filters and ifmap disagree on C, M or C is over 8, or there is no row `lit`

    >>> print(weighted_sums([[2, -1], [0, 5], [1, 1]], (1, 3), lit=1).caption)
    ofmap[1] = 0*1 + 5*3 = 15
    """
    filters, ifmap = np.asarray(filters), np.asarray(ifmap)
    _check(filters, ifmap, lit)
    ofmap = filters @ ifmap
    M, C = filters.shape
    caption = f"ofmap[{lit}] = {sum_of_products(ifmap, filters[lit])}"
    words = (
        f"A layer of weighted sums: M = {M} ofmap words {listed(ofmap)}, each connected to all "
        f"C = {C} ifmap words {listed(ifmap)} by {M} * {C} = {M * C} weights. {caption}."
    )
    height = column_height(max(M, C))

    def artist(figure):
        axes = sheet(figure)
        middle = height / 2 - 0.1
        heights = column("C", C, middle), column("M", M, middle)
        _draw_weights(axes, heights, filters, lit)
        _draw_words(axes, heights, ifmap, ofmap, lit)
        heading(axes, (_LEFT, height - 0.05), f"ifmap, C = {C}", _IFMAP)
        heading(axes, ((_LEFT + _RIGHT) / 2, height - 0.05), f"M × C = {M * C} weights", _FILTER)
        heading(axes, (_RIGHT, height - 0.05), f"ofmap, M = {M}", _OFMAP)

    return draw(artist, words, caption, width=6.3, height=height)


def _draw_weights(axes: Axes, heights: tuple, filters: np.ndarray, lit: int) -> None:
    for m, ofmap_y in enumerate(heights[1]):
        color, width, order = (_FILTER.line, 1.8, 2) if m == lit else (palette.GRID, 0.9, 1)
        for ifmap_y in heights[0]:
            axes.plot((_LEFT, _RIGHT), (ifmap_y, ofmap_y), color=color, linewidth=width, zorder=order)
    for c, ifmap_y in enumerate(heights[0]):
        # A third of the way, where the lines to one ofmap word still lie apart.
        at = (_LEFT + (_RIGHT - _LEFT) / 3, ifmap_y + (heights[1][lit] - ifmap_y) / 3)
        tag(axes, at, f"× {short(filters[lit, c])}", _FILTER)


def _draw_words(axes: Axes, heights: tuple, ifmap: np.ndarray, ofmap: np.ndarray, lit: int) -> None:
    for c, y in enumerate(heights[0]):
        node(axes, (_LEFT, y), short(ifmap[c]), _IFMAP)
        axes.text(_LEFT - 0.36, y, f"c = {c}", ha="right", va="center", color=_IFMAP.line)
    for m, y in enumerate(heights[1]):
        node(axes, (_RIGHT, y), short(ofmap[m]), _OFMAP, lit=m == lit)
        axes.text(_RIGHT + 0.36, y, f"m = {m}", ha="left", va="center", color=_OFMAP.line)


def _check(filters: np.ndarray, ifmap: np.ndarray, lit: int) -> None:
    if filters.ndim != 2 or ifmap.ndim != 1 or filters.shape[1] != ifmap.shape[0]:
        raise ShapeError(
            "filters are (M, C) and the ifmap is (C,), with the same C",
            f"filters {filters.shape} and ifmap {ifmap.shape}",
            "swap the axes with filters.T if they are (C, M)",
        )
    if not 0 <= lit < len(filters):
        raise ShapeError(
            "lit names one of the M ofmap words",
            f"lit={lit}, M={len(filters)}",
            f"use a lit from 0 to {len(filters) - 1}",
        )
