"""A small image as grey cells: vector rectangles, so that it needs no embedded bitmap."""

from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

# Chosen for teaching: the eye tells no more greys apart, and the drawing stays small.
_GREYS = 8


def draw_cells(
    axes: Axes, corner: tuple[float, float], cell: float, words: np.ndarray, frame: str, largest: float
) -> None:
    """Draw an image, white where a word is 0 or less and black where it is the largest.

    corner   lower left in the units of the axes
    cell     side of one cell in the same units
    words    (H, W)
    frame    colour of the line around the image
    largest  the word drawn black, more than 0
    """
    H, W = words.shape
    greys = np.rint(np.clip(words / largest, 0, 1) * _GREYS).astype(int)
    for grey in range(1, _GREYS + 1):
        boxes = [
            _box(corner[0] + cell * w, corner[1] + cell * (H - 1 - h), cell * count, cell)
            for h in range(H)
            for w, count in _runs(greys[h], grey)
        ]
        if boxes:
            ink = str(round(1 - 0.92 * grey / _GREYS, 3))
            patch = PathPatch(
                Path.make_compound_path(*boxes), facecolor=ink, linewidth=0, antialiased=False, zorder=2
            )
            axes.add_patch(patch)
    axes.add_patch(Rectangle(corner, cell * W, cell * H, fill=False, edgecolor=frame, zorder=3))


def _runs(row: np.ndarray, grey: int) -> list[tuple[int, int]]:
    """Give the runs of one grey in a row as (first cell, number of cells).

    >>> _runs(np.array([3, 3, 0, 3]), 3)
    [(0, 2), (3, 1)]
    """
    runs, start = [], 0
    for value, members in groupby(row.tolist()):
        count = len(list(members))
        if value == grey:
            runs.append((start, count))
        start += count
    return runs


def _box(x: float, y: float, width: float, height: float) -> Path:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return Path(corners, closed=True)
