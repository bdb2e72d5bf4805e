"""A line chart whose lines are told apart by dashes and by names at their ends, not by colour."""

from collections.abc import Mapping, Sequence

from cnnhw.errors import ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.picture import Picture, draw

_DASHES = ("-", "--", ":", "-.")


def curves(
    x: Sequence[float], lines: Mapping[str, Sequence[float]], x_label: str, y_label: str, caption: str = ""
) -> Picture:
    """Draw one or more lines over the same x.

    x        positions, in the unit that x_label names
    lines    name -> one value for each x, in the unit that y_label names; at most 4 lines
    x_label  axis label with its unit
    y_label  axis label with its unit
    caption  one visible line under the chart
    returns  Picture whose words give the first and last value of every line
    raises   ShapeError if a line has another length than x, or there are more than 4

    >>> curves([1, 2], {"held out": [50, 92.5]}, "epoch", "digits right (%)")
    A chart of digits right (%) against epoch, from 1 to 2: held out goes from 50 to 92.5.
    """
    _check(x, lines)
    # The same picture on every machine: their sums differ in the last digits.
    lines = {name: [round(float(value), 4) for value in y] for name, y in lines.items()}
    runs = "; ".join(f"{name} goes from {short(y[0])} to {short(y[-1])}" for name, y in lines.items())
    words = f"A chart of {y_label} against {x_label}, from {short(x[0])} to {short(x[-1])}: {runs}."

    def artist(figure):
        axes = figure.add_subplot()
        for dash, (name, y) in zip(_DASHES, lines.items(), strict=False):
            axes.plot(x, y, dash, color=palette.TEXT, linewidth=1.8)
            place = {"xytext": (6, 0), "textcoords": "offset points", "annotation_clip": False}
            axes.annotate(f"{name}, {short(y[-1])}", (x[-1], y[-1]), va="center", **place)
        axes.grid(axis="y", color=palette.GRID, linewidth=0.6)
        axes.set(xlabel=x_label, ylabel=y_label, xlim=(x[0], x[-1]))

    return draw(artist, words, caption, width=7.6, height=2.8)


def _check(x: Sequence[float], lines: Mapping[str, Sequence[float]]) -> None:
    if not 1 <= len(lines) <= len(_DASHES):
        raise ShapeError(
            f"this chart has 1 to {len(_DASHES)} lines",
            f"{len(lines)} lines",
            "draw the others in a chart of their own",
        )
    for name, y in lines.items():
        if len(y) != len(x):
            raise ShapeError(
                "a line has one value for each x",
                f"{len(x)} positions and {len(y)} values in {name!r}",
                "give both the same length",
            )
