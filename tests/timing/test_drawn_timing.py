"""Time in closed form is the emulator's, whatever the hierarchy, the nest and the speeds."""

import numpy as np
from drawn import cases
from drawn_hierarchies import placed
from drawn_nests import machines, nests, small_shapes
from emulator.emulated import words
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.counts.fits import fitted
from cnnhw.emulator import run
from cnnhw.emulator.door import checked_job
from cnnhw.emulator.engines import run_job
from cnnhw.machine import Array, Level, Machine
from cnnhw.nest import Nest
from cnnhw.timing import Timing, cycles
from cnnhw.timing.moves import record_of

CASES = cases(50)  # CNNHW_CASES=40 draws two thousand
SPEEDS = st.sampled_from([0.25, 0.5, 1, 2, 3, 7])
BUSES = st.one_of(
    SPEEDS, st.dictionaries(st.sampled_from(["ifmap", "filter", "psum", "update"]), SPEEDS, min_size=1)
)


@st.composite
def timings(draw, order):
    """Draw how fast words move through any levels and arrays, what is double and what is a pipeline."""
    inside = order.levels[1:]
    return Timing(
        words_per_cycle=draw(st.dictionaries(st.sampled_from(order.names), BUSES, max_size=3)),
        double_buffered=tuple(draw(st.sets(st.sampled_from(inside)))) if inside else (),
        latency=draw(st.dictionaries(st.sampled_from(order.levels), st.integers(0, 5), max_size=2)),
    )


def ran(nest, machine, **options):
    ifmap, filters, bias = words(nest.shape)
    return run(nest, machine, ifmap, filters, bias if machine.first_psum == "read" else None, **options)


@settings(max_examples=CASES)
@given(placed(most_macs=100), st.data())
def test_any_hierarchy(drawn, data):
    nest, machine = drawn
    timing = data.draw(timings(machine.hierarchy))
    assert cycles(nest, machine, timing) == ran(nest, machine, timing=timing).cycles


def test_an_array_that_no_psum_hops_on_shares_no_bus():
    """Drawn once in some thousands: a store of no words on the array's bus is no reason to wait for loads."""
    names = ("L3", "GLB", "local", "RF")
    machine = Machine.of([Level("outside"), Array("array1"), Array("array0"), *map(Level, names)])
    loops = [("G", 1, "outside"), ("F", 1, "outside"), ("E", 1, "GLB"), ("C", 1, "local")]
    keeps = {"L3": set(), "GLB": set(), "local": {"filter", "ifmap", "psum"}, "RF": set()}
    nest = Nest(LayerShape(M=2, C=4, H=3, W=6, R=1, S=1, G=2), loops, keeps)
    buses = {"array1": 0.25, "outside": dict.fromkeys(("ifmap", "filter", "psum", "update"), 0.25)}
    timing = Timing(words_per_cycle=buses, double_buffered=("local",))
    assert cycles(nest, machine, timing) == ran(nest, machine, timing=timing).cycles == 400


# A psum that comes back goes to the first of two tiles that add to it, through the array of that one alone.
TILES = Machine.of([Level("DRAM"), Array("tiles", 1, 2), Array("PEs", 1, 2), Level("RF")])
RETURNS = Nest(
    LayerShape(M=2, C=4, H=2, W=1, R=1),
    [("C", 2, "DRAM"), ("E", 1, "DRAM"), ("C", 1, ("tiles", "COLS")), ("M", 1, ("PEs", "COLS"))],
)


@settings(max_examples=CASES)
@example((RETURNS, TILES))
@given(placed(most_macs=100))
def test_every_pass_moves_the_same(drawn):
    nest, machine = fitted(*drawn), drawn[1]
    ifmap, filters, bias = words(nest.shape)
    job = checked_job(nest, machine, ifmap, filters, bias if machine.first_psum == "read" else None, None)
    seen, found = run_job(job, False, False, "listed").record, record_of(nest, machine)
    assert np.array_equal(seen.steps, found.steps) and moved(seen.passing) == moved(found.passing)
    for ours, theirs in zip(found.levels, seen.levels, strict=True):
        assert ours.level == theirs.level and moved(ours.loads) == moved(theirs.loads)
        assert moved(ours.stores) == moved(theirs.stores)
        assert ours.inner is theirs.inner is None or ours.inner.tolist() == theirs.inner.tolist()


def moved(columns) -> dict:
    """What moved, in columns that are in order and not empty."""
    return {key: np.sort(words[:, words.any(0)]).tolist() for key, words in columns.items() if words.any()}


@settings(max_examples=CASES)
@given(nests(small_shapes(most_macs=150)), machines(), st.data())
def test_the_engines_of_the_usual_machine(nest, machine, data):
    speeds = data.draw(st.dictionaries(st.sampled_from(["DRAM", "GLB"]), BUSES))
    double = tuple(data.draw(st.sets(st.sampled_from(["GLB", "RF"]))))
    timing = Timing(
        words_per_cycle=speeds, double_buffered=double, latency={"RF": data.draw(st.integers(0, 3))}
    )
    found = {
        ran(nest, machine, timing=timing, engine=engine).cycles for engine in ("plain", "fast", "listed")
    }
    assert found == {cycles(nest, machine, timing)}
