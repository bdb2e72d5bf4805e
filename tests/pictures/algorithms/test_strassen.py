"""Strassen's seven products as a picture: its words hold every number, its marks every sign."""

import re

import pytest

from cnnhw import CourseError, ShapeError
from cnnhw.pictures.algorithms.strassen import seven_products

A, B = [[1, 2], [3, 4]], [[5, 6], [-7, 8]]
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize("variant", ["strassen", "winograd"])
def test_words_give_every_product_and_the_true_result(variant):
    words = repr(seven_products(A, B, variant)).replace(MINUS, "-")
    found = {name: int(value) for name, value in re.findall(r"([MC]\d+) = [^;]* = (-?\d+)(?:;|$)", words)}
    assert [name for name in found if name[0] == "M"] == [f"M{n}" for n in range(1, 8)]
    assert [found[name] for name in ("C11", "C12", "C21", "C22")] == [-9, 22, -13, 50]
    for name, left, right, value in re.findall(r"(M\d) = [^=]* = (.*?) \* (.*?) = (-?\d+);", words):
        assert eval(left) * eval(right) == int(value) == found[name]  # the words are arithmetic


def test_signs_are_marks_and_hatches_not_colour_alone():
    svg = seven_products(A, B).svg
    # Strassen 1969: 12 blocks of A, 12 of B and 12 places in C, of which 2, 2 and 2 with a minus.
    marks = re.findall(r">\s*([+\N{MINUS SIGN}])\s*</text>", svg)
    assert (marks.count("+"), marks.count(MINUS)) == (30, 6)
    assert svg.count("<pattern") == 3  # one hatch for each colour


def test_the_same_picture_every_time():
    assert seven_products(A, B).svg == seven_products(A, B).svg
    assert seven_products(A, B).svg != seven_products(A, B, "winograd").svg
    assert len(seven_products(A, B, "winograd").svg) < 150_000


def test_larger_or_broken_matrices_are_refused():
    with pytest.raises(ShapeError) as error:
        seven_products([[1, 2, 3]], B)
    assert str(error.value).splitlines() == [
        "a must be 2 x 2 whole numbers, one for each block",
        "  got shape (1, 3) of int64",
        "  draw a small example, as in [[1, 2], [3, 4]]",
    ]
    with pytest.raises(CourseError, match="variant is one of strassen, winograd"):
        seven_products(A, B, "fast")
