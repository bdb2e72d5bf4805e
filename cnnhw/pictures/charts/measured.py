"""What was measured beside what was computed: a group of bars for each layer."""

from collections.abc import Mapping

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.picture import Picture, draw

# From plain to dark; the hatch tells them apart without colour. The last series, the measured one, is dark.
_STYLES = (
    {"color": palette.PAPER},
    {"color": palette.GRID},
    {"color": palette.PAPER, "hatch": "///"},
    {"color": palette.MUTED},
)
_BAR = 0.26  # height of a bar, where a group is 1 + _GAP apart
_GAP = 0.3


def measured_beside(groups: Mapping[str, Mapping[str, float]], x_label: str, caption: str = "") -> Picture:
    """Draw, for each layer, a bar for each number that tells the same quantity.

    groups   layer -> name of the series -> number of 0 or more; the same two to four series for each layer,
             the measured one last
    x_label  axis label with its unit
    caption  one visible line under the chart
    returns  Picture whose words list every number
    raises   CourseError if the layers have different series, too few or too many, or a number is below 0

    >>> measured_beside({"CONV1": {"ideal": 13.94, "measured": 16.5}}, "latency (ms)")
    Bars of latency (ms). CONV1: ideal 13.94, measured 16.5.
    """
    series = _series(groups)
    each = "; ".join(
        f"{layer}: " + ", ".join(f"{name} {short(row[name])}" for name in series)
        for layer, row in groups.items()
    )
    words = f"Bars of {x_label}. {each}."
    styles = [*_STYLES[: len(series) - 1], _STYLES[-1]]
    pitch = _BAR * len(series) + _GAP

    def artist(figure):
        axes = figure.add_subplot()
        for number, (name, style) in enumerate(zip(series, styles, strict=True)):
            places = [group * pitch + number * _BAR for group in range(len(groups))]
            lengths = [round(float(row[name]), 4) for row in groups.values()]
            axes.barh(
                places, lengths, height=_BAR, edgecolor=palette.TEXT, linewidth=0.9, label=name, **style
            )
            for place, row in zip(places, groups.values(), strict=True):
                text = short(row[name])
                axes.annotate(
                    text,
                    (round(float(row[name]), 4), place),
                    (4, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=9,
                )
        middle = _BAR * (len(series) - 1) / 2
        axes.set_yticks([group * pitch + middle for group in range(len(groups))], list(groups))
        axes.invert_yaxis()
        axes.set_xlabel(x_label)
        axes.margins(x=0.12)
        axes.tick_params(axis="y", length=0)
        figure.legend(loc="outside upper left", ncols=len(series), frameon=False)

    return draw(artist, words, caption, width=7.6, height=0.85 * pitch * len(groups) + 1.0)


def _series(groups: Mapping[str, Mapping[str, float]]) -> list[str]:
    first = list(next(iter(groups.values()), {}))
    if not 2 <= len(first) <= len(_STYLES) or any(list(row) != first for row in groups.values()):
        raise CourseError(
            f"every layer has the same 2 to {len(_STYLES)} bars",
            "; ".join(f"{layer}: {', '.join(row)}" for layer, row in groups.items()) or "no layer",
            'give {"CONV1": {"computed": 5.0, "measured": 5.0}, ...}',
        )
    for layer, row in groups.items():
        for name, value in row.items():
            if not value >= 0:
                raise CourseError(
                    "bars show quantities of 0 or more",
                    f"{layer}, {name}: {value}",
                    "give differences as a table",
                )
    return first
