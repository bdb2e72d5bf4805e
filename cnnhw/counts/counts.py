"""Counts: what moved, by level, tensor and direction."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from cnnhw.counts.conventions import reads_and_writes
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import USUAL
from cnnhw.shape import Tensor

TENSORS = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)


@dataclass(frozen=True)
class Access:
    """Words of one tensor that cross the two sides of one level.

    reads    read from the level, towards the MAC
    updates  psums written to the level, coming from the MAC's side
    fills    written to the level, coming from outside
    drains   psums read from the level, on their way outside
    """

    reads: int = 0
    updates: int = 0
    fills: int = 0
    drains: int = 0

    def __add__(self, other: "Access") -> "Access":
        return Access(*(getattr(self, side.name) + getattr(other, side.name) for side in fields(Access)))


@dataclass(frozen=True)
class Noc:
    """Words of one tensor on the network of an array.

    deliveries  words that arrive at a position, such as a PE, from outside the array; one word multicast to 3
                PEs is 3 deliveries
    hops        psums handed from one position to another, to be added there
    """

    deliveries: int = 0
    hops: int = 0

    def __add__(self, other: "Noc") -> "Noc":
        return Noc(self.deliveries + other.deliveries, self.hops + other.hops)


@dataclass(frozen=True, kw_only=True, repr=False)
class Counts:
    """What a nest moves on a machine, exactly.

    by              (level, tensor) -> Access, for each level, outermost first, and for ifmap, filter and psum
    noc             tensor -> Noc, of all arrays together
    macs            multiply-accumulates, those with padding included
    cycles          steps, each with one MAC at most in every PE
    active_pes      PEs that work in the fullest step
    stores_padding  whether words of the padding were counted
    first_psum      whether the first visit of a psum reads it: "zero", "read", or "read at GLB"
    arrays          (array, tensor) -> Noc, for each array, outermost first; left out, noc is the one array's

    counts["GLB", "psum"].reads gives one number; print(counts) shows them all. Counts of layers can be added.
    """

    by: Mapping[tuple[str, str], Access]
    noc: Mapping[str, Noc] | None = None
    macs: int
    cycles: int
    active_pes: int
    stores_padding: bool = False
    first_psum: str = "zero"
    arrays: Mapping[tuple[str, str], Noc] | None = None

    def __post_init__(self):
        usual = self.arrays is None
        arrays = {(*USUAL.arrays, t): noc for t, noc in (self.noc or {}).items()} if usual else self.arrays
        levels = USUAL.levels if usual else dict.fromkeys(level for level, _ in self.by)
        names = USUAL.arrays if usual else dict.fromkeys(array for array, _ in arrays)
        full = {(level, str(t)): self.by.get((level, t), Access()) for level in levels for t in TENSORS}
        links = {(array, str(t)): arrays.get((array, t), Noc()) for array in names for t in TENSORS}
        noc = {str(t): sum((links[array, str(t)] for array in names), Noc()) for t in TENSORS}
        for name, value in (("by", full), ("arrays", links), ("noc", noc)):
            object.__setattr__(self, name, MappingProxyType(value))

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of the levels, outermost first."""
        return tuple(dict.fromkeys(level for level, _ in self.by))

    def __getitem__(self, key: tuple[str, str]) -> Access:
        if key not in self.by:
            raise CourseError(
                f"counts are kept for {_listed(self.levels)}, and for ifmap, filter and psum",
                f"{key!r}",
                'use counts["GLB", "psum"]; a finished psum is an ofmap word; the NoC is in counts.noc',
            )
        return self.by[key]

    @property
    def mean_active_pes(self) -> float:
        """PEs that work in a step, on average: macs / cycles."""
        return self.macs / self.cycles

    def accesses(self, convention: str = "transfer") -> dict[tuple[str, str], int]:
        """Give accesses by level and tensor under a named convention.

        convention  one of CONVENTIONS, such as "ports"; docs/conventions.md says what each adds up
        returns     (level, tensor) -> words moved; the NoC is a level here
        raises      CourseError if there is no such convention, or these counts were taken under other rules
        """
        return {key: sum(both) for key, both in self.reads_and_writes(convention).items()}

    def reads_and_writes(self, convention: str = "transfer") -> dict[tuple[str, str], tuple[int, int]]:
        """Give the same with the words that are read at a level, and those that are written, apart.

        returns  (level, tensor) -> two numbers; words on an array's network are read
        """
        return reads_and_writes(self, convention)

    def __add__(self, other: "Counts") -> "Counts":
        if not isinstance(other, Counts):
            return NotImplemented
        if [*self.by, *self.arrays] != [*other.by, *other.arrays]:
            raise CourseError(
                "counts can be added if their machines have the same levels and arrays",
                f"{_listed(self.levels)}, and {_listed(other.levels)}",
                "count both nests on machines of one list",
            )
        rules = [(counts.stores_padding, counts.first_psum) for counts in (self, other)]
        if rules[0] != rules[1]:
            raise CourseError(
                "counts can be added if they were taken under the same rules",
                f"(stores_padding, first_psum) = {rules[0]} and {rules[1]}",
                "count both nests on machines with the same two options",
            )
        return Counts(
            by={key: self.by[key] + other.by[key] for key in self.by},
            arrays={key: self.arrays[key] + other.arrays[key] for key in self.arrays},
            macs=self.macs + other.macs, cycles=self.cycles + other.cycles,
            active_pes=max(self.active_pes, other.active_pes),
            stores_padding=self.stores_padding, first_psum=self.first_psum,
        )  # fmt: skip

    def __radd__(self, other: int) -> "Counts":
        return self if other == 0 else NotImplemented  # sum() starts from 0

    def __hash__(self):
        return hash(
            (tuple(self.by.items()), tuple(self.arrays.items()), self.macs, self.cycles, self.active_pes)
        )

    def __repr__(self) -> str:
        pes = "1 PE" if self.active_pes == 1 else f"{self.active_pes} PEs"
        lines = [f"{self.macs} MACs in {self.cycles} cycles, {pes} at most"]
        lines += [f"  {'level':<6}{'tensor':<8}{'reads':>15}{'updates':>15}{'fills':>15}{'drains':>15}"]
        for (level, tensor), access in self.by.items():
            numbers = "".join(f"{getattr(access, side.name):>15}" for side in fields(Access))
            lines.append(f"  {level:<6}{tensor:<8}{numbers}")
        for number, ((array, tensor), noc) in enumerate(self.arrays.items()):
            if number % len(TENSORS) == 0:
                lines.append(f"  {array:<6}{'tensor':<8}{'deliveries':>15}{'hops':>15}")
            lines.append(f"  {array:<6}{tensor:<8}{noc.deliveries:>15}{noc.hops:>15}")
        return "\n".join(lines)


def _listed(names: tuple[str, ...]) -> str:
    """Give names in a row: DRAM, GLB and RF."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
