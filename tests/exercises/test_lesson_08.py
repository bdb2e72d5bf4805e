"""Lesson 08's formulas are count()'s numbers, and its nests are judged anew, whatever is handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw.checks import judge
from cnnhw.counts import count
from cnnhw.machine import Machine
from cnnhw.nest import Loop, Nest
from cnnhw.shape import LayerShape
from cnnhw_grading import lessons
from cnnhw_grading.lessons import find

answers = lessons.answers("08")

sizes = st.fixed_dictionaries(
    {name: st.integers(1, 7) for name in ("M", "C", "E", "F", "R", "S", "rows", "cols")}
)


def ws(shape, rows, cols):
    loops = [("M", cols, "DRAM"), ("C", rows, "DRAM"), *((dim, 1, "GLB") for dim in "RSEF")]
    keeps = {"GLB": {"ifmap", "psum"}, "RF": {"filter"}}
    return Nest(shape, [*loops, ("C", 1, "ROWS"), ("M", 1, "COLS")], keeps)


def os(shape, rows, cols):
    loops = [("M", 4, "DRAM"), ("E", rows, "GLB"), ("F", cols, "GLB"), *((dim, 1, "GLB") for dim in "MCRS")]
    keeps = {"GLB": {"ifmap", "filter"}, "RF": {"psum"}}
    return Nest(shape, [*loops, ("E", 1, "ROWS"), ("F", 1, "COLS")], keeps)


@given(sizes)
def test_formulas_are_what_count_says(size):
    shape = LayerShape(
        M=size["M"], C=size["C"], H=size["E"] + size["R"] - 1, W=size["F"] + size["S"] - 1,
        R=size["R"], S=size["S"],
    )  # fmt: skip
    machine = Machine(size["rows"], size["cols"])
    counts = [count(make(shape, machine.rows, machine.cols), machine) for make in (ws, os)]
    assert answers.both_cycles(**size) == tuple(each.cycles for each in counts)
    psum, noc = counts[0]["GLB", "psum"], counts[0].noc
    words = noc["filter"].deliveries, counts[0]["GLB", "ifmap"].reads, noc["psum"].hops, psum.reads
    assert answers.ws_moved(**size) == words


def test_the_prediction_is_one_hundred_and_eighty():
    assert answers.predicted_reads() == 3 * 60


def right_own():
    strips = [("E", 2, "DRAM"), ("M", 4, "GLB"), ("C", 1, "GLB"), ("S", 1, "GLB")]
    array = [("M", 1, "ROWS"), ("F", 3, "COLS")]
    return answers.own(
        *strips, *array, ("R", 1, "RF"), ("F", 1, "RF"), ("E", 1, "RF"), rf=("ifmap", "filter", "psum")
    )


def test_right_nests_pass():
    assert judge(find("own_nest"), right_own()).right
    assert judge(find("turned_nest"), answers.turned("EFCRS")).right


class Flattering(Nest):
    @property
    def loops(self):
        return right_own().loops


def tampered(field, value):
    nest = right_own()
    object.__setattr__(nest, field, value)
    return nest


class AnyDim(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    "answer",
    [
        lambda: tampered("shape", LayerShape(M=1, C=1, H=3, R=3)),
        lambda: tampered("loops", ()),
        lambda: tampered("loops", None),
        lambda: tampered("loops", (Loop("M", 1, "RF"),) * 3),
        lambda: tampered("loops", ("M", 1, "RF")),
        lambda: tampered("keeps", {}),
        lambda: tampered("keeps", None),
        lambda: object.__new__(Nest),
        lambda: object.__new__(Flattering),
        lambda: answers.turned("EFCRS"),
        lambda: [("M", 1, "RF")],
        lambda: Nest,
    ],
)
def test_a_hostile_nest_gets_words_and_no_points(answer):
    verdict = judge(find("own_nest"), answer())
    assert not verdict.right and verdict.text


def test_a_loop_changed_behind_its_back_is_refused():
    nest = right_own()
    object.__setattr__(nest.loops[0], "dim", AnyDim("E"))
    assert not judge(find("own_nest"), nest).right


def test_a_cached_size_that_lies_is_not_believed():
    nest = answers.turned("CRSEF")
    nest.__dict__["sizes"] = dict.fromkeys(nest.sizes, 1)
    assert not judge(find("turned_nest"), nest).right
