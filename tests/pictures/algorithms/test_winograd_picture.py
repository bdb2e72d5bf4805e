"""Winograd's pictures: the numbers drawn are those of the convolution, for any tile, filter and points."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.conv import conv_windows
from cnnhw.errors import CourseError, ShapeError
from cnnhw.pictures.algorithms.winograd import winograd_tile
from cnnhw.pictures.algorithms.winograd_error import one_digit, winograd_error
from cnnhw.pictures.algorithms.winograd_transforms import winograd_transforms

TILE = np.array([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]])
FILTER = np.array([[1, 0, 2], [-1, 3, 1], [2, 1, -2]])


def texts(picture) -> list[str]:
    """Every string that stands in the drawing."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)


def part(picture, name: str) -> list[list[str]]:
    """The rows of numbers that the words list under a name."""
    listed = re.search(rf"{name}((?: \[[^]]*\])+)", repr(picture)).group(1)
    return [row.split() for row in re.findall(r"\[([^]]*)\]", listed)]


def test_the_caption_is_the_arithmetic_of_the_lit_product():
    assert winograd_tile(TILE, FILTER).caption == (
        "Lit: (9 + 2 + 3 + 5) * (1 + 0 + 2 + (-1) + 3 + 1 + 2 + 1 + (-2)) / 4 = 19 * 7/4 = 133/4. "
        "16 multiplications for 4 ofmap words, instead of 36."
    )


def test_one_dimension_takes_four_multiplications_instead_of_six():
    picture = winograd_tile([[1, 2, 3, 4]], [[1, 1, 2]], lit=(0, 3))
    assert part(picture, "products") == [["-2", "10", "1", "-4"]]
    assert part(picture, "ofmap") == [["9", "13"]]  # 1 + 2 + 6, 2 + 3 + 8
    assert (
        picture.caption
        == "Lit: (2 - 4) * 2 = (-2) * 2 = -4. 4 multiplications for 2 ofmap words, instead of 6."
    )


@settings(max_examples=25, deadline=None)
@given(
    m=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    r=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    seed=st.integers(0, 999),
)
def test_the_ofmap_drawn_is_the_convolutions(m, r, seed):
    random = np.random.default_rng(seed)
    ifmap = random.integers(-9, 10, [a + b - 1 for a, b in zip(m, r, strict=True)])
    filters = random.integers(-9, 10, r)
    picture = winograd_tile(ifmap, filters)
    ofmap = conv_windows(ifmap[None, None], filters[None, None])[0, 0]
    assert part(picture, "ofmap") == [[str(word) for word in row] for row in ofmap]
    transformed = [part(picture, f"{name}, transformed") for name in "dg"]
    for i, row in enumerate(part(picture, "products")):
        for j, product in enumerate(row):
            assert Fraction(transformed[0][i][j]) * Fraction(transformed[1][i][j]) == Fraction(product)


def test_other_points_give_the_same_ofmap_by_other_products():
    usual, other = winograd_tile(TILE, FILTER), winograd_tile(TILE, FILTER, points=(0, 2, Fraction(1, 3)))
    assert part(usual, "ofmap") == part(other, "ofmap")
    assert part(usual, "products") != part(other, "products")


def test_fractions_stand_in_the_cells():
    assert {"133/4", "7/4", "-9/2", "19"} <= set(texts(winograd_tile(TILE, FILTER)))


def test_a_long_sum_is_shortened():
    ifmap = np.arange(36).reshape(6, 6)
    assert "... 12 more ..." in winograd_tile(ifmap, FILTER, lit=(1, 1)).caption


def test_the_same_tile_gives_the_same_bytes():
    assert winograd_tile(TILE, FILTER).svg == winograd_tile(TILE, FILTER).svg


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: winograd_tile(FILTER, TILE),
            CourseError,
            "a tile must be at least as large as the filter\n"
            "  got a tile of 3 x 3 and a filter of 4 x 4\n"
            "  give a tile of m + R - 1 words for m ofmap words",
        ),
        (
            lambda: winograd_tile(TILE, FILTER, lit=(4, 0)),
            CourseError,
            "the lit product must be in the tile\n"
            "  got (row, column) = (4, 0) in a tile of 4 x 4\n"
            "  use rows 0 to 3 and columns 0 to 3",
        ),
        (
            lambda: winograd_error({}),
            CourseError,
            "this chart needs an error to draw\n  got none\n  give them as {m: error}",
        ),
        (
            lambda: winograd_error({1: 1e-5, 2: 0.0}),
            CourseError,
            "an axis of powers of ten has no 0\n  got an error of 0.0 for m=2\n"
            "  use floats: whole numbers and Fractions are exact, with no error to draw",
        ),
    ],
)
def test_what_cannot_be_drawn_says_why(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


def test_the_matrices_are_those_of_lavin_and_gray_2016():
    picture = winograd_transforms(4, 3)
    assert part(picture, "for the ifmap")[0] == ["4", "0", "-5", "0", "1", "0"]
    assert part(picture, "for the filter")[3] == ["1/24", "1/12", "1/6"]
    assert part(picture, "back to the ofmap")[3] == ["0", "1", "-1", "8", "-8", "1"]
    assert {"0", "1", "-1", "2", "-2", "\u221e"} <= set(texts(picture))
    assert picture.caption.endswith("largest number 8.")


@pytest.mark.parametrize(("m", "saved"), [(2, "2.25"), (3, "3.24"), (4, "4.00"), (6, "5.06")])
def test_savings_of_lavin_and_gray_2016(m, saved):
    assert f"{saved} times fewer" in winograd_transforms(m, 3).caption


def test_a_repeated_point_is_refused():
    with pytest.raises(ShapeError, match="the points must all be different"):
        winograd_transforms(2, 3, points=(0, 1, 1))


def test_errors_are_rounded_before_they_are_drawn():
    assert one_digit(0.00001533) == 2e-05
    assert winograd_error({1: 2.1e-5, 2: 8.4e-6}).svg == winograd_error({2: 8.1e-6, 1: 1.9e-5}).svg


def test_the_error_chart_lists_every_value():
    picture = winograd_error({2: 8e-6, 1: 2e-5, 6: 2e-4}, {"16-bit words": 0.0079}, caption="why")
    assert repr(picture) == "Largest error against m: direct 2e-05, m=2 8e-06, m=6 2e-04; 16-bit words 0.008."
    assert picture.caption == "why"
    assert {"10\u207b\u2075", "10\u207b\u00b2"} <= set(texts(picture))
