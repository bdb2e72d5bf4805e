"""The Winograd explorer, moved by Python: every choice gives matrices or three lines, and the words match."""

import itertools

from cnnhw.widgets import explore_winograd


def test_every_control_is_labelled_and_at_most_three_are_sliders():
    explorer = explore_winograd()
    controls = [child for child in explorer.children if child is not explorer.view]
    assert all(control.description for control in controls)
    assert sum(type(control).__name__ == "IntSlider" for control in controls) == 2


def test_it_starts_with_the_tile_of_the_lesson():
    shown = explore_winograd().view.value
    assert "F(2x2, 3x3): multiplications 16 instead of 36, 2.25 times fewer" in shown
    assert "32 additions and 0 multiplications by constants on the way in, 24 and 0 on the way out" in shown


def test_a_larger_tile_saves_more():
    explorer = explore_winograd()
    explorer.m.value = 6
    assert "5.06 times fewer" in explorer.view.value
    explorer.r.value = 5
    assert "F(6x6, 5x5): multiplications 100 instead of 900, 9.00 times fewer" in explorer.view.value


def test_whole_points_round_worse():
    explorer = explore_winograd()
    explorer.m.value = 6
    usual = error(explorer)
    explorer.points.label = "0, 1, 2, 3, 4, ..."
    assert usual < 1e-3 and error(explorer) > 10_000  # lesson 06: about 6e-05, and tens of thousands


def error(explorer) -> float:
    return float(explorer.view.value.split("32 channels: ")[1].split(",")[0])


def test_a_repeated_point_says_why():
    explorer = explore_winograd()
    explorer.points.label = "0, 1, 1, -1, ... (1 twice)"
    assert "ShapeError: the points must all be different" in explorer.view.value
    assert "got 1 twice" in explorer.view.value and "<svg" not in explorer.view.value


def test_every_extreme_is_a_picture_or_an_error():
    explorer = explore_winograd()
    for label, _ in explorer.points.options:
        explorer.points.label = label
        for m, r in itertools.product(*((s.min, s.max) for s in (explorer.m, explorer.r))):
            with explorer.together():
                explorer.m.value, explorer.r.value = m, r
            assert ("<figure" in explorer.view.value) != ("ShapeError: " in explorer.view.value)
