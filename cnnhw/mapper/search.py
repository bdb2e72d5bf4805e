"""The best parameters of a dataflow for a layer on a machine, by trying all of them."""

import numpy as np

from cnnhw.dataflows import Dataflow, Room
from cnnhw.dataflows.dataflow import LEVELS, PSUM
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.mapper.cache import remembered
from cnnhw.mapper.candidates import candidates
from cnnhw.mapper.plan import Plan
from cnnhw.shape import LayerShape

ENERGY, ISCA_2016 = "energy", "isca2016"
OBJECTIVES = {
    ENERGY: "the published energy, as it is reported",
    ISCA_2016: (
        "the published energy with the psums on the NoC counted twice; the figures of ISCA 2016 come out "
        "when RS, WS and NLR are searched so and reported with them counted once"
    ),
}
_EQUAL = 1e-12  # energies closer than this part of themselves are a tie: the sums are floats


def search(dataflow: Dataflow, shape: LayerShape, machine, objective: str = ENERGY) -> Plan:
    """Find the parameters with the least published energy, among all whole numbers that fit.

    dataflow   one of the six in cnnhw.dataflows, or a Dataflow of your own
    shape      any LayerShape
    machine    a Machine: its words in GLB and RF, its PEs and its costs decide
    objective  "energy": the published energy. "isca2016": the same with psums on the NoC counted twice in the
               search, which is what reproduces the paper's figures
    returns    Plan; of equal energies, one with the most active PEs
    raises     CourseError if nothing fits, naming the constraint; or if the objective is unknown
    source     ISCA 2016; the doubled term is found by recomputing its figures

    >>> from cnnhw.dataflows import OS_C
    >>> from cnnhw.machine import Level, Machine
    >>> machine = Machine(2, 3, (Level("GLB", 54), Level("RF", 1)))
    >>> search(OS_C, LayerShape(N=2, M=8, C=1, H=3, R=3), machine).parameters
    {'m': 4, 'n': 2, 'p': 3}
    """
    if objective not in OBJECTIVES:
        raise CourseError(
            "a search minimises one of its objectives",
            f"{objective!r}",
            f"use one of {', '.join(OBJECTIVES)}",
        )
    room = Room.of(machine)
    question = {
        "dataflow": dataflow.name,
        "layer": vars(Sizes.of(shape)),
        "room": room._asdict(),
        "costs": [machine.costs[place] for place in LEVELS],
        "objective": objective,
    }

    def find() -> dict[str, int]:
        return _best(dataflow, shape, room, machine.costs, objective)

    # What is remembered under a name must not change: a reader's own dataflow may, from one run to the next.
    ours = type(dataflow).__module__.startswith("cnnhw.")
    best = remembered(question, find) if ours else find()
    return Plan(dataflow, shape, machine, best, objective)


def _best(dataflow: Dataflow, shape: LayerShape, room: Room, costs, objective: str) -> dict[str, int]:
    z, best = Sizes.of(shape), (np.inf, 0, None)
    psum_weight = 2 if objective == ISCA_2016 else 1
    for grid in candidates(dataflow, z, room):
        best = _better(best, _best_of_grid(dataflow, z, room, costs, psum_weight, grid))
    if best[2] is None:
        raise _nothing_fits(dataflow, shape, room)
    return best[2]


def _best_of_grid(dataflow, z: Sizes, room: Room, costs, psum_weight: int, grid):
    """(energy, active PEs, parameters) of the best in a grid, or (inf, 0, None)."""
    fits = True
    for _, need, have in dataflow.limits(z, room, **grid):
        fits = fits & (need <= have)
    energy = sum(
        costs[level] * (psum_weight if (level, tensor) == ("NoC", PSUM) else 1) * words
        for (level, tensor), words in dataflow.moved(z, **grid).items()
    )
    fits, energy, active = np.broadcast_arrays(fits, energy, dataflow.working(z, **grid))
    energy = np.where(fits, energy, np.inf)
    least = energy.min(initial=np.inf)
    if least == np.inf:
        return np.inf, 0, None
    tied = np.flatnonzero(energy <= least * (1 + _EQUAL))
    winner = np.unravel_index(tied[np.argmax(active.flat[tied])], energy.shape)
    parameters = {
        name: int(np.broadcast_to(grid[name], energy.shape)[winner]) for name in dataflow.parameters
    }
    return float(energy[winner]), int(active[winner]), parameters


def _better(one, other):
    if other[0] < one[0] * (1 - _EQUAL):
        return other
    return other if other[0] <= one[0] * (1 + _EQUAL) and other[1] > one[1] else one


def _nothing_fits(dataflow: Dataflow, shape: LayerShape, room: Room) -> CourseError:
    """With every parameter 1 all needs are at their smallest, so what fails there fails everywhere."""
    smallest = dict.fromkeys(dataflow.parameters, 1)
    text, need, have = next(c for c in dataflow.constraints(shape, smallest, room) if c.need > c.have)
    return CourseError(
        f"{dataflow.name} needs that {text}",
        f"{need} needed at the least, with every parameter 1, and {have} there",
        "use a machine with more room, a smaller batch or layer, or another dataflow",
    )
