"""One digit on its way through a net of two layers: the pixels, the hidden words, the scores."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.cells import draw_cells
from cnnhw.pictures.marks.sketch import arrow, heading, sheet
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor
from cnnhw.tensors.shipped import DIGIT_MAX

_IFMAP, _OFMAP = palette.TENSOR[Tensor.IFMAP], palette.TENSOR[Tensor.OFMAP]
_WIDTH, _HEIGHT, _MIDDLE = 8.6, 3.1, 1.4  # inches


def digit_forward(image: np.ndarray, hidden: np.ndarray, scores: Sequence[float], label: int) -> Picture:
    """Draw a digit, the hidden words it causes and the score of each class as a bar.

    image    (8, 8) words 0 .. 16
    hidden   (C,) words of the hidden layer after its activation, drawn 4 in a row
    scores   (M,) one score for each class; the largest is the guess
    label    the class that is right
    returns  Picture whose caption counts the MACs of both layers: 64 * C + C * M

    >>> digit_forward(np.ones((8, 8)), np.ones(4), [0.5, 2.0], label=1).caption
    '64*4 + 4*2 = 264 MACs. The largest score, 2, is class 1; the label is 1.'
    """
    hidden, scores = np.asarray(hidden), np.asarray(scores)
    best, C, M = int(np.argmax(scores)), len(hidden), len(scores)
    caption = (
        f"64*{C} + {C}*{M} = {64 * C + C * M:,} MACs. "
        f"The largest score, {short(scores[best])}, is class {best}; the label is {label}."
    )
    active = int(np.count_nonzero(hidden > 0))
    by_class = ", ".join(f"{m}: {short(score)}" for m, score in enumerate(scores))
    words = (
        f"A handwritten {label} goes through two layers: 64 pixels, {C} hidden words of which "
        f"{active} are above 0, {M} scores. Scores by class: {by_class}. {caption}"
    )

    def artist(figure):
        axes = sheet(figure)
        _draw_ifmap(axes, image)
        _draw_layer(axes, (2.0, 3.3), f"{64 * C:,} MACs\nbias, relu")
        _draw_hidden(axes, hidden, active)
        _draw_layer(axes, (4.4, 5.7), f"{C * M:,} MACs\nbias")
        _draw_scores(axes, scores, best)

    return draw(artist, words, caption, width=_WIDTH, height=_HEIGHT)


def _draw_ifmap(axes: Axes, image: np.ndarray) -> None:
    heading(axes, (1.1, _HEIGHT - 0.08), "ifmap, C = 64", _IFMAP)
    draw_cells(axes, (0.3, _MIDDLE - 0.8), 0.2, image, _IFMAP.line, DIGIT_MAX)


def _draw_layer(axes: Axes, ends: tuple[float, float], text: str) -> None:
    arrow(axes, (ends[0], _MIDDLE), (ends[1], _MIDDLE))
    axes.text(sum(ends) / 2, _MIDDLE + 0.08, text, ha="center", va="bottom", linespacing=1.35)


def _draw_hidden(axes: Axes, hidden: np.ndarray, active: int) -> None:
    rows = -(-len(hidden) // 4)
    cells = np.zeros(4 * rows)
    cells[: len(hidden)] = hidden
    side = min(0.22, 2.2 / rows)
    heading(axes, (3.85, _HEIGHT - 0.08), f"hidden, {len(hidden)} words", _OFMAP)
    corner = (3.85 - 2 * side, _MIDDLE - side * rows / 2)
    draw_cells(axes, corner, side, cells.reshape(rows, 4), _OFMAP.line, max(float(hidden.max()), 1e-9))
    axes.text(3.85, corner[1] - 0.08, f"{active} above 0", ha="center", va="top", fontsize=9)


def _draw_scores(axes: Axes, scores: np.ndarray, best: int) -> None:
    M = len(scores)
    heading(axes, (7.1, _HEIGHT - 0.08), f"scores, M = {M}", _OFMAP)
    step = 2.5 / M
    low, high = min(0.0, float(scores.min())), max(0.0, float(scores.max()))
    scale = 1.75 / max(high - low, 1e-9)
    zero = 6.25 - scale * low
    for m, score in enumerate(scores):
        y = _MIDDLE + step * ((M - 1) / 2 - m)
        left, width = zero + scale * min(score, 0), scale * abs(score)
        fill = palette.HIGHLIGHT if m == best else _OFMAP.fill
        bar = {"facecolor": fill, "edgecolor": _OFMAP.line, "linewidth": 2 if m == best else 1}
        axes.add_patch(Rectangle((left, y - step * 0.36), width, step * 0.72, **bar))
        weight = "bold" if m == best else "normal"
        axes.text(6.1, y, str(m), ha="right", va="center", fontsize=9, weight=weight)
        axes.text(left + width + 0.08, y, short(score), va="center", fontsize=9, weight=weight)
    axes.plot((zero, zero), (_MIDDLE - 1.27, _MIDDLE + 1.27), color=palette.MUTED, linewidth=0.8)
