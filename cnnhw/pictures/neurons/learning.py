"""Inference and training of a net of two fully connected layers: what moves where."""

from matplotlib.axes import Axes

from cnnhw.pictures import palette
from cnnhw.pictures.marks.sketch import arrow, box, sheet
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

_IFMAP, _FILTER, _OFMAP = (palette.TENSOR[t] for t in (Tensor.IFMAP, Tensor.FILTER, Tensor.OFMAP))
_WIDTH, _HEIGHT = 9.0, 4.5  # inches
_PLACES = (0.8, 2.8, 4.9, 6.85)  # centres of ifmap, layer 1, layer 2, scores
_LABEL_X = 8.4
_BOX = (1.15, 0.62)


def inference_and_training(C: int, hidden: int, M: int) -> Picture:
    """Draw the words that one image moves in inference, and those that training adds.

    C        ifmap words
    hidden   words between the two layers
    M        scores
    returns  Picture whose caption counts the words of weights and biases: each is read once in
             inference; training rewrites each after every batch

    >>> inference_and_training(64, 32, 10).caption
    '(64 + 1)*32 + (32 + 1)*10 = 2,410 words: inference only reads them, training rewrites them.'
    """
    stored = (C + 1) * hidden, (hidden + 1) * M
    caption = (
        f"({C} + 1)*{hidden} + ({hidden} + 1)*{M} = {sum(stored):,} words: "
        "inference only reads them, training rewrites them."
    )
    words = (
        f"Two rows. Inference: {C} ifmap words pass through layer 1 ({hidden} words out) and layer 2 ({M} "
        "scores out); weights and biases are only read, and the hidden words can be thrown away. "
        "Training: the same way forward, but the hidden words are kept; the scores are compared with the "
        "label, errors pass backward through layer 2 to layer 1, and the weights and biases of both are "
        f"rewritten. {caption}"
    )
    boxes = f"ifmap\n{C} words", f"layer 1\n{C} → {hidden}", f"layer 2\n{hidden} → {M}", f"scores\n{M} words"

    def artist(figure):
        axes = sheet(figure)
        _draw_forward(axes, 3.3, boxes, stored)
        axes.text(0.15, 4.42, "Inference", va="top", fontsize=11, weight="bold")
        axes.text(sum(_PLACES[1:3]) / 2, 3.5, f"{hidden} words", ha="center", va="bottom", fontsize=9)
        axes.plot((0.15, _WIDTH - 0.15), (2.75, 2.75), color=palette.GRID, linewidth=0.8)
        _draw_forward(axes, 1.4, boxes, stored)
        axes.text(0.15, 2.64, "Training", va="top", fontsize=11, weight="bold")
        _draw_backward(axes, 1.4, hidden)

    return draw(artist, words, caption, width=_WIDTH, height=_HEIGHT)


def _draw_forward(axes: Axes, y: float, boxes: tuple[str, ...], stored: tuple[int, int]) -> None:
    for x, text, ink in zip(_PLACES, boxes, (_IFMAP, _FILTER, _FILTER, _OFMAP), strict=True):
        box(axes, (x, y), _BOX, text, ink.fill, ink.line)
    for left, right in zip(_PLACES, _PLACES[1:], strict=False):
        arrow(axes, (left + _BOX[0] / 2, y + 0.14), (right - _BOX[0] / 2, y + 0.14))
    for x, words in zip(_PLACES[1:3], stored, strict=True):
        axes.text(x, y + 0.76, f"{words:,} words", ha="center", fontsize=9, color=_FILTER.line)
        arrow(axes, (x, y + 0.72), (x, y + _BOX[1] / 2), color=_FILTER.line)


def _draw_backward(axes: Axes, y: float, hidden: int) -> None:
    box(axes, (_LABEL_X, y), (0.9, 0.62), "label", palette.PAPER, palette.MUTED)
    arrow(axes, (_LABEL_X - 0.45, y), (_PLACES[3] + _BOX[0] / 2, y))
    kept = sum(_PLACES[1:3]) / 2
    box(axes, (kept, y + 0.74), (0.95, 0.46), f"{hidden} words\nkept", _OFMAP.fill, _OFMAP.line)
    arrow(axes, (kept, y + 0.14), (kept, y + 0.51))
    for left, right in ((_PLACES[2], _PLACES[3]), (_PLACES[1], _PLACES[2])):
        arrow(axes, (right - _BOX[0] / 2, y - 0.14), (left + _BOX[0] / 2, y - 0.14), dashed=True)
        axes.text((left + right) / 2, y - 0.2, "error", ha="center", va="top", fontsize=9)
    for x in _PLACES[1:3]:
        arrow(axes, (x, y - _BOX[1] / 2), (x, y - 0.82), color=_FILTER.line, dashed=True)
        axes.text(x, y - 0.86, "all rewritten", ha="center", va="top", fontsize=9, color=_FILTER.line)
    axes.text(_PLACES[3], y - 0.42, "error = softmax\nminus label", ha="center", va="top", fontsize=9)
