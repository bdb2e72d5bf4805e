"""The reuse explorer, moved by Python: every choice gives a picture; the words match equations 3 and 4."""

import itertools

from cnnhw.widgets import explore_reuse


def test_every_control_is_labelled():
    explorer = explore_reuse()
    controls = [child for child in explorer.children if child is not explorer.view]
    assert [control.description for control in controls] == [
        "value", "a, uses from DRAM", "b, uses from the GLB", "c, PEs in the array", "d, uses from the RF"
    ]  # fmt: skip


def test_it_starts_with_the_input_of_the_lesson():
    shown = explore_reuse().view.value
    assert "1*200 + 2*6 + 6*2 + 24*1 = 248 for 24 MACs: 10.33 each" in shown
    assert "With a trip to DRAM for each of the 24 MACs: 5016, 20.2 times as much." in shown


def test_a_psum_has_its_own_equation():
    explorer = explore_reuse()
    with explorer.together():
        explorer.value.value = "psum"
        explorer.a.value, explorer.b.value, explorer.c.value, explorer.d.value = 2, 3, 3, 2
    assert "3*200 + 8*6 + 12*2 + 36*1 = 708 for 36 MACs" in explorer.view.value


def test_more_trips_to_dram_cost_more():
    explorer = explore_reuse()
    explorer.a.value = 8
    assert "8*200 + 16*6 + 48*2 + 192*1 = 1984 for 192 MACs: 10.33 each" in explorer.view.value


def test_every_extreme_is_a_picture():
    explorer = explore_reuse()
    sliders = explorer.a, explorer.b, explorer.c, explorer.d
    for _, value in explorer.value.options:
        for ends in itertools.product(*((slider.min, slider.max) for slider in sliders)):
            with explorer.together():
                explorer.value.value = value
                for slider, end in zip(sliders, ends, strict=True):
                    slider.value = end
            assert "<figure" in explorer.view.value
