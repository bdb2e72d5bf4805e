"""A nest that just fits is counted; with one word less, of any tensor and level, it is refused by name."""

import pytest

from cnnhw import CapacityError, LayerShape, Level, Machine, Nest
from cnnhw.counts import count

# Strips of 2 ofmap rows: the GLB holds 4 of 6 rows, padding apart; a PE slides a window of 3 along a row.
LAYER = LayerShape(M=2, C=1, H=6, W=5, R=3, P=1)
NEST = Nest(
    LAYER,
    [("E", 2, "DRAM"), ("M", 1, "GLB"), ("E", 1, "GLB"), ("F", 1, "GLB"), ("R", 1, "ROWS"), ("S", 1, "RF")],
    {"GLB": {"ifmap", "filter", "psum"}, "RF": {"ifmap", "filter", "psum"}},
)
GLB = {"ifmap": 4 * 5, "filter": 2 * 9, "psum": 2 * 2 * 5}
RF = {"ifmap": 3, "filter": 3, "psum": 1}


def machine(glb, rf, padding=False):
    return Machine(3, 1, (Level("RF", rf), Level("GLB", glb)), stores_padding=padding)


def test_what_just_fits_is_counted():
    assert count(NEST, machine(GLB, RF)).macs == LAYER.macs
    assert count(NEST, machine(GLB | {"ifmap": 4 * 7}, RF, padding=True)).macs == LAYER.macs
    assert count(NEST, machine(sum(GLB.values()), sum(RF.values()))).macs == LAYER.macs


@pytest.mark.parametrize("tensor", GLB)
@pytest.mark.parametrize("level", ["GLB", "RF"])
def test_a_word_less_is_refused(level, tensor):
    sizes = {"GLB": GLB, "RF": RF}
    less = {**sizes, level: sizes[level] | {tensor: sizes[level][tensor] - 1}}
    with pytest.raises(CapacityError) as error:
        count(NEST, machine(less["GLB"], less["RF"]))
    assert level in str(error.value) and tensor in str(error.value)


def test_padding_that_is_stored_takes_room():
    with pytest.raises(CapacityError, match="ifmap"):
        count(NEST, machine(GLB | {"ifmap": 4 * 7 - 1}, RF, padding=True))
