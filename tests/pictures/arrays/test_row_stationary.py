"""The pictures of lesson 09: they show what a trace holds, and refuse what they cannot show."""

import re

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape, Machine, Nest
from cnnhw.emulator import run
from cnnhw.pictures.arrays.register_file import register_file
from cnnhw.pictures.arrays.row_stationary import row_stationary, rows_of
from cnnhw.tensors import random_filters, random_ifmap

ALL = {"ifmap", "filter", "psum"}
ROW = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)


def row_trace(rf=ALL, pixels=(1, 2, 3, 4, 5), trace=True):
    nest = Nest(ROW, [("F", 1, "GLB"), ("S", 1, "RF")], {"GLB": ALL, "RF": rf})
    filters = np.array([[[[100, 10, 1]]]])
    return run(nest, Machine(1, 1), np.array([[[list(pixels)]]]), filters, trace=trace).trace


def plane_trace(shape):
    loops = [("M", 1, "GLB"), ("C", 1, "GLB"), ("F", 1, "GLB")]
    nest = Nest(shape, [*loops, ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")])
    return run(nest, Machine.unbounded(), random_ifmap(shape), random_filters(shape), trace=True).trace


def test_slides_40_to_42():
    words = register_file(row_trace(), cycles=(2, 5, 8)).words
    sentences = words.split(". ")
    assert len(sentences) == 3
    windows = (
        ("a b c", "1, 2, 3", "a = 123"),
        ("b c d", "2, 3, 4", "b = 234"),
        ("c d e", "3, 4, 5", "c = 345"),
    )
    for sentence, (window, pixels, psum) in zip(sentences, windows, strict=True):
        assert f"ifmap {window} = {pixels}" in sentence
        assert "filter a b c = 100, 10, 1" in sentence
        assert f"psum {psum}" in sentence


def test_a_finished_psum_stands_in_its_row_from_the_next_cycle_on():
    numbers = [re.findall(r">(\d+)</text>", register_file(row_trace(), (cycle,)).svg) for cycle in (2, 3)]
    assert numbers[0].count("123") == 1  # in the RF only
    assert numbers[1].count("123") == 1  # in the psum row only
    assert "200" in numbers[1]  # the next psum, after its first MAC


def test_a_tensor_that_passes_by_is_not_held():
    picture = register_file(row_trace(rf={"filter", "psum"}), (8,))
    assert "ifmap: passes by" in picture.svg
    assert "ifmap" not in picture.words


@pytest.mark.parametrize(
    ("trace", "cycles", "text"),
    [
        (lambda: plane_trace(LayerShape(M=1, C=1, H=5, R=3)), (0,), "one filter row and one ifmap row"),
        (lambda: row_trace(trace=(2, 5)), (2,), "from the first cycle to the last"),
        (row_trace, (), "4 cycles"),
        (row_trace, (0, 1, 2, 3, 4), "4 cycles"),
        (row_trace, (9,), "the cycles of this trace are 0 to 8"),
        (row_trace, (-1,), "the cycles of this trace are 0 to 8"),
    ],
)  # fmt: skip
def test_register_file_says_what_it_cannot_draw(trace, cycles, text):
    with pytest.raises(CourseError, match=text):
        register_file(trace(), cycles)


@pytest.mark.parametrize(("U", "P"), [(1, 0), (2, 1), (3, 0)])
def test_rows_go_where_row_stationary_says(U, P):
    shape = LayerShape(M=1, C=2, H=11, W=7, R=3, S=2, U=U, P=P)
    found = rows_of(plane_trace(shape))
    for r in range(shape.R):
        assert found.receivers("filter", r) == {(r, e) for e in range(shape.E)}
    for h in range(shape.H):
        wanted = {(r, e) for r in range(3) for e in range(shape.E) if U * e + r - P == h}
        assert found.receivers("ifmap", h) == wanted
    for e in range(shape.E):
        assert found.receivers("psum", e) == {(r, e) for r in range(3)}
    assert found.hops == {((r, e), (r + 1, e)) for r in range(2) for e in range(shape.E)}
    assert found.exits == {(2, e) for e in range(shape.E)}


def test_the_picture_tells_rows_hops_and_the_highlighted_diagonal():
    picture = row_stationary(plane_trace(LayerShape(M=1, C=1, H=5, R=3)), lit=2)
    assert "PE (1, 2) filter row 1, ifmap row 3, psum row 2" in picture.words
    assert "(0, 2) to (1, 2)" in picture.words
    assert picture.words.endswith("Highlighted: ifmap row 2, in PEs (0, 2), (1, 1), (2, 0).")
    assert picture.svg.count("I 2") == 3


def test_row_stationary_says_what_it_cannot_draw():
    with pytest.raises(CourseError, match="room for 4 x 5 PEs"):
        row_stationary(plane_trace(LayerShape(M=1, C=1, H=8, W=2, R=3, S=2)))
    with pytest.raises(CourseError, match="must have reached a PE"):
        row_stationary(plane_trace(LayerShape(M=1, C=1, H=4, W=3, R=2)), lit=4)
