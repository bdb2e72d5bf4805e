"""Cycles with words that take time, on a layer small enough to do by hand."""

import numpy as np
import pytest
from emulator.emulated import words

from cnnhw import LayerShape, Machine, Nest
from cnnhw.emulator import Timing, run
from cnnhw.errors import CourseError

ROW = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)
SLIDES = Nest(
    ROW, [("F", 1, "GLB"), ("S", 1, "RF")]
)  # passes of 3 steps: 3 ifmap and 3 filter words, then 1, then 1
STRIPS = Nest(ROW, [("F", 1, "DRAM"), ("S", 1, "RF")])  # the GLB turns before each pass
ENGINES = ("plain", "fast")


def cycles(nest, engine="fast", bias=None, **options):
    ifmap, filters, _ = words(nest.shape)
    return run(
        nest, Machine.unbounded(), ifmap, filters, bias, timing=Timing(**options), engine=engine
    ).cycles


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
    ("level", "speed"),
    [("RF", 1), ("GLB", 0), ("GLB", -1), ("GLB", "fast"), ("GLB", {"weights": 1}), ("DRAM", {"psum": 0}),
     ("GLB", float("inf")), ("DRAM", float("nan"))],
)  # fmt: skip
def test_speeds_that_cannot_be(level, speed):
    with pytest.raises(CourseError) as error:
        Timing(words_per_cycle={level: speed})
    assert str(error.value) == (
        "words per cycle are given for DRAM and GLB, above zero, for all tensors or for each\n"
        f"  got {level!r}: {speed!r}\n"
        '  use {"DRAM": 2, "GLB": {"ifmap": 1, "filter": 4, "psum": 4}}'
    )


@pytest.mark.parametrize("levels", [("DRAM",), "GLB", ("GLB", "L2")])
def test_levels_that_cannot_be_double(levels):
    with pytest.raises(CourseError) as error:
        Timing(double_buffered=levels)
    assert str(error.value) == (
        f"GLB and RF can be double buffered\n  got double_buffered={tuple(levels)!r}\n"
        '  use double_buffered=("GLB", "RF"), one of them, or ()'
    )
