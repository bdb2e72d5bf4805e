"""What a nest says of itself: PEs, sizes, tiles; each found again by cutting ranges one by one."""

from itertools import product

import numpy as np
import pytest
from drawn_nests import nests
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape, Loop, Nest
from cnnhw.nest import DIMS

OUTSIDE = {"DRAM": (), "GLB": ("DRAM",), "RF": ("DRAM", "GLB", "ROWS", "COLS")}


def blocks(nest, places):
    """Every block of MACs that the loops at some places leave: dim -> range."""
    found = [{dim: range(size) for dim, size in nest.sizes.items()}]
    for loop in nest.at(*places):
        found = [
            block | {loop.dim: block[loop.dim][low : low + loop.step]}
            for block in found
            for low in range(0, len(block[loop.dim]), loop.step)
        ]
    return found


def touched(shape, tensor, block, stores_padding):
    """How many words of a tensor the MACs of a block touch."""
    if tensor != "ifmap":
        dims = {"filter": "GMCRS", "psum": "NGMEF"}[tensor]
        return len(list(product(*(block[dim] for dim in dims))))
    sides = []
    for ofmap, taps, axis in (("E", "R", shape.rows), ("F", "S", shape.columns)):
        low, high = (-axis.before, axis.after) if stores_padding else (0, 0)
        positions = {
            axis.U * out + axis.D * tap - axis.before for out, tap in product(block[ofmap], block[taps])
        }
        sides.append(positions & set(range(low, axis.ifmap + high)))
    return len(block["N"]) * len(block["G"]) * len(block["C"]) * len(sides[0]) * len(sides[1])


@settings(max_examples=60)
@given(
    nests(),
    st.sampled_from(["DRAM", "GLB", "RF"]),
    st.sampled_from(["ifmap", "filter", "psum"]),
    st.booleans(),
)
def test_largest_tile(nest, level, tensor, stores_padding):
    tiles = [touched(nest.shape, tensor, block, stores_padding) for block in blocks(nest, OUTSIDE[level])]
    assert nest.tile_words(level, tensor, stores_padding) == max(tiles)


def test_padding_is_no_word_of_a_tile_unless_it_is_stored():
    nest = Nest(LayerShape(M=1, C=1, H=3, R=3, P=2), [(dim, 1, "RF") for dim in DIMS])
    assert (nest.tile_words("GLB", "ifmap"), nest.tile_words("GLB", "ifmap", True)) == (9, 49)


def test_pes_by_hand():
    """7 ofmap rows in strips of 3, a column each; 2 filter rows for each of 3 pairs of the 5 channels."""
    shape = LayerShape(M=1, C=5, H=8, W=1, R=2, S=1)
    nest = Nest(
        shape, [("E", 3, "DRAM"), ("C", 2, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("C", 1, "RF")]
    )
    assert (nest.rows, nest.cols) == (6, 3)


def test_a_set_folds():
    """27 columns on an array 14 wide: 5 rows of 14 above 5 rows of 13."""
    shape = LayerShape(M=1, C=1, H=31, W=5, R=5)
    nest = Nest(shape, [("E", 14, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")])
    assert (nest.rows, nest.cols) == (10, 14)


def test_sizes_are_within_a_group():
    nest = Nest(LayerShape(M=6, C=4, H=1, R=1, G=2), [(dim, 1, "RF") for dim in DIMS])
    assert nest.sizes == {"N": 1, "G": 2, "M": 3, "C": 2, "E": 1, "F": 1, "R": 1, "S": 1}


def test_every_cut_of_a_dim_is_listed_from_the_outside_in():
    loops = [
        ("M", 6, "DRAM"),
        ("M", 4, "GLB"),
        ("M", 3, "GLB"),
        ("C", 2, "GLB"),
        ("C", 1, "RF"),
        ("R", 1, "RF"),
        ("S", 1, "RF"),
        ("M", 1, "RF"),
    ]
    nest = Nest(LayerShape(M=12, C=4, H=3, R=3), loops)
    assert nest.cuts("DRAM", "GLB")["M"] == (6, 4, 3) and nest.cuts("GLB")["M"] == (4, 3)
    assert nest.cuts_outside("RF")["C"] == (2,) and nest.cuts("ROWS")["C"] == ()


def test_a_step_is_a_plain_int():
    assert type(Loop("M", np.int64(3), "GLB").step) is int


def test_equal_nests_are_one():
    shape = LayerShape(M=2, C=1, H=1, R=1)
    one = Nest(shape, [("M", 1, "RF")], {"RF": ["psum", "filter"]})
    other = Nest(shape, (Loop("M", 1, "RF"),), {"GLB": set(), "RF": {"filter", "psum"}})
    assert one == other and hash(one) == hash(other)
    kept = Nest(shape, [("M", 1, "RF")])
    assert one != kept and hash(one) != hash(kept)


def test_dram_keeps_everything_whatever_is_said():
    nest = Nest(LayerShape(M=1, C=1, H=1, R=1), [], {"DRAM": set(), "GLB": "psum"})
    assert nest.kept_by("ifmap") == ("DRAM",)
    assert nest.kept_by("psum") == ("DRAM", "GLB")


def test_repr_reads_as_a_list():
    nest = Nest(LayerShape(M=2, C=1, H=1, R=1), [("M", 1, "ROWS")], {"GLB": {"psum", "ifmap"}})
    assert repr(nest).splitlines() == [
        "Nest on 2 x 1 PEs; GLB keeps ifmap, psum; RF keeps nothing",
        "  ROWS  M in chunks of 1",
    ]


@pytest.mark.parametrize("where", ["ROWS", "COLS"])
def test_clipped_chunks_take_no_more_pes_than_the_largest(where):
    """5 rows in strips of 3 and 2: three PEs, of which one idles in the second strip."""
    nest = Nest(LayerShape(M=1, C=1, H=5, W=1, R=1), [("E", 3, "GLB"), ("E", 1, where)])
    assert (nest.rows, nest.cols) == ((3, 1) if where == "ROWS" else (1, 3))
