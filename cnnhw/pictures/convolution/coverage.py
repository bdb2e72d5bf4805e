"""What the window pictures share: which cells of a padded ifmap are read, and where a window may stand."""

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.pictures.convolution.grid import Cell, number
from cnnhw.shape import Axis, LayerShape
from cnnhw.tensors import pad


def reached(axis: Axis) -> np.ndarray:
    """Mark the rows (or columns) of the padded ifmap that some filter word meets.

    axis     of a LayerShape
    returns  (padded,) booleans

    >>> [int(row) for row in reached(LayerShape(M=1, C=1, H=6, R=3, U=2).rows)]
    [1, 1, 1, 1, 1, 0]
    """
    rows = np.zeros(axis.padded, bool)
    rows[axis.before + axis.at(np.arange(axis.ofmap)[:, None], np.arange(axis.filter))] = True
    return rows


def ifmap_cells(shape: LayerShape) -> np.ndarray:
    """Say what each cell of one padded channel holds.

    shape    LayerShape
    returns  (H + 2P, W + 2P) of Cell: WORD, UNREAD or PADDING

    >>> ifmap_cells(LayerShape(M=1, C=1, H=4, W=3, R=3, S=2, U=2))      # the last row and column are crossed
    array([[0, 0, 2],
           [0, 0, 2],
           [0, 0, 2],
           [2, 2, 2]])
    """
    cells = np.where(np.outer(reached(shape.rows), reached(shape.columns)), Cell.WORD, Cell.UNREAD)
    inside = pad(np.ones((shape.H, shape.W), bool), shape.P)
    return np.where(inside, cells, Cell.PADDING)


def check_position(shape: LayerShape, e: int, f: int) -> None:
    """Check that (e, f) is a word of the ofmap.

    raises   CourseError if it is not
    """
    if not (0 <= e < shape.E and 0 <= f < shape.F):
        raise CourseError(
            "the window must stand at a word of the ofmap",
            f"(e, f) = ({e}, {f}) but E={shape.E}, F={shape.F}",
            f"use e from 0 to {shape.E - 1} and f from 0 to {shape.F - 1}",
        )


def factor(value) -> str:
    """Write a number as part of a sum or product: negative ones in brackets.

    >>> f"{factor(3)}*{factor(-2)}"
    '3*(-2)'
    """
    return f"({number(value)})" if value < 0 else number(value)
