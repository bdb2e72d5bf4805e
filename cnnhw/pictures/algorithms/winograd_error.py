"""The largest error of Winograd's convolution against its tile size, on an axis of powers of ten."""

from collections.abc import Mapping

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.powers import power_of_ten_axis
from cnnhw.pictures.picture import Picture, draw


def winograd_error(
    errors: Mapping[int, float], levels: Mapping[str, float] | None = None, caption: str = ""
) -> Picture:
    """Draw max |error| against m, each value rounded to one digit first so that machines agree.

    errors   m -> largest |ofmap - exact ofmap|, in units of the ofmap; m = 1 is the direct convolution
    levels   name -> an error to compare with, drawn as a dashed line across
    caption  one visible line under the chart
    returns  Picture whose words list every value
    raises   CourseError if there is no error to draw, or one is not above 0: a log axis has no 0
    source   the experiment is that of Lavin and Gray, CVPR 2016, table 4

    >>> winograd_error({1: 4.1e-6, 2: 2.2e-6, 4: 1.3e-5}, {"16-bit floats": 0.002})
    Largest error against m: direct 4e-06, m=2 2e-06, m=4 1e-05; 16-bit floats 0.002.
    """
    levels = levels or {}
    _check({**{f"m={m}": error for m, error in errors.items()}, **levels})
    errors = {m: one_digit(error) for m, error in sorted(errors.items())}
    levels = {name: one_digit(error) for name, error in levels.items()}
    listed = [f"{_name(m)} {_text(error)}" for m, error in errors.items()]
    compared = [f"{name} {_text(error)}" for name, error in levels.items()]
    words = "Largest error against m: " + "; ".join(", ".join(part) for part in (listed, compared) if part)

    def artist(figure):
        axes = figure.add_subplot()
        power_of_ten_axis(axes)
        axes.plot(list(errors), list(errors.values()), "o-", color=palette.TEXT, linewidth=1.6, markersize=6)
        for m, error in errors.items():
            text = f"{_name(m)}\n{_text(error)}" if m == 1 else _text(error)
            axes.annotate(text, (m, error), (0, 8), textcoords="offset points", ha="center")
        for name, error in levels.items():
            axes.axhline(error, color=palette.MUTED, linestyle="--", linewidth=1.2)
            axes.annotate(
                f"{name}, {_text(error)}", (min(errors), error), (0, -13), textcoords="offset points"
            )
        axes.set_xticks(list(errors), [str(m) for m in errors])
        axes.margins(x=0.08, y=0.16)
        axes.grid(axis="y", color=palette.GRID, linewidth=0.6)
        axes.set(xlabel="m, rows and columns of ofmap words in a tile", ylabel="largest |error|")

    return draw(artist, words + ".", caption, width=7.6, height=3.4)


def one_digit(value: float) -> float:
    """Round to one significant digit, the part of a rounding error that every machine agrees on.

    >>> one_digit(0.00001533)
    2e-05
    """
    return float(f"{value:.0e}")


def _check(values: Mapping[str, float]) -> None:
    if not values:
        raise CourseError("this chart needs an error to draw", "none", "give them as {m: error}")
    for name, value in values.items():
        if not value > 0:
            raise CourseError(
                "an axis of powers of ten has no 0",
                f"an error of {value} for {name}",
                "use floats: whole numbers and Fractions are exact, with no error to draw",
            )


def _name(m: int) -> str:
    return "direct" if m == 1 else f"m={m}"


def _text(value: float) -> str:
    return f"{value:.0e}" if value < 1e-3 else f"{value:g}"
