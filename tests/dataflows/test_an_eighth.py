"""A dataflow that no paper counted, on a hierarchy of its own: its nests are counted instead."""

import numpy as np
import pytest
from dataflows.eighth import FiltersInTiles
from dataflows.seventh import InputStationary

from cnnhw import Array, CourseError, LayerShape, Level, Machine, count
from cnnhw.chips import isca16
from cnnhw.course import cli
from cnnhw.course.dataflows import own_dataflows
from cnnhw.dataflows import DATAFLOWS, Dataflow, compare
from cnnhw.energy import energy
from cnnhw.experiments.isca2016 import bars
from cnnhw.mapper import landscape, search

SHAPE = LayerShape(N=2, M=11, C=5, H=6, R=3, P=1)


def machine(words=400):
    parts = (
        Level("memory", cost=200), Array("tiles", 1, 4, cost=4), Level("store", words, cost=3),
        Array("lanes", 1, 4, cost=1),
    )  # fmt: skip
    return Machine.of(parts)


def refused(call) -> list[str]:
    with pytest.raises(CourseError) as caught:
        call()
    return str(caught.value).splitlines()


def test_the_search_finds_the_least_energy_of_all_its_nests():
    flow, there = FiltersInTiles(), machine()
    plan = search(flow, SHAPE, there)
    found = {}
    for m in range(1, 12):
        for c in range(1, 12):
            nest = flow.nest(SHAPE, {"m": m, "c": c}, flow.room(there))
            try:
                found[m, c] = energy(count(nest, there), there).total
            except CourseError:
                continue
    assert 4 < len(found) < 121
    assert plan.published_energy == plan.energy.total == min(found.values())
    assert found[plan.parameters["m"], plan.parameters["c"]] == min(found.values())
    assert plan.words["tiles", "ifmap"] == plan.counts.accesses()["tiles", "ifmap"] > 0
    assert plan.energy_by == plan.energy.by and plan.active_pes == plan.counts.active_pes
    assert plan.energy_per_mac == plan.energy.per_mac


def test_its_landscape_is_what_its_nests_cost():
    plan = search(FiltersInTiles(), SHAPE, machine())
    seen = landscape(plan, "m", most=6)
    at = seen.values[0].tolist().index(plan.parameters["m"])
    assert seen.energy_per_mac[at] == pytest.approx(plan.energy_per_mac, rel=1e-12)
    assert np.nanmin(seen.energy_per_mac) == seen.energy_per_mac[at]
    assert seen.active_pes[at] == plan.active_pes


def test_what_does_not_fit_is_said_by_the_nest():
    assert refused(lambda: search(FiltersInTiles(), SHAPE, machine(words=2)))[0].startswith(
        "FIT, with every parameter 1: "
    )
    usual = Machine(2, 2)
    assert "FIT, with every parameter 1: " in refused(lambda: search(FiltersInTiles(), SHAPE, usual))[0]


def test_a_form_that_is_not_there_is_not_compared():
    plan = search(FiltersInTiles(), SHAPE, machine())
    assert refused(lambda: compare(plan.dataflow, SHAPE, plan.parameters, Machine(4, 4))) == [
        "this asks for a closed form that someone published",
        "  got FIT, which has none",
        "  count its nest, or give its class a method moved(z, **parameters)",
    ]


def test_too_many_nests_are_not_counted():
    wide = LayerShape(N=2, M=80, C=80, H=6, R=3)
    assert refused(lambda: search(FiltersInTiles(), wide, machine())) == [
        "a dataflow without a published form is searched by counting its nests, one after the other",
        "  got 6,400 of FIT to count, at most 5,000",
        "  give FiltersInTiles a method limits that excludes, or candidates that yields fewer",
    ]


def test_what_is_left_out_is_named():
    class Nameless(Dataflow):
        title, parameters = "of no name", {}

        def loops(self, z, room):
            return [], {}

    assert refused(Nameless) == [
        "a dataflow has name, title, account, parameters",
        "  got Nameless without name, account",
        "  write them into the class, as tests/dataflows/eighth.py does",
    ]


@pytest.fixture
def input_stationary(monkeypatch):
    """A reader's own beside the six, for one test."""
    monkeypatch.setitem(DATAFLOWS, "IS", InputStationary())


@pytest.mark.usefixtures("input_stationary")
def test_it_stands_among_the_bars():
    conv, fc = bars(N=4)
    assert [*conv.energy_per_mac] == ["WS", "OS_A", "OS_B", "OS_C", "NLR", "RS", "IS"]
    assert conv.relative()["IS"] > 1 and fc.relative()["IS"] is None
    assert not conv.refused and fc.refused["IS"].got.startswith("16,777,216")  # pairs up to 4,096
    assert isca16("IS") == isca16(InputStationary())
    assert isca16("IS").levels == isca16("OS_C").levels


def test_the_command_takes_a_file(capsys, monkeypatch):
    monkeypatch.setattr("cnnhw.course.dataflows.sweep", lambda: ())  # the claims of the paper are its own
    monkeypatch.setattr("cnnhw.course.dataflows.claims", lambda found: ())
    from dataflows import seventh

    six = dict(DATAFLOWS)
    try:
        assert cli.main(["dataflows", "--also", seventh.__file__]) == 0
    finally:
        DATAFLOWS.clear()
        DATAFLOWS.update(six)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    own = [line for line in lines if line[:1] == ["IS"]]
    assert [line[1:] for line in own] == [["none", "9.918"], ["none", "no", "plan"]]
    assert "combinations of c, n, at most 4,000,000" in " ".join(lines[lines.index(own[1]) + 2])


def test_a_file_without_one_is_refused(tmp_path):
    empty = tmp_path / "nothing.py"
    empty.write_text("from cnnhw.dataflows import Dataflow, RS\n", encoding="utf-8")
    assert refused(lambda: own_dataflows(str(empty)))[1] == f"  got {empty} without one"
    assert refused(lambda: own_dataflows(str(tmp_path / "none.py")))[0] == "--also names a Python file"
    assert refused(lambda: own_dataflows(str(tmp_path)))[0] == "--also names a Python file"
    text = tmp_path / "text.txt"
    text.write_text("", encoding="utf-8")
    assert refused(lambda: own_dataflows(str(text)))[2] == "  give a file whose name ends in .py"


def test_equal_area_needs_its_register_file():
    assert refused(lambda: isca16(FiltersInTiles())) == [
        "equal area is shared out between the register files and the buffer",
        "  got FIT, which does not say the bytes of its register file",
        "  write rf_bytes = 2, or what its PEs need, into FiltersInTiles",
    ]
