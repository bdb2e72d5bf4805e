"""Lesson 10's exercises: the formulas are what count finds; the open one takes loops and nothing else."""

import pytest

from cnnhw import LayerShape, Loop, Machine, Nest, count, walk
from cnnhw.checks import judge
from cnnhw.checks.opens import n10 as opens10
from cnnhw.pictures.arrays.passes import pass_count
from cnnhw_grading import lessons
from cnnhw_grading.lessons import find

answers10 = lessons.answers("10")
n10 = lessons.table("10")

EXERCISE = find("own_mapping")
GOOD = answers10.conv3_loops(m=64, n=4, e=13, p=16, q=4, r=2, t=2)


class Liar(int):
    """A number that is smaller than any other."""

    def __index__(self):
        return 1


class Sly(str):
    """A dim that is equal to every dim."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        return True


class Changing(list):
    """A list that shows other loops each time."""

    def __iter__(self):
        return iter(GOOD)


@pytest.mark.parametrize("sizes", n10.PASSES + n10.OTHER_PASSES)
def test_pass_words_are_those_of_the_nest(sizes):
    z, S = sizes, sizes["W"] - sizes["U"] * (sizes["F"] - 1)
    height = z["U"] * (z["E"] - 1) + z["R"]
    layer = LayerShape(
        N=z["N"], M=z["M"], C=z["C"], H=height, W=z["W"], R=z["R"], S=S, U=z["U"]
    )  # fmt: skip
    nest = Nest(layer, [
        ("N", z["n"], "DRAM"), ("E", z["e"], "DRAM"), ("C", z["channels"], "DRAM"),
        ("M", z["filters"], "GLB"), ("N", 1, "GLB"), ("F", 1, "GLB"),
        ("M", 1, "ROWS"), ("C", 1, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF"),
    ])  # fmt: skip
    counts = count(nest, Machine.unbounded(first_psum="read"))
    psums = counts["GLB", "psum"].reads + counts["GLB", "psum"].updates
    assert answers10.pass_words(**z) == (pass_count(nest), counts["GLB", "ifmap"].reads, psums)


@pytest.mark.parametrize("z", n10.STRIPS + n10.OTHER_STRIPS)
def test_mean_active_is_that_of_the_nest(z):
    layer = LayerShape(M=z["M"], C=z["C"], H=z["E"] + z["R"] - 1, W=1, R=z["R"], S=1)
    nest = Nest(layer, [
        ("E", z["e"], "DRAM"), ("M", z["t"], "GLB"), ("C", z["r"], "GLB"),
        ("M", 1, "ROWS"), ("C", 1, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"),
    ])  # fmt: skip
    assert answers10.mean_active(**z) == count(nest, Machine.unbounded()).mean_active_pes


def test_the_predicted_mean_is_that_of_the_walk():
    loops = [("E", 10, "DRAM"), ("M", 2, "GLB"), ("F", 1, "GLB"), ("S", 1, "GLB")]
    nest = Nest(answers10.PREDICTED, [*loops, ("M", 1, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS")])
    assert walk(nest, answers10.SMALL).mean_active_pes == answers10.predicted_mean() == 72


@pytest.mark.parametrize(
    "loops", [GOOD, [Loop(*loop) for loop in GOOD], [list(loop) for loop in GOOD]], ids=("t", "L", "l")
)
def test_good_loops_pass(loops):
    verdict = judge(EXERCISE, loops, hidden=True)
    assert verdict.right, verdict.text


@pytest.mark.parametrize(
    "loops",
    [
        Changing(),
        [*GOOD[:-1], ("S", Liar(1), "RF")],
        [(Sly(dim), step, where) for dim, step, where in GOOD],
        GOOD * 3,
        GOOD[:-1],
        [("E",)],
        [None],
        ["ESR"],
        [("E", 13.0, "DRAM")],
        [("E", True, "DRAM")],
        [("E", 10**400, "DRAM")],
        [],
    ],
    ids=range(12),
)
def test_what_is_no_mapping_is_refused_in_words(loops):
    verdict = judge(EXERCISE, loops, hidden=True)
    assert not verdict.right and verdict.text.startswith("own_mapping: not right yet")


def test_the_reason_stands_behind_the_property():
    loops = answers10.conv3_loops(m=64, n=4, e=13, p=20, q=4, r=2, t=2)
    assert "CapacityError: the tile of a tensor must fit" in judge(EXERCISE, loops).text


def test_the_chips_mapping_takes_what_the_exercise_says():
    chips = answers10.conv3_loops(m=64, n=4, e=13, p=16, q=3, r=2, t=2)
    assert round(opens10.conv3_energy(chips), 2) == 6.31
    assert round(opens10.conv3_energy(GOOD), 2) == 6.22
