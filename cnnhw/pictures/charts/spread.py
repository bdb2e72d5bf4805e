"""Results that differ from run to run: every one a dot, so that nobody compares two single numbers."""

from collections.abc import Mapping, Sequence
from statistics import median

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.picture import Picture, draw


def spread(groups: Mapping[str, Sequence[float]], x_label: str, caption: str = "") -> Picture:
    """Draw a row of dots for each group, one dot for each result, and a bar at the middle one.

    groups   name -> results of the same thing done again, all in the unit that x_label names
    x_label  axis label with its unit
    caption  one visible line under the chart
    returns  Picture whose words give the smallest, the middle and the largest result of each group
    raises   CourseError if there is no group, or one without a result

    >>> spread({"32 neurons": [91.9, 90.6, 91.1]}, "digits right (%)")
    Dots of digits right (%): 32 neurons from 90.6 to 91.9, in the middle 91.1.
    """
    if not groups or not all(len(results) for results in groups.values()):
        raise CourseError(
            "a spread shows at least one result for each group",
            f"results {[len(results) for results in groups.values()]} in groups {list(groups)}",
            "give each group its results",
        )
    rows = {name: sorted(round(float(one), 4) for one in results) for name, results in groups.items()}
    each = "; ".join(
        f"{name} from {short(row[0])} to {short(row[-1])}, in the middle {short(median(row))}"
        for name, row in rows.items()
    )

    def artist(figure):
        axes = figure.add_subplot()
        look = {"markeredgecolor": palette.TEXT, "markerfacecolor": palette.HIGHLIGHT, "markersize": 9}
        for place, row in enumerate(rows.values()):
            axes.plot([row[0], row[-1]], [place, place], color=palette.GRID, linewidth=4, zorder=1)
            axes.plot(row, [place] * len(row), "o", linestyle="none", alpha=0.8, zorder=2, **look)
            axes.plot(median(row), place, "|", markersize=26, markeredgewidth=2, color=palette.TEXT, zorder=3)
        axes.set_yticks(range(len(rows)), list(rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlabel(x_label)
        axes.margins(x=0.08)
        axes.tick_params(axis="y", length=0)

    return draw(artist, f"Dots of {x_label}: {each}.", caption, width=7.6, height=0.55 * len(rows) + 0.9)
