"""The neuron and the layer of weighted sums: their arithmetic, their words, their errors."""

import numpy as np
import pytest

from cnnhw.errors import ShapeError
from cnnhw.pictures.marks.arithmetic import short, sum_of_products
from cnnhw.pictures.neurons.neuron import neuron
from cnnhw.pictures.neurons.weighted_sums import weighted_sums

IFMAP = (2, 3, 5)
FILTERS = np.array([[7, -1, 0], [1, 11, -2]])


def relu(psum):
    return max(psum, 0)


def test_a_neuron_works_out_its_sum_and_its_activation():
    picture = neuron((1, 3, 2), (2, -1, -3), bias=1, activation=relu)
    assert picture.caption == "1 + 2*1 + (-1)*3 + (-3)*2 = -6, and relu(-6) = 0"
    assert repr(picture).startswith("One neuron: ifmap words 1, 3, 2, weights 2, -1, -3, bias 1.")


def test_a_neuron_without_activation_says_so():
    assert "no activation" in neuron(IFMAP, (1, 1, 1)).svg


def test_a_layer_lights_one_row_of_filters():
    picture = weighted_sums(FILTERS, IFMAP, lit=1)
    assert picture.caption == "ofmap[1] = 1*2 + 11*3 + (-2)*5 = 25"
    assert "2 * 3 = 6 weights" in repr(picture)
    assert "11, 25" in repr(picture)


def test_the_same_layer_gives_the_same_bytes():
    assert weighted_sums(FILTERS, IFMAP).svg == weighted_sums(FILTERS, IFMAP).svg


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: neuron((1, 2), (1, 2, 3)),
            "a neuron has one weight for each ifmap word\n"
            "  got 2 ifmap words and 3 weights\n  give both the same length",
        ),
        (
            lambda: neuron(range(9), range(9)),
            "this picture has room for 1 to 8 nodes in a column\n"
            "  got C=9\n  draw a smaller example, with C <= 8",
        ),
        (
            lambda: weighted_sums(FILTERS.T, IFMAP),
            "filters are (M, C) and the ifmap is (C,), with the same C\n"
            "  got filters (3, 2) and ifmap (3,)\n  swap the axes with filters.T if they are (C, M)",
        ),
        (
            lambda: weighted_sums(FILTERS, IFMAP, lit=2),
            "lit names one of the M ofmap words\n  got lit=2, M=2\n  use a lit from 0 to 1",
        ),
    ],
)
def test_what_cannot_be_drawn_is_a_shape_error(call, text):
    with pytest.raises(ShapeError) as caught:
        call()
    assert str(caught.value) == text


def test_sums_put_negative_numbers_in_brackets():
    assert sum_of_products((-2, 0.5), (3, -4), bias=-1) == "(-1) + 3*(-2) + (-4)*0.5 = -9"


@pytest.mark.parametrize(("value", "text"), [(-0.0, "0"), (-0.004, "0"), (12.5, "12.5"), (100, "100")])
def test_numbers_are_short(value, text):
    assert short(value) == text
