"""Plan: what a search decided, and everything that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from cnnhw.dataflows import Dataflow
from cnnhw.dataflows.arrange import arrange
from cnnhw.shape import LayerShape


@dataclass(frozen=True, repr=False)
class Plan:
    """A dataflow with its parameters, for a layer on a machine.

    dataflow    one of the six, or a Dataflow of your own
    shape       the layer
    machine     what it runs on
    parameters  name -> whole number
    objective   what the search minimised
    """

    dataflow: Dataflow
    shape: LayerShape
    machine: object
    parameters: Mapping[str, int]
    objective: str = "energy"

    def __hash__(self):
        return hash((self.dataflow, self.shape, self.machine, tuple(self.parameters.items()), self.objective))

    def __post_init__(self):
        object.__setattr__(self, "parameters", dict(self.parameters))

    @cached_property
    def words(self) -> Mapping:
        """Words moved, (level, tensor) -> words: by the published form, or the nest's where none is."""
        if self.dataflow.published_form:
            moved = self.dataflow.published(self.shape, self.parameters)
        else:
            moved = self.counts.accesses()
        return MappingProxyType({key: float(words) for key, words in moved.items()})

    @cached_property
    def energy_by(self) -> Mapping:
        """Energy of these words, (level, tensor) -> words * cost; and ("MAC", None) -> macs * cost of one."""
        if not self.dataflow.published_form:
            return self.energy.by
        costs = self.machine.costs
        by = {(level, tensor): costs[level] * words for (level, tensor), words in self.words.items()}
        return MappingProxyType(by | {("MAC", None): costs["MAC"] * self.shape.macs})

    @property
    def published_energy(self) -> float:
        """Energy of the layer by these words, MACs included, in the unit of the costs."""
        return sum(self.energy_by.values())

    @property
    def energy_per_mac(self) -> float:
        """published_energy / macs."""
        return self.published_energy / self.shape.macs

    @property
    def active_pes(self) -> int:
        """PEs that work at the busiest moment, by the published form, or the nest's where none is."""
        if not self.dataflow.published_form:
            return self.counts.active_pes
        return int(self.dataflow.active_pes(self.shape, self.parameters))

    @cached_property
    def nest(self):
        """The loop nest of the dataflow with these parameters, laid over the machine's rows and columns.

        A search counts PEs, not rows and columns: where the array is too long or too wide for every
        arrangement, the nest is still given, and counting it says so.
        """
        nest = self.dataflow.nest(self.shape, self.parameters, self.dataflow.room(self.machine))
        return arrange(nest, self.machine) if self.machine.hierarchy.usual else nest

    @cached_property
    def counts(self):
        """The exact counts of the nest on the machine."""
        from cnnhw.counts import count

        return count(self.nest, self.machine)

    @cached_property
    def energy(self):
        """The exact energy: the counts times the machine's costs."""
        from cnnhw.energy import energy

        return energy(self.counts, self.machine)

    def __repr__(self) -> str:
        chosen = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        unit = "" if self.machine.costs.unit == "MAC" else f" {self.machine.costs.unit}"
        energy = f"{self.energy_per_mac:.3f}{unit} per MAC"
        return f"{self.dataflow.name} ({chosen}): energy {energy}, {self.active_pes} PEs active"
