"""Exercise 6 of lesson 07: every good list of cuts passes, and nothing that is no such list."""

import numpy as np
import pytest

from cnnhw import run
from cnnhw.checks import judge
from cnnhw.checks.opens import n07 as opens07
from cnnhw.machine import Level, Machine
from cnnhw.tensors import random_filters, random_ifmap
from cnnhw_grading.lessons import find

EXERCISE = find("glb_cuts")


class Liar(int):
    """A number that says it is smaller than any other."""

    def __le__(self, other):
        return True


class Changing(list):
    """A list that shows other cuts each time."""

    def __iter__(self):
        return iter([("M", 8), ("C", 1)])


class Sly(tuple):
    """A tuple that says it has two items."""

    def __len__(self):
        return 2


@pytest.mark.parametrize(
    "cuts",
    [
        [("M", 8), ("C", 1)],
        [("M", 8), ("C", 2)],
        [("M", 9), ("C", 1)],
        [["M", 8], ["C", 1]],
        (("M", 8.0), ["C", np.int64(1)]),
        [("M", 8), ("C", 2), ("C", 1)],
    ],
)
def test_good_cuts_pass(cuts):
    verdict = judge(EXERCISE, cuts, hidden=True)
    assert verdict.right, verdict.text


@pytest.mark.parametrize(
    "cuts",
    [
        [("M", Liar(8)), ("C", 1)],
        Changing([("M", 1)]),
        [Sly(("M", 8, "DRAM")), ("C", 1)],
        [("M", 8), None],
        [("M",)],
        [("M", 10**400)],
        [("M", 0)],
        [("M", True), ("C", 1)],
        [("M", 8)] * 9,
        ["MC", "C1"],
        [[[[[[[[[[["M"]]]]]]]]]]],
        "M8C1",
    ],
    ids=repr,
)
def test_what_is_no_list_of_cuts_is_refused_in_words(cuts):
    verdict = judge(EXERCISE, cuts, hidden=True)
    assert not verdict.right and verdict.text.startswith("glb_cuts: not right yet")


def test_a_list_that_holds_itself_is_refused():
    cuts = [("M", 8)]
    cuts.append(cuts)
    assert not judge(EXERCISE, cuts, hidden=True).right


def test_the_reason_stands_where_it_belongs():
    text = judge(EXERCISE, [("M", 12), ("C", 1)]).text
    assert "no   its tiles fit into 1,000 words (CapacityError: the tile of a tensor must fit" in text
    assert text.count("CapacityError") == 1
    assert "no   it is a list of cuts that make a nest (MappingError" in judge(EXERCISE, [("H", 3)]).text


def test_the_score_is_what_the_emulator_moves():
    cuts, machine = [("M", 8), ("C", 1)], Machine(levels=(Level("GLB", opens07.GLB_WORDS),))
    nest = opens07.nest_of(cuts)
    counts = run(nest, machine, random_ifmap(nest.shape), random_filters(nest.shape)).counts
    moved = sum(counts["DRAM", t].reads + counts["DRAM", t].updates for t in ("ifmap", "filter", "psum"))
    assert opens07.dram_accesses(cuts) == moved == 9_288
