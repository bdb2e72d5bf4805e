"""Passes: what each pass of a nest holds, at every instance of every level, as boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from cnnhw.counts.stages import dims_of_axes
from cnnhw.counts.times import Times, times_of
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import DIMS, INDICES, Nest
from cnnhw.nest.touched import window
from cnnhw.timing.boxes import Axis, Box, Side, different, joined

REDUCED = ("C", "R", "S")  # dims that choose no psum: their iterations add to the same ones
MOST_PASSES = 2_000_000  # each takes some hundred bytes


@dataclass(frozen=True, eq=False)
class _Level:
    """The passes of one level, in order.

    times   of each dim, at the instances of the level
    rows    dim -> for each pass the row of its times
    keys    (loops outside in time, passes) iteration numbers
    """

    times: dict[str, Times]
    rows: dict[str, np.ndarray]
    keys: np.ndarray

    @cached_property
    def many(self) -> int:
        return len(self.rows["N"])

    def begins(self, loops: int) -> np.ndarray:
        """Say of each pass whether one of so many outer loops has advanced: the first pass does."""
        moved = (np.diff(self.keys[:loops], axis=1) != 0).any(0)
        return np.insert(moved, 0, True)


class Passes:
    """The passes of all levels of a nest.

    nest, machine  fitted to each other
    """

    def __init__(self, nest: Nest, machine: Machine):
        self.nest, self.machine, self.order = nest, machine, nest.order
        self.last = self.order.levels[-1]
        self.macs = {dim: times_of(nest, dim, MAC) for dim in DIMS}
        self.level, self.tile = cache(self._level), cache(self._tile)

    def _level(self, level: str) -> _Level:
        loops = self.nest.outside(level)
        times = {dim: times_of(self.nest, dim, level) for dim in DIMS}
        sizes = [len(times[dim].indices) for dim in DIMS]
        many = int(np.prod(sizes, dtype=object))
        if many > MOST_PASSES:
            raise CourseError(
                "time looks at every pass of every level",
                f"{many:,} passes of {level}, at most {MOST_PASSES:,}",
                f"move loops from outside {level} to places further in, or use a smaller layer",
            )
        rows = np.stack(np.unravel_index(np.arange(many), sizes))
        seen, keys = dict.fromkeys(DIMS, 0), np.zeros((len(loops), many), int)
        for number, loop in enumerate(loops):
            keys[number] = times[loop.dim].indices[rows[DIMS.index(loop.dim)], seen[loop.dim]]
            seen[loop.dim] += 1
        order = np.lexsort(keys[::-1]) if loops else np.arange(many)
        return _Level(times, dict(zip(DIMS, rows[:, order], strict=True)), keys[:, order])

    def starts(self, level: str, deeper: str) -> np.ndarray:
        """Give the numbers of the passes further in with which the passes of a level begin, and their end."""
        passes = self.level(deeper)
        return np.append(np.flatnonzero(passes.begins(len(self.nest.outside(level)))), passes.many)

    def within(self, level: str, deeper: str) -> np.ndarray:
        """Give for each pass of a level further in the pass of a level that it belongs to."""
        return np.cumsum(self.level(deeper).begins(len(self.nest.outside(level)))) - 1

    def steps(self) -> np.ndarray:
        """Give the steps of each pass of the innermost level: those of its first instance."""
        passes, steps = self.level(self.last), 1
        for dim in DIMS:
            steps = steps * np.bincount(self.owners(dim))[passes.rows[dim]]
        return steps

    def owners(self, dim: str) -> np.ndarray:
        """Give for each time of a dim at the MACs the row of its time at the innermost level."""
        loops = sum(loop.dim == dim for loop in self.nest.outside(self.last))
        indices = self.macs[dim].indices[:, :loops]
        if not loops:
            return np.zeros(len(indices), int)
        return np.unique(indices, axis=0, return_inverse=True)[1].ravel()

    def _tile(self, level: str, tensor: str) -> Box:
        """Give the words of a tensor that each instance of a level holds in each pass."""
        passes, sides = self.level(level), {}
        for axis in dims_of_axes(tensor):
            times = [passes.times[dim] for dim in axis]
            found, rows = different([passes.rows[dim] for dim in axis], [len(t.starts) for t in times])
            sides[axis] = Side(rows, self._table(axis, tensor, times, found))
        return Box(sides)

    def _table(self, axis: Axis, tensor: str, times: Sequence[Times], rows: np.ndarray) -> np.ndarray:
        """Draw what positions hold along an axis at some rows of its dims' times."""
        drawn = [
            _drawn(t.starts[r], t.sizes[r], self.nest.sizes[d])
            for d, t, r in zip(axis, times, rows, strict=True)
        ]
        if len(axis) == 1:
            return drawn[0] if axis[0] in INDICES[tensor] else drawn[0].any(-1, keepdims=True)
        shape, (first, end) = self.nest.shape, window(self.nest.shape, axis, self.machine.stores_padding)
        outs, taps = drawn
        table = np.zeros((*outs.shape[:2], taps.shape[1], end - first), bool)
        for tap in range(taps.shape[2]):
            lines = shape.axis(axis[0]).at(np.arange(outs.shape[2]), tap) - first
            there = (lines >= 0) & (lines < end - first)
            table[..., lines[there]] |= outs[:, :, None, there] & taps[:, None, :, tap, None]
        return table

    def groups(self, level: str, depth: int) -> dict[str, np.ndarray]:
        """Give for each position along a dim its group: below one position of so many outer arrays."""
        return {dim: times.groups(depth) for dim, times in self.level(level).times.items()}

    def coarser(self, fine: int, depth: int) -> dict[str, np.ndarray]:
        """Give for each group of one depth that of a smaller one."""
        found = {}
        for dim, times in self.macs.items():
            small, large = times.groups(fine), times.groups(depth)
            found[dim] = np.zeros(int(small.max()) + 1, int)
            found[dim][small] = large
        return found

    def first_of(self, box: Box, depth: int, start: int, end: int) -> Box:
        """Leave of groups those with the first position, in some arrays, along reduced dims."""
        sides = dict(box.sides)
        for dim in REDUCED:
            times, side = self.macs[dim], sides[dim,]
            first = np.zeros(side.table.shape[1], bool)
            first[times.groups(depth)] = (times.positions[:, start:end] == 0).all(1)
            sides[dim,] = Side(side.rows, side.table * first[:, None])
        return Box(sides)

    def fetched(self, tensor: str, depth: int, since: str | None = None) -> Box:
        """Say how often, in all steps of a pass of the innermost level, groups of MACs want a word.

        since  count only the first visit of a psum in a pass of this level
        """
        passes, sides = self.level(self.last), {}
        for axis in dims_of_axes(tensor):
            times, owners = [self.macs[dim] for dim in axis], [self.owners(dim) for dim in axis]
            lists = np.meshgrid(*(np.arange(len(t.indices)) for t in times), indexing="ij")
            every = np.stack([each.ravel() for each in lists])
            groups = {dim: t.groups(depth) for dim, t in zip(axis, times, strict=True)}
            table = joined(self._table(axis, tensor, times, every), axis, groups) > 0
            if since is not None and axis[0] in REDUCED:
                outside = sum(loop.dim == axis[0] for loop in self.nest.outside(since))
                table = table * (times[0].indices[:, outside:] == 0).all(1)[:, None, None]
            sizes = [int(owner.max()) + 1 for owner in owners]
            number = np.ravel_multi_index([owner[e] for owner, e in zip(owners, every, strict=True)], sizes)
            summed = np.zeros((int(np.prod(sizes)), *table.shape[1:]), np.int64)
            np.add.at(summed, number, table)
            sides[axis] = Side(np.ravel_multi_index([passes.rows[dim] for dim in axis], sizes), summed)
        return Box(sides)


def _drawn(starts: np.ndarray, sizes: np.ndarray, many: int) -> np.ndarray:
    """Draw chunks: (rows, positions, size of the dim)."""
    index = np.arange(many)
    return (index >= starts[..., None]) & (index < (starts + sizes)[..., None])
