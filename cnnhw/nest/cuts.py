"""Cutting a range into chunks: everything here knows one dim at a time."""

from collections.abc import Mapping, Sequence

import numpy as np


def first_length(length: int, steps: Sequence[int]) -> int:
    """Give the length of the very first chunk after cutting by each step in turn.

    >>> first_length(20, [7, 3])          # 7, then 3
    3
    """
    return min(length, *steps) if steps else length


def last_length(length: int, steps: Sequence[int]) -> int:
    """Give the length of the very last chunk after cutting by each step in turn.

    >>> last_length(20, [7, 4])           # 7 7 6, then 4 2
    2
    """
    for step in steps:
        length = (length - 1) % step + 1
    return length


def lengths(length: int, steps: Sequence[int]) -> dict[int, int]:
    """Count the chunks of each length; at most a few lengths occur, however long the range is.

    >>> lengths(20, [7, 4])               # 7 7 6, then 4 3, 4 3, 4 2
    {4: 3, 3: 2, 2: 1}
    """
    chunks = {length: 1}
    for step in steps:
        chunks = cut_lengths(chunks, step)
    return chunks


def cut_lengths(chunks: Mapping[int, int], step: int, first_only: bool = False) -> dict[int, int]:
    """Cut chunks once more.

    chunks      length -> how many
    first_only  whether each leaves its first piece only

    >>> cut_lengths({7: 2, 6: 1}, 4), cut_lengths({7: 2, 6: 1}, 4, first_only=True)
    ({4: 3, 3: 2, 2: 1}, {4: 3})
    """
    cut = {}
    for whole, times in chunks.items():
        full, rest = divmod(whole, step)
        found = [(min(whole, step), times)] if first_only else [(step, full * times), (rest, times)]
        for size, more in found:
            if size and more:
                cut[size] = cut.get(size, 0) + more
    return cut


def pieces(length: int, steps: Sequence[int]) -> int:
    """Count the chunks after cutting by each step in turn.

    >>> pieces(20, [7, 4])
    6
    """
    return sum(lengths(length, steps).values())


def most_pieces(length: int, steps: Sequence[int]) -> list[int]:
    """Give the most chunks that each cut makes of one chunk outside it.

    >>> most_pieces(20, [7, 4])           # 20 in sevens: 3; 7 in fours: 2
    [3, 2]
    """
    most = []
    for step in steps:
        most.append(-(-length // step))
        length = min(length, step)
    return most


def chunks(length: int, steps: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Give start and length of every chunk, in order.

    >>> chunks(20, [7, 4])
    (array([ 0,  4,  7, 11, 14, 18]), array([4, 3, 4, 3, 4, 2]))
    """
    starts, sizes = np.array([0]), np.array([length])
    for step in steps:
        times = -(-sizes // step)
        owner = np.repeat(np.arange(len(sizes)), times)
        within = (np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)) * step
        starts, sizes = starts[owner] + within, np.minimum(step, sizes[owner] - within)
    return starts, sizes


def places(length: int, steps: Sequence[int]) -> np.ndarray:
    """Give, for each position of a range, the number of the chunk that holds it.

    The number is mixed from the indices of the cuts, so that a PE has the same one in ranges of any length.

    >>> places(7, [4, 3])                 # 0123 456: PEs 0 0 0 1, 2 2 2
    array([0, 0, 0, 1, 2, 2, 2])
    """
    position, number = np.arange(length), np.zeros(length, int)
    outer = None
    for step in steps:
        most = 1 if outer is None else -(-outer // step)
        number = number * most + position // step
        position = position % step
        outer = step if outer is None else min(outer, step)
    return number
