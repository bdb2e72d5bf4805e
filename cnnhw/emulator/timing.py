"""Timing: how many cycles a run takes where words need time to move."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cnnhw.emulator.record import Record
from cnnhw.errors import CourseError, is_finite

LEVELS = ("DRAM", "GLB")
BUSES = ("ifmap", "filter", "psum", "update")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How fast words move, and what moves while the PEs compute.

    words_per_cycle  level -> words that cross its side towards the array in a cycle: one number for all
                     tensors, that share a bus; or tensor -> number, each with a bus of its own, and "update"
                     for psums on their way out, which else share the psums' bus. What is not named takes no
                     time
    double_buffered  levels, "GLB" or "RF", with room for the next words while the PEs work on the present
                     ones: they are filled and drained meanwhile. Elsewhere the PEs wait
    raises           CourseError if a level, a tensor or a number is none

    Cycles of a pass are its steps; where words pass by that no RF keeps, at least the cycles these need.
    Before a pass come the words that the RFs change, before a turn those of the GLB. With double buffering
    the loads of the next and the drains of the last overlap with the work of the present one; the first load
    and the last drain never do. A buffer that is double has twice the words: the capacity of the machine is
    that of one half. On buses of their own, psums leave while others come.

    >>> Timing(words_per_cycle={"DRAM": 2, "GLB": {"ifmap": 1, "psum": 4}}, double_buffered=("GLB",)).ideal
    False
    """

    words_per_cycle: Mapping = None
    double_buffered: tuple[str, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "words_per_cycle", dict(self.words_per_cycle or {}))
        object.__setattr__(self, "double_buffered", tuple(self.double_buffered))
        for level, words in self.words_per_cycle.items():
            self._check_level(level, words)
        if isinstance(self.double_buffered, str) or not set(self.double_buffered) <= {"GLB", "RF"}:
            raise CourseError(
                "GLB and RF can be double buffered",
                f"double_buffered={self.double_buffered!r}",
                'use double_buffered=("GLB", "RF"), one of them, or ()',
            )

    @property
    def ideal(self) -> bool:
        """Whether words move in no time, so that cycles are steps."""
        return not self.words_per_cycle

    def cycles(self, record: Record) -> int:
        """Give the cycles of a run.

        record   words moved by each pass
        returns  steps, and the waiting for words where they take time and nothing hides it
        """
        changes, turns = len(record.steps) + 1, len(record.turns)
        work = np.maximum(record.steps, self._level_cycles(record.passing, len(record.steps)))
        loads = self._level_cycles(record.loads, changes)
        stored = {(level, self._way_out(level)): words for level, words in record.stores.items()}
        stores = self._level_cycles(stored, changes)
        fills = self._level_cycles({("DRAM", tensor): words for tensor, words in record.fills.items()}, turns)
        drains = self._level_cycles({("DRAM", self._way_out("DRAM")): record.drains}, turns)
        in_rf = self._overlap("RF", [bus for _, bus in stored])
        in_glb = self._overlap("GLB", [self._way_out("DRAM")])
        spans = [
            _span(work[first:end], loads[first:end], stores[first + 1 : end + 1], in_rf)
            for first, end in zip(record.turns[:-1], record.turns[1:], strict=True)
        ]
        return _span(np.array(spans), fills[:-1], drains[1:], in_glb)

    def _way_out(self, level: str) -> str:
        """Name the bus on which psums leave the array, or the GLB, for a level."""
        buses = self.words_per_cycle.get(level)
        return "update" if isinstance(buses, Mapping) and "update" in buses else "psum"

    def _overlap(self, level: str, ways_out: list[str]):
        """Give how loads and drains add up while PEs work: None if PEs wait for both."""
        if level not in self.double_buffered:
            return None
        return np.maximum if ways_out == ["update"] else np.add

    def _level_cycles(self, moved: Mapping, many: int) -> np.ndarray:
        """Cycles that words need at the levels they leave or reach; the slowest bus decides."""
        cycles = np.zeros(many, np.int64)
        for level, words_per_cycle in self.words_per_cycle.items():
            words = {tensor: number for (at, tensor), number in moved.items() if at == level}
            if isinstance(words_per_cycle, Mapping):
                needed = [
                    _over(number, words_per_cycle[t]) for t, number in words.items() if t in words_per_cycle
                ]
            else:
                needed = [_over(sum(words.values()), words_per_cycle)] if words else []
            for number in needed:
                cycles = np.maximum(cycles, number)
        return cycles

    def _check_level(self, level, words) -> None:
        numbers = words if isinstance(words, Mapping) else {"ifmap": words}
        known = level in LEVELS and set(numbers) <= set(BUSES)
        if not known or not all(
            isinstance(n, (int, float)) and is_finite(n) and n > 0 for n in numbers.values()
        ):
            raise CourseError(
                "words per cycle are given for DRAM and GLB, above zero, for all tensors or for each",
                f"{level!r}: {words!r}",
                'use {"DRAM": 2, "GLB": {"ifmap": 1, "filter": 4, "psum": 4}}',
            )


def _over(words, per_cycle):
    return np.ceil(words / per_cycle).astype(np.int64)


def _span(work, before, after, overlap) -> int:
    """Cycles of a row of tasks.

    before, after  of each task: what precedes and follows its work
    overlap        as _overlap gives it
    """
    if overlap is None:
        return int((work + before + after).sum())
    meanwhile = overlap(np.append(before[1:], 0), np.insert(after[:-1], 0, 0))
    return int(before[0] + np.maximum(work, meanwhile).sum() + after[-1])
