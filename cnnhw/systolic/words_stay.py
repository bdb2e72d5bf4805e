"""Weight or input stationary: one matrix is loaded into the PEs, the other moves right, psums move down.

The TPU (Jouppi et al., ISCA 2017) keeps weights like this. In one cycle, in this order:
 1. while the array is loaded, every word that will stay moves one PE down, and a row enters at the top;
 2. after that, every word of the stream moves one PE to the right, and new ones enter at the left;
 3. each PE with a word of the stream multiplies it, adds the psum that comes from above, and passes the sum
    down; what the bottom row passes down leaves.
Independent folds stand behind one another on the last axis and advance together.
"""

import numpy as np

from cnnhw.systolic.edges import Edge, Tokens
from cnnhw.systolic.registers import Registers
from cnnhw.systolic.watch import Watch


def run_folds(streamed: np.ndarray, staying: np.ndarray, pes: tuple[int, int], watch: Watch) -> np.ndarray:
    """Run folds of one size, until the last psum is out.

    streamed  (T, PE rows with work, folds)
    staying   (PE rows with work, PE columns with work, folds)
    pes       rows and columns of the array
    watch     sees every cycle, and is told the words over the edges
    returns   (T, cols, folds), what left each column
    """
    (time, _, folds), (rows, cols) = streamed.shape, pes
    held, loaded = _load(staying, pes, watch)
    left, to_the_right = Edge(streamed, rows), Registers((*pes, folds), 1, streamed.dtype)
    tokens = Tokens(rows, cols, time)
    psum, above = (np.zeros((*pes, folds), streamed.dtype) for _ in range(2))
    product, gone, cycle, over = np.zeros((time, cols, folds), streamed.dtype), np.zeros(cols, int), 0, False
    while not over:
        at_work, last = tokens.shift(cycle)
        psum, above = above, psum
        passing = to_the_right.shift(left.at(cycle))
        np.multiply(passing, held, out=psum)
        psum[1:] += above[:-1]
        watch.see(at_work, passing, held, psum)
        leaving = np.flatnonzero(at_work[-1])
        product[gone[leaving], leaving] = psum[-1, leaving]
        gone[leaving] += 1
        over = last[-1, -1]
        cycle += 1
    watch.count(left.read, loaded, int(gone[: staying.shape[1]].sum()) * folds)
    return product


def _load(staying: np.ndarray, pes: tuple[int, int], watch: Watch) -> tuple[np.ndarray, int]:
    """Shift a matrix in from the top, its bottom row first; give where it lies then, and its words."""
    used_rows, used_cols, folds = staying.shape
    down = Registers((*pes, folds), 0, staying.dtype)
    nothing = np.zeros((*pes, folds), staying.dtype)
    idle, words = np.zeros(pes, bool), 0
    for row in reversed(range(pes[0])):
        entering = np.zeros((pes[1], folds), staying.dtype)
        if row < used_rows:
            entering[:used_cols] = staying[row]
            words += used_cols * folds
        down.shift(entering)
        watch.see(idle, nothing, down.words, nothing)
    return np.ascontiguousarray(down.words), words
