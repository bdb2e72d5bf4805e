"""Real words through any hierarchy: counts as count says, the ofmap as conv_loops says."""

import numpy as np
import pytest
from drawn import cases
from drawn_hierarchies import placed
from drawn_nests import machines, nests, small_shapes
from emulator.emulated import words
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import Array, CourseError, LayerShape, Level, Machine, Nest, count, run
from cnnhw.conv import conv_loops
from cnnhw.emulator import FixedPoint


def expected(shape, ifmap, filters, bias=None):
    ofmap = conv_loops(ifmap, filters, shape.U, shape.P, shape.G)
    return ofmap if bias is None else ofmap + bias[:, None, None]


@settings(max_examples=cases(120))
@given(placed(most_macs=100), st.booleans())
def test_counts_and_ofmap(drawn, biased):
    nest, machine = drawn
    ifmap, filters, bias = words(nest.shape)
    bias = bias if biased else None
    done = run(nest, machine, ifmap, filters, bias)
    assert np.array_equal(done.ofmap, expected(nest.shape, ifmap, filters, bias))
    assert done.counts == count(nest, machine.with_(first_psum="read") if biased else machine)
    assert done.cycles == done.counts.cycles


@settings(max_examples=60)
@given(nests(small_shapes(most_macs=100)), machines())
def test_the_usual_machine_too(nest, machine):
    ifmap, filters, _ = words(nest.shape)
    plain, listed = (run(nest, machine, ifmap, filters, engine=engine) for engine in ("plain", "listed"))
    assert plain.counts == listed.counts and np.array_equal(plain.ofmap, listed.ofmap)
    assert listed.options["engine"] == "listed"


SHAPE = LayerShape(M=2, C=4, H=4, W=3, R=2, S=2, P=1)
TILED = Machine.of([Level("DRAM"), Level("eDRAM"), Array("tiles"), Level("local"), Array("lanes")])
NEST = Nest(
    SHAPE,
    [("M", 1, "eDRAM"), ("C", 2, ("tiles", "ROWS")), ("E", 1, "local"), ("F", 1, "local"),
     ("C", 1, ("lanes", "COLS")), ("R", 1, ("lanes", "ROWS")), ("S", 1, ("lanes", "COLS"))],
    {"local": {"filter"}, "eDRAM": {"ifmap", "psum"}},
)  # fmt: skip


def test_floats_exact_integers_and_fixed_point():
    ifmap, filters, bias = words(SHAPE)
    wanted = expected(SHAPE, ifmap, filters, bias)
    for kind in (float, object, np.int8):
        done = run(NEST, TILED, ifmap.astype(kind), filters.astype(kind), bias.astype(kind))
        assert np.array_equal(done.ofmap, wanted)
    arithmetic = FixedPoint(bits=8, ifmap_fraction=1, filter_fraction=1, ofmap_fraction=1)
    usual = Nest(SHAPE, [(dim, 1, "RF") for dim in "MCEFRS"])
    fixed = run(NEST, TILED, ifmap, filters, bias, arithmetic=arithmetic)
    assert np.array_equal(
        fixed.ofmap, run(usual, Machine.unbounded(), ifmap, filters, bias, arithmetic=arithmetic).ofmap
    )


@pytest.mark.parametrize(
    "options", [{"trace": True}, {"trace": (0, 3)}, {"zero_gating": True},
                {"run_length": True}, {"engine": "fast"}, {"engine": "plain"}]
)  # fmt: skip
def test_what_only_the_usual_machine_has(options):
    ifmap, filters, _ = words(SHAPE)
    with pytest.raises(CourseError) as caught:
        run(NEST, TILED, ifmap, filters, **options)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3 and "DRAM, GLB, one array, RF" in lines[0]
    assert next(iter(options.values())) in ("fast", "plain") or next(iter(options)) in lines[1]


def test_a_layer_that_would_take_too_long():
    large = LayerShape(M=64, C=64, H=64, R=3, P=1)
    nest = Nest(large, [(dim, 1, "local") for dim in "MCEFRS"])
    with pytest.raises(CourseError, match="one word at a time"):
        run(nest, TILED, np.ones((1, 64, 64, 64), int), np.ones((64, 64, 3, 3), int))
