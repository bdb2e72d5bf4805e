"""LayerShape: the derived sizes against counting by hand, and every impossible shape refused."""

import dataclasses
import itertools

import numpy as np
import pytest
from drawn import layer_shapes
from hypothesis import given

from cnnhw import CourseError, LayerShape, ShapeError


@given(layer_shapes())
def test_sizes_equal_counting_every_mac(shape):
    rows = [U_e for U_e in range(-shape.P, shape.H + shape.P - shape.R + 1, shape.U)]
    columns = [U_f for U_f in range(-shape.P, shape.W + shape.P - shape.S + 1, shape.U)]
    assert (shape.E, shape.F) == (len(rows), len(columns))
    reached = {
        (top + r, left + s)
        for top, left in itertools.product(rows, columns)
        for r, s in itertools.product(range(shape.R), range(shape.S))
    }
    inside = [(h, w) for h, w in reached if 0 <= h < shape.H and 0 <= w < shape.W]
    assert shape.ifmap_words_read == shape.N * shape.C * len(inside)
    assert shape.ifmap_words_read <= shape.ifmap_words == shape.N * shape.C * shape.H * shape.W


@given(layer_shapes())
def test_reuse_times_words_is_macs(shape):
    assert shape.filter_words * shape.filter_reuse == shape.macs
    assert shape.ofmap_words * shape.ofmap_reuse == shape.macs
    assert shape.ifmap_words * shape.ifmap_reuse == pytest.approx(shape.macs, rel=1e-12)


@given(layer_shapes())
def test_batch_scales_work_and_not_weights(shape):
    larger = dataclasses.replace(shape, N=7 * shape.N)
    assert larger.macs == 7 * shape.macs
    assert larger.filter_words == shape.filter_words


def test_fc_is_a_filter_as_large_as_the_ifmap():
    fc = LayerShape.fc(M=11, C=7, H=5, W=3, N=2)
    assert fc.is_fc and (fc.E, fc.F) == (1, 1)
    assert fc.macs == 2 * 11 * 7 * 5 * 3
    assert not LayerShape(M=2, C=3, H=5, R=5, P=1).is_fc
    assert not LayerShape(M=6, C=3, H=5, R=5, G=3).is_fc  # a filter that sees 1 channel of 3


def test_defaults_are_square():
    shape = LayerShape(M=2, C=3, H=7, R=5)
    assert (shape.W, shape.S, shape.N, shape.U, shape.P, shape.G) == (7, 5, 1, 1, 0, 1)


def test_numpy_integers_become_ints():
    assert type(LayerShape(M=np.int64(2), C=3, H=np.uint8(7), R=5).M) is int


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        (dict(R=6), "the filter must fit into the padded ifmap\n  got R=6 but H + 2P = 5 + 2*0 = 5\n"
                    "  use R <= 5, a larger H, or P >= 1"),
        (dict(W=2, R=3), "the filter must fit into the padded ifmap\n  got S=3 but W + 2P = 2 + 2*0 = 2\n"
                         "  use S <= 2, a larger W, or P >= 1"),
        (dict(R=12, S=1, P=1), "the filter must fit into the padded ifmap\n"
                               "  got R=12 but H + 2P = 5 + 2*1 = 7\n  use R <= 7, a larger H, or P >= 4"),
        (dict(G=2), "the groups must divide C evenly\n  got C=3, G=2 (remainder 1)\n"
                    "  use a G that divides both C=3 and M=4, or pad the channels"),
        (dict(G=3), "the groups must divide M evenly\n  got M=4, G=3 (remainder 1)\n"
                    "  use a G that divides both C=3 and M=4, or pad the channels"),
        (dict(U=0), "U must be a whole number, 1 or more\n  got U=0\n  give U as an int"),
        (dict(P=-1), "P must be a whole number, 0 or more\n  got P=-1\n  give P as an int, 0 for no padding"),
        (dict(H=5.0), "H must be a whole number, 1 or more\n  got H=5.0\n  give H as an int"),
        (dict(N=True), "N must be a whole number, 1 or more\n  got N=True\n  give N as an int"),
        (dict(C="3"), "C must be a whole number, 1 or more\n  got C='3'\n  give C as an int"),
        (dict(M=None), "M must be a whole number, 1 or more\n  got M=None\n  give M as an int"),
    ],
)  # fmt: skip
def test_impossible_shapes_are_refused_in_three_lines(sizes, text):
    with pytest.raises(ShapeError) as caught:
        LayerShape(**{"M": 4, "C": 3, "H": 5, "R": 3, **sizes})
    assert str(caught.value) == text
    assert isinstance(caught.value, CourseError) and isinstance(caught.value, ValueError)


def test_a_shape_cannot_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LayerShape(M=2, C=3, H=7, R=5).M = 3
