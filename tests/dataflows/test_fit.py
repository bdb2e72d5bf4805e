"""Fit: its closed forms are what count finds in its nest, and no other placement keeps more PEs busy."""

from itertools import product
from math import prod

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnhw import CapacityError, LayerShape, Machine, ShapeError, count
from cnnhw.dataflows.fit import best_fit
from cnnhw.nest.touched import sizes
from cnnhw.networks import alexnet, resnet50, vgg16

SMALL = LayerShape(N=2, M=7, C=5, H=13, W=6, R=3, S=2)
LAYERS = [
    SMALL,
    LayerShape(M=10, C=4, H=23, R=5, U=2, P=1, G=2),
    LayerShape(M=11, C=3, H=8, R=1),
    LayerShape.fc(M=20, C=13),
    LayerShape(M=6, C=6, H=9, R=3, P=1, G=6),
    LayerShape(N=5, M=3, C=2, H=3, W=11, R=2),
    LayerShape(M=2, C=1, H=13, W=4, R=11, S=3),
]
CONV1 = resnet50().layers["conv1"]
DEPTHWISE = LayerShape(M=512, C=512, H=14, R=3, P=1, G=512)
ARRAYS = [(12, 14), (5, 7), (7, 3), (6, 1), (16, 16)]
ASKED = [
    (layer, e, height)
    for layer in LAYERS
    for e, height in ((None, None), (1, None), (3, None), (None, 2), (2, layer.R), (None, layer.R))
    if (e or 1) <= layer.E and (height or 1) <= layer.R
]


