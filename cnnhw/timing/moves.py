"""Moves: the words that each pass of a nest moves, from the nest alone. No step is visited."""

from collections.abc import Collection
from itertools import zip_longest

import numpy as np

from cnnhw.counts.counts import TENSORS
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import DIMS, Nest
from cnnhw.timing.boxes import Box
from cnnhw.timing.passes import REDUCED, Passes
from cnnhw.timing.record import Changes, Record


def record_of(nest: Nest, machine: Machine, parts: Collection[str] | None = None) -> Record:
    """Give the words moved by each pass.

    nest     fitted to the machine
    machine  any levels and arrays
    parts    the levels and arrays that are asked for; None for all
    returns  the Record that an engine would make
    raises   CourseError if the nest has more passes than are kept in memory
    """
    return _Moves(nest, machine, machine.hierarchy.names if parts is None else parts).record()


class _Moves(Passes):
    """What moves between the passes of all levels.

    parts  the levels and arrays that are asked for
    """

    def __init__(self, nest: Nest, machine: Machine, parts: Collection[str]):
        super().__init__(nest, machine)
        self.parts = parts

    def record(self) -> Record:
        """Put the record together."""
        inside = self.order.levels[1:]
        changes = []
        for level, deeper in zip_longest(inside, inside[1:]):
            loads, stores = {}, {}
            for tensor in TENSORS:
                if tensor in self.nest.keeps[level]:
                    self._stage(level, tensor, loads, stores)
            starts = None if deeper is None else self.starts(level, deeper)
            changes.append(Changes(level, loads, stores, starts))
        passing: dict = {}
        for tensor in TENSORS:
            loads, stores = {}, {}
            self._stage(MAC, tensor, loads, stores)
            for key in (*loads, *stores):
                passing[key] = sum(moved[key] for moved in (loads, stores) if key in moved)
        return Record(tuple(changes), self.steps(), passing, self.order.outermost)

    def _stage(self, level: str, tensor: str, loads: dict, stores: dict) -> None:
        """Add what moves between a level that keeps a tensor, or the MACs, and the level that serves it."""
        keeper = self.nest.keeper(level, tensor)
        arrays, outer = self.order.arrays_outside(level), len(self.order.arrays_outside(keeper))
        for number, part in enumerate((keeper, *arrays[outer:])):
            if part not in self.parts:
                continue
            depth = outer + max(0, number - 1)  # of the part's own instances
            if tensor == "psum":
                come = self._returns(level, keeper, depth)
                gone = self._leaves(level, outer + number, depth)
                stores[part, tensor] = _flat(gone - self._leaves(level, depth, depth) if number else gone)
            else:
                come = self._arrives(level, tensor, outer + number, depth)
            loads[part, tensor] = _flat(come)

    def _arrives(self, level: str, tensor: str, fine: int, depth: int) -> np.ndarray:
        """Count words that groups lack before a change and want after it, for the groups they belong to."""
        coarser = self.coarser(fine, depth)
        if level == MAC:
            return self.fetched(tensor, fine).words(coarser)
        tile, groups = self.tile(level, tensor), self.groups(level, fine)
        new = tile.shifted(0)
        lacking = new.meet(tile.shifted(1), lambda now, before: now & ~before).joined(groups)
        union = new.joined(groups)
        settled = union.meet(lacking, lambda now, lacks: now & ~lacks)
        return union.words(coarser) - settled.words(coarser)

    def _leaves(self, level: str, fine: int, depth: int) -> np.ndarray:
        """Count psums that groups hold before a change and not after it."""
        coarser = self.coarser(fine, depth)
        if level == MAC:
            return self.fetched("psum", fine).words(coarser)
        tile, groups = self.tile(level, "psum"), self.groups(level, fine)
        old, new = (tile.shifted(by).joined(groups) for by in (1, 0))
        return old.words(coarser) - old.meet(new).words(coarser)

    def _returns(self, level: str, keeper: str, depth: int) -> np.ndarray:
        """Count psums that come back: they enter a group that the keeper serves, and have a value there.

        depth  of the groups asked for: those whose first instance gets the word
        """
        outer = len(self.order.arrays_outside(keeper))
        if level == MAC:
            at = np.arange(self.level(self.last).many)
            every, first = (
                self.first_of(self.fetched("psum", depth, since), depth, outer, depth)
                for since in (None, keeper)
            )
            return every.words() - first.words() + self._first_visits(first, self.last, keeper, depth, at)
        tile, many = self.tile(level, "psum"), self.level(level).many
        at = np.append(np.arange(many), many - 1)  # at the end nothing enters
        new = self.first_of(tile.shifted(0).joined(self.groups(level, depth)), depth, outer, depth)
        old = tile.shifted(1).joined(self.groups(level, outer)).spread(self.coarser(depth, outer))
        return self._valued(new, level, keeper, depth, at) - self._valued(
            new.meet(old), level, keeper, depth, at
        )

    def _valued(self, box: Box, level: str, keeper: str, depth: int, at: np.ndarray) -> np.ndarray:
        """Count the words of a box that have a value at the keeper when passes of a level begin.

        depth  of the box' groups
        at     the passes
        """
        again = np.zeros(self.level(level).many, bool)  # this pass of the keeper has visited them before
        loops, outside = self.nest.outside(level), len(self.nest.outside(keeper))
        for number, loop in enumerate(loops[outside:], outside):
            if loop.dim in REDUCED:
                again |= self.level(level).keys[number] > 0
        again = again[at].reshape(-1, *(1,) * len(DIMS))
        return np.where(again, box.words(), self._first_visits(box, level, keeper, depth, at))

    def _first_visits(self, box: Box, level: str, keeper: str, depth: int, at: np.ndarray) -> np.ndarray:
        """Count the same of words that this pass of the keeper has not visited before.

        They have a value if they stayed in the keeper's instance, or came back to it, the first of its group.
        """
        if self.machine.reads_first(keeper):
            return box.words()
        if keeper == self.order.outermost:
            return 0 * box.words()
        around, further = self.within(keeper, level)[at], self.nest.keeper(keeper, "psum")
        inner, outer = (len(self.order.arrays_outside(each)) for each in (keeper, further))
        held = self.tile(keeper, "psum").shifted(1).taken(around)
        before = held.joined(self.groups(keeper, outer)).spread(self.coarser(depth, outer))
        stayed = box.meet(held.spread(self.coarser(depth, inner)))
        first = self.first_of(box, depth, outer, inner)
        came = self._valued(first, keeper, further, depth, around)
        return stayed.words() + came - self._valued(first.meet(before), keeper, further, depth, around)


def _flat(words: np.ndarray) -> np.ndarray:
    """Give a column for each instance."""
    return words.reshape(len(words), -1)
