"""count: the same numbers as walk, in closed form."""

from math import prod

from cnnhw.counts.counts import TENSORS, Access, Counts, Noc
from cnnhw.counts.fits import fitted
from cnnhw.counts.stages import Stage, stage_of
from cnnhw.counts.times import chunks_of, steps_of
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import DIMS, Nest


def count(nest: Nest, machine: Machine) -> Counts:
    """Count what a nest moves on a machine, exactly, without walking through it.

    nest     the mapping of a layer
    machine  what it runs on: any levels and arrays
    returns  Counts, equal to walk(nest, machine) in every number. Each loop outside a level contributes one
             product of sums along single axes, for all the moments at which it advances
    raises   CapacityError if the nest needs more PEs, or larger memories, than the machine has; MappingError
             if it names places that the machine lacks
    source   docs/design.md, "Why a closed form exists"

    >>> from cnnhw import LayerShape
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)          # 3 psums of 3 products
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])     # a window that slides over one row
    >>> count(nest, Machine.unbounded())["GLB", "ifmap"].reads    # 3 words, then 1 and 1
    5
    """
    nest = fitted(nest, machine)
    moved = _Moved(nest, machine)
    for tensor in TENSORS:
        for level in (*nest.kept_by(tensor)[1:], MAC):
            moved.stage(level, tensor)
    return Counts(
        by={key: Access(**sides) for key, sides in moved.by.items()},
        arrays={key: Noc(**both) for key, both in moved.arrays.items()},
        macs=nest.shape.macs,
        cycles=steps_of(nest),
        active_pes=prod(chunks_of(nest, dim, first_of=nest.order.levels) for dim in DIMS),
        stores_padding=machine.stores_padding, first_psum=machine.first_visits,
    )  # fmt: skip


class _Moved:
    """The numbers of a nest, as they are found from the outside in."""

    def __init__(self, nest: Nest, machine: Machine):
        self.nest, self.machine = nest, machine
        self.by = {(level, tensor): {} for level in nest.order.levels for tensor in TENSORS}
        self.arrays = {(array, tensor): {} for array in nest.order.arrays for tensor in TENSORS}
        # Pieces of psums that start from nothing, at the level that was looked at last.
        self.starts = nest.shape.ofmap_words

    def stage(self, level: str, tensor: str) -> None:
        """Add what moves between a level that keeps a tensor, or the MACs, and the level that serves it."""
        stage = stage_of(self.nest, self.machine, level, tensor)
        add = self._psums if tensor == "psum" else self._words
        add(level, tensor, stage)

    def _words(self, level: str, tensor: str, stage: Stage) -> None:
        self._add(stage.keeper, tensor, reads=stage.served[0])
        for array, words in zip(stage.arrays, stage.served[1:], strict=True):
            self.arrays[array, tensor] = {"deliveries": words}
        self._add(level, tensor, fills=stage.served[-1])

    def _psums(self, level: str, tensor: str, stage: Stage) -> None:
        """Every visit of a psum ends with an update outside; all but starts begin with a read there."""
        visits, pieces = stage.served[0], stage.served[-1]
        back = visits if self.machine.reads_first(stage.keeper) else visits - self.starts
        self._add(stage.keeper, tensor, reads=back, updates=visits)
        for array, around, inside in zip(stage.arrays, stage.served, stage.served[1:], strict=False):
            self.arrays[array, tensor] = {"deliveries": back, "hops": inside - around}
        self._add(level, tensor, fills=back, drains=pieces)
        self.starts = pieces - back

    def _add(self, level: str, tensor: str, **sides: int) -> None:
        if level == MAC:
            return  # it holds nothing
        numbers = self.by[level, tensor]
        for side, value in sides.items():
            numbers[side] = numbers.get(side, 0) + value
