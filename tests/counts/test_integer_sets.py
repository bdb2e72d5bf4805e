"""count agrees with integer-set counting (isl, barvinok): drawn nests on any hierarchy, and real layers."""

import pytest
from drawn import cases
from drawn_hierarchies import placed
from hypothesis import given, settings

from cnnhw.chips import eyeriss
from cnnhw.counts import count

pytest.importorskip("islpy")
from counts.integer_sets import counted  # noqa: E402


@settings(max_examples=cases(30))  # CNNHW_CASES=40 draws more than a thousand
@given(placed())
def test_count_is_the_number_of_members(drawn):
    assert count(*drawn) == counted(*drawn)


@pytest.mark.parametrize("layer", ["CONV1", "CONV2", "CONV3", "CONV4", "CONV5"])
def test_layers_of_alexnet_as_the_chip_maps_them(layer):
    chip = eyeriss()
    nest = chip.nests()[layer]
    assert count(nest, chip.machine) == counted(nest, chip.machine)
