"""Sums: along one axis, how many words all the moments of one kind bring, keep and share.

A tile is a product of one set for each axis, and so are unions and intersections of the tiles of all PEs.
So a number of words summed over all moments is a product of one such sum for each axis.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sums:
    """Positions of one axis, summed over moments, as the tiles pass from A to B.

    wanted   those in B, for every PE that wants them
    held     those in B that the same PE has in A already
    union    those that any PE has in B
    settled  those of `union` that every PE that wants them has already
    stays    those that any PE has in A, and any in B
    """

    wanted: int
    held: int
    union: int
    settled: int
    stays: int


def product(sums: Iterable[Sums]) -> Sums:
    """Multiply the axes: the words of a tensor from the positions along each of its axes."""
    total = Sums(1, 1, 1, 1, 1)
    for axis in sums:
        total = Sums(
            total.wanted * axis.wanted, total.held * axis.held, total.union * axis.union,
            total.settled * axis.settled, total.stays * axis.stays,
        )  # fmt: skip
    return total
