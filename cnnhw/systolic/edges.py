"""What stands at an edge of the array in each cycle: row by row one cycle later, so that words meet."""

import numpy as np

from cnnhw.systolic.registers import Registers


class Edge:
    """A matrix that streams in over one edge, skewed: line i begins i cycles after line 0.

    words  (T, lines with words, folds): each line from its first word to its last
    lines  of the edge; those beyond are empty

    `read` counts the words that have entered, all folds together; zeros between them are no words.

    >>> edge = Edge(np.array([[[1], [2]], [[3], [4]]]), lines=2)
    >>> [edge.at(cycle)[:, 0].tolist() for cycle in range(4)]
    [[1, 0], [3, 2], [0, 4], [0, 0]]
    """

    def __init__(self, words: np.ndarray, lines: int):
        time, used, folds = words.shape
        self.read = 0
        self._starts, self._time, self._folds = np.arange(used), time, folds
        self._skewed = np.zeros((time + lines - 1, lines, folds), words.dtype)
        for line in range(used):
            self._skewed[line : line + time, line] = words[:, line]
        self._nothing = np.zeros((lines, folds), words.dtype)

    def at(self, cycle: int) -> np.ndarray:
        """Give the words that enter in a cycle, 0 where none does: (lines, folds)."""
        if not 0 <= cycle < len(self._skewed):
            return self._nothing
        since = cycle - self._starts
        self.read += self._folds * np.count_nonzero((since >= 0) & (since < self._time))
        return self._skewed[cycle]


class Tokens:
    """One bit beside each word of the first edge: whether it is a word of the stream, or its last.

    rows, cols  of the array
    time        words in a line of the stream, T

    The bits move with the words, so that a PE needs no clock to know when it works and when it is done.
    """

    def __init__(self, rows: int, cols: int, time: int):
        self._lines, self._time = np.arange(rows), time
        self._on, self._last = (Registers((rows, cols), 1, bool) for _ in range(2))

    def shift(self, cycle: int) -> tuple[np.ndarray, np.ndarray]:
        """Let the bits of a cycle in; give which PEs work now, and which of them for the last time."""
        entered = cycle - self._lines
        on = (entered >= 0) & (entered < self._time)
        return self._on.shift(on), self._last.shift(entered == self._time - 1)
