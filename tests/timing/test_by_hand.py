"""Cycles with words that take time, on a layer small enough to do by hand."""

import numpy as np
import pytest
from emulator.emulated import words

from cnnhw import LayerShape, Machine, Nest
from cnnhw import timing as timing_of
from cnnhw.emulator import Timing, run
from cnnhw.errors import CourseError
from cnnhw.machine import Array, Level

ROW = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)
SLIDES = Nest(
    ROW, [("F", 1, "GLB"), ("S", 1, "RF")]
)  # passes of 3 steps: 3 ifmap and 3 filter words, then 1, then 1
STRIPS = Nest(ROW, [("F", 1, "DRAM"), ("S", 1, "RF")])  # the GLB turns before each pass
ENGINES = ("plain", "fast", "listed", "none")


def cycles(nest, engine="fast", bias=None, **options):
    ifmap, filters, _ = words(nest.shape)
    machine, timing = Machine.unbounded(first_psum="read" if bias is not None else "zero"), Timing(**options)
    if engine == "none":
        return timing_of.cycles(nest, machine, timing)
    return run(nest, machine, ifmap, filters, bias, timing=timing, engine=engine).cycles


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 9),
        # One bus: 3, 1, 1 ifmap words come before the passes, a psum goes after each; filters bypass the GLB.
        ({"words_per_cycle": {"GLB": 1}}, 9 + 5 + 3),
        ({"words_per_cycle": {"GLB": 2}}, 9 + 2 + 1 + 1 + 3),
        # A bus each, and ifmap words wait for no psum: the same here, for they move at other times.
        ({"words_per_cycle": {"GLB": {"ifmap": 1, "psum": 1}}}, 9 + 5 + 3),
        ({"words_per_cycle": {"GLB": {"psum": 1}}}, 9 + 3),
        # Meanwhile: only the first 3 words and the last psum are waited for.
        ({"words_per_cycle": {"GLB": 1}, "double_buffered": ("RF",)}, 3 + 9 + 1),
        # A pass of 3 steps meanwhile gets a pixel and gives a psum: at 1/4 word a cycle 8 cycles, or 4.
        ({"words_per_cycle": {"GLB": 0.25}, "double_buffered": ("RF",)}, 12 + (4 + 8 + 4) + 4),
        (
            {"words_per_cycle": {"GLB": {"ifmap": 0.25, "update": 0.25}}, "double_buffered": ("RF",)},
            12 + (4 + 4 + 4) + 4,
        ),
        # In DRAM: 5 ifmap words fill the GLB, 3 psums leave it; 3 filter words go to the PE at first.
        ({"words_per_cycle": {"DRAM": 1}}, 5 + 3 + 9 + 3),
        ({"words_per_cycle": {"DRAM": 0.5}}, 10 + 6 + 9 + 6),
    ],
)
def test_cycles_of_a_window_that_slides(engine, options, expected):
    assert cycles(SLIDES, engine, **options) == expected


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("double_buffered", "expected"),
    # Fills of 3, 1, 1 ifmap words, drains of 1, 1, 1 psums; the first pass also waits for its 3 filter words.
    [((), 5 + 3 + 9 + 3), (("GLB",), 3 + 6 + 3 + 3 + 1), (("GLB", "RF"), 3 + 6 + 3 + 3 + 1)],
)
def test_cycles_of_a_buffer_that_turns(engine, double_buffered, expected):
    assert cycles(STRIPS, engine, words_per_cycle={"DRAM": 1}, double_buffered=double_buffered) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_load_of_a_turn_and_its_last_drain_overlap_with_nothing(engine):
    # A pass in each turn: 3, 1, 1 pixels come, 3 steps, a psum goes; at 1/4 word a cycle each waits for all.
    expected = (12 + 3 + 4) + 2 * (4 + 3 + 4)
    assert cycles(STRIPS, engine, words_per_cycle={"GLB": 0.25}, double_buffered=("RF",)) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_hops_on_a_network_that_takes_no_time_leave_the_buses_apart(engine):
    # Three passes of a step on two PEs: a pixel for each and a psum come and go, 4 cycles a word on each bus.
    nest = Nest(LayerShape(M=1, C=2, H=1, W=3, R=1), [("F", 1, "GLB"), ("C", 1, "ROWS")])
    speeds = {"words_per_cycle": {"GLB": {"ifmap": 0.25, "update": 0.25}}, "double_buffered": ("RF",)}
    assert cycles(nest, engine, **speeds) == 8 + 8 + 8 + 4 + 4


@pytest.mark.parametrize("engine", ENGINES)
def test_words_that_pass_by_hold_up_their_steps(engine):
    nest = Nest(ROW, [("F", 1, "GLB"), ("S", 1, "RF")], {"GLB": {"ifmap", "psum"}, "RF": {"filter", "psum"}})
    # Each step fetches an ifmap word: at a word in two cycles a pass of 3 steps takes 6. 3 psums take 2 each.
    assert cycles(nest, engine, words_per_cycle={"GLB": 0.5}) == 3 * 6 + 3 * 2


@pytest.mark.parametrize("engine", ENGINES)
def test_first_psums_are_waited_for_too(engine):
    slower = cycles(SLIDES, engine, bias=np.array([5]), words_per_cycle={"GLB": 1})
    assert slower == cycles(SLIDES, engine, words_per_cycle={"GLB": 1}) + 3


