"""Strips, tiles and chunks counted one by one, where the paper's closed forms divide and round."""

import numpy as np

from cnnhw.dataflows.sizes import chunks
from cnnhw.nest.cuts import lengths
from cnnhw.shape import Axis


def positions(outputs: int, taps: int, axis: Axis) -> int:
    """Count the ifmap rows (or columns) under some neighbouring windows: distinct U*i + D*j.

    >>> from cnnhw import LayerShape
    >>> axis = LayerShape(M=1, C=1, H=9, R=3, U=2).rows
    >>> positions(3, 5, axis), positions(3, 1, axis)      # 2*2 + 5 in one piece; three single ones
    (9, 3)
    """
    under = axis.U * (outputs - 1) + axis.D * (taps - 1) + 1
    return Axis(under, taps, axis.U, axis.D).reached


def strip_sum(size: int, step: int, taps: int, tap_step: int, axis: Axis) -> int:
    """Add up the ifmap rows under each strip of `step` ofmap rows and each part of `tap_step` filter rows.

    >>> from cnnhw import LayerShape
    >>> axis = LayerShape(M=1, C=1, H=7, R=3).rows
    >>> strip_sum(5, 2, 3, 3, axis), strip_sum(5, 2, 3, 2, axis)    # 4 + 4 + 3; 3 + 2, 3 + 2, 2 + 1
    (11, 13)
    """
    return sum(
        positions(outputs, part, axis) * often * times
        for outputs, often in lengths(size, [step]).items()
        for part, times in lengths(taps, [tap_step]).items()
    )


def shared_words(rows: tuple[int, int, Axis], columns: tuple[int, int, Axis]) -> tuple[int, int]:
    """Count the words of a plane that tiles share with the one before, as they pass row by row of tiles.

    rows, columns  (ofmap rows, rows in a tile, their axis), and the same for columns
    returns        over all tiles; and between the last tile and the first, should they follow each other

    >>> from cnnhw import LayerShape
    >>> layer = LayerShape(M=1, C=1, H=7, W=1, R=3, S=1)
    >>> shared_words((5, 2, layer.rows), (1, 1, layer.columns))    # rows 0-3, 2-5, 4-6: two, two; none
    (4, 0)
    """
    down, across = _overlaps(*rows), _overlaps(*columns)
    sideways = np.trace(down) * np.trace(across, offset=1)
    back = np.trace(down, offset=1) * across[-1, 0]
    return int(sideways + back), int(down[-1, 0] * across[-1, 0])


def _overlaps(size: int, step: int, axis: Axis) -> np.ndarray:
    """How many rows each strip shares with each other: (strips, strips)."""
    under = np.zeros((chunks(size, step), axis.U * (size - 1) + axis.window), dtype=np.int64)
    for output in range(size):
        under[output // step, axis.U * output : axis.U * output + axis.window : axis.D] = 1
    return under @ under.T
