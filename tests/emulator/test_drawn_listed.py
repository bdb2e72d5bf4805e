"""Real words through any hierarchy: counts as count says, the ofmap as conv_loops says."""

import numpy as np
import pytest
from drawn import cases
from drawn_hierarchies import placed
from drawn_nests import machines, nests, small_shapes
from emulator.emulated import a_window_and_its_whole, assert_same, words
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import Array, CourseError, LayerShape, Level, Machine, Nest, count, run
from cnnhw.conv import conv_loops
from cnnhw.emulator import FixedPoint, replay
from cnnhw.emulator.run_length import run_length_bits


def expected(shape, ifmap, filters, bias=None):
    ofmap = conv_loops(ifmap, filters, shape.U, shape.P, shape.G, shape.D)
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


@settings(max_examples=cases(60))
@given(nests(small_shapes(most_macs=100)), machines(), st.booleans(), st.data())
def test_the_usual_machine_too(nest, machine, biased, data):
    """Every event of the plain engine is one of the listed one's, value and PE included, and no other."""
    ifmap, filters, bias = words(nest.shape)
    last = count(nest, machine).cycles - 1
    first = data.draw(st.integers(0, last))
    plain, listed = (
        run(
            nest, machine, ifmap, filters, bias if biased else None, trace=(first, last), zero_gating=True,
            run_length=True, engine=engine,
        )
        for engine in ("plain", "listed")
    )  # fmt: skip
    assert listed.options["engine"] == "listed"
    assert_same(plain, listed)
    assert sorted(plain.trace) == sorted(listed.trace)
    assert sorted(plain.trace.spelled(plain.trace.held)) == sorted(listed.trace.spelled(listed.trace.held))


@settings(max_examples=cases(80))
@given(placed(most_macs=100), st.booleans())
def test_events_add_up_to_the_counts_and_replay(drawn, biased):
    nest, machine = drawn
    ifmap, filters, bias = words(nest.shape)
    done = run(nest, machine, ifmap, filters, bias if biased else None, trace=True)
    trace, counts, order = done.trace, done.counts, done.trace.nest.order
    assert np.array_equal(replay(trace, nest.shape), done.ofmap)
    assert len(trace.select(what="mac")) == counts.macs
    for tensor in ("ifmap", "filter", "psum"):
        for level in order.levels:
            reads = trace.select(what="read", level=level, tensor=tensor)
            assert len(reads) == counts[level, tensor].reads
        for level in set(order.levels[1:]) - {order.pe}:  # to the PE there may also go what it does not keep
            came = [trace.select(what=what, level=level, tensor=tensor) for what in ("fill", "deliver")]
            assert sum(map(len, came)) == counts[level, tensor].fills
    own = nest.on(machine).keeper("MAC", "psum") in order.of_pe
    for level in order.levels:
        written = len(trace.select(what="update", level=level))
        by_macs = counts.macs if own and level == nest.on(machine).keeper("MAC", "psum") else 0
        assert written + by_macs == counts[level, "psum"].updates


@settings(max_examples=cases(60))
@given(placed(most_macs=60), st.data())
def test_a_window_is_a_part_of_the_whole(drawn, data):
    nest, machine = drawn
    window, whole, part = a_window_and_its_whole(nest, machine, data)
    assert np.all(np.diff(whole.events["cycle"]) >= 0)
    assert np.array_equal(window.events, part)


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


@pytest.mark.parametrize("engine", ["fast", "plain"])
def test_engines_of_the_usual_machine(engine):
    ifmap, filters, _ = words(SHAPE)
    with pytest.raises(CourseError) as caught:
        run(NEST, TILED, ifmap, filters, engine=engine)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3 and "DRAM, GLB, one array, RF" in lines[0]


def test_what_is_saved():
    """No PE has a filter of its own here; the ifmap leaves DRAM once, as one stream for each filter."""
    ifmap, filters, _ = words(SHAPE)
    done = run(NEST, TILED, ifmap, filters, zero_gating=True, run_length=True)
    padded = np.pad(ifmap, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (SHAPE.R, SHAPE.S), (2, 3))
    assert done.saved.gated_macs == int((windows == 0).sum()) * SHAPE.M and done.saved.filter_reads == 0
    assert done.saved.ifmap_bits == 16 * done.counts["DRAM", "ifmap"].reads
    assert done.saved.ifmap_coded_bits == run_length_bits(ifmap)
    assert done.saved.ofmap_coded_bits == run_length_bits(done.ofmap)


def test_words_that_leave_dram_together_are_one_stream():
    """Two PEs share the columns: the stream goes row by row, not PE by PE, as on the plain engine."""
    shape = LayerShape(M=1, C=1, H=4, W=40, R=1, S=1)
    nest = Nest(shape, [("F", 20, "COLS"), ("E", 1, "RF"), ("F", 1, "RF")], {"RF": {"ifmap"}})
    ifmap = np.array([[0] * 20 + [1] * 20] * 4).reshape(
        1, 1, 4, 40
    )  # one PE has 80 zeros, more than a run holds
    runs = [
        run(nest, Machine.unbounded(), ifmap, np.ones((1, 1, 1, 1), int), run_length=True, engine=engine)
        for engine in ("plain", "listed")
    ]
    assert [done.saved.ifmap_coded_bits for done in runs] == [run_length_bits(ifmap)] * 2


def test_a_layer_that_would_take_too_long():
    large = LayerShape(M=64, C=64, H=64, R=3, P=1)
    nest = Nest(large, [(dim, 1, "local") for dim in "MCEFRS"])
    with pytest.raises(CourseError, match="one word at a time"):
        run(nest, TILED, np.ones((1, 64, 64, 64), int), np.ones((64, 64, 3, 3), int))
