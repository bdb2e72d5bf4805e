"""Moments: when the tiles of a level change, and from what to what, seen along one dim.

A level's tiles change when a loop outside it advances. Then the loops outside that loop stand still, and
those inside it, down to the level, go from their last iteration to their first. Along one dim this is a
change from chunk A to chunk B, and how often it happens is a small sum; no iteration of the nest is visited.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from cnnhw.nest.cuts import chunks, first_length, last_length, lengths


class Turn(NamedTuple):
    """The loops of one dim outside a level, as one of all the loops outside that level advances.

    standing   steps of this dim's loops outside the one that advances
    advancing  step of the loop that advances, if it is of this dim
    resetting  steps of this dim's loops inside the one that advances
    """

    standing: tuple[int, ...]
    advancing: int | None
    resetting: tuple[int, ...]


def turns(loops: Sequence, dim: str) -> list[Turn]:
    """Give, for each of the loops outside a level, what a dim's loops do when that one advances.

    loops  outside the level, outermost first
    dim    the dim
    """
    steps = tuple(loop.step for loop in loops if loop.dim == dim)
    given, before = [], 0
    for loop in loops:
        own = loop.dim == dim
        given.append(Turn(steps[:before], loop.step if own else None, steps[before + own :]))
        before += own
    return given


@lru_cache(maxsize=4096)  # the three tensors, and the nests of one layer, ask for the same ones
def length_moments(size: int, turn: Turn) -> dict[tuple[int, int, bool], int]:
    """Count the moments along a dim by the lengths of the chunks; positions do not matter here.

    size     of the dim
    returns  (length of A, length of B, whether A and B are the same chunk) -> how often

    >>> length_moments(20, Turn((7,), None, (4,)))     # 7 7 6: from the last of 4 3, or 4 2, to the first
    {(3, 4, False): 2, (2, 4, False): 1}
    """
    moments = {}
    for whole, times in lengths(size, turn.standing).items():
        for (old, new), often in _advances(whole, turn.advancing).items():
            first, last = first_length(new, turn.resetting), last_length(old, turn.resetting)
            same = turn.advancing is None and first == new
            key = (last, first, same)
            moments[key] = moments.get(key, 0) + times * often
    return moments


def _advances(whole: int, step: int | None) -> dict[tuple[int, int], int]:
    """Count the changes from one chunk of a loop to the next by their lengths; a loop that stands has one."""
    if step is None:
        return {(whole, whole): 1}
    full, rest = divmod(whole, step)
    changes = {(step, step): max(0, full - 1), (step, rest): 1 if rest and full else 0}
    return {lengths: often for lengths, often in changes.items() if often}


def chunk_moments(size: int, turn: Turn) -> np.ndarray:
    """List the moments along a dim with the positions of the chunks.

    size     of the dim
    returns  (moments, 4): start of A, length of A, start of B, length of B

    >>> chunk_moments(5, Turn((), 2, ()))              # 0 1, 2 3, 4
    array([[0, 2, 2, 2],
           [2, 2, 4, 1]])
    """
    starts, sizes = chunks(size, turn.standing)
    if turn.advancing is None:
        old = new = np.stack([starts, sizes], 1)
    else:
        cut_starts, cut_sizes = chunks(size, (*turn.standing, turn.advancing))
        owner = np.searchsorted(starts, cut_starts, side="right")
        cut = np.stack([cut_starts, cut_sizes], 1)
        follows = owner[1:] == owner[:-1]
        old, new = cut[:-1][follows], cut[1:][follows]
    return np.concatenate([_last(old, turn.resetting), _first(new, turn.resetting)], 1)


def _first(chunk: np.ndarray, steps: Sequence[int]) -> np.ndarray:
    smallest = min(steps, default=None)
    sizes = chunk[:, 1] if smallest is None else np.minimum(chunk[:, 1], smallest)
    return np.stack([chunk[:, 0], sizes], 1)


def _last(chunk: np.ndarray, steps: Sequence[int]) -> np.ndarray:
    ends, sizes = chunk.sum(1), chunk[:, 1]
    for step in steps:
        sizes = (sizes - 1) % step + 1
    return np.stack([ends - sizes, sizes], 1)
