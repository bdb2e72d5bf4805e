"""Sums along the rows, or the columns, of the ifmap: the one axis that two dims choose together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnhw.counts.moments import Turn, chunk_moments
from cnnhw.counts.sums import Sums
from cnnhw.nest.cuts import chunks, first_length, places
from cnnhw.shape import Axis

Pair = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True)
class Sliding:
    """The axis of ifmap rows or columns: position U*e + D*r, from an ofmap dim and a filter dim.

    dims     ("E", "R") for rows, ("F", "S") for columns
    sizes    of the ofmap dim and the filter dim
    spatial  steps of their loops over PEs, outermost first
    slide    stride U and dilation D
    inside   positions that are words: from the first up to, not including, the second. Position 0 is the
             first of the padding, so without stored padding this is (P, P + H)
    """

    dims: tuple[str, str]
    sizes: tuple[int, int]
    spatial: Pair
    slide: Axis
    inside: tuple[int, int]

    def moved(self, turns: tuple[Turn, Turn]) -> Sums:
        """Sum over the moments of one turn of the loops of both dims."""
        return self._over(*(chunk_moments(size, turn) for size, turn in zip(self.sizes, turns, strict=True)))

    def filled(self, steps: Pair) -> Sums:
        """Sum over the first filling, into empty memories.

        steps  that cut the two dims outside the level
        """
        lengths = (first_length(size, cut) for size, cut in zip(self.sizes, steps, strict=True))
        return self._over(*(np.array([[0, 0, 0, length]]) for length in lengths))

    def fetched(self, steps: Pair) -> int:
        """Sum over all steps of the nest, if nothing is kept from one step to the next.

        steps    that cut the two dims outside the array
        returns  positions wanted by any PE, summed over the steps
        """
        cut = [_kinds_of_chunks(*chunks(size, cuts)) for size, cuts in zip(self.sizes, steps, strict=True)]
        union = 0
        for length_e, starts_e in cut[0].items():
            for length_r, starts_r in cut[1].items():
                for at_e, moments_e in _at_work(length_e, self.spatial[0]):
                    for at_r, moments_r in _at_work(length_r, self.spatial[1]):
                        bases = self._at(grid(starts_e, moments_e), grid(starts_r, moments_r))
                        position = np.unique(self._at(at_e, at_r))
                        weights = np.zeros((1, position[-1] + 1), np.int64)
                        weights[:, position] = 1
                        union += inside_sums(weights, bases, self.inside)[0]
        return union

    def _over(self, ofmap: np.ndarray, filters: np.ndarray) -> Sums:
        """Sum over all pairs of a moment along the ofmap dim and one along the filter dim.

        Pairs that differ only by where they are have the same picture of tiles; only the ends of the image,
        where a part of it is padding, tell them apart. So each picture is drawn once.
        """
        total = [0, 0, 0, 0]
        for (old_e, new_e, shift_e), starts_e in _kinds_of_moments(ofmap).items():
            for (old_r, new_r, shift_r), starts_r in _kinds_of_moments(filters).items():
                shift = self.slide.U * shift_e + self.slide.D * shift_r
                weights = self._picture((old_e, old_r), (new_e, new_r), shift)
                bases = self._at(starts_e, starts_r)
                total = [
                    one + other
                    for one, other in zip(total, inside_sums(weights, bases, self.inside), strict=True)
                ]
        return Sums(*total, 0)  # psums do not slide: nothing asks for what stays here

    def _picture(self, old: tuple[int, int], new: tuple[int, int], shift: int) -> np.ndarray:
        """Give, for each position from the start of B on: PEs that want it, PEs that have it, union, settled.

        old, new  lengths of the chunks of A and of B along the two dims
        shift     start of B minus start of A, in positions
        returns   (4, positions)
        """
        largest = [max(before, after) for before, after in zip(old, new, strict=True)]
        pe = [places(size, steps) for size, steps in zip(largest, self.spatial, strict=True)]
        width = self.slide.U * (new[0] - 1) + self.slide.D * (new[1] - 1) + 1
        tiles = np.zeros((2, (pe[0].max() + 1) * (pe[1].max() + 1), width), bool)
        for tile, lengths, start in ((tiles[0], old, -shift), (tiles[1], new, 0)):
            position = start + self._at(np.arange(lengths[0]), np.arange(lengths[1]))
            owner = grid(pe[0][: lengths[0]] * (pe[1].max() + 1), pe[1][: lengths[1]])
            seen = (position >= 0) & (position < tile.shape[1])
            tile[owner[seen], position[seen]] = True
        a, b = tiles
        union = b.any(0)
        return np.stack([b.sum(0), (a & b).sum(0), union, union & (a | ~b).all(0)])

    def _at(self, ofmap: np.ndarray, taps: np.ndarray) -> np.ndarray:
        """Give the position of every ofmap index with every filter index, in one line."""
        return grid(self.slide.U * ofmap, self.slide.D * taps)


def inside_sums(weights: np.ndarray, bases: np.ndarray, inside: tuple[int, int]) -> list[int]:
    """Sum each row of weights over the part that lies inside the image, put at every base."""
    sums = np.zeros((len(weights), weights.shape[1] + 1), np.int64)
    np.cumsum(weights, 1, out=sums[:, 1:])
    first, last = (np.clip(end - bases, 0, weights.shape[1]) for end in inside)
    return [int(number) for number in (sums[:, last] - sums[:, first]).sum(1)]


def grid(along: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Add every number of one to every number of the other, in one line."""
    return (along[:, None] + across).ravel()


def _kinds_of_moments(moments: np.ndarray) -> dict[tuple[int, int, int], np.ndarray]:
    """Group moments: (length of A, length of B, start of B minus start of A) -> starts of B."""
    kinds = {}
    for start_a, length_a, start_b, length_b in moments.tolist():
        kinds.setdefault((length_a, length_b, start_b - start_a), []).append(start_b)
    return {kind: np.array(starts) for kind, starts in kinds.items()}


def _kinds_of_chunks(starts: np.ndarray, sizes: np.ndarray) -> dict[int, np.ndarray]:
    """Group chunks: length -> starts."""
    return {int(length): starts[sizes == length] for length in np.unique(sizes)}


def _at_work(length: int, spatial: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Group the steps inside the PEs by who works: (starts of the chunks of those PEs, the steps)."""
    starts, sizes = chunks(length, spatial)
    limits = np.unique(sizes).tolist()
    return [
        (starts[sizes >= limit], np.arange(below, limit))
        for below, limit in zip([0, *limits[:-1]], limits, strict=True)
    ]
