"""The Python that a nest prints, executed, is the convolution."""

import numpy as np
import pytest
from drawn import seeds, whole_numbers
from drawn_nests import nests
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape, Nest
from cnnhw.conv import conv_loops
from cnnhw.nest import DIMS


def executed(nest, ifmap, filters):
    names = {}
    exec(nest.python(), names)
    return names["conv"](ifmap, filters)


def reference(shape, ifmap, filters):
    return conv_loops(ifmap, filters, U=shape.U, P=shape.P, G=shape.G, D=shape.D)


@settings(max_examples=150)
@given(nests(), seeds)
def test_printed_python_is_the_convolution(nest, seed):
    ifmap, filters = whole_numbers(nest.shape, seed)
    assert np.array_equal(executed(nest, ifmap, filters), reference(nest.shape, ifmap, filters))


@settings(max_examples=20)
@given(st.integers(21, 44), seeds)
def test_more_loops_than_python_nests(loops, seed):
    """Python refuses more than 20 loops inside each other; a nest may have any number."""
    shape = LayerShape(N=2, M=4, C=6, H=7, W=5, R=3, S=2, U=2, P=1, G=2)
    dims = [DIMS[number % 8] for number in range(loops)]
    last = {dim: loops - 1 - dims[::-1].index(dim) for dim in DIMS}
    chosen = [(dim, 1 if number == last[dim] else 2, "GLB") for number, dim in enumerate(dims)]
    nest = Nest(shape, chosen)
    ifmap, filters = whole_numbers(shape, seed)
    assert nest.python().count("for ") >= loops
    assert np.array_equal(executed(nest, ifmap, filters), reference(shape, ifmap, filters))


@pytest.mark.parametrize(
    ("sizes", "loops", "position"),
    [
        ({"H": 5, "R": 1, "U": 2}, [("E", 1, "RF")], "2*e"),
        ({"H": 3, "R": 1}, [("E", 1, "RF")], "e"),
        ({"H": 3, "R": 3, "U": 2}, [("R", 1, "RF")], "r"),
        ({"H": 5, "R": 3, "U": 2}, [("E", 1, "RF"), ("R", 1, "RF")], "2*e + r"),
    ],
)
def test_a_position_is_printed_without_what_is_always_0(sizes, loops, position):
    shape = LayerShape(M=1, C=1, W=1, S=1, **sizes)
    assert f"ifmap[0, 0, {position}, 0]" in Nest(shape, loops).python()


@pytest.mark.parametrize("loops", [18, 19])
def test_what_python_cannot_nest_follows_a_generator(loops):
    """18 loops inside each other; of 19, the outer 18 are in a generator that yields their indices."""
    shape = LayerShape(M=2**loops, C=1, H=1, R=1)
    nest = Nest(shape, [("M", 2**step, "GLB") for step in reversed(range(loops))])
    lines = nest.python().splitlines()
    inside = [line for line in lines[lines.index("def conv(ifmap, filters):") :] if " for " in line]
    assert len(inside) == (18 if loops == 18 else 2)
    if loops == 19:
        names = ", ".join(f"m{number}" for number in range(18))
        assert lines[22] == " " * 76 + f"yield {names},"
        assert inside[0].startswith(f"    for {names}, in outer_loops_0(): ")
        assert inside[0].endswith("  # the loops above")


def test_a_layer_of_one_mac_needs_no_loop():
    shape = LayerShape(M=1, C=1, H=1, R=1)
    assert executed(Nest(shape, []), np.array([[[[3]]]]), np.array([[[[5]]]])) == 15


def test_printed_text():
    """Strips of 2 of the 3 ofmap rows, the last one clipped; a place beside every loop."""
    shape = LayerShape(M=1, C=1, H=4, W=1, R=2, S=1)
    nest = Nest(shape, [("E", 2, "DRAM"), ("R", 1, "ROWS"), ("E", 1, "COLS")])
    assert str(nest) == nest.python()
    assert nest.python().splitlines()[3:] == [
        "def conv(ifmap, filters):",
        "    ofmap = np.zeros((1, 1, 3, 1), np.result_type(ifmap, filters))",
        "    for e0 in range(0, 3, 2):                    # DRAM",
        "        for r in range(0, 2):                    # ROWS, at once",
        "            for e in range(e0, min(e0 + 2, 3)):  # COLS, at once",
        "                ofmap[0, 0, e, 0] += ifmap[0, 0, e + r, 0] * filters[0, 0, r, 0]",
        "    return ofmap",
    ]
