"""What PEs hold along one axis of a tensor, in many passes at once."""

from dataclasses import dataclass

import numpy as np

from cnnhw.emulator.fast.passes import Passes
from cnnhw.machine import Machine
from cnnhw.nest import INDICES
from cnnhw.nest.touched import window
from cnnhw.shape import Axis


@dataclass(frozen=True, eq=False)
class Range:
    """Positions of an axis that one dim chooses. Arrays are (passes, PEs along the axis).

    first, length  of the positions of each PE
    """

    first: np.ndarray
    length: np.ndarray

    @property
    def span(self) -> np.ndarray:
        """Positions from the first to the last."""
        return self.length

    def holds(self, positions: np.ndarray) -> np.ndarray:
        """Whether each PE holds some positions, (passes, PEs, positions)."""
        behind = positions - self.first[:, :, None]
        return (behind >= 0) & (behind < self.length[:, :, None])


@dataclass(frozen=True, eq=False)
class Windows:
    """Rows, or columns, of the ifmap under the windows of a filter. Arrays are (passes, PEs along the axis).

    first        of the rows
    outs, taps   how many ofmap rows and filter rows each PE has
    slide        stride and dilation
    low, high    the rows that are words
    """

    first: np.ndarray
    outs: np.ndarray
    taps: np.ndarray
    slide: Axis
    low: int
    high: int

    @property
    def span(self) -> np.ndarray:
        """Rows from the first to the last, those between two windows included; 0 for a PE without work."""
        there, slide = (self.outs > 0) & (self.taps > 0), self.slide
        return np.where(there, slide.U * (self.outs - 1) + slide.D * (self.taps - 1) + 1, 0)

    def holds(self, positions: np.ndarray) -> np.ndarray:
        """Whether each PE holds some rows: they are words, and a tap of one of its windows lies on them."""
        behind, slide = positions - self.first[:, :, None], self.slide
        # Of the windows that begin at or before it, the last whose rest by D is right has the smallest tap;
        # among any D neighbours there is one, if there is one at all.
        last = np.minimum(behind // slide.U, self.outs[:, :, None] - 1)
        found = np.zeros(behind.shape, bool)
        for back in range(slide.D):
            out = last - back
            tap, rest = np.divmod(behind - slide.U * out, slide.D)
            found |= (out >= 0) & (rest == 0) & (tap >= 0) & (tap < self.taps[:, :, None])
        return found & self.words(positions)

    def words(self, positions: np.ndarray) -> np.ndarray:
        """Whether rows are words at all."""
        return (positions >= self.low) & (positions < self.high)


def held(passes: Passes, machine: Machine, tensor: str, which) -> list[Range | Windows]:
    """Give what PEs hold of a tensor, axis by axis: a PE's tile is the product of its positions.

    which    numbers of passes
    returns  the axes of the tensor, outermost first
    """
    axes, shape = [], passes.nest.shape
    for index in INDICES[tensor]:
        if not isinstance(index, tuple):
            axes.append(Range(*passes.shares(index, which)))
            continue
        (first_out, outs), (first_tap, taps) = (passes.shares(dim, which) for dim in index)
        grid = (len(outs), outs.shape[1], taps.shape[1])
        slide = shape.axis(index[0])
        first = slide.at(first_out[:, :, None], first_tap[:, None, :])
        outs, taps = (
            np.broadcast_to(a, grid).reshape(grid[0], -1) for a in (outs[:, :, None], taps[:, None, :])
        )
        lines = window(shape, index, machine.stores_padding)
        axes.append(Windows(first.reshape(grid[0], -1), outs, taps, slide, *lines))
    return axes
