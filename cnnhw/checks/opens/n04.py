"""What the open exercises of notebook 04_matrix_product want: the rule itself, no answer."""

from itertools import pairwise

from cnnhw.checks.exercise import Open
from cnnhw.roofline import P100, intensity
from cnnhw.shape import LayerShape


def repeats_nothing(shape):
    """Whether no ifmap word is in two windows: some neighbours overlap on the ifmap if any windows do."""
    # Along one side alone two windows may share rows; then they share words, as each side has a window.
    return not any(_neighbours_overlap(axis) for axis in (shape.rows, shape.columns))


def _neighbours_overlap(axis):
    starts = [axis.at(place, 0) for place in range(axis.ofmap)]
    return any(max(0, after) < min(axis.ifmap, before + axis.filter) for before, after in pairwise(starts))


def draw_intensity(shape):
    """Draw the operations a byte beside what a P100 needs."""
    from cnnhw.pictures.charts.bars import bars
    from cnnhw.roofline import P100, intensity

    return bars({"yours": intensity(shape), "where a P100 stops waiting": P100.ridge()}, "operations a byte")


NOTEBOOK = "04_matrix_product"


OPENS = (
    Open(
        name="no_repeats",
        notebook=NOTEBOOK,
        points=3,
        rule="a CONV layer whose expanded ifmap repeats no word, and that no P100 waits for",
        wants=LayerShape,
        properties=(
            ("has one image, no groups and no padding", lambda s: (s.N, s.G, s.P) == (1, 1, 0)),
            ("has one stride for both directions, and no dilation", lambda s: s.is_even),
            (
                "has filters of 3x3 or more, and an ofmap of more than one word",
                lambda s: min(s.R, s.S) > 2 and s.E * s.F > 1,
            ),
            (
                "repeats no ifmap word",
                repeats_nothing,
            ),
            ("has at most 200,000 filter words", lambda s: s.filter_words <= 200_000),
            (
                "is not memory-bound on a P100: at least 10.6e12 / 720e9 operations a byte",
                lambda s: intensity(s) >= P100.ridge(),
            ),
        ),
        score=lambda shape: shape.filter_words,
        unit="filter words",
        bar=200_000,
        best=(
            3_477,
            "a search over all M and C*R*S: 61 filters of 3 x 19 words, on one very wide row of windows",
        ),
        draw=draw_intensity,
        seconds=30.0,
    ),
)
