"""cycles: how long a nest takes on a machine, without running it."""

from cnnhw.counts.fits import fitted
from cnnhw.counts.times import steps_of
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.timing.moves import record_of
from cnnhw.timing.timing import Timing


def cycles(nest: Nest, machine: Machine, timing: Timing | None = None) -> int:
    """Give the cycles of a nest on a machine.

    nest     the mapping of a layer
    machine  what it runs on: any levels and arrays
    timing   how fast words move; None: by the bandwidths of the machine's levels and arrays
    returns  whole cycles, equal to run(nest, machine, ..., timing=timing).cycles. Where nothing takes time
             but steps, count(nest, machine).cycles
    raises   CapacityError if the nest needs more PEs, or larger memories, than the machine has; CourseError
             if the timing names what the machine lacks, or there are more passes than are kept in memory
    source   docs/design.md, "Time"

    >>> from cnnhw import LayerShape, Machine, Nest
    >>> from cnnhw.machine import Level
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])     # 9 steps, 5 pixels come and 3 psums go
    >>> cycles(nest, Machine(levels=(Level("GLB", bandwidth=1),)))
    17
    """
    nest = fitted(nest, machine)
    timing = Timing.of(machine) if timing is None else timing
    timing.check(machine.hierarchy)
    if timing.ideal:
        return steps_of(nest)
    return timing.cycles(record_of(nest, machine, timing.words_per_cycle), machine.share)
