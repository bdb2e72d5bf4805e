"""The player's score: everything that the browser only adds up and draws, against the run it comes from."""

import json
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import traced
from drawn import cases
from drawn_hierarchies import placed
from drawn_nests import nests, small_shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import CourseError, LayerShape, Level, Machine, Nest
from cnnhw.emulator import FixedPoint, register_files, run
from cnnhw.emulator.trace import TENSORS
from cnnhw.energy import energy
from cnnhw.machine import SLIDE_35, Costs
from cnnhw.pictures.convolution.grid import number
from cnnhw.tensors import random_filters, random_ifmap
from cnnhw.widgets.player import score as score_module
from cnnhw.widgets.player.score import as_json, score

EXAMPLES = pytest.mark.parametrize("example", traced.ALL, ids=lambda example: example.__name__)


def spent(played: dict) -> dict[str, float]:
    """Energy by level at the last cycle, as the page adds it up."""
    return {level: so_far[-1] * played["costs"][level] for level, so_far in played["spent"].items()}


def files(played: dict, row: int, col: int, cycle: int) -> dict[tuple[str, str], str]:
    """What the page shows as the register file of a PE: (tensor, index) -> value."""
    stays = played["stays"][row * played["cols"] + col]
    there = [(played["words"][word], value) for word, first, last, value in stays if first <= cycle <= last]
    shown = {(TENSORS[tensor], index): value for (tensor, index), value in there}
    assert len(shown) == len(there), "a word lies in a register file once"
    return shown


def files_of_emulator(trace, row: int, col: int) -> list[dict[tuple[str, str], str]]:
    return [
        {
            (tensor, ", ".join(map(str, index))): number(value)
            for tensor, words in snapshot.items()
            for index, value in words.items()
        }
        for snapshot in register_files(trace, row, col)
    ]


def check_files(trace, played) -> None:
    first = trace.window[0]
    for row in range(trace.nest.rows):
        for col in range(trace.nest.cols):
            for cycle, snapshot in enumerate(files_of_emulator(trace, row, col), start=first):
                assert files(played, row, col, cycle) == snapshot


@EXAMPLES
@pytest.mark.parametrize("costs", [SLIDE_35, Costs.horowitz()], ids=["slide 35", "Horowitz"])
def test_energy_by_level_is_that_of_the_counts(example, costs):
    done = example()
    whole = energy(done.counts, costs)
    assert spent(score(done.trace, costs)) == {
        level: pytest.approx(whole.level(level)) for level in costs_by_level(costs)
    }


def costs_by_level(costs: Costs) -> list[str]:
    return [level for level in ("DRAM", "GLB", "NoC", "RF", "MAC") if costs[level]]


@EXAMPLES
def test_what_moves_is_what_was_counted(example):
    done = example()
    cycles = score(done.trace, SLIDE_35)["cycles"]

    def things(kind):
        return [thing for cycle in cycles for thing in cycle.get(kind, [])]

    counts = done.counts
    assert len(things("macs")) == counts.macs and len(cycles) == counts.cycles
    received = sum(len(pes) for *_, pes in things("deliveries"))
    assert received == sum(noc.deliveries for noc in counts.noc.values())
    assert len(things("hops")) == counts.noc["psum"].hops
    assert len(things("fills")) == sum(counts["GLB", tensor].fills for tensor in TENSORS)
    assert len(things("exits")) + len(things("writes")) == sum(
        counts[level, "psum"].updates for level in ("DRAM", "GLB")
    )


@EXAMPLES
def test_register_files_are_the_emulators(example):
    trace = example().trace
    check_files(trace, score(trace, SLIDE_35))


@given(nests(small_shapes(most_macs=40)))
@settings(max_examples=50)
def test_any_nest_can_be_played(nest):
    done = run(
        nest,
        Machine.unbounded(),
        random_ifmap(nest.shape),
        random_filters(nest.shape),
        trace=True,
        engine="plain",
    )
    played = score(done.trace, SLIDE_35)
    assert sum(spent(played).values()) == energy(done.counts, SLIDE_35).total
    check_files(done.trace, played)
    check_hand_on(done.trace, played)


