"""A seventh dataflow, in one file outside the package: searched, counted and compared like the six."""

import pytest
from dataflows.seventh import InputStationary

from cnnhw import CourseError, LayerShape, Level, Machine, count
from cnnhw.dataflows import DATAFLOWS, compare
from cnnhw.machine.hierarchy import MAC
from cnnhw.mapper import search

SHAPE = LayerShape(N=3, M=4, C=6, H=5, R=3)
MACHINE = Machine(6, 3, (Level("GLB", 1000), Level("RF", 8)))


def test_it_is_searched_and_counted():
    plan = search(InputStationary(), SHAPE, MACHINE)
    assert plan.parameters == {"c": 6, "n": 3} and plan.active_pes == 18
    assert plan.counts == count(plan.nest, MACHINE) and plan.counts.active_pes == 18
    assert set(plan.nest.stationary()[MAC]) == {"ifmap"}
    small = search(InputStationary(), SHAPE, Machine(2, 2, (Level("RF", 8),)))
    assert small.active_pes <= 4 and small.published_energy > plan.published_energy


def test_it_is_compared_and_what_differs_is_said():
    plan = search(InputStationary(), SHAPE, MACHINE)
    compared = compare(plan.dataflow, SHAPE, plan.parameters, MACHINE)
    rows = {(row.level, str(row.tensor)): row for row in compared}
    assert rows["RF", "ifmap"].difference == rows["NoC", "filter"].difference == 0
    psums, noc = rows["NoC", "psum"], plan.counts.noc["psum"]  # of which the closed form says nothing
    assert psums.unexplained == psums.difference == noc.hops + noc.deliveries > 0


def test_none_of_the_six_is_taken_for_it():
    class Renamed(InputStationary):
        name = "RS"

    assert search(Renamed(), SHAPE, MACHINE).parameters == {"c": 6, "n": 3}
    assert set(search(DATAFLOWS["RS"], SHAPE, MACHINE).parameters) == set(DATAFLOWS["RS"].parameters)


def test_too_many_candidates():
    with pytest.raises(CourseError) as caught:
        search(InputStationary(), LayerShape(M=3000, C=3, H=1, R=1), MACHINE)
    assert str(caught.value).splitlines() == [
        "a search tries all whole numbers up to the largest size of the layer",
        "  got 9,000,000 combinations of c, n, at most 4,000,000",
        "  give InputStationary a method candidates(z, room) that yields fewer",
    ]