def test_options_are_told_with_the_result():
    ifmap, filters, _ = words(ROW)
    timing = Timing(words_per_cycle={"GLB": 1})
    done = run(SLIDES, Machine.unbounded(), ifmap, filters, timing=timing)
    assert done.options["timing"] is timing
    assert repr(done).startswith("Run of 9 MACs in 17 cycles (9 steps); ")
    assert done.counts.cycles == 9


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # What crosses the array: 5 pixels, 3 filter words, no psum comes back, nothing hops.
        ({"words_per_cycle": {"NoC": 1}}, 9 + 6 + 1 + 1),
        # Each step reads a pixel, a filter word and, but for a pass's first, a psum, and writes one.
        ({"words_per_cycle": {"RF": 1}}, 3 * (3 + 3 + 2 + 3)),
        ({"latency": {"RF": 4}}, 9 + 3 * 4),
        ({"latency": {"GLB": 4, "DRAM": 7}}, 9 + 4 + 7),
    ],
)
@pytest.mark.parametrize("engine", ["listed", "auto", "none"])
def test_arrays_register_files_and_pipelines(engine, options, expected):
    assert cycles(SLIDES, engine, **options) == expected


def test_bandwidth_is_the_machines():
    machine = Machine(levels=(Level("GLB", bandwidth=1), Level("RF", 50)))
    ifmap, filters, _ = words(ROW)
    assert run(SLIDES, machine, ifmap, filters).cycles == timing_of.cycles(SLIDES, machine) == 17
    assert timing_of.cycles(SLIDES, machine, Timing()) == 9


def test_the_busiest_instance_is_waited_for():
    """Two tiles of 2 and 1 columns, each with a memory that gives a word in a cycle."""
    parts = [Level("DRAM"), Array("tiles", 1, 2), Level("eDRAM", bandwidth=1), Level("RF")]
    machine = Machine.of(parts)
    nest = Nest(ROW, [("F", 2, "COLS"), ("F", 1, "eDRAM"), ("S", 1, "RF")])
    # The first tile's passes take 3 + 1 pixels, 3 filter words and give 2 psums; the second's 3, 3 and 1.
    assert timing_of.cycles(nest, machine) == 6 + (3 + 3 + 1) + (1 + 1)


MADE = [
    lambda speed: Timing(words_per_cycle={"GLB": speed}),
    lambda speed: Level("GLB", bandwidth=speed),
    lambda speed: Array("GLB", bandwidth=speed),
]


@pytest.mark.parametrize("speed", [0, -1, "fast", {"weights": 1}, {"psum": 0}, {}, True, np.inf, np.nan])
@pytest.mark.parametrize("made", MADE)
def test_speeds_that_cannot_be(made, speed):
    with pytest.raises(CourseError) as error:
        made(speed)
    assert str(error.value) == (
        "words per cycle are a number above zero for all tensors, or one for each\n"
        f"  got {speed!r} for GLB\n"
        '  give 2, or {"ifmap": 1, "filter": 4, "psum": 4}; "update" is for psums on their way out'
    )


@pytest.mark.parametrize(
    ("options", "rule", "got", "known"),
    [
        (
            {"words_per_cycle": {"L2": 1}},
            "words per cycle are given for levels and arrays",
            "'L2'",
            "DRAM, GLB, NoC, RF",
        ),
        (
            {"double_buffered": ("DRAM", "L2")},
            "levels inside the outermost can be double buffered",
            "'DRAM', 'L2'",
            "GLB, RF",
        ),
        ({"latency": {"NoC": 1}}, "the passes of levels have a latency", "'NoC'", "DRAM, GLB, RF"),
    ],
)
@pytest.mark.parametrize("engine", ["auto", "none"])
def test_names_that_a_machine_lacks(engine, options, rule, got, known):
    with pytest.raises(CourseError) as error:
        cycles(SLIDES, engine, **options)
    assert str(error.value) == f"{rule}\n  got {got}\n  use one of {known}"


def test_no_speed_is_no_speed():
    with pytest.raises(CourseError, match="got None for GLB"):
        Timing(words_per_cycle={"GLB": None})


def test_what_is_no_list_and_no_latency():
    with pytest.raises(CourseError, match="use double_buffered=\\('GLB',\\)"):
        Timing(double_buffered="GLB")
    with pytest.raises(CourseError, match="whole number of cycles more, 0 or more\n  got latency={'RF': -1}"):
        Timing(latency={"RF": -1})
    with pytest.raises(CourseError, match="are given by level\n  got latency=4\n  use latency="):
        Timing(latency=4)
    with pytest.raises(CourseError, match="are given by level\n  got words_per_cycle=2\n"):
        Timing(words_per_cycle=2)


def test_an_engine_that_does_not_know_the_time_of_a_part_says_so():
    with pytest.raises(CourseError) as error:
        cycles(SLIDES, "fast", words_per_cycle={"RF": 1, "NoC": 2, "DRAM": 1})
    assert str(error.value) == (
        "the fast engine knows the time of words that leave DRAM and GLB\n"
        '  got words per cycle for NoC, RF\n  use engine="auto", or "listed"'
    )


def test_more_passes_than_are_kept():
    large = Nest(LayerShape(M=2000, C=2000, H=1, R=1), [("M", 1, "GLB"), ("C", 1, "GLB")])
    with pytest.raises(CourseError, match="got 4,000,000 passes of RF"):
        timing_of.cycles(large, Machine.unbounded(), Timing(latency={"RF": 1}))
    assert timing_of.cycles(large, Machine.unbounded()) == 4_000_000


def test_wide_psums_take_their_share_of_the_bus_on_their_way_out():
    """Two psums of two words each leave DRAM's only pass one after the other; nothing else takes time."""
    nest = Nest(LayerShape(M=1, C=1, H=1, W=2, R=1), [("F", 1, "RF")], {"RF": {"psum"}})
    timing = Timing(words_per_cycle={"DRAM": {"update": 1}})
    for width, cycles in ((16, 2 + 2), (32, 2 + 4), (8, 2 + 1), (24, 2 + 3)):
        assert timing_of.cycles(nest, Machine(widths={"psum": width}), timing) == cycles
