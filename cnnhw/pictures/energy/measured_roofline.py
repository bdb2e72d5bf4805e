"""Layers that ran, as points under the roof of the machine they ran on."""

from collections.abc import Sequence

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.picture import Picture, draw
from cnnhw.roofline import Processor, Ran, attainable

_MARKERS = "osD^v"


def measured_roofline(processor: Processor, runs: Sequence[Ran], caption: str = "") -> Picture:
    """Draw a processor's roof, and under it what came out.

    processor  such as measure_here()
    runs       what run_here gave; a run keeps its name and its marker, so colour is not needed
    caption    one visible line under the picture
    returns    Picture whose words give each run's rate and its part of the roof above it
    raises     CourseError if there is no run

    >>> from cnnhw.roofline import P100
    >>> measured_roofline(P100, [Ran("FC6", 0.5, 180e9, 0.1)]).words.partition("on. ")[2]
    'FC6 at 0.5: 1.8e+11, 50 % of the roof.'
    """
    if not runs:
        raise CourseError(
            "a measured roofline shows at least one layer that ran", "none", "give what run_here returned"
        )
    reached = [processor.ridge(), *(run.intensity for run in runs)]
    ends = min(reached) / 3, max(reached) * 8
    corners = (ends[0], processor.ridge(), ends[1])

    def artist(figure):
        axes = figure.add_subplot()
        axes.plot(corners, [attainable(processor, x) for x in corners], color=palette.TEXT, linewidth=1.6)
        for number, run in enumerate(runs):
            look = {"markeredgecolor": palette.TEXT, "markerfacecolor": palette.HIGHLIGHT, "markersize": 8}
            axes.plot(run.intensity, run.rate, _MARKERS[number % len(_MARKERS)], zorder=3, **look)
            below = {"xytext": (9, -15), "textcoords": "offset points", "va": "center"}
            paper = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 0.5}
            axes.annotate(run.name, (run.intensity, run.rate), bbox=paper, **below)
        axes.set(xscale="log", yscale="log", xlim=ends)
        axes.set(xlabel="intensity (fp32 operations per byte)", ylabel="operations per second")
        axes.margins(y=0.15)

    return draw(artist, _words(processor, runs), caption, width=7.6, height=3.4)


def _words(processor: Processor, runs: Sequence[Ran]) -> str:
    each = "; ".join(
        f"{run.name} at {run.intensity:.1f}: {run.rate:.3g}, "
        f"{100 * run.rate / attainable(processor, run.intensity):.2g} % of the roof"
        for run in runs
    )
    roof = f"{processor.bandwidth:.3g} times the operations per byte, at most {processor.peak():.3g}"
    return f"Roofline of {processor.name}: at most {roof} a second, from {processor.ridge():.1f} on. {each}."
