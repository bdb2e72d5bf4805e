"""All passes of a nest, and the share of each PE in them, as arrays of first positions and lengths."""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from cnnhw.emulator.order import chunks_at_most
from cnnhw.nest import DIMS, Nest, Where, at_once
from cnnhw.nest.cuts import pieces


@dataclass(frozen=True, eq=False)
class Passes:
    """The blocks of all passes, with one of no work before the first and one after the last.

    nest    the mapping
    first   dim -> first position of each pass
    length  dim -> how many positions; 0 where there is no work
    turn    number of the DRAM iteration each pass belongs to, -1 before the first
    """

    nest: Nest
    first: dict[str, np.ndarray]
    length: dict[str, np.ndarray]
    turn: np.ndarray

    def __len__(self) -> int:
        return len(self.turn) - 2

    def shares(self, dim: str, which) -> tuple[np.ndarray, np.ndarray]:
        """Share the positions of a dim between the PEs along it.

        which    numbers of passes
        returns  first and length, (passes, PEs along this dim); a PE without work has length 0
        """
        first, length = self.first[dim][which][:, None], self.length[dim][which][:, None]
        for step, most in self.along[dim]:
            offsets = step * np.arange(most)
            first = (first[:, :, None] + offsets).reshape(len(first), -1)
            length = np.clip(length[:, :, None] - offsets, 0, step).reshape(len(length), -1)
        return first, length

    @cached_property
    def along(self) -> dict[str, list[tuple[int, int]]]:
        """For each dim, step and most chunks of each of its loops over PEs."""
        loops = list(zip(self.nest.loops, chunks_at_most(self.nest), strict=True))
        return {
            dim: [(loop.step, most) for loop, most in loops if loop.dim == dim and at_once(loop.where)]
            for dim in DIMS
        }


def number_of_passes(nest: Nest) -> int:
    """Give the number of passes of a nest, without making them."""
    cuts = nest.cuts_outside("RF")
    return prod(pieces(size, cuts[dim]) for dim, size in nest.sizes.items())


def passes_of(nest: Nest) -> Passes:
    """Cut a layer into passes, by all loops at DRAM and then at GLB.

    nest     the mapping
    returns  Passes, in the order in which they run
    """
    first = {dim: np.zeros(1, np.int64) for dim in DIMS}
    length = {dim: np.array([size]) for dim, size in nest.sizes.items()}
    for loop in nest.at(Where.DRAM):
        _cut(first, length, loop)
    turn = np.arange(len(first["N"]))
    for loop in nest.at(Where.GLB):
        turn = turn[_cut(first, length, loop)]
    ends = {dim: np.pad(values, 1) for dim, values in length.items()}
    return Passes(
        nest, {dim: np.pad(at, 1) for dim, at in first.items()}, ends, np.pad(turn, 1, constant_values=-1)
    )


def _cut(first: dict, length: dict, loop) -> np.ndarray:
    """Cut every block by one more loop; give the number of the block that each chunk is from."""
    times = -(-length[loop.dim] // loop.step)
    owner = np.repeat(np.arange(len(times)), times)
    within = loop.step * (np.arange(len(owner)) - np.repeat(np.cumsum(times) - times, times))
    for values in (first, length):
        for dim in DIMS:
            values[dim] = values[dim][owner]
    first[loop.dim] = first[loop.dim] + within
    length[loop.dim] = np.minimum(loop.step, length[loop.dim] - within)
    return owner
