"""The scores that a classifier gives its classes, as bars."""

from collections.abc import Sequence

from cnnhw.pictures import palette
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor


def class_scores(values: Sequence[float], label: int | None = None, title: str = "") -> Picture:
    """Draw one bar for each class's score; the largest is dark, the right class is marked.

    values   one score for each class, such as the ten probabilities that softmax gives
    label    the class that is right, if it is known
    title    what the picture is about
    returns  Picture

    >>> class_scores([0.25, 0.75], label=1)
    Scores by class: 0: 0.250, 1: 0.750. Largest: 1, right: 1.
    """
    values = [round(float(value), 3) for value in values]
    best = values.index(max(values))
    lines = ", ".join(f"{index}: {value:.3f}" for index, value in enumerate(values))
    words = f"{title or 'Scores'} by class: {lines}. Largest: {best}" + (
        f", right: {label}." if label is not None else "."
    )
    ink = palette.TENSOR[Tensor.OFMAP]

    def artist(figure):
        axes = figure.add_subplot()
        fills = [ink.line if index == best else ink.fill for index in range(len(values))]
        axes.bar(range(len(values)), values, color=fills, edgecolor=ink.line, linewidth=1)
        for index, value in enumerate(values):
            above = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center"}
            axes.annotate(f"{value:.3f}", (index, max(value, 0)), fontsize=9, **above)
        names = [f"{index}\nlabel" if index == label else str(index) for index in range(len(values))]
        axes.set_xticks(range(len(values)), names)
        axes.set_ylim(min(0, *values), max(values) * 1.2 or 1)
        axes.set_ylabel("score")
        if title:
            axes.set_title(title, fontsize=11, loc="left")

    return draw(artist, words, width=7.0, height=2.1)
