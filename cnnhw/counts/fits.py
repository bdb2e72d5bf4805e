"""Whether a nest fits on a machine."""

from cnnhw.counts.counts import TENSORS
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.nest import Nest


def fitted(nest: Nest, machine: Machine) -> Nest:
    """Give a nest in the order of a machine; refuse one that takes more PEs, or larger tiles, than it has.

    nest     the mapping of a layer
    machine  what it should run on
    returns  the nest, on the machine's hierarchy
    raises   CapacityError naming the level, the tensor, the words wanted and the words there; MappingError if
             the nest names places that the machine lacks
    """
    for value, kind in ((nest, Nest), (machine, Machine)):
        if not isinstance(value, kind):
            raise CourseError(
                "a nest is counted on a machine", f"{type(value).__name__} in place of a {kind.__name__}",
                "call count(nest, machine); Machine.unbounded() has room for everything",
            )  # fmt: skip
    nest = on_arrays(nest, machine)
    for level in machine.levels:
        if level.words is not None:
            kept = [tensor for tensor in TENSORS if level.name in nest.kept_by(tensor)]
            tiles = {tensor: nest.tile_words(level.name, tensor, machine.stores_padding) for tensor in kept}
            level.check(tiles, machine.share)
    return nest


def on_arrays(nest: Nest, machine: Machine) -> Nest:
    """Check that a nest's positions are there, whatever it keeps; give it on the machine's hierarchy.

    raises  CapacityError and MappingError as fitted does
    """
    nest = nest.on(machine)
    for array in nest.order.arrays:
        machine[array].check(*nest.taken(array))
    return nest
