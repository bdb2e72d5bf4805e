"""A trace is the whole run: it adds up to the counts and replays into the ofmap; a window is a part."""

import numpy as np
from drawn import cases
from drawn_nests import machines, nests, small_shapes
from emulator.emulated import a_window_and_its_whole, words
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.counts import count
from cnnhw.emulator import replay, run
from cnnhw.emulator.trace import TENSORS
from cnnhw.machine import Machine
from cnnhw.nest import Loop, Nest
from cnnhw.shape import LayerShape

CASES = cases(80)


def number(trace, **wanted):
    return len(trace.select(**wanted))


@settings(max_examples=CASES)
@given(nests(small_shapes(most_macs=100)), machines(), st.booleans())
def test_events_add_up_to_the_counts_and_replay(nest, machine, biased):
    ifmap, filters, bias = words(nest.shape)
    done = run(nest, machine, ifmap, filters, bias if biased else None, trace=True)
    trace, counts = done.trace, done.counts
    assert np.array_equal(replay(trace, nest.shape), done.ofmap)
    assert number(trace, what="mac") == counts.macs
    for tensor in TENSORS:
        assert number(trace, what="deliver", tensor=tensor) == counts.noc[tensor].deliveries
        assert number(trace, what="hop", tensor=tensor) == counts.noc[tensor].hops
        assert number(trace, what="fill", tensor=tensor) == counts["GLB", tensor].fills
        for level in trace.levels[1:]:
            assert number(trace, what="read", level=level, tensor=tensor) == counts[level, tensor].reads
    for level in ("DRAM", "GLB"):
        assert number(trace, what="update", level=level) == counts[level, "psum"].updates


@settings(max_examples=CASES)
@given(nests(small_shapes(most_macs=100)), machines(), st.data())
def test_a_window_is_a_part_of_the_whole(nest, machine, data):
    window, _, part = a_window_and_its_whole(nest, machine, data)
    assert np.array_equal(window.events, part)


def test_a_window_begins_with_the_words_of_the_pass_before():
    """Words that stay are not delivered again: three ifmap rows, of which two stay as the window slides."""
    shape = LayerShape(M=2, C=2, H=7, W=1, R=3, S=1)
    loops = [Loop("E", 1, "GLB"), Loop("C", 1, "GLB"), Loop("R", 1, "RF"), Loop("M", 1, "RF")]
    for kept in ({"ifmap"}, {"ifmap", "filter"}, {"filter"}):
        nest = Nest(shape, loops, keeps={"GLB": {"ifmap", "filter", "psum"}, "RF": kept})
        ifmap, filters, _ = words(shape)
        events = run(nest, Machine.unbounded(), ifmap, filters, trace=True).trace.events
        for cycle in range(count(nest, Machine.unbounded()).cycles):
            window = run(nest, Machine.unbounded(), ifmap, filters, trace=(cycle, cycle)).trace
            assert np.array_equal(window.events, events[events["cycle"] == cycle])


@settings(max_examples=20)
@given(nests(small_shapes(most_macs=60)), machines())
def test_a_trace_changes_nothing_else(nest, machine):
    ifmap, filters, _ = words(nest.shape)
    done = run(nest, machine, ifmap, filters, trace=True)
    assert done.counts == count(nest, machine)
