"""Bars of energy: their parts are the Energy's, whichever way it is cut, and nothing is lost."""

import pytest

from cnnhw.counts import count
from cnnhw.energy import energy
from cnnhw.errors import CourseError
from cnnhw.machine import Costs, Machine
from cnnhw.nest import Nest
from cnnhw.pictures.energy.energy import LEVELS, TENSORS, energy_by_level, energy_by_tensor, split
from cnnhw.shape import LayerShape

MACHINE = Machine(3, 4)
SHAPE = LayerShape(M=4, C=3, H=8, W=6, R=3)
LOOPS = [
    ("R", 1, "GLB"),
    ("S", 1, "GLB"),
    ("E", 1, "GLB"),
    ("F", 1, "GLB"),
    ("C", 1, "ROWS"),
    ("M", 1, "COLS"),
]
COUNTS = count(Nest(SHAPE, LOOPS, {"GLB": {"ifmap", "psum"}, "RF": {"filter"}}), MACHINE)
SPENT = energy(COUNTS, MACHINE)


def test_the_lessons_numbers_by_level_and_by_tensor():
    assert "WS 38.14 = DRAM 26.85, GLB 5.28, NoC 4.01, RF 1, MAC 1." in energy_by_level({"WS": SPENT}).words
    assert "WS 38.14 = ifmap 14.61, filter 9.42, psum 13.11, MAC 1." in energy_by_tensor({"WS": SPENT}).words


@pytest.mark.parametrize("parts", [LEVELS, TENSORS])
def test_parts_add_up(parts):
    assert sum(split(SPENT, parts).values()) == pytest.approx(SPENT.per_mac)
    assert sum(split(SPENT, parts, over=1).values()) == pytest.approx(SPENT.total)


def test_a_part_is_the_energys_own():
    cut = split(SPENT, LEVELS, over=1)
    assert {level: SPENT.level(level) for level in LEVELS} == pytest.approx(cut)
    assert split(SPENT, TENSORS, over=1)["psum"] == pytest.approx(SPENT.tensor("psum"))


def test_every_name_and_a_stated_unit_are_drawn():
    picojoules = energy(COUNTS, Costs.horowitz())
    drawn = energy_by_level(
        {"one": SPENT, "two": picojoules}, "a caption", over=SPENT.macs, unit="pJ per MAC"
    )
    for text in ("one", "two", "pJ per MAC", *LEVELS):
        assert f">{text}</text>" in drawn.svg
    assert drawn.caption == "a caption"


def test_no_tensor_and_no_level_is_told_by_colour_alone():
    assert (
        "<pattern" in energy_by_level({"WS": SPENT}).svg and "<pattern" in energy_by_tensor({"WS": SPENT}).svg
    )


@pytest.mark.parametrize(("energies", "over"), [({}, None), ({"WS": SPENT}, 0), ({"WS": SPENT}, -1)])
def test_nothing_to_draw_says_so(energies, over):
    with pytest.raises(CourseError, match="a picture of energies needs one at least"):
        energy_by_level(energies, over=over)
