"""Times: what the chunks of one dim are at each moment and each position, for loops in any mix.

Loops in time may run inside an array, and arrays inside arrays. All positions step together by iteration
number: one whose chunk is clipped has no chunk in the iterations that it lacks. The first position has the
largest chunk at every cut, so it has work whenever any has.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import prod

import numpy as np

from cnnhw.nest import DIMS, Nest, at_once
from cnnhw.nest.cuts import cut_lengths


def chunks_of(nest: Nest, dim: str, first_of: Collection[str]) -> int:
    """Count the chunks of a dim, of some loops only the first one of each.

    first_of  names of the levels and arrays whose loops take the first chunk only

    The steps of a nest are the chunks with the first position of each array; its PEs, those of one step.
    """
    lengths = {nest.sizes[dim]: 1}
    for loop in nest.loops:
        if loop.dim == dim:
            name = nest.order.names[nest.order.depth(loop.where)]
            lengths = cut_lengths(lengths, loop.step, first_only=name in first_of)
    return sum(lengths.values())


def steps_of(nest: Nest) -> int:
    """Count the steps of a nest: iterations of the loops in time, at the first positions of its arrays."""
    return prod(chunks_of(nest, dim, first_of=nest.order.arrays) for dim in DIMS)


@dataclass(frozen=True)
class Times:
    """The chunks of a dim outside a level, one row for each iteration of its loops in time.

    starts, sizes  (times, positions) of the chunks; size 0 where a position has no work
    indices        (times, loops) iteration numbers of the dim's loops in time
    positions      (positions, arrays) numbers of the positions along this dim in each array outside the level
    """

    starts: np.ndarray
    sizes: np.ndarray
    indices: np.ndarray
    positions: np.ndarray

    def moments(self, before: int, advancing: bool) -> tuple[np.ndarray, np.ndarray]:
        """List the moments at which one of the loops outside the level advances: rows of A, and of B.

        before     how many of this dim's loops in time are outside the one that advances, and so stand
        advancing  whether that is a loop of this dim
        """
        standing = _first_rows(self.indices[:, :before])
        if not advancing:
            return np.append(standing[1:], len(self.indices)) - 1, standing
        runs = _first_rows(self.indices[:, : before + 1])
        follows = runs[~np.isin(runs, standing)]
        return follows - 1, follows

    def groups(self, depth: int) -> np.ndarray:
        """Number the group of each position: those in the same positions of so many outer arrays are one."""
        return np.unique(self.positions[:, :depth], axis=0, return_inverse=True)[1].ravel()


def times_of(nest: Nest, dim: str, level: str) -> Times:
    """List the chunks of a dim at the instances of a level, or at the MACs."""
    arrays = nest.order.arrays_outside(level)
    axes = {place: number for number, array in enumerate(arrays) for place in nest.order.axes(array)}
    outside = (*nest.order.outside(level), *axes)
    starts, sizes = np.zeros((1, 1), int), np.full((1, 1), nest.sizes[dim])
    indices, positions = np.zeros((1, 0), int), np.zeros((1, len(arrays)), int)
    for loop in nest.loops:
        if loop.dim != dim or loop.where not in outside:
            continue
        chunks = -(-sizes // loop.step)
        if at_once(loop.where):
            most = int(chunks.max())
            number = np.arange(most)
            starts = (starts[:, :, None] + number * loop.step).reshape(len(starts), -1)
            sizes = np.clip(sizes[:, :, None] - number * loop.step, 0, loop.step).reshape(len(starts), -1)
            positions = np.repeat(positions, most, axis=0)
            own = axes[loop.where]
            positions[:, own] = positions[:, own] * most + np.tile(number, len(positions) // most)
        else:
            often = chunks.max(1)
            owner = np.repeat(np.arange(len(starts)), often)
            number = np.arange(often.sum()) - np.repeat(np.cumsum(often) - often, often)
            starts = starts[owner] + (number * loop.step)[:, None]
            sizes = np.clip(sizes[owner] - (number * loop.step)[:, None], 0, loop.step)
            indices = np.concatenate([indices[owner], number[:, None]], 1)
    return Times(starts, sizes, indices, positions)


def _first_rows(indices: np.ndarray) -> np.ndarray:
    """Give the rows that differ from the one above; the first one does."""
    differs = (indices[1:] != indices[:-1]).any(1)
    return np.concatenate([[0], np.flatnonzero(differs) + 1])
