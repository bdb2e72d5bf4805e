"""What stays where: how long a level holds one tile of a tensor while the loops outside it go on."""

from collections.abc import Sequence
from math import prod

from cnnhw.machine.hierarchy import MAC, Hierarchy
from cnnhw.nest.cuts import cut_lengths, first_length
from cnnhw.nest.loop import Loop, at_once
from cnnhw.nest.touched import INDICES


def stays(
    loops: Sequence[Loop], sizes: dict[str, int], order: Hierarchy, keeps: dict[str, frozenset[str]]
) -> dict[str, dict[str, int]]:
    """Find what Nest.stationary gives.

    loops, sizes, order, keeps  of the nest
    """
    found = {}
    for level in (*order.levels[1:], MAC):
        outside = [loop for loop in loops if order.depth(loop.where) < order.depth(level)]
        for tensor, indices in INDICES.items():
            if level == MAC or tensor in keeps[level]:
                passes = _passes(outside, sizes, {dim for index in indices for dim in index})
                if passes > 1:
                    found.setdefault(level, {})[str(tensor)] = passes
    return found


def _passes(outside: Sequence[Loop], sizes: dict[str, int], dims: set[str]) -> int:
    """Count the iterations of the innermost loops in time that leave alone what some dims choose."""
    left, begin = dict(sizes), 0
    for number, loop in enumerate(outside):
        if loop.dim in dims and not at_once(loop.where) and loop.step < left[loop.dim]:
            begin = number + 1
        left[loop.dim] = min(left[loop.dim], loop.step)
    return prod(_iterations(dim, size, outside, begin) for dim, size in sizes.items())


def _iterations(dim: str, size: int, outside: Sequence[Loop], begin: int) -> int:
    """Count the iterations of a dim's loops from a place in the list on, at the first positions of arrays."""
    chunks = {first_length(size, [loop.step for loop in outside[:begin] if loop.dim == dim]): 1}
    for loop in outside[begin:]:
        if loop.dim == dim:
            chunks = cut_lengths(chunks, loop.step, first_only=at_once(loop.where))
    return sum(chunks.values())
