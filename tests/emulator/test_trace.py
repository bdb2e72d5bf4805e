"""Traces: what they refuse, how they are asked, and what they look like outside."""

import json

import numpy as np
import pytest
from emulator.emulated import words

from cnnhw import LayerShape, Machine, Nest
from cnnhw.emulator import chrome_trace, recorder, replay, run, tracing
from cnnhw.errors import CourseError

SHAPE = LayerShape(M=3, C=2, H=5, W=7, R=3, S=2)
LOOPS = [
    ("C", 1, "DRAM"),
    ("M", 1, "GLB"),
    ("F", 1, "GLB"),
    ("R", 1, "ROWS"),
    ("E", 1, "COLS"),
    ("S", 1, "RF"),
]
NEST = Nest(SHAPE, LOOPS)


def traced(trace=True):
    return run(NEST, Machine.unbounded(), *words(SHAPE)[:2], trace=trace)


@pytest.fixture(scope="module")
def trace():
    return traced().trace


def test_no_trace_unless_asked():
    assert run(NEST, Machine.unbounded(), *words(SHAPE)[:2]).trace is None


def test_events_come_in_the_order_of_the_cycle(trace):
    cycles = trace.events["cycle"]
    assert (np.diff(cycles) >= 0).all()
    assert (cycles[0], cycles[-1], trace.cycles) == (0, 71, 72)
    last = [event for event in trace if event.cycle == 1]  # the second step of the first pass: psums leave
    kinds = [event.what for event in last]
    assert kinds.index("mac") < kinds.index("drain") < kinds.index("hop") < kinds.index("update")


def test_psums_hop_down_a_column_and_leave_from_the_last_row(trace):
    hops = trace.select(what="hop", cycle=1, col=0)
    assert [(event["from_row"], event["row"]) for event in hops] == [(0, 1), (1, 2)]
    update = trace.select(what="update", cycle=1, level="GLB", from_col=0)
    assert update["from_row"].tolist() == [2]


def test_one_read_is_multicast_along_the_diagonal(trace):
    """Row h = 2 of the ifmap goes to the PEs with e + r = 2."""
    went = trace.select(what="deliver", tensor="ifmap", index=(0, 0, 2, 0))
    first = went[went["cycle"] == 0]
    assert sorted(zip(first["row"].tolist(), first["col"].tolist(), strict=True)) == [(0, 2), (1, 1), (2, 0)]
    assert len(trace.select(what="read", level="GLB", tensor="ifmap", index=(0, 0, 2, 0), cycle=0)) == 1


def test_a_trace_too_large_refuses_before_it_runs(monkeypatch):
    monkeypatch.setattr(tracing, "MOST_EVENTS", 400)
    with pytest.raises(CourseError) as error:
        traced()
    rule, got, change = str(error.value).splitlines()
    assert rule == "a trace must fit into memory"
    assert got == "  got more than 400 events"
    assert change == "  keep a window of its cycles, such as trace=(0, 4)"


def test_moves_that_are_too_many_stop_the_run(monkeypatch):
    monkeypatch.setattr(recorder, "MOST_EVENTS", 1500)
    with pytest.raises(CourseError) as error:
        traced()
    window = str(error.value).split("trace=(")[1].rstrip(")").split(", ")
    kept = traced(tuple(int(cycle) for cycle in window)).trace  # the window it names does fit
    assert 1000 < len(kept) <= 1500


@pytest.mark.parametrize("asked", [(5,), (9, 2), (-1, 3), (72, 80), "all", 7, (0.5, 3)])
def test_windows_that_cannot_be(asked):
    with pytest.raises(CourseError) as error:
        traced(asked)
    assert str(error.value) == (
        "a trace is kept of all cycles, or from a first to a last one\n"
        f"  got trace={asked!r}, cycles 0 to 71\n"
        "  use trace=True, or a window such as trace=(0, 71)"
    )


def test_a_window_may_be_the_last_cycle_alone(trace):
    last = traced((71, 71)).trace
    assert np.array_equal(last.events, trace.select(cycle=71)) and not last.is_whole


def test_a_window_may_end_past_the_end(trace):
    assert np.array_equal(traced((0, 10**9)).trace.events, trace.events)


def test_a_window_cannot_replay():
    window = traced((3, 9)).trace
    with pytest.raises(CourseError) as error:
        replay(window, SHAPE)
    assert str(error.value) == (
        f"a replay needs the trace of all cycles of its layer\n  got {window!r}, of {SHAPE}\n"
        "  run this layer with trace=True"
    )


def test_a_replay_is_of_its_own_layer(trace):
    with pytest.raises(CourseError, match="a replay needs the trace of all cycles of its layer"):
        replay(trace, LayerShape(M=3, C=2, H=7, W=5, R=3, S=2))


def test_select_names_what_there_is(trace):
    with pytest.raises(CourseError) as error:
        trace.select(what="multiply")
    assert str(error.value) == (
        "what is one of fill, read, deliver, mac, hop, drain, update, drop\n"
        "  got 'multiply'\n  use one of these names"
    )
    with pytest.raises(CourseError) as error:
        trace.select(pe=3)
    assert str(error.value) == (
        "an event has cycle, row, col, what, tensor, index, value, level, source, from_row, from_col\n"
        "  got 'pe'\n  use select(what=\"mac\", row=0)"
    )


def test_text_columns(trace):
    assert set(trace.what) == {"read", "fill", "deliver", "mac", "drain", "hop", "update", "drop"}
    assert set(trace.tensor) == {"ifmap", "filter", "psum"}
    assert set(trace.level) == {"DRAM", "GLB", "RF"}
    assert repr(trace) == f"Trace of cycles 0 to 71 on 3 x 3 PEs: {len(trace)} events"


def test_chrome_trace_is_json_with_one_slice_a_mac(trace):
    told = json.loads(chrome_trace(trace))["traceEvents"]
    assert sum(event["ph"] == "X" for event in told) == SHAPE.macs
    assert {event["args"]["name"] for event in told if event["ph"] == "M"} >= {"GLB and DRAM", "PE (2, 2)"}
    assert sum(event["ph"] in "Xi" for event in told) == len(trace)
    assert {frozenset(event) for event in told if event["ph"] == "M"} == {
        frozenset({"name", "ph", "pid", "tid", "args"})  # the keys of a metadata event of the format
    }
    sources = {(event["name"], event["args"]["from"]) for event in told if event["ph"] != "M"}
    assert sources == {(f"{event.what} {event.tensor}", event.source) for event in trace}
    hop = next(event for event in told if event["name"] == "hop psum")
    assert hop["args"]["from_pe"] == [hop["pid"] - 2, hop["tid"]]
