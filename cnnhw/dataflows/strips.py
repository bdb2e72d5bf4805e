"""Strips, tiles and chunks counted one by one, where the paper's closed forms divide and round."""

import numpy as np

from cnnhw.dataflows.sizes import chunks
from cnnhw.nest.cuts import lengths


def positions(outputs: int, taps: int, stride: int) -> int:
    """Count the ifmap rows (or columns) under some neighbouring windows: distinct stride*i + j.

    >>> positions(3, 5, 2), positions(3, 1, 2)      # 2*2 + 5 in one piece; three single ones
    (9, 3)
    """
    return min(outputs * taps, stride * (outputs - 1) + taps)


def strip_sum(size: int, step: int, taps: int, tap_step: int, stride: int) -> int:
    """Add up the ifmap rows under each strip of `step` ofmap rows and each part of `tap_step` filter rows.

    >>> strip_sum(5, 2, 3, 3, 1), strip_sum(5, 2, 3, 2, 1)    # 4 + 4 + 3; 3 + 2, 3 + 2, 2 + 1
    (11, 13)
    """
    return sum(
        positions(outputs, part, stride) * often * times
        for outputs, often in lengths(size, [step]).items()
        for part, times in lengths(taps, [tap_step]).items()
    )


def shared_words(rows: tuple[int, int, int], columns: tuple[int, int, int], stride: int) -> tuple[int, int]:
    """Count the words of a plane that tiles share with the one before, as they pass row by row of tiles.

    rows, columns  (ofmap rows, rows in a tile, filter rows), and the same for columns
    returns        over all tiles; and between the last tile and the first, should they follow each other

    >>> shared_words((5, 2, 3), (1, 1, 1), 1)        # rows 0-3, 2-5, 4-6: two rows, two rows; none
    (4, 0)
    """
    down, across = _overlaps(*rows, stride), _overlaps(*columns, stride)
    sideways = np.trace(down) * np.trace(across, offset=1)
    back = np.trace(down, offset=1) * across[-1, 0]
    return int(sideways + back), int(down[-1, 0] * across[-1, 0])


def _overlaps(size: int, step: int, taps: int, stride: int) -> np.ndarray:
    """How many rows each strip shares with each other: (strips, strips)."""
    under = np.zeros((chunks(size, step), stride * (size - 1) + taps), dtype=np.int64)
    for output in range(size):
        under[output // step, stride * output : stride * output + taps] = 1
    return under @ under.T
