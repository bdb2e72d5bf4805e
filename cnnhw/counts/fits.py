"""Whether a nest fits on a machine."""

from cnnhw.counts.counts import TENSORS
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.nest import Nest


def check_fits(nest: Nest, machine: Machine) -> None:
    """Refuse a nest that takes more PEs, or larger tiles, than the machine has.

    nest     the mapping of a layer
    machine  what it should run on
    raises   CapacityError naming the level, the tensor, the words wanted and the words there
    """
    for value, kind in ((nest, Nest), (machine, Machine)):
        if not isinstance(value, kind):
            raise CourseError(
                "a nest is counted on a machine", f"{type(value).__name__} in place of a {kind.__name__}",
                "call count(nest, machine); Machine.unbounded() has room for everything",
            )  # fmt: skip
    machine.check_array(nest.rows, nest.cols)
    for level in machine.levels:
        if level.words is not None:
            kept = [tensor for tensor in TENSORS if level.name in nest.kept_by(tensor)]
            level.check(
                {tensor: nest.tile_words(level.name, tensor, machine.stores_padding) for tensor in kept}
            )
