"""Counts: what moved, by level, tensor and direction."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from cnnhw.counts.conventions import accesses
from cnnhw.errors import CourseError
from cnnhw.shape import Tensor

LEVELS = ("DRAM", "GLB", "RF")
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
    """Words of one tensor on the network between the PEs.

    deliveries  words that arrive in a PE from outside the array; one word multicast to 3 PEs is 3 deliveries
    hops        psums handed from one PE to another, to be added there
    """

    deliveries: int = 0
    hops: int = 0

    def __add__(self, other: "Noc") -> "Noc":
        return Noc(self.deliveries + other.deliveries, self.hops + other.hops)


@dataclass(frozen=True, kw_only=True, repr=False)
class Counts:
    """What a nest moves on a machine, exactly.

    by              (level, tensor) -> Access, for DRAM, GLB and RF and for ifmap, filter and psum
    noc             tensor -> Noc
    macs            multiply-accumulates, those with padding included
    cycles          steps, each with one MAC at most in every PE
    active_pes      PEs that work in the fullest step
    stores_padding  whether words of the padding were counted
    first_psum      "zero" or "read": whether the first visit of a psum reads it

    counts["GLB", "psum"].reads gives one number; print(counts) shows them all. Counts of layers can be added.
    """

    by: Mapping[tuple[str, str], Access]
    noc: Mapping[str, Noc]
    macs: int
    cycles: int
    active_pes: int
    stores_padding: bool = False
    first_psum: str = "zero"

    def __post_init__(self):
        full = {
            (level, str(tensor)): self.by.get((level, tensor), Access())
            for level in LEVELS
            for tensor in TENSORS
        }
        object.__setattr__(self, "by", MappingProxyType(full))
        object.__setattr__(
            self, "noc", MappingProxyType({str(tensor): self.noc.get(tensor, Noc()) for tensor in TENSORS})
        )

    def __getitem__(self, key: tuple[str, str]) -> Access:
        if key not in self.by:
            raise CourseError(
                "counts are kept for DRAM, GLB and RF, and for ifmap, filter and psum",
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

        convention  "transfer", "ports", "chip" or "worst"; docs/conventions.md says what each adds up
        returns     (level, tensor) -> words moved; the NoC is a level here
        raises      CourseError if there is no such convention, or these counts were taken under other rules
        """
        return accesses(self, convention)

    def __add__(self, other: "Counts") -> "Counts":
        if not isinstance(other, Counts):
            return NotImplemented
        rules = [(counts.stores_padding, counts.first_psum) for counts in (self, other)]
        if rules[0] != rules[1]:
            raise CourseError(
                "counts can be added if they were taken under the same rules",
                f"(stores_padding, first_psum) = {rules[0]} and {rules[1]}",
                "count both nests on machines with the same two options",
            )
        return Counts(
            by={key: self.by[key] + other.by[key] for key in self.by},
            noc={tensor: self.noc[tensor] + other.noc[tensor] for tensor in self.noc},
            macs=self.macs + other.macs, cycles=self.cycles + other.cycles,
            active_pes=max(self.active_pes, other.active_pes),
            stores_padding=self.stores_padding, first_psum=self.first_psum,
        )  # fmt: skip

    def __radd__(self, other: int) -> "Counts":
        return self if other == 0 else NotImplemented  # sum() starts from 0

    def __hash__(self):
        return hash(
            (tuple(self.by.items()), tuple(self.noc.items()), self.macs, self.cycles, self.active_pes)
        )

    def __repr__(self) -> str:
        pes = "1 PE" if self.active_pes == 1 else f"{self.active_pes} PEs"
        lines = [f"{self.macs} MACs in {self.cycles} cycles, {pes} at most"]
        lines += [f"  {'level':<6}{'tensor':<8}{'reads':>15}{'updates':>15}{'fills':>15}{'drains':>15}"]
        for (level, tensor), access in self.by.items():
            numbers = "".join(f"{getattr(access, side.name):>15}" for side in fields(Access))
            lines.append(f"  {level:<6}{tensor:<8}{numbers}")
        lines += [f"  {'NoC':<6}{'tensor':<8}{'deliveries':>15}{'hops':>15}"]
        lines += [
            f"  {'NoC':<6}{tensor:<8}{noc.deliveries:>15}{noc.hops:>15}" for tensor, noc in self.noc.items()
        ]
        return "\n".join(lines)
