"""Sums along one axis for loops in any mix: arrays inside arrays, loops in time inside an array.

The same sums as axes.py and sliding.py take of the usual machine, from lists of what every position along the
axis holds. `Groups` of positions are served together: below an instance of the level that serves, and below a
position of each array on the way in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnhw.counts.moments import Turn
from cnnhw.counts.sliding import grid, inside_sums
from cnnhw.counts.times import Times
from cnnhw.shape import Axis


@dataclass(frozen=True)
class Group:
    """Positions of one axis, summed over moments and over groups of positions, as tiles pass from A to B.

    union    those that any position of the group has in B
    settled  those of `union` that every position that wants them has in A already
    stays    those that any has in A, and any in B
    """

    union: int
    settled: int
    stays: int


@dataclass(frozen=True)
class Nested:
    """One axis of a tensor: a dim, or the two that choose a row or a column of the ifmap.

    dims     the dim, or the two
    times    of each
    chooses  whether the axis chooses the word
    depths   arrays outside each kind of group, from the serving level's instances to the level's own
    slide    stride and dilation, where there are two dims
    inside   positions that are words, where there are two dims, as in Sliding
    """

    dims: tuple[str, ...]
    times: tuple[Times, ...]
    chooses: bool
    depths: tuple[int, ...]
    slide: Axis | None = None
    inside: tuple[int, int] = (0, 0)

    def moved(self, turns: Sequence[Turn]) -> list[Group]:
        """Sum over the moments of one turn of the loops of each dim."""
        return self._sums(
            [
                (times.starts[a], times.sizes[a], times.starts[b], times.sizes[b])
                for times, turn in zip(self.times, turns, strict=True)
                for a, b in [times.moments(len(turn.standing), turn.advancing is not None)]
            ]
        )

    def filled(self) -> list[Group]:
        """Sum over the first filling, into empty memories."""
        return self._from_empty(slice(0, 1))

    def fetched(self) -> list[Group]:
        """Sum over all times, if nothing is kept from one to the next."""
        return self._from_empty(slice(None))

    def _from_empty(self, rows: slice) -> list[Group]:
        return self._sums(
            [
                (np.zeros_like(times.starts[rows]), np.zeros_like(times.sizes[rows]), times.starts[rows],
                 times.sizes[rows])
                for times in self.times
            ]
        )  # fmt: skip

    def _sums(self, moments: Sequence[tuple[np.ndarray, ...]]) -> list[Group]:
        if not all(len(starts) for starts, *_ in moments):
            return [Group(0, 0, 0)] * len(self.depths)
        if len(moments) == 2:
            return self._slides(*moments)
        return self._indices(*moments[0]) if self.chooses else self._copies(*moments[0])

    def _indices(self, start_a, size_a, start_b, size_b) -> list[Group]:
        """A dim that chooses the word: at one time no two positions have the same."""
        wanted = int(size_b.sum())
        both = _overlap(start_a, size_a, start_b, size_b)
        held = int(np.trace(both))
        return [Group(wanted, held, int(both[_same(number)].sum())) for number in self._numbers]

    def _copies(self, start_a, size_a, start_b, size_b) -> list[Group]:
        """A dim that does not: all positions with work want the same."""
        had, has = size_a > 0, size_b > 0
        sums = []
        for number in self._numbers:
            old, new, lacking = (_any(flags, number) for flags in (had, has, has & ~had))
            sums.append(Group(int(new.sum()), int((new & ~lacking).sum()), int((old & new).sum())))
        return sums

    def _slides(self, ofmap, filters) -> list[Group]:
        """Rows or columns of the ifmap: positions U*e + D*r, of which those inside the image are words."""
        total = np.zeros((len(self.depths), 2), np.int64)
        for kind_e, bases_e in _kinds(*ofmap):
            for kind_r, bases_r in _kinds(*filters):
                bases = grid(self.slide.U * bases_e, self.slide.D * bases_r)
                old, new = self._tiles(kind_e, kind_r)
                for row, number in zip(total, self._numbers, strict=True):
                    union, lacking = (_any(tiles.T, number).T for tiles in (new, new & ~old))
                    settled = (union & ~lacking).sum(0)
                    row += inside_sums(np.stack([union.sum(0), settled]), bases, self.inside)
        return [Group(int(union), int(settled), 0) for union, settled in total]  # psums do not slide

    def _tiles(self, ofmap, filters) -> tuple[np.ndarray, np.ndarray]:
        """Draw what each position has in A, and in B: (positions, ifmap rows from the first of B on)."""
        (start_ea, size_ea, start_eb, size_eb), (start_ra, size_ra, start_rb, size_rb) = ofmap, filters
        U, D = self.slide.U, self.slide.D
        width = U * int((start_eb + size_eb).max() - 1) + D * int((start_rb + size_rb).max() - 1) + 1
        drawn = np.zeros((2, len(start_eb) * len(start_rb), width), bool)
        pairs = (((start_ea, size_ea), (start_ra, size_ra)), ((start_eb, size_eb), (start_rb, size_rb)))
        for tiles, (chunks_e, chunks_r) in zip(drawn, pairs, strict=True):
            (owner_e, e), (owner_r, r) = (_listed(*chunks) for chunks in (chunks_e, chunks_r))
            owner, position = grid(len(start_rb) * owner_e, owner_r), grid(U * e, D * r)
            seen = (position >= 0) & (position < width)
            tiles[owner[seen], position[seen]] = True
        return drawn[0], drawn[1]

    @cached_property
    def _numbers(self) -> list[np.ndarray]:
        """For each depth, the number of the group of each position along the axis."""
        numbers = []
        for depth in self.depths:
            first, *others = (times.groups(depth) for times in self.times)
            for other in others:
                first = grid(first * (int(other.max()) + 1), other)
            numbers.append(first)
        return numbers


def _overlap(start_a, size_a, start_b, size_b) -> np.ndarray:
    """Give the words that A of one position shares with B of another, summed over moments: (A's, B's)."""
    ends = np.minimum((start_a + size_a)[:, :, None], (start_b + size_b)[:, None, :])
    begins = np.maximum(start_a[:, :, None], start_b[:, None, :])
    return np.clip(ends - begins, 0, None).sum(0)


def _same(number: np.ndarray) -> np.ndarray:
    return number[:, None] == number


def _any(flags: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Say for each group whether any of its positions has a flag: (..., positions) to (..., groups)."""
    members = np.zeros((len(number), int(number.max()) + 1), np.int64)
    members[np.arange(len(number)), number] = 1
    return flags.astype(np.int64) @ members > 0


def _listed(starts: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the members of the chunks of all positions: whose, and which."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner, starts[owner] + np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner]


def _kinds(start_a, size_a, start_b, size_b):
    """Group moments that differ only by where they are: chunks as seen from the first of B, and all bases."""
    base = start_b[:, :1]  # the first position has work in every moment
    table = np.stack(
        [np.where(size_a > 0, start_a - base, 0), size_a, np.where(size_b > 0, start_b - base, 0), size_b], 1
    )
    kinds, number = np.unique(table.reshape(len(table), -1), axis=0, return_inverse=True)
    for one, kind in enumerate(kinds):
        yield kind.reshape(4, -1), base[number.ravel() == one, 0]
