"""Energy: every access times what it costs, by level and by tensor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from cnnhw.counts import Counts, count
from cnnhw.errors import CourseError, positive
from cnnhw.machine import Costs, Machine
from cnnhw.machine.costs import PLACES
from cnnhw.nest import Nest
from cnnhw.shape import Tensor
from cnnhw.timing import Timing, cycles

TENSORS = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)


@dataclass(frozen=True, kw_only=True, repr=False)
class Energy:
    """The energy of a layer, or of several together.

    by          (level, tensor) -> energy, an array's network counting as a level; the arithmetic is
                ("MAC", None). What is not named is 0
    macs        multiply-accumulates
    cycles      that they take: steps, and those of waiting where energy_of knows of any
    unit        what the energies are counted in: "MAC" where they are relative to one MAC, or "pJ"
    convention  the way accesses were counted

    Energies of the same unit and convention can be added, so sum(energies) is a network's.
    """

    by: Mapping[tuple[str, str | None], float]
    macs: int
    cycles: int
    unit: str = "MAC"
    convention: str = "transfer"

    def __post_init__(self):
        named = tuple(dict.fromkeys(level for level, tensor in self.by if tensor is not None))
        levels = PLACES[:-1] if set(named) <= set(PLACES) else named
        keys = [(level, str(tensor)) for level in levels for tensor in TENSORS] + [("MAC", None)]
        object.__setattr__(self, "by", MappingProxyType({key: self.by.get(key, 0) for key in keys}))

    def __hash__(self):
        return hash((tuple(self.by.items()), self.macs, self.cycles, self.unit, self.convention))

    @property
    def levels(self) -> tuple[str, ...]:
        """Where energy is spent: levels and arrays, outermost first, and MAC."""
        return tuple(dict.fromkeys(level for level, _ in self.by))

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.by.values())

    @property
    def per_mac(self) -> float:
        """total / macs; never below the cost of a MAC."""
        return self.total / self.macs

    def level(self, name: str) -> float:
        """Give the energy of one level.

        name     of a level or an array, such as "DRAM", "GLB", "NoC", "RF", or "MAC"
        returns  the sum over tensors
        raises   CourseError for another name
        """
        if name not in self.levels:
            raise CourseError(
                f"energy is spent at {', '.join(self.levels)}", f"{name!r}", "use one of these names"
            )
        return sum(value for (level, _), value in self.by.items() if level == name)

    def tensor(self, name: str) -> float:
        """Give the energy of moving one tensor.

        name     "ifmap", "filter" or "psum"
        returns  the sum over levels; the arithmetic belongs to no tensor
        raises   CourseError for another name
        """
        if name not in TENSORS:
            raise CourseError(
                f"energy is spent on moving {', '.join(TENSORS)}",
                f"{name!r}",
                'use one of these names; the arithmetic is level("MAC"), an ofmap word is a psum',
            )
        return sum(value for (_, tensor), value in self.by.items() if tensor == name)

    def per_inference(self, N: int) -> float:
        """Give the energy for one image: total / N.

        N       images in the batch, LayerShape.N
        raises  CourseError if N is below 1
        """
        return self.total / positive("a batch has one image or more", "N", N)

    def delay(self, clock_hz: float) -> float:
        """Give the time it takes: cycles / clock_hz.

        clock_hz  cycles per second
        returns   seconds
        raises    CourseError if clock_hz is not above 0
        """
        return self.cycles / positive("a clock ticks", "clock_hz", clock_hz)

    def edp(self, clock_hz: float) -> float:
        """Give the energy-delay product: total * delay. Small is good: it weighs saving and waiting alike.

        clock_hz  cycles per second
        returns   unit times seconds
        raises    CourseError if clock_hz is not above 0
        """
        return self.total * self.delay(clock_hz)

    def __add__(self, other: "Energy") -> "Energy":
        if not isinstance(other, Energy):
            return NotImplemented
        if self.levels != other.levels:
            raise CourseError(
                "energies can be added if their machines have the same levels and arrays",
                f"{', '.join(self.levels)} and {', '.join(other.levels)}",
                "count both on machines of one list",
            )
        kinds = [(energy.unit, energy.convention) for energy in (self, other)]
        if kinds[0] != kinds[1]:
            raise CourseError(
                "energies can be added if they are in the same unit, under the same convention",
                f"(unit, convention) = {kinds[0]} and {kinds[1]}",
                "use the same costs and the same convention for both",
            )
        return Energy(
            by={key: self.by[key] + other.by[key] for key in self.by},
            macs=self.macs + other.macs, cycles=self.cycles + other.cycles,
            unit=self.unit, convention=self.convention,
        )  # fmt: skip

    def __radd__(self, other: int) -> "Energy":
        return self if other == 0 else NotImplemented  # sum() starts from 0

    def __repr__(self) -> str:
        head = (
            f"{self.total:.6g} {self.unit} for {self.macs} MACs, {self.per_mac:.4g} each ({self.convention})"
        )
        lines = [head, f"  {'level':<6}" + "".join(f"{tensor:>14}" for tensor in TENSORS) + f"{'all':>14}"]
        for level in self.levels[:-1]:
            numbers = [*(self.by[level, tensor] for tensor in TENSORS), self.level(level)]
            lines.append(f"  {level:<6}" + "".join(f"{number:>14.6g}" for number in numbers))
        return "\n".join([*lines, f"  {'MAC':<6}{'':>42}{self.level('MAC'):>14.6g}"])


def energy_of(
    nest: Nest, machine: Machine, timing: Timing | None = None, convention: str = "transfer"
) -> Energy:
    """Count a nest and its cycles, and give the energy, with the delay where words take time.

    nest        the mapping of a layer
    machine     what it runs on: any levels and arrays
    timing      how fast words move; None: by the bandwidths of the machine's levels and arrays
    convention  as in energy
    returns     Energy whose cycles are those of timing.cycles, so that delay and edp have the waiting in them
    raises      CapacityError, MappingError and CourseError as count, cycles and energy do

    >>> from cnnhw import LayerShape, Level
    >>> nest = Nest(LayerShape(M=1, C=1, H=1, W=5, R=1, S=3), [("F", 1, "GLB"), ("S", 1, "RF")])
    >>> ideal = energy_of(nest, Machine.unbounded())
    >>> slow = energy_of(nest, Machine(levels=(Level("GLB", bandwidth=1),)))
    >>> ideal.total == slow.total, ideal.cycles, slow.cycles
    (True, 9, 17)
    >>> slow.edp(clock_hz=1) / ideal.edp(clock_hz=1) == 17 / 9
    True
    """
    return replace(energy(count(nest, machine), machine, convention), cycles=cycles(nest, machine, timing))


def energy(counts: Counts, costs: Costs | Machine, convention: str = "transfer") -> Energy:
    """Multiply what a nest moves by what each access costs.

    counts      Counts of a layer, or of several added up
    costs       a Machine, whose levels and arrays have costs; or Costs, for the usual names
    convention  "transfer", "ports", "timeloop", "accelforge" or "worst", as in Counts.accesses; "chip" counts
                one level only
    returns     Energy: by[level, tensor] = accesses * cost of the level, words read and words written each at
                its own if these differ, times the machine's share for the width of the tensor's words;
                by["MAC", None] = macs * cost of one
    raises      CourseError if these are not counts and costs, or the convention leaves levels out
    source      Chen, Emer and Sze, ISCA 2016, section VI; the default costs are those of TALK slide 35

    >>> from cnnhw import LayerShape, Nest, count
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)          # 3 psums of 3 products
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])
    >>> spent = energy(count(nest, Machine.unbounded()), Costs())
    >>> spent.level("DRAM"), spent.level("MAC")                   # 200 * (5 + 3 + 3) words; 9 MACs
    (2200, 9)
    """
    machine = costs if isinstance(costs, Machine) else None
    costs = machine.costs if machine else costs
    for value, kind, change in (
        (counts, Counts, "call energy(count(nest, machine), machine)"),
        (costs, Costs, "give a Machine, or Costs such as Costs.horowitz()"),
    ):
        if not isinstance(value, kind):
            raise CourseError(
                "energy is counts times costs", f"{type(value).__name__} in place of {kind.__name__}", change
            )
    if convention == "chip":
        raise CourseError(
            "energy needs a convention that counts every level",
            'convention="chip", which counts the words between the GLB and the array alone',
            'use "transfer" or "ports"',
        )
    order = machine.hierarchy.names if machine else PLACES
    words = counts.reads_and_writes(convention)
    levels = sorted({level for level, _ in words}, key=lambda name: _place(name, order))
    prices = {
        level: (machine.cost(level), machine.cost(level, written=True)) if machine else (costs[level],) * 2
        for level in levels
    }
    shares = {tensor: machine.share(tensor) if machine else 1 for tensor in TENSORS}
    spent = {
        (level, tensor): _shared(_cost(words[level, tensor], prices[level]), shares[tensor])
        for level in levels
        for tensor in TENSORS
        if (level, tensor) in words
    }
    return Energy(
        by=spent | {("MAC", None): counts.macs * costs.MAC},
        macs=counts.macs, cycles=counts.cycles, unit=costs.unit, convention=convention,
    )  # fmt: skip


def _cost(words: tuple[int, int], prices: tuple[float, float]) -> float:
    """Multiply words read and written; by one price at once, which rounds once."""
    if prices[0] == prices[1]:
        return sum(words) * prices[0]
    return words[0] * prices[0] + words[1] * prices[1]


def _shared(cost: float, share: Fraction | int) -> float:
    """Give the cost of words of another width than the prices are for."""
    return cost if share == 1 else cost * share.numerator / share.denominator


def _place(name: str, order: tuple[str, ...]) -> int:
    if name not in order:
        raise CourseError(
            "every level that counts has a price",
            f"{name} is none of {', '.join(order)}",
            "give the Machine that was counted on: energy(count(nest, machine), machine)",
        )
    return order.index(name)