@settings(max_examples=cases(60))
@given(placed(most_macs=60), st.booleans())
def test_any_hierarchy_can_be_played(drawn, wide):
    nest, machine = drawn
    machine = priced_anyhow(machine.with_(widths={"psum": 24}) if wide else machine)
    done = run(nest, machine, random_ifmap(nest.shape), random_filters(nest.shape), trace=True)
    played, wanted = score(done.trace, machine), energy(done.counts, machine)
    accesses, reached = done.counts.accesses("transfer"), 0
    for name in machine.hierarchy.names:
        assert played["spent"][name][-1] == sum(
            number for (level, _), number in accesses.items() if level == name
        )
    for name, so_far in played["spent"].items():
        each = played["energy"].get(name) or [number * played["costs"][name] for number in so_far]
        assert each[-1] == pytest.approx(wanted.level(name))
        reached += each[-1]
    assert reached == pytest.approx(wanted.total)
    check_memories(done.trace, played)


def priced_anyhow(machine: Machine) -> Machine:
    """Give every level and array a price of its own, and every other level another one for writing."""
    parts = [
        replace(
            part, cost=9 - number, **({"write_cost": 2} if number % 2 and isinstance(part, Level) else {})
        )
        for number, part in enumerate(machine.parts)
    ]
    return replace(machine, parts=tuple(parts), levels=(), rows=None, cols=None, pes=None)


def check_memories(trace, played) -> None:
    """No memory that is shown ever holds more words of a tensor than its tile, and each holds some once."""
    nest = trace.nest
    stores_padding = nest.shape.P != 0
    for memory in [*played["bands"], *played["further"]]:
        assert len(memory["stays"]) == memory["rows"] * memory["cols"]
        for stays in memory["stays"]:
            for cycle in range(played["first"], played["last"] + 1):
                there = Counter(
                    TENSORS[played["words"][word][0]]
                    for word, first, last, _ in stays
                    if first <= cycle <= last
                )
                for tensor, words in there.items():
                    assert words <= nest.tile_words(memory["name"], tensor, stores_padding)
        kept = {TENSORS[played["words"][word][0]] for stays in memory["stays"] for word, *_ in stays}
        assert kept <= set(played["keeps"][memory["name"]])


def check_hand_on(trace, played) -> None:
    """Paused on a cycle, the psum that a PE shows is the one that it hands on."""
    for at, cycle in enumerate(played["cycles"], start=trace.window[0]):
        shown = {}
        for pe, stays in enumerate(played["stays"]):
            shown |= {(pe, word): value for word, first, last, value in stays if first <= at <= last}
        shown |= {(pe, word): value for pe, *_, word, value in cycle.get("macs", [])}
        shown |= {(pe, word): value for word, value, pe in cycle.get("sums", [])}
        for word, value, origin, *_ in (hop[:3] for hop in cycle.get("hops", [])):
            assert shown[origin, word] == value
        for word, value, _, origin in cycle.get("exits", []):
            assert shown[origin, word] == value


@EXAMPLES
def test_a_pe_shows_the_psum_that_it_hands_on(example):
    trace = example().trace
    check_hand_on(trace, score(trace, SLIDE_35))


def test_the_psums_of_a_column_add_up_within_a_cycle():
    played = score(traced.row_stationary().trace, SLIDE_35)
    cycle = next(cycle for cycle in played["cycles"] if "hops" in cycle)
    own = {pe: int(psum) for pe, *_, psum in cycle["macs"]}
    sums = {pe: int(value) for _, value, pe in cycle["sums"]}
    for col in range(3):
        assert sums[3 + col] == own[col] + own[3 + col]
        assert sums[6 + col] == sums[3 + col] + own[6 + col]


def test_two_hops_in_one_cycle_are_explained():
    played = score(traced.row_stationary().trace, SLIDE_35)
    told = next(said for said, cycle in zip(played["said"], played["cycles"], strict=True) if "hops" in cycle)
    assert re.search(
        r"psum\[[\d, ]+\] = -?\d+ hops from PE \(0, 0\) to PE \(1, 0\), is -?\d+ with the piece added there, "
        r"and hops to PE \(2, 0\) \(2 hops in one cycle: each PE on the way adds its piece; a cycle is one "
        r"MAC a PE\); 2 other psums hop likewise;",
        told,
    )


