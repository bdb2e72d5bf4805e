"""The crossover explorer, moved by Python: every choice gives a chart or three lines, and the words match."""

import itertools

from cnnhw.conv.fft import fft_operations
from cnnhw.shape import LayerShape
from cnnhw.widgets import explore_fft_crossover


def test_every_control_is_labelled_and_at_most_three_are_sliders():
    explorer = explore_fft_crossover()
    controls = [child for child in explorer.children if child is not explorer.view]
    assert all(control.description for control in controls)
    assert sum(type(control).__name__ == "IntSlider" for control in controls) == 2


def test_the_counts_are_the_librarys():
    explorer = explore_fft_crossover()
    explorer.H.value, explorer.R.value, explorer.channels.value = 20, 7, 8
    shape = LayerShape(M=8, C=8, H=20, R=7, P=3)
    count = fft_operations(shape)
    assert f"the FFT {count.total:,}" in explorer.view.value
    assert f"{2 * shape.macs:,} operations" in explorer.view.value
    assert f"{count.filter_words // 64:,} words" in explorer.view.value  # of one filter's one channel


def test_one_channel_crosses_later_than_many():
    explorer = explore_fft_crossover()
    explorer.H.value = 56
    assert "It first wins at R=3." in explorer.view.value
    explorer.channels.value = 1
    assert "It first wins at R=7." in explorer.view.value


def test_a_filter_larger_than_the_ifmap_says_why():
    explorer = explore_fft_crossover()
    explorer.H.value, explorer.R.value = 5, 9
    assert "CourseError: the filter must be odd and no larger than the ifmap" in explorer.view.value
    assert (
        "got R=9 where the chart goes up to R=5" in explorer.view.value and "<svg" not in explorer.view.value
    )


def test_every_extreme_is_a_picture_or_an_error():
    explorer = explore_fft_crossover()
    for channels in explorer.channels.options:
        explorer.channels.value = channels
        for H, R in itertools.product(*((s.min, s.max) for s in (explorer.H, explorer.R))):
            with explorer.together():
                explorer.H.value, explorer.R.value = H, R
            assert ("<figure" in explorer.view.value) == (R <= H)
            assert ("CourseError: " in explorer.view.value) == (R > H)
