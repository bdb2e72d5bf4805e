"""The FFT's pictures: the crossover drawn is the library's, and tiles add up to the convolution."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.conv import conv_windows
from cnnhw.conv.fft import crossover, fft_operations
from cnnhw.errors import CourseError
from cnnhw.pictures.algorithms.fft import fft_crossover
from cnnhw.pictures.algorithms.overlap_add import overlap_add
from cnnhw.shape import LayerShape


@pytest.mark.parametrize(("H", "channels"), [(56, 1), (28, 4), (13, 64)])
def test_the_marked_filter_is_where_the_fft_starts_to_win(H, channels):
    first = crossover(H, M=channels, C=channels)
    picture = fft_crossover(H, M=channels, C=channels)
    shape = LayerShape(M=channels, C=channels, H=H, R=first, P=(first - 1) // 2)
    assert picture.caption.startswith(f"R={first}: the loops take {2 * shape.macs:,} operations")
    assert f"the FFT {fft_operations(shape).total:,}" in picture.caption
    assert picture.caption.endswith(f"times fewer. It first wins at R={first}.")


def test_a_filter_before_the_crossover_loses():
    assert re.search(r"times more\. It first wins at R=\d+\.$", fft_crossover(56, R=3).caption)


def test_an_ifmap_too_small_to_win():
    assert fft_crossover(4).caption.endswith("It wins for no R up to 4.")


def test_the_words_list_every_line():
    words = repr(fft_crossover(16, largest=5, tile=8))
    for tile, name in ((None, "FFT"), (8, "FFT in tiles")):
        shapes = [LayerShape(M=1, C=1, H=16, R=R, P=(R - 1) // 2) for R in (1, 3, 5)]
        counts = ", ".join(f"R={shape.R} {fft_operations(shape, tile).total:,}" for shape in shapes)
        assert f"; {name} {counts}" in words


@pytest.mark.parametrize("R", [2, 9, 17])
def test_a_filter_off_the_axis_is_refused(R):
    with pytest.raises(CourseError) as caught:
        fft_crossover(8, R=R)
    assert str(caught.value) == (
        "the filter must be odd and no larger than the ifmap\n"
        f"  got R={R} where the chart goes up to R=7\n"
        "  use an odd R from 1 to 7, or a larger H"
    )


def test_the_lit_word_adds_what_four_tiles_give():
    ifmap = np.array([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]])
    picture = overlap_add(ifmap, [[1, 2], [0, -1]], tile=2)
    assert picture.caption == "sum[2, 2] = 9 + 4 + 0 + (-5) = 8, from 4 tiles."
    assert "tile 3 at row 2, column 2 gives [-5 -8 0] [1 18 8] [18 15 3]" in repr(picture)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.tuples(*[st.integers(1, 7)] * 2),
    taps=st.tuples(*[st.integers(1, 3)] * 2),
    tile=st.integers(3, 8),
    seed=st.integers(0, 999),
)
def test_the_tiles_add_up_to_the_convolution(sizes, taps, tile, seed):
    random = np.random.default_rng(seed)
    ifmap, filters = random.integers(-9, 10, sizes), random.integers(-9, 10, taps)
    words = repr(overlap_add(ifmap, filters, tile))
    padded = np.pad(ifmap, [(size - 1, size - 1) for size in taps])
    whole = conv_windows(padded[None, None], filters[None, None])[0, 0]
    listed = words.split("the sum ")[1].split(";")[0]
    assert listed == " ".join("[" + " ".join(map(str, row)) + "]" for row in whole)
    total = np.zeros_like(whole)
    for h, w, rows in re.findall(r"at row (\d+), column (\d+) gives ((?:\[[^]]*\] ?)+)", words):
        alone = np.array([[int(word) for word in row.split()] for row in re.findall(r"\[([^]]*)\]", rows)])
        total[int(h) : int(h) + len(alone), int(w) : int(w) + len(alone[0])] += alone
    assert np.array_equal(total, whole)


def test_a_word_of_one_tile_alone():
    assert (
        overlap_add([[1, 2, 3, 4]], [[10, 1]], 2, lit=(0, 0)).caption == "sum[0, 0] = 1, from one tile alone."
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"tile": 0}, "this picture has 1 to 9 tiles\n  got tile=0 for an ifmap of 1 x 12\n"),
        ({"tile": 1}, "this picture has 1 to 9 tiles\n  got tile=1 for an ifmap of 1 x 12\n"),
        ({"tile": 2.5}, "this picture has 1 to 9 tiles\n  got tile=2.5 for an ifmap of 1 x 12\n"),
        (
            {"tile": 4, "lit": (1, 0)},
            "the lit word must be in the sum\n  got (row, column) = (1, 0) in a sum of 1 x 13\n",
        ),
    ],
)
def test_what_cannot_be_drawn_says_why(arguments, text):
    with pytest.raises(CourseError) as caught:
        overlap_add(np.arange(12)[None], [[10, 1]], **arguments)
    assert str(caught.value).startswith(text) and len(str(caught.value).splitlines()) == 3
