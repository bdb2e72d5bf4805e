"""Boxes: sets of words, for each pass and each group of instances a product of one set along each axis.

An axis is a dim, or the two that choose a row or a column of the ifmap. Along it passes differ in few ways: a
box has a table of these, and for each pass the number of its row. Sets of groups are unions over instances.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnhw.nest import DIMS

Axis = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Side:
    """A box along one axis.

    rows    for each pass, a row of the table
    table   (rows, groups of each of the axis' dims, words): whether, or how often, a word is there
    """

    rows: np.ndarray
    table: np.ndarray


@dataclass(frozen=True, eq=False)
class Box:
    """Words of one tensor in every pass; `sides` has one for each axis."""

    sides: dict[Axis, Side]

    def shifted(self, by: int) -> "Box":
        """Give what is there after each change: by 0, or before it: by 1. At the ends there is nothing."""
        sides = {}
        for axis, side in self.sides.items():
            nothing = len(side.table)
            table = np.concatenate([side.table, np.zeros_like(side.table[:1])])
            rows = np.insert(side.rows, 0, nothing) if by else np.append(side.rows, nothing)
            sides[axis] = Side(rows, table)
        return Box(sides)

    def taken(self, passes: np.ndarray) -> "Box":
        """Give the box of some passes, each as often as it is named."""
        return Box({axis: Side(side.rows[passes], side.table) for axis, side in self.sides.items()})

    def joined(self, members: dict[str, np.ndarray]) -> "Box":
        """Unite groups into larger ones.

        members  dim -> for each group, the number of the larger one
        """
        return Box({axis: Side(s.rows, joined(s.table, axis, members) > 0) for axis, s in self.sides.items()})

    def spread(self, members: dict[str, np.ndarray]) -> "Box":
        """Give each smaller group what its larger one has: the other way round."""
        sides = {}
        for axis, side in self.sides.items():
            table = side.table
            for place, dim in enumerate(axis, 1):
                table = table.take(members[dim], place)
            sides[axis] = Side(side.rows, table)
        return Box(sides)

    def meet(self, other: "Box", how=np.multiply) -> "Box":
        """Combine two boxes of the same groups side by side; `how` is told two tables."""
        sides = {}
        for axis, mine in self.sides.items():
            its = other.sides[axis]
            sizes = len(mine.table), len(its.table)
            (first, second), rows = different((mine.rows, its.rows), sizes)
            sides[axis] = Side(rows, how(mine.table[first], its.table[second]))
        return Box(sides)

    def words(self, members: dict[str, np.ndarray] | None = None) -> np.ndarray:
        """Count words: (passes, groups of each dim), summed over the groups that make up a larger one."""
        product = np.ones((1,) * (1 + len(DIMS)), np.int64)
        for axis, side in self.sides.items():
            counted = side.table.sum(-1, keepdims=True, dtype=np.int64)
            if members is not None:
                counted = joined(counted, axis, members)
            shape = [counted.shape[1 + axis.index(dim)] if dim in axis else 1 for dim in DIMS]
            order = [0, *(1 + axis.index(dim) for dim in DIMS if dim in axis)]
            counted = counted[..., 0].transpose(order).reshape(len(counted), *shape)
            product = product * counted[side.rows]
        return product


def different(rows: Sequence[np.ndarray], sizes: Sequence[int]) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Find the different tuples of row numbers.

    rows     numbers below `sizes`, in each
    returns  the tuples, as columns; and for each place the number of its tuple
    """
    found, numbers = np.unique(np.ravel_multi_index(rows, sizes), return_inverse=True)
    return np.unravel_index(found, sizes), numbers.ravel()


def joined(table: np.ndarray, axis: Axis, members: dict[str, np.ndarray]) -> np.ndarray:
    """Add up the groups that make up a larger one."""
    table = table.astype(np.int64)
    for place, dim in enumerate(axis, 1):
        number = members[dim]
        sums = np.zeros((*table.shape[:place], int(number.max()) + 1, *table.shape[place + 1 :]), np.int64)
        np.add.at(np.moveaxis(sums, place, 0), number, np.moveaxis(table, place, 0))
        table = sums
    return table