@pytest.mark.parametrize("layer, e, height", ASKED, ids=str)
@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_the_nest_counts_as_the_closed_form_says(layer, array, e, height):
    machine = Machine(*array)
    try:
        fit = best_fit(layer, machine, e, height)
    except CapacityError:
        assert (height or 1) * -(-(e or 1) // machine.cols) > machine.rows
        return
    assert e in (None, fit.e) and height in (None, fit.height)
    assert fit.active_pes == fit.e * fit.at_once["R"] * fit.sets
    for turns in ((1, 1), fit.interleaved()):
        counts = count(fit.nest(*turns), machine)
        assert (counts.cycles, counts.active_pes) == (fit.cycles, fit.active_pes)
        assert counts.mean_active_pes == fit.mean_active_pes
        assert fit.utilisation == fit.mean_active_pes / machine.pes


def taken(most):
    """Every way to give each of seven dims some of `most` PE rows, or columns."""
    return [way for way in product(range(1, most + 1), repeat=7) if prod(way) <= most]


def fewest_steps(layer, rows, cols, fixed):
    """Try all: the steps are the distinct chunk numbers along each dim, and every weight of a filter row."""
    size = sizes(layer)
    turns = {
        dim: [0] + [len({i // k for i in range(size[dim])}) for k in range(1, rows * cols + 1)]
        for dim in size
    }
    return min(
        layer.S
        * prod(turns[dim][down * across] for dim, down, across in zip("NGMCEFR", high, wide, strict=True))
        for high in taken(rows)
        for wide in taken(cols)
        if fixed(dict(zip("NGMCEFR", zip(high, wide, strict=True), strict=True)))
    )


@given(
    N=st.integers(1, 3), M=st.integers(1, 5), C=st.integers(1, 4), E=st.integers(1, 7), F=st.integers(1, 5),
    R=st.integers(1, 5), G=st.integers(1, 3), rows=st.integers(1, 4), cols=st.integers(1, 5),
)  # fmt: skip
@example(N=1, M=1, C=1, E=1, F=1, R=4, G=1, rows=3, cols=2)  # 4 filter rows of a height of 3: 3 + 1
@settings(max_examples=25, deadline=None)
def test_no_other_spread_is_busier(N, M, C, E, F, R, G, rows, cols):
    layer = LayerShape(N=N, M=M * G, C=C * G, H=E + R - 1, W=F + 1, R=R, S=2, G=G)
    machine = Machine(rows, cols)
    assert best_fit(layer, machine).cycles == fewest_steps(layer, rows, cols, lambda _: True)
    height = min(R, rows)
    whole = best_fit(layer, machine, height=height).cycles
    assert whole == fewest_steps(layer, rows, cols, lambda spread: spread["R"][0] == height)


def test_groups_are_replicated():
    fit = best_fit(DEPTHWISE, Machine(12, 14))
    assert (fit.at_once["G"], fit.height, fit.e, fit.active_pes, fit.utilisation) == (4, 3, 14, 168, 1)


def test_a_high_filter_is_cut():
    parts = [best_fit(CONV1, Machine(12, 14), height=height) for height in (7, 4, 1)]
    assert [round(1000 * fit.utilisation) for fit in parts] == [583, 875, 1000]
    assert best_fit(CONV1, Machine(12, 14)).cycles == parts[-1].cycles
    assert {count(fit.nest(), Machine(12, 14)).cycles for fit in parts} == {fit.cycles for fit in parts}


def test_a_filter_is_cut_at_the_height_asked_for_though_its_parts_differ():
    layer, machine = LayerShape(M=1, C=1, H=4, W=2, R=4, S=2), Machine(3, 2)
    fit = best_fit(layer, machine, height=3)
    counts = count(fit.nest(), machine)
    assert (fit.height, fit.active_pes, fit.cycles, fit.nest().rows, fit.nest().cols) == (3, 4, 2, 3, 2)
    assert (counts.active_pes, counts.cycles) == (4, 2)


def test_of_equals_the_filter_is_cut_least_and_strips_are_fewest():
    fit = best_fit(LayerShape(M=4, C=1, H=5, W=1, R=2, S=1), Machine(2, 4))
    assert (fit.height, fit.e, fit.folds, fit.t) == (2, 4, 1, 1)  # not 4 filters beside each other


def test_of_equals_a_set_is_not_folded_where_sets_can_stand_beside_each_other():
    fit = best_fit(LayerShape(N=2, M=1, C=4, H=11, R=5, U=2), Machine(10, 9))
    assert (fit.e, fit.folds, fit.r, fit.down("C")) == (4, 1, 4, 2)


def test_images_and_columns_come_from_the_glb_all_else_from_dram():
    nest = best_fit(LayerShape(N=5, M=50, C=40, H=44, R=3, G=2), Machine(12, 14)).nest()
    assert {loop.dim for loop in nest.at("GLB")} == {"N", "F"}
    assert {loop.dim for loop in nest.at("DRAM")} == {"G", "E", "M", "C", "R"}


def test_a_pe_takes_no_more_filters_and_channels_than_there_are():
    assert best_fit(DEPTHWISE, Machine(12, 14)).interleaved() == (1, 1)
    for shape in [*LAYERS, *alexnet().conv.values()]:
        fit = best_fit(shape, Machine(12, 14))
        p, q = fit.interleaved()
        assert p <= -(-shape.made // fit.t) and q <= -(-shape.seen // fit.r)


@pytest.mark.parametrize("network", [alexnet(), vgg16(), resnet50()], ids=lambda network: network.name)
def test_every_conv_layer_fits_eyeriss(network):
    machine = Machine(12, 14)
    for shape in network.conv.values():
        fit = best_fit(shape, machine)
        assert fit.active_pes <= 168
        assert count(fit.nest(*fit.interleaved()), machine).cycles == fit.cycles


def test_jssc_2017_conv1_strips_and_conv2_folding():
    machine = Machine(12, 14)
    conv1 = best_fit(alexnet().layers["CONV1"], machine, e=7, height=11)
    assert (conv1.r, conv1.t, conv1.active_pes, conv1.folds) == (1, 2, 154, 1)
    conv2 = best_fit(alexnet().layers["CONV2"], machine, e=27, height=5)
    assert (conv2.active_pes, conv2.folds, conv2.nest().rows) == (135, 2, 10)


def test_the_register_file_is_filled_and_never_overfilled():
    for shape in [*alexnet().conv.values(), *resnet50().conv.values()]:
        fit = best_fit(shape, Machine(12, 14))
        p, q = fit.interleaved()
        assert p * q * shape.S <= 224 and q * shape.S <= 12 and p <= 24


@pytest.mark.parametrize(
    "asked, got, cure",
    [
        ({"e": 27, "height": 3}, "e=27, height=3", "a smaller e"),
        ({"height": 5}, "height=5", "a smaller height"),
        ({"e": 27}, "e=27", "a smaller e"),
    ],
)
def test_a_set_that_is_too_large_says_so(asked, got, cure):
    with pytest.raises(CapacityError) as caught:
        best_fit(alexnet().layers["CONV2"], Machine(4, 6), **asked)
    assert str(caught.value) == (
        "a set takes height PE rows for each part that its strip is folded into\n"
        f"  got {got} on an array of 4 x 6, for R=5 and E=27\n"
        f"  use {cure}, or a larger array"
    )


def test_an_array_without_a_limit_says_so():
    with pytest.raises(ShapeError) as caught:
        best_fit(SMALL, Machine.unbounded())
    assert str(caught.value) == (
        "sets are fitted on an array of a given size\n"
        "  got None rows and None columns\n"
        "  use a machine with both, such as Machine(12, 14)"
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


@pytest.mark.parametrize("height", [0, 4, 1.5])
def test_a_set_without_filter_rows_says_so(height):
    with pytest.raises(ShapeError) as caught:
        best_fit(SMALL, Machine(12, 14), height=height)
    assert str(caught.value) == (
        f"a set has 1 to R filter rows\n  got height={height} and R=3\n  use a height from this range"
    )
