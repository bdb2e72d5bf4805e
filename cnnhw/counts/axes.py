"""The axes of a tensor: one for each dim that chooses its words, and one for each dim that does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnhw.counts.moments import Turn, length_moments
from cnnhw.counts.sliding import Sliding
from cnnhw.counts.sums import Sums
from cnnhw.machine import Machine
from cnnhw.nest import DIMS, INDICES, Nest
from cnnhw.nest.cuts import first_length, pieces
from cnnhw.nest.touched import window
from cnnhw.shape import Tensor


@dataclass(frozen=True)
class Index:
    """A dim that chooses the word: each position is in one PE, and chunks do not overlap.

    dims     the dim
    size     of the dim
    spatial  steps of its loops over PEs, outermost first
    """

    dims: tuple[str]
    size: int
    spatial: Sequence[int]

    def moved(self, turns: tuple[Turn]) -> Sums:
        """Sum over the moments of one turn of the dim's loops."""
        moments = length_moments(self.size, *turns).items()
        wanted = sum(length * often for (_, length, _), often in moments)
        same = sum(length * often * stays for (_, length, stays), often in moments)
        return Sums(wanted, same, wanted, same, same)

    def filled(self, cuts: Sequence[Sequence[int]]) -> Sums:
        """Sum over the first filling, into empty memories."""
        first = first_length(self.size, *cuts)
        return Sums(first, 0, first, 0, 0)


@dataclass(frozen=True)
class Copy:
    """A dim that does not choose the word: all PEs with work along it want the same. Fields as in Index."""

    dims: tuple[str]
    size: int
    spatial: Sequence[int]

    def moved(self, turns: tuple[Turn]) -> Sums:
        """Sum over the moments of one turn of the dim's loops."""
        total = [0, 0, 0, 0]
        for (before, after, _), often in length_moments(self.size, *turns).items():
            # Of two numbers of PEs with work along a dim, the fewer are always among the more.
            old, new = pieces(before, self.spatial), pieces(after, self.spatial)
            summands = (new, min(old, new), 1, new <= old)
            total = [number + often * summand for number, summand in zip(total, summands, strict=True)]
        wanted, held, union, settled = total
        return Sums(wanted, held, union, settled, union)

    def filled(self, cuts: Sequence[Sequence[int]]) -> Sums:
        """Sum over the first filling, into empty memories."""
        return Sums(pieces(first_length(self.size, *cuts), self.spatial), 0, 1, 0, 0)


def axes_of(
    nest: Nest, machine: Machine, tensor: Tensor, array: Sequence[str]
) -> list[Index | Copy | Sliding]:
    """Give the axes of a tensor.

    nest     the mapping
    machine  says whether padding is stored
    tensor   ifmap, filter or psum
    array    places of the loops over PEs, ("ROWS", "COLS"); empty for a level that exists once
    returns  axes that together name each of the eight dims once
    """
    choosing = INDICES[tensor]
    pairs = [index for index in choosing if isinstance(index, tuple)]
    single = [dim for dim in DIMS if not any(dim in pair for pair in pairs)]
    steps = nest.cuts(*array)
    axes = [(Index if dim in choosing else Copy)((dim,), nest.sizes[dim], steps[dim]) for dim in single]
    for pair in pairs:
        inside = inside_of(nest, machine, pair)
        sizes, spatial = (tuple(of[dim] for dim in pair) for of in (nest.sizes, steps))
        axes.append(Sliding(pair, sizes, spatial, nest.shape.axis(pair[0]), inside))
    return axes


def inside_of(nest: Nest, machine: Machine, pair: tuple[str, str]) -> tuple[int, int]:
    """Give the positions U*e + D*r that are words: from the first up to, not including, the second."""
    low, high = window(nest.shape, pair, machine.stores_padding)
    before = nest.shape.axis(pair[0]).before
    return low + before, high + before


def pairs_inside(nest: Nest, machine: Machine, pair: tuple[str, str]) -> int:
    """Count the pairs of an ofmap and a filter position that meet a word: those that do not, meet padding."""
    low, high = inside_of(nest, machine, pair)
    axis = nest.shape.axis(pair[0])
    first, tap = (np.arange(nest.sizes[dim]) for dim in pair)
    met = axis.U * first[:, None] + axis.D * tap
    return int(np.count_nonzero((met >= low) & (met < high)))
