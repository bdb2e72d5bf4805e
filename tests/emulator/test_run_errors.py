"""What cannot run says in three lines why, and what to change."""

import numpy as np
import pytest
from emulator.emulated import words

from cnnhw import LayerShape, Level, Machine, Nest
from cnnhw.emulator import engines, run
from cnnhw.emulator.memory import register_file
from cnnhw.errors import CourseError, ShapeError
from cnnhw.machine import CapacityError

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
ANY = Machine.unbounded()


def refused(kind, *told, nest=NEST, machine=ANY, **changes):
    ifmap, filters, _ = words(SHAPE)
    given = {"ifmap": ifmap, "filters": filters} | changes
    with pytest.raises(kind) as error:
        run(nest, machine, **given)
    text = str(error.value)
    assert len(text.splitlines()) == 3
    for part in told:
        assert part in text


def test_too_few_pes():
    refused(CapacityError, "3 PE rows wanted, the array has 2", machine=Machine(2, 4))


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (Level("RF", {"ifmap": 1, "filter": 9, "psum": 9}), "ifmap in RF"),
        (Level("RF", 4), "2 words of ifmap beside 2 of filter beside 1 of psum, room for 4"),
        (Level("GLB", {"ifmap": 99, "psum": 53}), "54 words of psum, room for 53"),
    ],
)
def test_tiles_that_do_not_fit(level, told):
    refused(CapacityError, told, machine=ANY.with_(levels=(level,)))


def test_everything_that_fits_just_so_runs():
    levels = (Level("RF", {"ifmap": 2, "filter": 2, "psum": 1}), Level("GLB", {"ifmap": 35, "psum": 54}))
    ifmap, filters, _ = words(SHAPE)
    for engine in ("plain", "fast"):
        assert run(NEST, Machine(3, 3, levels), ifmap, filters, engine=engine).counts.macs == SHAPE.macs


def test_a_register_file_never_holds_more_than_fits():
    file = register_file(Level("RF", {"ifmap": 1, ("filter", "psum"): 2}), 2, 3)
    file.write("ifmap", (0, 0, 0, 0), 5)
    file.write("ifmap", (0, 0, 0, 0), 6)  # in the place of the old one
    file.write("filter", (0, 0, 0, 0), 7)
    file.write("psum", (0, 0, 0, 0), 8)
    with pytest.raises(CapacityError) as error:
        file.write("psum", (0, 0, 0, 1), 9)
    assert "psum[0, 0, 0, 1] for the RF of PE (2, 3), which holds 2 of 2 words" in str(error.value)


def test_arrays_of_another_layer():
    refused(ShapeError, "give ifmap (1, 2, 5, 7)", ifmap=np.ones((1, 2, 6, 7), int))
    refused(ShapeError, "each filter must see C / G channels", filters=np.ones((3, 1, 3, 2), int))
    refused(ShapeError, "must have four axes", ifmap=np.ones((5, 7), int))
    refused(ShapeError, "finite", filters=np.full((3, 2, 3, 2), np.nan))


def test_bias():
    refused(ShapeError, "give a bias of shape (3,)", bias=np.ones(2, int))
    refused(ShapeError, "finite", bias=np.array([1, np.inf, 2]))
    refused(ShapeError, "must fit a signed 64-bit word", bias=np.array([2**63 - 1, 0, 0]))


def test_options():
    refused(CourseError, "an engine is one of auto, plain, fast", engine="quick")
    refused(CourseError, "or as fixed point", arithmetic="int16")
    refused(CourseError, "words take no time, or as Timing says", timing=5)
    refused(CourseError, "a switch is True or False", "zero_gating=1", zero_gating=1)
    refused(CourseError, "a switch is True or False", "run_length='yes'", run_length="yes")


def test_things_that_are_no_nest_and_no_machine():
    refused(CourseError, "list in place of a Nest", nest=LOOPS)
    refused(CourseError, "str in place of a Machine", machine="Eyeriss")


def test_more_passes_than_the_fast_engine_can_have_at_once(monkeypatch):
    monkeypatch.setattr(engines, "MOST_PASSES", 35)
    refused(CourseError, "36 passes, room for 35", engine="fast")  # 2 channels, 3 filters, 6 columns
    ifmap, filters, _ = words(SHAPE)
    assert run(NEST, ANY, ifmap, filters).options["engine"] == "plain"


def test_coding_every_step_is_for_small_layers():
    passing = Nest(SHAPE, LOOPS, {"GLB": {"psum"}, "RF": {"filter", "psum"}})
    refused(
        CourseError, "codes the ifmap words that GLB or RF keep", nest=passing, run_length=True, engine="fast"
    )
    ifmap, filters, _ = words(SHAPE)
    assert run(passing, ANY, ifmap, filters, run_length=True).options["engine"] == "plain"
