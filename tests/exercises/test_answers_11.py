"""The answers of notebook 11 against the library, and answers to its open exercise that play tricks."""

import pytest

from cnnhw.checks import judge
from cnnhw.checks.opens import n11
from cnnhw.chips import isca16
from cnnhw.dataflows import DATAFLOWS, OS_C, WS
from cnnhw.errors import CourseError
from cnnhw.machine import Level, Machine
from cnnhw.machine.area import equal_area
from cnnhw.mapper import OBJECTIVES, search
from cnnhw.networks import alexnet
from cnnhw.shape import LayerShape
from cnnhw_grading import lessons

answers = lessons.answers("11")
table = lessons.table("11")

FC7 = alexnet().with_batch(16).layers["FC7"]
SOLUTION = [("M", 2058, "DRAM"), ("C", 1, "DRAM"), ("M", 14, "ROWS"), ("M", 1, "RF"), ("N", 1, "RF")]
OPEN = next(exercise for exercise in table.EXERCISES if exercise.name == "fc7_loops")


def test_the_largest_batch_is_what_the_search_finds():
    conv1, machine = alexnet().layers["CONV1"], isca16("WS")
    fits = LayerShape(**{**vars(conv1), "N": answers.largest_batch()})
    assert search(WS, fits, machine).parameters["t"] == 1
    with pytest.raises(CourseError, match="words fit"):
        search(WS, LayerShape(**{**vars(conv1), "N": answers.largest_batch() + 1}), machine)


@pytest.mark.parametrize("case", table.AREAS + table.OTHER_AREAS, ids=str)
def test_area_is_the_librarys(case):
    assert answers.glb_bytes(**case) == pytest.approx(equal_area(**case), rel=1e-12)


@pytest.mark.parametrize("case", table.WS_PLANS + table.OTHER_WS_PLANS, ids=str)
def test_ws_is_the_librarys(case):
    height = case["U"] * (case["E"] - 1) + case["R"]
    shape = LayerShape(N=case["N"], M=case["M"], C=case["C"], H=height, R=case["R"], U=case["U"])
    words = WS.published(shape, {name: case[name] for name in "rtf"})
    places = (
        ("DRAM", "ifmap"), ("DRAM", "filter"), ("DRAM", "psum"), ("GLB", "psum"),
        ("NoC", "ifmap"), ("NoC", "psum"), ("RF", "filter"),
    )  # fmt: skip
    assert answers.ws_words(**case) == pytest.approx([words[place] for place in places], rel=1e-12)
    assert sum(answers.ws_words(**case)) == pytest.approx(sum(words.values()), rel=1e-12)


@pytest.mark.parametrize("case", table.SEARCHES + table.OTHER_SEARCHES, ids=str)
def test_the_search_is_the_librarys(case):
    height = case["E"] + case["R"] - 1
    shape = LayerShape(N=case["N"], M=case["M"], C=case["C"], H=height, R=case["R"])
    machine = Machine(1, case["J"], (Level("GLB", case["Q"]), Level("RF", 1)))
    plan = search(OS_C, shape, machine)
    assert answers.best_os_c(**case) == (round(plan.published_energy), plan.active_pes)


def test_no_plan_of_the_six_reaches_the_bar_of_the_open_exercise():
    exact = [
        search(dataflow, FC7, isca16(name), objective).energy.per_mac
        for name, dataflow in DATAFLOWS.items()
        for objective in OBJECTIVES
    ]
    assert min(exact) == pytest.approx(18.0554, abs=1e-4)  # RS
    assert n11.fc7_energy(SOLUTION) == pytest.approx(17.9187, abs=1e-4)


class Sly(list):
    """A list that says something else every time it is asked."""

    def __iter__(self):
        return iter(SOLUTION)


class Number(int):
    """A whole number that is equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


ENDLESS = [("C", 1, "DRAM"), ("M", 1, "ROWS")]
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    "loops",
    [
        Sly([("M", 1, "DRAM"), ("C", 1, "DRAM"), ("N", 1, "RF")]),
        [*SOLUTION[:2], ("M", Number(14), "ROWS"), *SOLUTION[3:]],
        [*SOLUTION, ("Q", 1, "RF")],
        [],
        [1, 2, 3],
        ENDLESS,
        [("M", 0, "DRAM")],
        [lambda: 17.0],
    ],
    ids=["sly", "equal", "dim", "empty", "numbers", "endless", "zero", "function"],
)
def test_tricks_get_no_points(loops):
    verdict = judge(OPEN, loops, hidden=True)
    assert not verdict.right and verdict.text.startswith("fc7_loops: not right yet\n")


def test_whole_floats_are_steps():
    assert judge(OPEN, [(dim, float(step), where) for dim, step, where in SOLUTION]).right


def test_many_loops_are_judged_in_time():
    assert judge(OPEN, [("M", 4096, "DRAM")] * 300 + SOLUTION, hidden=True).text
