"""The explorers, moved by Python: every extreme gives a picture or three lines, and the words match."""

import itertools

import pytest

from cnnhw.shape import LayerShape
from cnnhw.widgets import explore_layer_shape, explore_sliding_window


def controls(explorer):
    """Every control that is shown, with those in a row of buttons."""
    rows = [child.children if hasattr(child, "children") else (child,) for child in explorer.children]
    shown = [control for row in rows for control in row if control.layout.display != "none"]
    return [control for control in shown if control is not explorer.view]


@pytest.mark.parametrize("explore", [explore_sliding_window, explore_layer_shape])
def test_every_control_is_labelled_and_at_most_three_are_sliders(explore):
    explorer = explore()
    assert all(control.description or control.tooltip for control in controls(explorer))
    assert sum(type(control).__name__ == "IntSlider" for control in controls(explorer)) == 3


def test_a_window_steps_on_and_back_and_stops_at_the_ends():
    explorer = explore_sliding_window()
    assert "Window 1 of 9, at e=0, f=0" in explorer.view.value
    explorer.next.click()
    assert "Window 2 of 9, at e=0, f=1" in explorer.view.value and "ofmap[0, 1] =" in explorer.view.value
    for _ in range(20):
        explorer.next.click()
    assert "Window 9 of 9, at e=2, f=2" in explorer.view.value
    for _ in range(20):
        explorer.back.click()
    assert "Window 1 of 9" in explorer.view.value


def test_a_new_size_starts_again_and_an_impossible_one_says_why():
    explorer = explore_sliding_window()
    explorer.next.click()
    explorer.U.value = 2
    assert "Window 1 of 4, at e=0, f=0" in explorer.view.value
    explorer.H.value = 2
    assert "ShapeError: the filter must fit into the padded ifmap" in explorer.view.value
    assert "got R=3 but H + 2P = 2" in explorer.view.value and "<svg" not in explorer.view.value
    explorer.H.value = 6
    assert (
        "floor((6 + 0 - 3) / 2) + 1 = 2" in explorer.view.value
        and "25 of 36 ifmap words" in explorer.view.value
    )


def test_a_window_over_padding_has_more_places_and_reads_the_same_words():
    explorer = explore_sliding_window()
    explorer.P.value = 1
    assert "Window 1 of 25, at e=0, f=0" in explorer.view.value
    assert "floor((5 + 2 - 3) / 1) + 1 = 5" in explorer.view.value and "padding 1" in explorer.view.value
    explorer.H.value, explorer.R.value = 2, 5
    assert "ShapeError" in explorer.view.value
    explorer.P.value = 2
    assert "Window 1 of 4" in explorer.view.value and "<svg" in explorer.view.value


def test_every_extreme_of_the_window_is_a_picture_or_an_error():
    explorer = explore_sliding_window()
    sliders = explorer.H, explorer.R, explorer.U
    for H, R, U in itertools.product(*((slider.min, slider.max) for slider in sliders)):
        with explorer.together():
            explorer.H.value, explorer.R.value, explorer.U.value = H, R, U
        explorer.step.value = explorer.step.max
        if R > H:
            assert "ShapeError" in explorer.view.value
        else:
            E = LayerShape(M=1, C=1, H=H, R=R, U=U).E
            assert f"Window {E * E} of {E * E}" in explorer.view.value


def test_the_layer_card_follows_its_controls():
    explorer = explore_layer_shape()
    explorer.N.value, explorer.M.value, explorer.R.value, explorer.U.value = 16, 48, 7, 3
    shape = LayerShape(N=16, M=48, C=3, H=227, R=7, U=3)
    assert explorer.shape() == shape
    assert f"{shape.macs:,} MACs" in explorer.view.value
    assert f"E={shape.E}, F={shape.F}" in explorer.view.value
    assert f"{shape.filter_reuse:,}" in explorer.view.value


def test_every_layer_starts_as_published_and_has_no_dead_end():
    explorer = explore_layer_shape()
    for label, known in explorer.layer.options:
        explorer.layer.label = label
        assert explorer.shape() == known and f"{known.macs:,} MACs, 1 times" in explorer.view.value
        for M, R, U in itertools.product(*((s.min, s.max) for s in (explorer.M, explorer.R, explorer.U))):
            explorer.M.value, explorer.R.value, explorer.U.value = M, R, U
            assert ("<figure" in explorer.view.value) != ("ShapeError: " in explorer.view.value)
        explorer.N.value = 64
        explorer.N.value = 1


def test_an_impossible_layer_says_why():
    explorer = explore_layer_shape()
    explorer.layer.label = "AlexNet CONV2"
    explorer.M.value = 3
    assert "the groups must divide M evenly" in explorer.view.value


def test_play_starts_stops_and_begins_anew_at_the_end():
    explorer = explore_sliding_window()
    assert explorer.play.description == "Play" and explorer.step.layout.display == "none"
    explorer.play.click()
    assert explorer.step.playing and explorer.play.description == "Pause"
    explorer.play.click()
    assert not explorer.step.playing and explorer.play.description == "Play"
    explorer.step.value = explorer.step.max
    explorer.play.click()
    assert explorer.step.playing and explorer.step.value == explorer.step.min
