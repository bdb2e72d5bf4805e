"""The sliding window: the numbers in the picture are those of the convolution, whatever its sizes."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.conv import conv_windows
from cnnhw.errors import CourseError, ShapeError
from cnnhw.pictures.convolution.grid import grid_picture
from cnnhw.pictures.convolution.window import sliding_window
from cnnhw.shape import Tensor

IFMAP, FILTER = np.arange(12).reshape(4, 3), np.array([[0, 1], [2, 3]])


def texts(picture) -> list[str]:
    """Every string that stands in the drawing."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)


def test_the_caption_is_the_arithmetic_of_the_window():
    assert sliding_window(IFMAP, FILTER).caption == "ofmap[0, 0] = 0*0 + 1*1 + 3*2 + 4*3 = 19"


def test_the_psum_grows_term_by_term():
    assert (
        sliding_window(IFMAP, FILTER, terms=2).caption
        == "ofmap[0, 0] = 0*0 + 1*1 = 1 so far, 2 products to go"
    )
    assert sliding_window(IFMAP, FILTER, terms=0).caption.startswith(
        "ofmap[0, 0] = no product yet = 0 so far"
    )


def test_negative_factors_stand_in_brackets():
    assert sliding_window([[2, -3]], [[-1, 4]]).caption == "ofmap[0, 0] = 2*(-1) + (-3)*4 = -14"


def test_of_many_products_the_caption_spells_the_first_and_the_last():
    caption = sliding_window(np.arange(49).reshape(7, 7), np.ones((7, 7), int)).caption
    assert "0*1 + 1*1 + 2*1 + 3*1 + ... 43 more ... + 47*1 + 48*1 = 1176" in caption


@settings(max_examples=25)
@given(data=st.data(), R=st.integers(1, 4), S=st.integers(1, 4), U=st.integers(1, 3), P=st.integers(0, 2))
def test_every_word_drawn_is_the_convolutions(data, R, S, U, P):
    H, W = data.draw(st.integers(R, 7)), data.draw(st.integers(S, 7))
    words = np.random.RandomState(data.draw(st.integers(0, 99)))
    ifmap, filters = words.randint(-9, 10, (H, W)), words.randint(-9, 10, (R, S))
    ofmap = conv_windows(ifmap[None, None], filters[None, None], U, P)[0, 0]
    e, f = (data.draw(st.integers(0, size - 1)) for size in ofmap.shape)
    picture = sliding_window(ifmap, filters, U, P, e, f)
    assert picture.caption.split(" = ")[-1].split(". ")[0] == str(ofmap[e, f])
    done = ofmap.flat[: e * ofmap.shape[1] + f + 1]
    assert f"[{' '.join(map(str, done))}]" in repr(picture)


def test_padding_is_drawn_as_zeros_with_negative_indices():
    picture = sliding_window(IFMAP + 1, FILTER, P=1)
    assert "-1" in texts(picture)
    assert texts(picture).count("0") >= 6 * 5 - 4 * 3
    assert "stroke-dasharray" in picture.svg
    assert "covers ifmap rows -1 to 0 and columns -1 to 0" in repr(picture)


def test_words_that_no_window_reaches_are_crossed_and_counted():
    picture = sliding_window(np.arange(30).reshape(6, 5), np.ones((3, 2), int), U=2)
    assert "Crossed words are never read" in picture.caption
    assert "that is 10 words" in repr(picture)  # row 5 and column 4: 5 + 6 - 1
    assert "Crossed" not in sliding_window(np.arange(30).reshape(6, 5), np.ones((2, 2), int)).caption


def test_small_bytes_do_not_wrap():
    assert sliding_window(np.full((2, 3), 200, np.uint8), np.full((2, 2), 2, np.uint8)).caption.endswith(
        "= 1600"
    )


def test_large_grids_have_no_numbers_but_the_same_words():
    picture = sliding_window(np.ones((40, 30), int), np.ones((3, 3), int), e=20, f=3)
    assert "9" not in texts(picture)
    assert picture.caption.endswith("= 9")


def test_the_same_window_gives_the_same_bytes():
    assert sliding_window(IFMAP, FILTER).svg == sliding_window(IFMAP, FILTER).svg


@pytest.mark.parametrize(
    ("arguments", "first", "got"),
    [
        ({"e": 3}, "the window must stand at a word of the ofmap", "(e, f) = (3, 0) but E=3, F=2"),
        ({"f": -1}, "the window must stand at a word of the ofmap", "(e, f) = (0, -1) but E=3, F=2"),
        ({"terms": 5}, "a window has R * S products to add", "terms=5 but R*S = 2*2 = 4"),
        ({"U": 0}, "U must be a whole number, 1 or more", "U=0"),
    ],
)
def test_impossible_positions_are_refused_in_three_lines(arguments, first, got):
    with pytest.raises(CourseError) as caught:
        sliding_window(IFMAP, FILTER, **arguments)
    rule, values, change = str(caught.value).splitlines()
    assert (rule, values) == (first, f"  got {got}") and change.startswith(
        "  use" if "U" not in arguments else "  give"
    )


def test_a_filter_that_does_not_fit_is_a_shape_error():
    with pytest.raises(ShapeError, match="the filter must fit into the padded ifmap"):
        sliding_window(IFMAP, np.ones((5, 2)))


def test_more_than_one_channel_and_too_many_words_are_refused():
    with pytest.raises(CourseError, match="pick one image and one channel, as in ifmap"):
        sliding_window(IFMAP[None], FILTER)
    with pytest.raises(CourseError, match="at most 64 on a side"):
        sliding_window(np.ones((65, 3)), FILTER)


def test_a_grid_shows_every_word_and_its_indices():
    picture = grid_picture([[11, 22, 33], [44, 55, 66]], Tensor.OFMAP)
    assert {"11", "22", "33", "44", "55", "66", "0", "1", "2", "ofmap", "2 x 3"} <= set(texts(picture))
    assert repr(picture) == "ofmap, 2 rows by 3 columns: [11 22 33] [44 55 66]"
