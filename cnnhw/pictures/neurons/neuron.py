"""One neuron: ifmap words, a weight on each, the sum, the activation, and the arithmetic of it."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

from cnnhw.errors import ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import listed, short, sum_of_products
from cnnhw.pictures.marks.sketch import arrow, column, column_height, heading, node, sheet, tag
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

_IFMAP, _FILTER, _PSUM, _OFMAP = (palette.TENSOR[tensor] for tensor in Tensor)
_IFMAP_X, _SUM_X, _OFMAP_X = 0.95, 3.6, 6.4  # where the columns stand, in inches
_RIM = 0.42  # radius at which lines stop before the circle of the sum


def neuron(
    ifmap: Sequence[float],
    weights: Sequence[float],
    bias: float = 0,
    activation: Callable[[float], float] | None = None,
) -> Picture:
    """Draw one neuron: its ifmap words, a weight on each, the sum, the activation and the ofmap word.

    ifmap       (C,) words, at most 8
    weights     (C,) words
    bias        word the sum starts from
    activation  function of the sum, named by its __name__; None leaves the sum as it is
    returns     Picture whose caption works out bias + sum of weights[c] * ifmap[c]
    raises      ShapeError if there is not one weight for each ifmap word, or there are more than 8 words

    >>> print(neuron((1, 3), (2, -1), bias=4).caption)
    4 + 2*1 + (-1)*3 = 3
    """
    _check_pair(ifmap, weights)
    total = bias + sum(w * i for w, i in zip(weights, ifmap, strict=True))
    name = activation.__name__ if activation else ""
    ofmap = activation(total) if activation else total
    caption = sum_of_products(ifmap, weights, bias)
    if activation:
        caption += f", and {name}({short(total)}) = {short(ofmap)}"
    words = (
        f"One neuron: ifmap words {listed(ifmap)}, weights {listed(weights)}, bias {short(bias)}. {caption}."
    )
    height = column_height(len(ifmap))

    def artist(figure):
        axes = sheet(figure)
        middle = height / 2 - 0.1
        _draw_products(axes, middle, ifmap, weights)
        _draw_sum(axes, middle, bias, total)
        _draw_ofmap(axes, middle, name or "no activation", ofmap)
        heading(axes, (_IFMAP_X, height - 0.05), "ifmap", _IFMAP)
        heading(axes, (2.05, height - 0.05), "weights", _FILTER)
        heading(axes, (_OFMAP_X, height - 0.05), "ofmap", _OFMAP)

    return draw(artist, words, caption, width=7.0, height=height)


def _draw_products(axes: Axes, middle: float, ifmap: Sequence[float], weights: Sequence[float]) -> None:
    for c, y in enumerate(column("C", len(ifmap), middle)):
        node(axes, (_IFMAP_X, y), short(ifmap[c]), _IFMAP)
        axes.text(_IFMAP_X - 0.36, y, f"c = {c}", ha="right", va="center", color=_IFMAP.line)
        run, rise = _SUM_X - _IFMAP_X, middle - y
        length = float(np.hypot(run, rise))
        end = (_SUM_X - _RIM * run / length, middle - _RIM * rise / length)
        arrow(axes, (_IFMAP_X, y), end, color=_FILTER.line)
        tag(axes, (_IFMAP_X + 0.42 * run, y + 0.42 * rise), f"× {short(weights[c])}", _FILTER)


def _draw_sum(axes: Axes, middle: float, bias: float, total: float) -> None:
    node(axes, (_SUM_X, middle), f"sum\n{short(total)}", _PSUM, radius=0.4)
    axes.text(_SUM_X, middle + 0.76, f"bias {short(bias)}", ha="center", va="bottom", color=_FILTER.line)
    arrow(axes, (_SUM_X, middle + 0.74), (_SUM_X, middle + _RIM), color=_FILTER.line)


def _draw_ofmap(axes: Axes, middle: float, name: str, ofmap: float) -> None:
    arrow(axes, (_SUM_X + _RIM, middle), (_OFMAP_X - 0.26, middle))
    axes.text((_SUM_X + _OFMAP_X) / 2, middle + 0.08, name, ha="center", va="bottom")
    node(axes, (_OFMAP_X, middle), short(ofmap), _OFMAP, lit=True)


def _check_pair(ifmap: Sequence[float], weights: Sequence[float]) -> None:
    if len(ifmap) != len(weights):
        raise ShapeError(
            "a neuron has one weight for each ifmap word",
            f"{len(ifmap)} ifmap words and {len(weights)} weights",
            "give both the same length",
        )
