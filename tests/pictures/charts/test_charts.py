"""Charts of functions, lines and bars: what they say in words, and what they refuse."""

import numpy as np
import pytest

from cnnhw.errors import CourseError, ShapeError
from cnnhw.pictures.charts.bars import bars
from cnnhw.pictures.charts.curve import curves
from cnnhw.pictures.charts.spread import spread
from cnnhw.pictures.neurons.activations import activations


def test_activations_work_out_the_marked_sum():
    picture = activations({"tanh": np.tanh, "relu": lambda psum: np.maximum(psum, 0)}, at=-1)
    assert picture.caption == "At a sum of -1: tanh gives -0.76, relu gives 0."
    assert "relu runs from 0 to 4" in repr(picture)


def test_curves_tell_where_each_line_starts_and_ends():
    picture = curves([1, 2, 3], {"a": [10, 20, 30], "b": [5, 6.25, 7]}, "epoch", "right (%)", caption="why")
    words = "A chart of right (%) against epoch, from 1 to 3: a goes from 10 to 30; b goes from 5 to 7."
    assert (repr(picture), picture.caption) == (words, "why")


def test_rounding_noise_does_not_change_a_curve():
    def chart(noise):
        return curves([1, 2], {"a": [0.5, 0.75 + noise]}, "epoch", "share").svg

    assert chart(0) == chart(1e-9)


def test_bars_list_their_values():
    picture = bars({"peak": 19.8154, "measured": 28.825}, "time (ms)", lit="measured")
    assert repr(picture) == "Bars of time (ms): peak 19.82, measured 28.82."


def test_spread_tells_the_ends_and_the_middle():
    picture = spread({"8": [90, 88, 91, 89.5, 87], "32": [91]}, "right (%)", caption="five seeds")
    words = "Dots of right (%): 8 from 87 to 91, in the middle 89.5; 32 from 91 to 91, in the middle 91."
    assert (repr(picture), picture.caption) == (words, "five seeds")


@pytest.mark.parametrize(
    ("groups", "got"),
    [({}, "results [] in groups []"), ({"a": [1], "b": []}, "results [1, 0] in groups ['a', 'b']")],
)
def test_spread_of_nothing_is_refused(groups, got):
    with pytest.raises(CourseError) as refused:
        spread(groups, "right (%)")
    assert str(refused.value) == (
        f"a spread shows at least one result for each group\n  got {got}\n  give each group its results"
    )


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: curves([1, 2, 3], {"a": [1, 2]}, "x", "y"),
            ShapeError,
            "a line has one value for each x\n  got 3 positions and 2 values in 'a'\n"
            "  give both the same length",
        ),
        (
            lambda: curves([1], {name: [1] for name in "abcde"}, "x", "y"),
            ShapeError,
            "this chart has 1 to 4 lines\n  got 5 lines\n  draw the others in a chart of their own",
        ),
        (
            lambda: bars({"up": 2, "down": -3}, "change (%)"),
            CourseError,
            "bars show quantities of 0 or more\n  got down = -3\n  draw differences as a chart of lines",
        ),
    ],
)
def test_what_cannot_be_charted_says_why(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text
