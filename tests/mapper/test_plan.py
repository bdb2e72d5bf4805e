"""Plans, networks of them, and the landscape around one."""

import numpy as np
import pytest

from cnnhw import LayerShape, networks
from cnnhw.chips import isca16
from cnnhw.dataflows import DATAFLOWS, RS
from cnnhw.errors import CourseError
from cnnhw.machine import CapacityError, Machine
from cnnhw.mapper import energy_per_mac, landscape, search, search_network

SHAPE = LayerShape(N=3, M=10, C=14, H=11, R=3, U=2, P=1, G=2)


@pytest.fixture(autouse=True)
def no_kept_answers(monkeypatch):
    monkeypatch.setenv("CNNHW_CACHE", "off")


@pytest.fixture
def plan():
    return search(RS, SHAPE, isca16("RS"))


def test_energy_is_words_times_costs(plan):
    costs = plan.machine.costs
    total = sum(costs[level] * words for (level, _), words in plan.words.items()) + costs["MAC"] * SHAPE.macs
    assert plan.published_energy == pytest.approx(total)
    assert plan.energy_per_mac == pytest.approx(total / SHAPE.macs)


def test_a_plan_has_its_nest_and_exact_counts(plan):
    assert plan.nest.rows * plan.nest.cols == plan.active_pes
    assert plan.counts.macs == SHAPE.macs
    assert plan.energy.total > 0
    chosen = ", ".join(f"{name}={value}" for name, value in plan.parameters.items())
    told = f"RS ({chosen}): energy {plan.energy_per_mac:.3f} per MAC, {plan.active_pes} PEs active"
    assert str(plan) == told


def test_a_kept_answer_gives_the_same_plan(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("CNNHW_CACHE", str(tmp_path))
    first, second = (search(RS, SHAPE, isca16("RS")) for _ in range(2))
    assert first == second == plan


def test_the_landscape_is_lowest_at_the_plan(plan):
    for names in (("e",), ("p", "q"), ("n", "r")):
        around = landscape(plan, *names, most=20)
        assert around.energy_per_mac.shape == tuple(len(values) for values in around.values)
        assert around.names == names
        planned = [plan.parameters[name] for name in names]
        at = tuple(map(np.searchsorted, around.values, planned))
        assert around.energy_per_mac[at] == pytest.approx(plan.energy_per_mac)
        assert np.nanmin(around.energy_per_mac) >= plan.energy_per_mac * (1 - 1e-12)
        assert around.active_pes[at] == plan.active_pes


def test_a_landscape_tries_the_first_200_and_what_was_planned(plan):
    assert landscape(plan, "p").values[0].tolist() == list(range(1, 201))
    planned = plan.parameters["m"]
    assert landscape(plan, "m", most=2).values[0].tolist() == sorted({1, 2, planned})


@pytest.mark.parametrize("names", [(), ("x",), ("m", "n", "e"), ("m", "m")])
def test_a_landscape_of_something_else(plan, names):
    with pytest.raises(CourseError) as error:
        landscape(plan, *names)
    assert str(error.value) == (
        f"a landscape has one or two parameters of RS\n  got {', '.join(names) or 'none'}\n"
        f"  name one or two of {', '.join(RS.parameters)}"
    )


def test_a_network(capsys):
    network = networks.lenet5()
    found = search_network(DATAFLOWS["NLR"], network, isca16("NLR"))
    assert list(found) == list(network.layers)
    assert energy_per_mac(found) == pytest.approx(
        sum(plan.published_energy for plan in found.values()) / network.macs
    )
    assert capsys.readouterr().err == ""  # no bar for a search that is done within a second


def test_a_plan_says_what_its_search_minimised():
    machine = isca16("WS")
    assert search(DATAFLOWS["WS"], SHAPE, machine).objective == "energy"
    assert search(DATAFLOWS["WS"], SHAPE, machine, "isca2016").objective == "isca2016"


def test_a_long_search_says_what_it_searches(monkeypatch):
    """The bar waits for a second, and leaves nothing behind."""
    asked = {}
    monkeypatch.setattr("tqdm.tqdm", lambda layers, **options: asked.update(options) or layers)
    search_network(DATAFLOWS["NLR"], networks.lenet5(), isca16("NLR"))
    assert asked == {"desc": "NLR on LeNet-5", "delay": 1, "leave": False}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: search(RS, SHAPE, Machine(2)),
         "a search needs to know how many PEs there are\n  got a machine with pes=None\n"
         "  give rows and cols, or pes"),
        (lambda: search(RS, SHAPE, Machine(2, 2), "x"),
         "a search minimises one of its objectives\n  got 'x'\n  use one of energy, isca2016"),
    ],
)  # fmt: skip
def test_questions_without_an_answer(call, message):
    with pytest.raises(CourseError) as error:
        call()
    assert str(error.value) == message


def test_a_machine_without_limits_is_searched_too():
    assert search(RS, SHAPE, Machine(20, 20)).parameters["m"] == 5


def test_a_nest_is_turned_to_fit_the_array():
    shape, levels = networks.alexnet().layers["CONV3"], isca16("RS").levels
    plan = search(RS, shape, Machine(12, 14, levels))
    assert plan.nest.rows <= 12 and plan.nest.cols <= 14
    anywhere = search(RS, shape, Machine(168, 168, levels, pes=168))
    assert anywhere.parameters == plan.parameters
    assert anywhere.counts == plan.counts


def test_a_plan_that_no_arrangement_fits_says_so():
    plan = search(RS, SHAPE, Machine(4, 5))  # sets of 3 x 6 PEs are best, and 18 are there
    assert (plan.nest.rows, plan.nest.cols) == (3, 6)
    with pytest.raises(CapacityError, match="the loops on (ROWS|COLS) must fit on the array"):
        _ = plan.counts
