"""Fit: its closed forms are what count finds in its nest, and no other placement keeps more PEs busy."""

from itertools import product

import pytest

from cnnhw import CapacityError, LayerShape, Machine, ShapeError, count
from cnnhw.dataflows.fit import Fit, best_fit
from cnnhw.networks import alexnet, resnet50, vgg16

SMALL = LayerShape(N=2, M=7, C=5, H=13, W=6, R=3, S=2)
LAYERS = [
    SMALL,
    LayerShape(M=10, C=4, H=23, R=5, U=2, P=1, G=2),
    LayerShape(M=11, C=3, H=8, R=1),
    LayerShape.fc(M=20, C=13),
    LayerShape(M=6, C=6, H=9, R=3, P=1, G=6),
]
ARRAYS = [(12, 14), (5, 7), (7, 3), (6, 1), (16, 16)]
STRIPS = [(layer, e) for layer in LAYERS for e in (None, 1, 3) if e is None or e <= layer.E]


@pytest.mark.parametrize("layer, e", STRIPS, ids=str)
@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_the_nest_counts_as_the_closed_form_says(layer, array, e):
    machine = Machine(*array)
    try:
        fit = best_fit(layer, machine, e)
    except CapacityError:
        assert layer.R * -(-(e or 1) // machine.cols) > machine.rows
        return
    for turns in ((1, 1), fit.interleaved()):
        counts = count(fit.nest(*turns), machine)
        assert (counts.cycles, counts.active_pes) == (fit.cycles, fit.active_pes)
        assert counts.mean_active_pes == fit.mean_active_pes
        assert fit.utilisation == fit.mean_active_pes / machine.pes


@pytest.mark.parametrize("array", [(5, 7), (7, 3), (12, 14)], ids=str)
def test_no_other_sets_are_busier(array):
    rows, cols = array
    layer, fewest = SMALL, best_fit(SMALL, Machine(rows, cols)).cycles
    for e, r, t in product(range(1, layer.E + 1), range(1, layer.C + 1), range(1, layer.M + 1)):
        for r_axis, t_axis in product(("ROWS", "COLS"), repeat=2):
            nest = Fit(layer, rows, cols, e, r, t, r_axis, t_axis).nest()
            if nest.rows <= rows and nest.cols <= cols:
                assert count(nest, Machine.unbounded()).cycles >= fewest


@pytest.mark.parametrize("network", [alexnet(), vgg16(), resnet50()], ids=lambda network: network.name)
def test_every_conv_layer_fits_eyeriss(network):
    machine = Machine(12, 14)
    for shape in network.conv.values():
        fit = best_fit(shape, machine)
        assert fit.active_pes <= 168
        assert count(fit.nest(*fit.interleaved()), machine).cycles == fit.cycles


def test_jssc_2017_conv1_strips_and_conv2_folding():
    machine = Machine(12, 14)
    conv1 = best_fit(alexnet().layers["CONV1"], machine, e=7)
    assert (conv1.r, conv1.t, conv1.active_pes, conv1.folds) == (1, 2, 154, 1)
    conv2 = best_fit(alexnet().layers["CONV2"], machine, e=27)
    assert (conv2.active_pes, conv2.folds, conv2.nest().rows) == (135, 2, 10)


def test_the_register_file_is_filled_and_never_overfilled():
    for shape in [*alexnet().conv.values(), *resnet50().conv.values()]:
        fit = best_fit(shape, Machine(12, 14))
        p, q = fit.interleaved()
        assert p * q * shape.S <= 224 and q * shape.S <= 12 and p <= 24


def test_a_set_that_is_too_high_says_so():
    with pytest.raises(CapacityError) as caught:
        best_fit(alexnet().layers["CONV2"], Machine(12, 8), e=27)
    assert str(caught.value) == (
        "a set is as high as the filter, R PEs, for each part that it is folded into\n"
        "  got R=5 and e=27, so 5 x 4 PE rows on an array of 12 x 8\n"
        "  use a smaller e"
    )


def test_a_register_file_without_room_for_a_row_says_so():
    fit = best_fit(alexnet().layers["CONV1"], Machine(12, 14))
    with pytest.raises(CapacityError) as caught:
        fit.interleaved(ifmap_words=10)
    assert str(caught.value) == (
        "a PE holds a row of a filter, as many ifmap words, and a psum\n"
        "  got S=11 with room for 224, 10 and 24 words\n"
        "  use larger register files, or a narrower filter"
    )


@pytest.mark.parametrize("e", [0, 12, 2.5])
def test_a_strip_of_no_ofmap_rows_says_so(e):
    with pytest.raises(ShapeError) as caught:
        best_fit(SMALL, Machine(12, 14), e)
    assert str(caught.value) == (
        f"a strip has 1 to E ofmap rows\n  got e={e} and E=11\n  use an e from this range"
    )
