"""The blocks of MACs that become matrix products: every MAC of the passes is in one, no other is in any."""

from math import prod

import numpy as np
from drawn_nests import nests
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import LayerShape, Nest
from cnnhw.emulator.fast.passes import passes_of
from cnnhw.emulator.fast.products import blocks
from cnnhw.nest import DIMS


def macs_of(nest, boxes):
    """How often each MAC of the layer is in a box."""
    often = np.zeros([nest.sizes[dim] for dim in DIMS], int)
    for box in boxes:
        often[tuple(slice(*box[dim]) for dim in DIMS)] += 1
    return often


def passes_as_boxes(passes, before):
    for number in range(1, before + 1):
        ends = ((dim, int(passes.first[dim][number]), int(passes.length[dim][number])) for dim in DIMS)
        yield {dim: (first, first + length) for dim, first, length in ends}


@given(nests(), st.data())
def test_blocks_are_the_passes(nest, data):
    passes = passes_of(nest)
    before = data.draw(st.integers(1, len(passes)))
    assert np.array_equal(
        macs_of(nest, blocks(passes, before)), macs_of(nest, passes_as_boxes(passes, before))
    )


def test_passes_that_end_in_the_middle_of_a_row_are_no_box():
    """Three of 3 x 2 windows: a row of two, and one of the next row."""
    nest = Nest(LayerShape(M=1, C=1, H=3, W=2, R=1), [("E", 1, "DRAM"), ("F", 1, "DRAM")])
    passes = passes_of(nest)
    found = list(blocks(passes, 3))
    assert [prod(end - first for first, end in box.values()) for box in found] == [1, 1, 1]
    assert np.array_equal(macs_of(nest, found).ravel(), [1, 1, 1, 0, 0, 0])
    assert len(list(blocks(passes))) == 1
