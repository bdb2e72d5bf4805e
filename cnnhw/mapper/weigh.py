"""What parameters of a dataflow cost: a whole grid at once by a published form, or nest by nest."""

import numpy as np

from cnnhw.dataflows import Dataflow
from cnnhw.dataflows.dataflow import PSUM
from cnnhw.dataflows.grids import Grid
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.machine import CapacityError, Machine
from cnnhw.mapper.plan import Plan
from cnnhw.nest import MappingError
from cnnhw.shape import LayerShape

MOST_COUNTED = 5_000  # nests of one grid; chosen for a quarter of a minute


def weigh(
    dataflow: Dataflow, shape: LayerShape, machine: Machine, grid: Grid, psum_weight: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Give the energy of moving words, and the PEs at work, for all parameters of a grid.

    dataflow     one of the six, or a Dataflow of your own
    grid         parameter -> array or number; they broadcast against each other
    psum_weight  how often a published form counts the psums on the NoC
    returns      (energy, active PEs), arrays as large as the grid. The energy is by the published form if
                 there is one, otherwise by the exact counts of each nest; MACs are left out. Where parameters
                 do not fit it is infinite
    raises       CourseError if too many nests would have to be counted
    """
    z, room = Sizes.of(shape), dataflow.room(machine)
    fits = dataflow.within(z, room, **grid)
    if not dataflow.published_form:
        return _counted(dataflow, shape, machine, grid, fits)
    energy = sum(
        machine.costs[level] * (psum_weight if (level, tensor) == ("NoC", PSUM) else 1) * words
        for (level, tensor), words in dataflow.moved(z, **grid).items()
    )
    fits, energy, active = np.broadcast_arrays(fits, energy, dataflow.working(z, **grid))
    return np.where(fits, energy, np.inf), active


def _counted(dataflow, shape, machine, grid: Grid, fits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if fits.sum() > MOST_COUNTED:
        raise CourseError(
            "a dataflow without a published form is searched by counting its nests, one after the other",
            f"{fits.sum():,} of {dataflow.name} to count, at most {MOST_COUNTED:,}",
            f"give {type(dataflow).__name__} a method limits that excludes, or candidates that yields fewer",
        )
    from tqdm import tqdm

    energy, active = np.full(fits.shape, np.inf), np.zeros(fits.shape, dtype=int)
    grid = {name: np.broadcast_to(values, fits.shape) for name, values in grid.items()}
    for place in tqdm(np.argwhere(fits), desc=f"nests of {dataflow.name}", delay=1, leave=False):
        at = tuple(place)
        plan = Plan(dataflow, shape, machine, {name: int(values[at]) for name, values in grid.items()})
        try:
            energy[at] = plan.energy.total - plan.energy.level("MAC")
            active[at] = plan.counts.active_pes
        except (CapacityError, MappingError):  # it does not fit: the energy stays infinite
            continue
    return energy, active
