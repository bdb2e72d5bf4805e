"""The paper's closed form beside the exact counts of the nest, every difference with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from cnnhw.counts import count
from cnnhw.dataflows.arrange import arrange
from cnnhw.dataflows.dataflow import LEVELS, TENSORS, Dataflow
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes
from cnnhw.machine import Machine
from cnnhw.shape import LayerShape, Tensor

OPTIONS = "words of the padding are not stored, or first psums are read, as the machine says"


@dataclass(frozen=True)
class Comparison:
    """One level and tensor of a dataflow on a layer.

    level, tensor  what is compared
    published      words by the closed form
    exact          words by count(nest, machine), each transfer counted once
    reasons        Reasons for the difference
    """

    level: str
    tensor: Tensor
    published: float
    exact: int
    reasons: tuple[Reason, ...]

    @property
    def difference(self) -> float:
        """exact - published."""
        return self.exact - self.published

    @property
    def unexplained(self) -> float:
        """What is left of the difference after all reasons.

        It is 0 on every layer whose groups have two channels or more. With a single channel a PE may find in
        its RF what it needs next, by ways that are not all worked out.
        """
        left = self.difference - sum(reason.words for reason in self.reasons)
        return 0.0 if abs(left) < 1e-9 * max(1, self.exact) else left


def compare(
    dataflow: Dataflow, shape: LayerShape, parameters: Mapping[str, int], machine: Machine
) -> tuple[Comparison, ...]:
    """Set the published words beside the exact ones.

    dataflow    one of the six, or one of your own that has a published form
    shape       any LayerShape
    parameters  of the dataflow, such as those of a Plan
    machine     the Machine they are for
    returns     a Comparison for each of DRAM, GLB, NoC, RF and each tensor
    raises      CourseError as dataflow.published does; CapacityError if the nest does not fit the machine

    >>> from cnnhw.dataflows import OS_C
    >>> shape, machine = LayerShape(N=2, M=5, C=3, H=4, R=2), Machine(4, 4)
    >>> rows = compare(OS_C, shape, {"m": 4, "n": 2, "p": 4}, machine)
    >>> [(row.level, row.tensor.value, row.difference) for row in rows if row.difference]
    [('DRAM', 'ifmap', -144.0), ('RF', 'psum', 90.0)]
    >>> [row.reasons[0].why for row in rows if row.difference][1]
    'the first product of a piece of a psum is written too; the paper starts with the second'
    """
    published = dataflow.published(shape, parameters)
    room, z = Room.of(machine), Sizes.of(shape)
    nest = arrange(dataflow.nest(shape, parameters, room), machine)
    exact = count(nest, machine).accesses()
    plain = count(nest, Machine.unbounded(stores_padding=True)).accesses()
    found = [reason._replace(words=float(reason.words)) for reason in dataflow.reasons(z, room, **parameters)]
    found = [reason for reason in found if abs(reason.words) > 1e-6]
    found += [Reason(*key, exact[key] - plain[key], OPTIONS) for key in exact if exact[key] != plain[key]]
    return tuple(
        Comparison(
            level,
            tensor,
            float(published[level, tensor]),
            exact[level, tensor],
            tuple(reason for reason in found if (reason.level, reason.tensor) == (level, tensor)),
        )
        for level in LEVELS
        for tensor in TENSORS
    )
