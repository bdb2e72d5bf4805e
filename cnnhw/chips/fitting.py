"""A row-stationary mapping for any layer on a chip whose register files and buffer are separate rooms."""

from collections.abc import Iterator

import numpy as np

from cnnhw.counts.fits import fitted
from cnnhw.dataflows import RS, Room
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.machine import CapacityError, Machine
from cnnhw.mapper.weigh import weigh
from cnnhw.nest import MappingError, Nest
from cnnhw.shape import LayerShape

MOST_TRIED = 2_000  # plans in order of energy; LeNet-5's layers need at most 20


def fitting_nest(shape: LayerShape, machine: Machine) -> tuple[dict[str, int], Nest]:
    """Find row-stationary parameters that fit a chip, room by room and PE by PE.

    shape    the layer
    machine  with a limited number of PEs, such as eyeriss().machine
    returns  (parameters, Nest): of the plans that the mapper considers, in the order of their published
             energy and then of most active PEs, the first whose nest fits. cnnhw.mapper.search alone takes
             separate memories together, and PEs as if any arrangement could be wired
    raises   CourseError if no plan fits

    >>> from cnnhw.chips import eyeriss
    >>> parameters, nest = fitting_nest(LayerShape(M=16, C=6, H=14, R=5), eyeriss().machine)
    >>> parameters["e"], parameters["r"], (nest.rows, nest.cols)     # two 5 x 10 sets on top of each other
    (10, 2, (10, 10))
    """
    tried = 0
    for tried, parameters in enumerate(_in_order_of_energy(shape, machine), 1):  # noqa: B007 the last is told
        nest = RS.nest(shape, parameters, machine)
        if _fits(nest, machine):
            return parameters, nest
    raise CourseError(
        "a plan must fit the array and each of its memories",
        f"none of the {tried} plans tried",
        "use a machine with more room, a smaller batch, or write a nest of your own",
    )


def _in_order_of_energy(shape: LayerShape, machine: Machine) -> Iterator[dict[str, int]]:
    """Give parameters that the mapper considers and its constraints allow, cheapest first."""
    found = []
    for grid in RS.candidates(Sizes.of(shape), Room.of(machine)):
        energy, active = weigh(RS, shape, machine, grid)
        columns = [energy, -active, *(grid[name] for name in RS.parameters)]
        fits = energy < np.inf
        found.append(np.stack([np.broadcast_to(column, fits.shape)[fits] for column in columns]))
    table = np.concatenate(found, axis=1)
    for row in table[:, np.lexsort(table[1::-1])[:MOST_TRIED]].T:
        yield {name: int(value) for name, value in zip(RS.parameters, row[2:], strict=True)}


def _fits(nest: Nest, machine: Machine) -> bool:
    try:
        fitted(nest, machine)
    except (CapacityError, MappingError):
        return False
    return True
