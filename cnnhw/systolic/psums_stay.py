"""Output stationary: ifmap words move right, filter words move down, and each PE keeps one psum.

Gupta et al. (ICML 2015) build such an array. In one cycle, in this order:
 1. every ifmap word moves one PE to the right and every filter word one PE down; new ones enter at the edges;
 2. each PE that holds a pair of the stream multiplies it and adds to its psum;
 3. finished psums move towards the bottom edge (see ShiftOut, BusOut).
Independent folds stand behind one another on the last axis and advance together.
"""

import numpy as np

from cnnhw.systolic.edges import Edge, Tokens
from cnnhw.systolic.plan import Drain
from cnnhw.systolic.registers import Registers
from cnnhw.systolic.watch import Watch


class ShiftOut:
    """Psums leave through the PEs below: a column begins in the cycle after its bottom PE has finished."""

    def __init__(self, psum: np.ndarray):
        self.product, self.gone = np.zeros_like(psum), np.zeros(psum.shape[:2], bool)
        self._rows, self._cols = self.gone.shape
        self._left = np.zeros(self._cols, int)  # words of each column that are out
        self._begun = self._ended = 0  # columns; they begin and end from left to right

    @property
    def done(self) -> bool:
        """Whether every psum is out."""
        return self._ended == self._cols

    def step(self, psum: np.ndarray, last: np.ndarray) -> None:
        """Move the psums of a cycle; `last` says which PEs finish in it."""
        if self._ended < self._begun:
            moving = np.arange(self._ended, self._begun)
            leaving = self._rows - 1 - self._left[moving], moving
            self.product[leaving], self.gone[leaving] = psum[-1, moving], True
            psum[1:, moving], psum[0, moving] = psum[:-1, moving], 0
            self._left[moving] += 1
            self._ended = np.count_nonzero(self._left == self._rows)
        self._begun += np.count_nonzero(last[-1])


class BusOut:
    """Psums leave over a wire along each column, in the cycle of their last MAC: never two in one column."""

    def __init__(self, psum: np.ndarray):
        self.product, self.gone = np.zeros_like(psum), np.zeros(psum.shape[:2], bool)
        self._waiting = self.gone.size

    @property
    def done(self) -> bool:
        """Whether every psum is out."""
        return self._waiting == 0

    def step(self, psum: np.ndarray, last: np.ndarray) -> None:
        """Put the psums of the PEs that finish in this cycle, `last`, on the wires."""
        finished = np.nonzero(last)
        self.product[finished], self.gone[finished] = psum[finished], True
        self._waiting -= len(finished[0])


OUT = {Drain.SHIFT: ShiftOut, Drain.BUS: BusOut}


def run_folds(
    ifmap: np.ndarray, filters: np.ndarray, pes: tuple[int, int], drain: Drain, watch: Watch
) -> np.ndarray:
    """Run folds of one size, until the last psum is out.

    ifmap    (T, PE rows with work, folds)
    filters  (T, PE columns with work, folds)
    pes      rows and columns of the array
    drain    how psums leave
    watch    sees every cycle, and is told the words over the edges
    returns  (rows, cols, folds), what left each PE
    """
    folds = ifmap.shape[2]
    left, top = Edge(ifmap, pes[0]), Edge(filters, pes[1])
    to_the_right, down = (Registers((*pes, folds), axis, ifmap.dtype) for axis in (1, 0))
    tokens = Tokens(*pes, len(ifmap))
    psum = np.zeros((*pes, folds), ifmap.dtype)
    out, product, cycle = OUT[drain](psum), np.empty_like(psum), 0
    while not out.done:
        at_work, last = tokens.shift(cycle)
        a, b = to_the_right.shift(left.at(cycle)), down.shift(top.at(cycle))
        np.multiply(a, b, out=product)  # a PE without a pair holds zeros
        psum += product
        watch.see(at_work, a, b, psum)
        out.step(psum, last)
        cycle += 1
    left_with_work = np.count_nonzero(out.gone[: ifmap.shape[1], : filters.shape[1]])
    watch.count(left.read, top.read, left_with_work * folds)
    return out.product
