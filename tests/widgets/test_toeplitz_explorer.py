"""The Toeplitz explorer, moved by Python: its words are the layer's, at every extreme."""

import itertools
import re

from cnnhw.conv.toeplitz import expansion, repeats
from cnnhw.shape import LayerShape
from cnnhw.widgets import explore_toeplitz


def test_it_starts_with_slide_25():
    shown = explore_toeplitz().view.value
    assert "[1 2 4 5] [2 3 5 6] [4 5 7 8] [5 6 8 9]" in shown
    assert "Word h=1, w=1 is in 2 * 2 windows" in shown
    assert "R*S * E*F = 4 * 4 = 16 entries for 9 words: 1.78 times as many" in shown


def test_every_control_is_labelled_and_three_are_sliders():
    explorer = explore_toeplitz()
    *sizes, steps, view = explorer.children
    assert view is explorer.view
    assert [size.description for size in sizes] == ["H, ifmap height", "R, filter height", "U, stride"]
    assert all(step.tooltip for step in steps.children if step.layout.display != "none")


def test_the_lit_word_walks_on_and_back_and_stops_at_the_ends():
    explorer = explore_toeplitz()
    explorer.next.click()
    assert "Word h=1, w=2" in explorer.view.value
    for _ in range(9):
        explorer.next.click()
    assert "Word h=2, w=2 is in 1 * 1 windows" in explorer.view.value
    assert "ofmap[0, 1, 1] =" in explorer.view.value  # the window follows the word
    for _ in range(9):
        explorer.back.click()
    assert "Word h=0, w=0 is in 1 * 1 windows" in explorer.view.value


def test_a_new_size_lights_its_middle_and_an_impossible_one_says_why():
    explorer = explore_toeplitz()
    explorer.H.value = 5
    assert "Word h=2, w=2 is in 2 * 2 windows" in explorer.view.value
    explorer.H.value = 1
    assert "ShapeError: the filter must fit into the padded ifmap" in explorer.view.value
    assert "got R=2 but H + 2P = 1" in explorer.view.value and "<svg" not in explorer.view.value
    explorer.R.value = 1
    assert "Word h=0, w=0 is in 1 * 1 windows" in explorer.view.value


def test_every_extreme_is_a_picture_with_the_layers_numbers_or_an_error():
    explorer = explore_toeplitz()
    sliders = explorer.H, explorer.R, explorer.U
    for H, R, U in itertools.product(*((slider.min, slider.max) for slider in sliders)):
        with explorer.together():
            explorer.H.value, explorer.R.value, explorer.U.value = H, R, U
        explorer.step.value = explorer.step.max
        if R > H:
            assert "ShapeError" in explorer.view.value
            continue
        shape = LayerShape(M=1, C=1, H=H, R=R, U=U)
        copies = repeats(shape)[H - 1, H - 1]
        times = "once" if copies == 1 else f"{copies} times"
        assert f"stands in the matrix {times}." in explorer.view.value
        assert f"= {expansion(shape).entries} entries for {H * H} words" in explorer.view.value


def numbers_drawn(page: str) -> list[str]:
    return re.findall(r">(-?\d+)</text>", page)


def test_numbers_stay_at_every_size():
    explorer = explore_toeplitz()
    for H, R in ((3, 2), (6, 1), (6, 2), (6, 3), (6, 4)):
        with explorer.together():
            explorer.H.value, explorer.R.value = H, R
        E = H - R + 1
        words = H * H + R * R + R * R * E * E + E * E  # ifmap, filter, matrix, ofmap; indices come on top
        assert len(numbers_drawn(explorer.view.value)) >= words, (H, R)
        sizes = [float(size) for size in re.findall(r"font(?:-size)?: ?([\d.]+)px", explorer.view.value)]
        assert min(sizes) >= 6.5
