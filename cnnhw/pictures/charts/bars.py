"""Labelled bars that compare a few quantities of one unit."""

from collections.abc import Mapping

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.picture import Picture, draw


def bars(values: Mapping[str, float], x_label: str, caption: str = "", lit: str | None = None) -> Picture:
    """Draw one horizontal bar for each quantity, its value written at its end.

    values   name -> quantity, none below 0, all in the unit that x_label names
    x_label  axis label with its unit
    caption  one visible line under the chart
    lit      name of the bar the caption talks about
    returns  Picture whose words list every value
    raises   CourseError if a value is below 0

    >>> bars({"at peak": 19.81, "measured": 28.8}, "time per frame (ms)")
    Bars of time per frame (ms): at peak 19.81, measured 28.8.
    """
    below = [name for name, value in values.items() if value < 0]
    if below:
        raise CourseError(
            "bars show quantities of 0 or more",
            f"{below[0]} = {values[below[0]]}",
            "draw differences as a chart of lines",
        )
    each = ", ".join(f"{name} {short(value)}" for name, value in values.items())
    words = f"Bars of {x_label}: {each}."

    def artist(figure):
        axes = figure.add_subplot()
        fills = [palette.HIGHLIGHT if name == lit else palette.GRID for name in values]
        lengths = [round(float(value), 4) for value in values.values()]
        axes.barh(list(values), lengths, height=0.6, color=fills, edgecolor=palette.TEXT, linewidth=0.9)
        for row, value in enumerate(values.values()):
            axes.annotate(short(value), (value, row), (4, 0), textcoords="offset points", va="center")
        axes.invert_yaxis()
        axes.set_xlabel(x_label)
        axes.margins(x=0.12)
        axes.tick_params(axis="y", length=0)

    return draw(artist, words, caption, width=7.6, height=0.42 * len(values) + 0.75)
