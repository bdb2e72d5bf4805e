"""Lesson 09's references agree with emulator and counts, and exercise 6 stands firm."""

import numpy as np
import pytest

from cnnhw import CapacityError, LayerShape, Level, Machine, Nest, count
from cnnhw.checks import judge
from cnnhw.emulator import run
from cnnhw.pictures.arrays.row_stationary import rows_of
from cnnhw.tensors import random_filters, random_ifmap
from cnnhw_grading import lessons
from cnnhw_grading.lessons import find

answers = lessons.answers("09")

ALL = {"ifmap", "filter", "psum"}


def sizes(name):
    return [*find(name).cases, *find(name).hidden]


@pytest.mark.parametrize("case", sizes("own_pe"))
def test_own_pe_is_one_pe_of_the_emulator(case):
    ifmap_row, filter_row, U, words = answers.row_of_ones(np.random.default_rng(9), **case)
    row = LayerShape(M=1, C=1, H=1, W=len(ifmap_row), R=1, S=len(filter_row), U=U)
    loops, one = [("F", 1, "GLB"), ("S", 1, "RF")], Machine(1, 1, Level("RF", words))
    arrays = ifmap_row[None, None, None], filter_row[None, None, None]
    try:
        done = run(Nest(row, loops), one, *arrays)
    except CapacityError:
        done = run(Nest(row, loops, {"GLB": ALL, "RF": {"filter", "psum"}}), one, *arrays)
    psums, fetched, reads, writes = answers.own_pe(ifmap_row, filter_row, U, words)
    rf = [done.counts["RF", tensor] for tensor in sorted(ALL)]
    assert np.array_equal(psums, done.ofmap[0, 0, 0])
    assert fetched == done.counts["GLB", "ifmap"].reads
    assert reads == sum(access.reads for access in rf)
    # The psum's fills are what comes back from outside; here nothing does.
    assert writes == sum(access.fills + access.updates for access in rf)


@pytest.mark.parametrize("case", sizes("row_receivers"))
def test_row_receivers_are_those_of_a_trace(case):
    h, R, E, U, P = case.values()
    shape = LayerShape(M=1, C=1, H=U * (E - 1) + R - 2 * P, W=3, R=R, S=2, U=U, P=P)
    assert shape.E == E
    loops = [("F", 1, "GLB"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")]
    nest = Nest(shape, loops)
    trace = run(nest, Machine.unbounded(), random_ifmap(shape), random_filters(shape), trace=True).trace
    assert sorted(rows_of(trace).receivers("ifmap", h)) == answers.row_receivers(**case)


@pytest.mark.parametrize("case", sizes("rf_words"))
def test_rf_words_are_the_tiles_of_a_nest(case):
    S, p, q, n = case.values()
    shape = LayerShape(N=n, M=p, C=q, H=1, W=S + 3, R=1, S=S)
    nest = Nest(shape, [("F", 1, "GLB"), *((dim, 1, "RF") for dim in "CSNM")])
    assert sum(nest.tile_words("RF", tensor) for tensor in ALL) == answers.rf_words(**case)


@pytest.mark.parametrize("case", sizes("set_moved"))
def test_set_moved_is_count(case):
    M, C, W, R, E, S, p, q = case.values()
    shape = LayerShape(M=M, C=C, H=E + R - 1, W=W, R=R, S=S)
    loops = [("M", p, "GLB"), ("C", q, "GLB"), ("F", 1, "GLB"), ("R", 1, "ROWS"), ("E", 1, "COLS")]
    nest = Nest(shape, [*loops, ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF")])
    counts = count(nest, Machine.unbounded())
    found = counts["GLB", "ifmap"].reads, counts.noc["ifmap"].deliveries, counts.noc["psum"].hops
    assert (*found, counts["GLB", "psum"].reads) == answers.set_moved(**case)


class OtherNest(Nest):
    """A nest that says it uses another layer."""


def for_another_layer():
    smaller = LayerShape(N=2, M=6, C=4, H=8, W=8, R=3)
    return Nest(smaller, answers.own_set(3, 2, 1, channels=2).loops)


def forged():
    nest = answers.own_set(3, 2, 1, channels=2)
    object.__setattr__(nest, "keeps", {"GLB": set(), "RF": {"psum"}})
    return nest


@pytest.mark.parametrize(
    "nest",
    [
        answers.own_set(3, 2, 1, channels=2),
        answers.own_set(2, 2, 1, channels=2),
        answers.own_set(3, 2, 2, channels=2),
    ],
)
def test_good_sets_pass(nest):
    assert judge(find("own_set"), nest, hidden=True).right


@pytest.mark.parametrize(
    "nest",
    [
        OtherNest(answers.OWN, answers.own_set(3, 2, 1, channels=2).loops),
        for_another_layer(),
        forged(),
        answers.own_set(6, 2, 1),
        None,
    ],
)
def test_other_sets_get_no_points(nest):
    assert not judge(find("own_set"), nest, hidden=True).right