def test_a_sum_that_saturates_is_shown_saturated():
    words = FixedPoint(bits=4, psum_bits=6, ifmap_fraction=0, filter_fraction=0, ofmap_fraction=0)
    shape = LayerShape(M=1, C=3, H=1, R=1)
    nest = Nest(shape, [("C", 1, "ROWS")])
    ifmap, filters = np.full((1, 3, 1, 1), 7), np.full((1, 3, 1, 1), 3)
    done = run(nest, Machine.unbounded(), ifmap, filters, trace=True, arithmetic=words)
    (cycle,) = score(done.trace, SLIDE_35)["cycles"]
    assert [value for _, value, _ in cycle["sums"]] == ["31", "31"]  # 21 + 21 does not fit 6 bits


def test_slide_41_the_window_has_slid_by_one():
    played = score(traced.primitive().trace, SLIDE_35)
    assert files(played, 0, 0, cycle=3) == {
        ("ifmap", "0, 0, 0, 1"): "2", ("ifmap", "0, 0, 0, 2"): "3", ("ifmap", "0, 0, 0, 3"): "4",
        ("filter", "0, 0, 0, 0"): "100", ("filter", "0, 0, 0, 1"): "10", ("filter", "0, 0, 0, 2"): "1",
        ("psum", "0, 0, 0, 1"): "200",
    }  # fmt: skip


def test_a_window_starts_with_what_the_register_files_held():
    window = traced.row_stationary(trace=(5, 9)).trace
    played = score(window, SLIDE_35)
    assert (played["first"], played["last"], len(played["cycles"])) == (5, 9, 5)
    check_files(window, played)
    whole = score(traced.row_stationary().trace, SLIDE_35)
    assert files(played, 1, 2, cycle=7) == files(whole, 1, 2, cycle=7) != {}


def test_a_multicast_is_one_word_for_many_pes():
    played = score(traced.weight_stationary().trace, SLIDE_35)
    pixels = [pes for word, _, _, pes in played["cycles"][1]["deliveries"] if played["words"][word][0] == 0]
    assert pixels == [[0, 1, 2], [3, 4, 5]]


def test_padding_that_is_not_stored_is_no_word():
    played = score(traced.output_stationary().trace, SLIDE_35)
    assert played["cycles"][0]["macs"][0][:3] == [0, -1, "0"]
    assert "PE (0, 0) multiplies a padding zero with filter[0, 0, 0, 0] = " in played["said"][0]


def test_a_cycle_is_told_in_the_order_in_which_it_happens():
    said = score(traced.weight_stationary().trace, SLIDE_35)["said"][1]
    assert said.startswith("cycle 1: ifmap[0, 0, 0, 1] = ")
    order = [
        "goes from the GLB to PEs (0, 0), (0, 1) and 1 more",
        "multiplies",
        "hops from PE (0, 0) to PE (1, 0)",
        "3 psums go from PEs to the GLB",
    ]
    places = [said.index(part) for part in order]
    assert places == sorted(places)


def test_json_can_stand_in_a_script():
    played = score(traced.primitive().trace, SLIDE_35)
    text = as_json({**played, "unit": "</script>"})
    assert "<" not in text
    assert json.loads(text) == json.loads(json.dumps({**played, "unit": "</script>"}))


def test_a_trace_that_is_too_long_names_a_window_that_fits(monkeypatch):
    monkeypatch.setattr(score_module, "MOST_EVENTS", 50)
    with pytest.raises(CourseError) as caught:
        score(traced.primitive().trace, SLIDE_35)
    assert str(caught.value) == (
        "a player shows at most 50 events\n"
        "  got 84 events in cycles 0 to 8\n"
        "  keep a window of the cycles, such as run(..., trace=(0, 4))"
    )
    score(traced.primitive(trace=(0, 4)).trace, SLIDE_35)
    monkeypatch.setattr(score_module, "MOST_EVENTS", 20)  # too few for the cycle that fills the GLB
    with pytest.raises(CourseError, match=r"trace=\(1, 4\)"):
        score(traced.primitive().trace, SLIDE_35)
    score(traced.primitive(trace=(1, 4)).trace, SLIDE_35)
