"""The Toeplitz picture: matrix, copies and sums are those of the convolution, whatever the sizes."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.conv import conv_windows
from cnnhw.conv.toeplitz import repeats
from cnnhw.errors import CourseError, ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.algorithms.toeplitz import toeplitz_product
from cnnhw.pictures.convolution.grid import rows_in_words
from cnnhw.shape import LayerShape

IFMAP, FILTERS = np.arange(1, 10).reshape(1, 3, 3), np.arange(1, 5).reshape(1, 1, 2, 2)
NUMBER = r"<text[^>]*>(-?\d+)</text>"


def lit_cells(picture) -> int:
    """How many cells are filled with the highlight: each is one closed box of a path."""
    paths = re.findall(r'<path d="([^"]*)"[^>]*style="([^"]*)"', picture.svg)
    fill = f"fill: {palette.HIGHLIGHT.lower()}"
    return sum(path.count("z") for path, style in paths if fill in style)


def test_slide_25_is_drawn_exactly():
    picture = toeplitz_product(IFMAP, FILTERS, lit=(0, 1, 1))
    assert "the matrix, row by row: [1 2 4 5] [2 3 5 6] [4 5 7 8] [5 6 8 9]" in repr(picture)
    numbers = [int(number) for number in re.findall(NUMBER, picture.svg)]
    assert [numbers.count(word) for word in (37, 47, 67, 77)] == [1, 1, 1, 1]
    # 5 is in the ifmap once and in the matrix four times; 6 and 8 once and twice; no index is that large.
    assert [numbers.count(word) for word in (5, 6, 8, 9)] == [1 + 4, 1 + 2, 1 + 2, 1 + 1]
    assert lit_cells(picture) == 1 + 4


def test_the_caption_is_the_arithmetic_of_the_window_and_counts_the_copies():
    assert (
        toeplitz_product(IFMAP, FILTERS, e=1, f=0).caption == "ofmap[0, 1, 0] = 4*1 + 5*2 + 7*3 + 8*4 = 67."
    )
    assert toeplitz_product(IFMAP, FILTERS, lit=(0, 0, 0)).caption.endswith("= 1 stands in the matrix once.")
    assert "... 12 more ..." in toeplitz_product(np.ones((2, 3, 3), int), np.ones((1, 2, 3, 3), int)).caption


@settings(max_examples=20, deadline=None)
@given(data=st.data(), C=st.integers(1, 3), M=st.integers(1, 3), U=st.integers(1, 3), P=st.integers(0, 2))
def test_every_sum_and_copy_is_the_convolutions(data, C, M, U, P):
    R, S = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    H, W = data.draw(st.integers(R, 4)), data.draw(st.integers(S, 4))
    shape = LayerShape(M=M, C=C, H=H, W=W, R=R, S=S, U=U, P=P)
    words = np.random.RandomState(data.draw(st.integers(0, 99)))
    ifmap, filters = words.randint(-9, 10, (C, H, W)), words.randint(-9, 10, (M, C, R, S))
    ofmap = conv_windows(ifmap[None], filters, U, P)[0]
    e, f = (data.draw(st.integers(0, size - 1)) for size in ofmap.shape[1:])
    lit = tuple(data.draw(st.integers(0, size - 1)) for size in ifmap.shape)
    picture = toeplitz_product(ifmap, filters, U, P, e, f, lit)
    copies = int(repeats(shape)[lit[1:]])
    assert f"= {ofmap[0, e, f]}." in picture.caption
    assert ("once" if copies == 1 else f"{copies} times") in picture.caption
    assert rows_in_words(ofmap.reshape(M, -1)) in repr(picture)
    assert lit_cells(picture) == 1 + copies


def test_channels_are_blocks_and_padding_is_dashed():
    ifmap = np.arange(1, 33).reshape(2, 4, 4)
    picture = toeplitz_product(ifmap, np.ones((2, 2, 2, 2), int), U=2, P=1, lit=(1, 0, 0))
    assert "stroke-dasharray" in picture.svg and "ifmap c=1" in picture.svg
    assert "C*R*S=8 x E*F=9" in picture.svg and "M=2 x E*F=9" in picture.svg
    assert "rows and columns where it stands: (7, 0)" in repr(picture)
    assert "stroke-dasharray" not in toeplitz_product(ifmap, np.ones((2, 2, 2, 2), int)).svg


def test_the_other_way_round_repeats_weights_and_dashes_zeros():
    picture = toeplitz_product(IFMAP, FILTERS, lit=(0, 0, 0, 1), expand="filters")
    assert "[1 2 0 3 4 0 0 0 0] [0 1 2 0 3 4 0 0 0] [0 0 0 1 2 0 3 4 0] [0 0 0 0 1 2 0 3 4]" in repr(picture)
    assert picture.caption.endswith("filters[0, 0, 0, 1] = 2 stands in the matrix 4 times.")
    assert "M*E*F=4 x C*H*W=9" in picture.svg and "stroke-dasharray" in picture.svg
    assert lit_cells(picture) == 1 + 4


def test_a_word_that_no_window_reaches_stands_nowhere():
    picture = toeplitz_product(np.arange(16).reshape(1, 4, 4), FILTERS, U=3, lit=(0, 2, 2))
    assert picture.caption.endswith("= 10 stands in the matrix 0 times.")
    assert "where it stands: none" in repr(picture)


def test_large_matrices_have_no_numbers_but_the_same_sum():
    picture = toeplitz_product(np.full((1, 9, 9), 100), np.ones((1, 1, 3, 3), int), lit=(0, 4, 4))
    assert not re.findall(NUMBER, picture.svg)
    assert "= 900. ifmap[0, 4, 4] = 100 stands in the matrix 9 times." in picture.caption
    assert "row by row" not in repr(picture)


def test_a_wide_product_puts_the_ofmap_below_the_matrix():
    def height(picture):
        return float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', picture.svg)[1])

    def width(picture):
        return float(re.search(r'viewBox="0 0 ([\d.]+)', picture.svg)[1])

    line = toeplitz_product(IFMAP, FILTERS)
    corner = toeplitz_product(np.ones((1, 5, 5), int), np.ones((1, 1, 2, 2), int))
    assert height(corner) > height(line)
    assert width(line) <= 9.2 * 72 and width(corner) <= 9.2 * 72  # inches to points; the page, and its margin


def test_the_same_product_gives_the_same_bytes():
    assert toeplitz_product(IFMAP, FILTERS).svg == toeplitz_product(IFMAP, FILTERS).svg


@pytest.mark.parametrize(
    ("ifmap", "filters", "more", "rule", "got"),
    [
        (np.ones((1, 40, 40)), FILTERS, {}, "a Toeplitz matrix is drawn entry by entry, at most 64 on a side",
         "4 rows by 1521 columns"),
        (np.ones((1, 9, 9)), FILTERS, {"expand": "filters"},
         "a Toeplitz matrix is drawn entry by entry, at most 64 on a side", "64 rows by 81 columns"),
        (np.ones((2, 3, 3)), FILTERS, {}, "a filter has as many channels as the ifmap it looks at",
         "ifmap C=2 but filters with 1 channels"),
        (IFMAP[0], FILTERS, {}, "ifmap must be numbers with the axes (C, H, W)", "shape (3, 3), dtype int64"),
        (IFMAP, FILTERS[0], {}, "filters must be numbers with the axes (M, C, R, S)",
         "shape (1, 2, 2), dtype int64"),
        (IFMAP, FILTERS, {"e": 2}, "the window must stand at a word of the ofmap",
         "(e, f) = (2, 0) but E=2, F=2"),
        (IFMAP, FILTERS, {"lit": (0, 3, 1)}, "the lit word must be a word of the ifmap",
         "lit=(0, 3, 1) but ifmap has shape (1, 3, 3)"),
        (IFMAP, FILTERS, {"lit": 5}, "the lit word must be a word of the ifmap",
         "lit=5 but ifmap has shape (1, 3, 3)"),
        (IFMAP, FILTERS, {"lit": (0, 1.0, 1)}, "the lit word must be a word of the ifmap",
         "lit=(0, 1.0, 1) but ifmap has shape (1, 3, 3)"),
        (IFMAP, FILTERS, {"lit": (0, 1, 1), "expand": "filters"},
         "the lit word must be a word of the filters",
         "lit=(0, 1, 1) but filters has shape (1, 1, 2, 2)"),
        (IFMAP, FILTERS, {"expand": "both"}, "one of the two tensors is expanded to a matrix",
         "expand='both'"),
        (IFMAP, FILTERS, {"U": 0}, "U must be a whole number, 1 or more", "U=0"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_three_lines(ifmap, filters, more, rule, got):
    with pytest.raises(CourseError) as caught:
        toeplitz_product(ifmap, filters, **more)
    lines = str(caught.value).splitlines()
    assert lines[:2] == [rule, f"  got {got}"] and len(lines) == 3


def test_a_filter_that_does_not_fit_is_a_shape_error():
    with pytest.raises(ShapeError, match="the filter must fit into the padded ifmap"):
        toeplitz_product(IFMAP, np.ones((1, 1, 5, 2)))
