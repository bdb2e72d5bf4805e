"""Timing: how many cycles a run takes where words need time to move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np

from cnnhw.errors import CourseError, whole_number
from cnnhw.machine import Hierarchy, Machine
from cnnhw.machine.level import Share, checked_bandwidth, whole
from cnnhw.timing.record import Changes, Moved, Record


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How fast words move, and what moves while the PEs compute.

    words_per_cycle  level or array -> words that cross it in a cycle, a level's on its side towards the MACs:
                     one number for all tensors, that share a bus; or tensor -> number, each with a bus of its
                     own, and "update" for psums on their way out, which else share the psums' bus. What is
                     not named takes no time
    double_buffered  levels, such as "GLB" or "RF", with room for the next words while work goes on with the
                     present ones: they are filled and drained meanwhile. Elsewhere the PEs wait
    latency          level -> cycles that each of its passes takes more, such as the depth of a pipeline
    raises           CourseError if a name, a tensor or a number is none

    A pass of a level is one iteration of the loops outside it. It takes as long as the passes of the next
    level inside; the innermost level's, as many cycles as it has steps, and where words pass by that no level
    inside keeps, at least those that these need. Before a pass come the words that the level lacks, after it
    leave its psums. With double buffering the loads of the next and the drains of the last overlap with the
    work of the present one; the first load and the last drain never do. A buffer that is double has twice the
    words: the capacity of the machine is that of one half. On buses of their own, psums leave while others
    come. Of many instances the one that moves most is waited for, and of a pass's parts the slowest.

    >>> Timing(words_per_cycle={"DRAM": 2, "GLB": {"ifmap": 1, "psum": 4}}, double_buffered=("GLB",)).ideal
    False
    """

    words_per_cycle: Mapping = None
    double_buffered: tuple[str, ...] = ()
    latency: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self):
        for name, given in (("words_per_cycle", self.words_per_cycle or {}), ("latency", self.latency)):
            if not isinstance(given, Mapping):
                raise CourseError(
                    "speeds and latencies are given by level",
                    f"{name}={given!r}",
                    f'use {name}={{"RF": 4}}, or leave it out',
                )
        object.__setattr__(self, "words_per_cycle", dict(self.words_per_cycle or {}))
        if isinstance(self.double_buffered, str):
            raise CourseError(
                "the levels that are double buffered are listed",
                f"double_buffered={self.double_buffered!r}",
                f"use double_buffered=({self.double_buffered!r},)",
            )
        object.__setattr__(self, "double_buffered", tuple(self.double_buffered))
        for name, words in self.words_per_cycle.items():
            checked_bandwidth(name, words)
        latency = {level: whole_number(cycles, least=0) for level, cycles in self.latency.items()}
        if None in latency.values():
            raise CourseError(
                "a pass takes a whole number of cycles more, 0 or more",
                f"latency={dict(self.latency)!r}",
                'use latency={"RF": 4}, or leave it out',
            )
        object.__setattr__(self, "latency", latency)

    @classmethod
    def of(cls, machine: Machine, **options) -> "Timing":
        """Take the bandwidths of a machine's levels and arrays.

        options  double_buffered and latency

        >>> from cnnhw.machine import Level
        >>> Timing.of(Machine.of([Level("DRAM", bandwidth=2), Level("RF")])).words_per_cycle
        {'DRAM': 2}
        """
        speeds = {part.name: part.bandwidth for part in machine.parts if part.bandwidth is not None}
        return cls(words_per_cycle=speeds, **options)

    @property
    def ideal(self) -> bool:
        """Whether words move in no time and passes take none, so that cycles are steps."""
        return not self.words_per_cycle and not any(self.latency.values())

    def check(self, order: Hierarchy) -> None:
        """Refuse names that a machine lacks.

        raises  CourseError
        """
        for what, names, known in (
            ("words per cycle are given for levels and arrays", self.words_per_cycle, order.names),
            ("levels inside the outermost can be double buffered", self.double_buffered, order.levels[1:]),
            ("the passes of levels have a latency", self.latency, order.levels),
        ):
            strange = [name for name in names if name not in known]
            if strange:
                raise CourseError(what, ", ".join(map(repr, strange)), f"use one of {', '.join(known)}")

    def cycles(self, record: Record, share: Share = whole) -> int:
        """Give the cycles of a run.

        record   words moved by each pass
        share    of a word's time that a tensor's word takes, such as a Machine's
        returns  steps, and the waiting for words where they take time and nothing hides it
        """
        work = np.maximum(record.steps, self._cycles(record.passing, len(record.steps), share))
        work = work + self.latency.get(record.innermost, 0)
        around = [None, *record.levels]
        for outer, changes in zip(around[-2::-1], record.levels[::-1], strict=True):
            inner = np.array([0, len(work)]) if outer is None else outer.inner
            level = record.outermost if outer is None else outer.level
            work = self._spans(work, changes, inner, share) + self.latency.get(level, 0)
        return int(work[0])

    def _spans(self, work: np.ndarray, changes: Changes, inner: np.ndarray, share: Share) -> np.ndarray:
        """Give the cycles of each pass of the level outside one, whose passes take `work`."""
        out = {
            (part, self._way_out(part)): words
            for (part, _), words in changes.stores.items()
            if part in self.words_per_cycle and np.any(words)  # where nothing leaves, no bus is shared
        }
        loads, stores = (self._cycles(moved, len(work) + 1, share) for moved in (changes.loads, out))
        firsts, ends = inner[:-1], inner[1:]
        if changes.level not in self.double_buffered:
            return np.add.reduceat(work + loads[:-1] + stores[1:], firsts)
        coming, leaving = loads[1:].copy(), stores[:-1].copy()
        coming[ends - 1] = leaving[firsts] = 0  # the first load and the last drain overlap with nothing
        apart = {bus for _, bus in out} == {"update"}
        meanwhile = np.maximum(coming, leaving) if apart else coming + leaving
        return loads[firsts] + np.add.reduceat(np.maximum(work, meanwhile), firsts) + stores[ends]

    def _way_out(self, part: str) -> str:
        """Name the bus on which psums leave for a level, or cross an array."""
        buses = self.words_per_cycle.get(part)
        return "update" if isinstance(buses, Mapping) and "update" in buses else "psum"

    def _cycles(self, moved: Moved, many: int, share: Share) -> np.ndarray:
        """Give the cycles that words need at the parts they cross: slowest bus, busiest instance."""
        cycles = np.zeros(many, np.int64)
        for part, speed in self.words_per_cycle.items():
            words = {tensor: number for (at, tensor), number in moved.items() if at == part}
            if isinstance(speed, Mapping):
                needed = [_over({bus: words[bus]}, speed[bus], share) for bus in words if bus in speed]
            else:
                needed = [_over(words, speed, share)] if words else []
            for number in needed:
                cycles = np.maximum(cycles, number.max(1, initial=0))
        return cycles


def _over(words: dict[str, np.ndarray], per_cycle: float, share: Share) -> np.ndarray:
    """Give the cycles in which words of tensors, or of psums on their way out, cross a bus together."""
    shares = {bus: Fraction(share("psum" if bus == "update" else bus)) for bus in words}
    parts = lcm(*(each.denominator for each in shares.values()))  # of a word: all are whole numbers of these
    total = sum(int(shares[bus] * parts) * number for bus, number in words.items())
    return np.ceil(total / (per_cycle * parts)).astype(np.int64)
