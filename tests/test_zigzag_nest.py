"""A mapping as ZigZag writes it becomes the Nest that one would write by hand."""

import pytest

from benchmarks.zigzag_nest import nest_of
from benchmarks.zigzag_peer import Answer
from cnnhw import LayerShape, Loop, Machine, count, walk

SHAPE = LayerShape(N=2, M=6, C=11, H=9, W=6, R=3, S=2)  # E = 7, F = 5

# Loops from the inside out, with how many chunks each makes. 7 rows of the ofmap lie on 3.5 PEs, 2 on each.
RF, GLB, DRAM = [["FX", 2], ["FY", 3], ["OY", 2]], [["C", 11], ["OX", 5]], [["B", 2], ["K", 2]]
ARRAY = {"D1": [["OY", 3.5]], "D2": [["K", 3]]}


def answer(filters=(RF, GLB + DRAM), psums=(RF, GLB, DRAM), ifmap=(RF, GLB, DRAM), array=ARRAY):
    loops = {"ifmap": ifmap, "filter": filters, "psum": psums}
    return Answer(seconds=1.0, mappings=1, energy=1.0, accesses={}, loops=loops, array=array)


def test_loops_come_from_the_outside_in_with_the_size_of_their_chunks():
    assert nest_of(SHAPE, answer()).loops == (
        Loop("M", 3, "DRAM"), Loop("N", 1, "DRAM"),
        Loop("F", 1, "GLB"), Loop("C", 1, "GLB"),
        Loop("E", 2, "ROWS"), Loop("M", 1, "COLS"),
        Loop("E", 1, "RF"), Loop("R", 1, "RF"), Loop("S", 1, "RF"),
    )  # fmt: skip


def test_a_dim_that_does_not_divide_is_clipped_and_loses_no_mac():
    nest = nest_of(SHAPE, answer())
    assert (nest.rows, nest.cols) == (4, 3)  # 3.5 PEs are 4, the last with one row of the ofmap
    counts = count(nest, Machine.unbounded())
    assert counts == walk(nest, Machine.unbounded())
    assert counts.macs == SHAPE.macs
    assert counts.cycles == 2 * 2 * 5 * 11 * 2 * 3 * 2


def test_a_dim_may_lie_on_both_axes():
    images = DRAM[:1]  # the 2 chunks of filters go to the rows instead
    array = {"D1": [["K", 2], ["OY", 3.5]], "D2": [["K", 3]]}
    nest = nest_of(SHAPE, answer((RF, GLB + images), (RF, GLB, images), (RF, GLB, images), array))
    assert nest.loops[3:6] == (Loop("M", 3, "ROWS"), Loop("E", 2, "ROWS"), Loop("M", 1, "COLS"))
    assert (nest.rows, nest.cols) == (8, 3)
    assert count(nest, Machine.unbounded()).macs == SHAPE.macs


@pytest.mark.parametrize(
    "cuts",
    [{"psums": (RF, GLB + DRAM[:1], DRAM[1:])}, {"filters": (RF + GLB[:1], GLB[1:] + DRAM)}],
    ids=["psums", "filters"],
)
def test_no_nest_says_an_uneven_mapping(cuts):
    with pytest.raises(
        ValueError, match="this mapping is uneven: its tensors cut the loops at different places"
    ):
        nest_of(SHAPE, answer(**cuts))
