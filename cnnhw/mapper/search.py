"""The best parameters of a dataflow for a layer on a machine, by trying all of them."""

import numpy as np

from cnnhw.dataflows import Dataflow
from cnnhw.dataflows.dataflow import LEVELS
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.mapper.cache import remembered
from cnnhw.mapper.plan import Plan
from cnnhw.mapper.weigh import weigh
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
    """Find the parameters with the least energy, among all whole numbers that fit.

    dataflow   one of the six in cnnhw.dataflows, or a Dataflow of your own
    shape      any LayerShape
    machine    a Machine: its words in GLB and RF, its PEs and its costs decide. Of any hierarchy where the
               dataflow has no published form: then the nests themselves are counted, each
    objective  "energy": the published energy, or the exact one without a form. "isca2016": the published one
               with psums on the NoC counted twice in the search, which reproduces the paper's figures
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

    def find() -> dict[str, int]:
        return _best(dataflow, shape, machine, objective)

    # What is remembered under a name must not change: a reader's own dataflow may, from one run to the next.
    ours = type(dataflow).__module__.startswith("cnnhw.")
    best = remembered(_question(dataflow, shape, machine, objective), find) if ours else find()
    return Plan(dataflow, shape, machine, best, objective)


def _question(dataflow: Dataflow, shape: LayerShape, machine, objective: str) -> dict:
    sizes = Sizes.of(shape)
    slides = {"U": shape.U} | ({} if shape.D == 1 else {"D": shape.D})
    return {
        "dataflow": dataflow.name,
        "layer": {name: getattr(sizes, name) for name in "NMCHWRSEFG"} | slides,
        "room": dataflow.room(machine)._asdict(),
        "costs": [machine.costs[place] for place in LEVELS],
        "objective": objective,
    }


def _best(dataflow: Dataflow, shape: LayerShape, machine, objective: str) -> dict[str, int]:
    best = (np.inf, 0, None)
    psum_weight = 2 if objective == ISCA_2016 else 1
    for grid in dataflow.candidates(Sizes.of(shape), dataflow.room(machine)):
        best = _better(best, _best_of_grid(grid, *weigh(dataflow, shape, machine, grid, psum_weight)))
    if best[2] is None:
        raise _nothing_fits(dataflow, shape, machine)
    return best[2]


def _best_of_grid(grid, energy: np.ndarray, active: np.ndarray):
    """(energy, active PEs, parameters) of the best in a grid, or (inf, 0, None)."""
    least = energy.min(initial=np.inf)
    if least == np.inf:
        return np.inf, 0, None
    tied = np.flatnonzero(energy <= least * (1 + _EQUAL))
    winner = np.unravel_index(tied[np.argmax(active.flat[tied])], energy.shape)
    parameters = {name: int(np.broadcast_to(values, energy.shape)[winner]) for name, values in grid.items()}
    return float(energy[winner]), int(active[winner]), parameters


def _better(one, other):
    if other[0] < one[0] * (1 - _EQUAL):
        return other
    return other if other[0] <= one[0] * (1 + _EQUAL) and other[1] > one[1] else one


def _nothing_fits(dataflow: Dataflow, shape: LayerShape, machine) -> CourseError:
    """With every parameter 1 all needs are at their smallest, so what fails there fails everywhere."""
    smallest, room = dict.fromkeys(dataflow.parameters, 1), dataflow.room(machine)
    change = "use a machine with more room, a smaller batch or layer, or another dataflow"
    for text, need, have in dataflow.constraints(shape, smallest, room):
        if need > have:
            got = f"{need} needed at the least, with every parameter 1, and {have} there"
            return CourseError(f"{dataflow.name} needs that {text}", got, change)
    try:
        Plan(dataflow, shape, machine, smallest).counts  # noqa: B018 it is counted for its error
    except CourseError as error:
        return CourseError(f"{dataflow.name}, with every parameter 1: {error.rule}", error.got, change)
    return CourseError(
        f"the candidates of {dataflow.name} have parameters that fit",
        "none that does, although every parameter 1 does",
        f"let the method candidates of {type(dataflow).__name__} yield more",
    )
