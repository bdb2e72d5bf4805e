"""Registers side by side that pass what they hold to the next one, all in the same cycle."""

import numpy as np


class Registers:
    """The registers of all PEs for one kind of word, which moves right or down one PE a cycle.

    pes   rows and columns of the array, then any further axes that move along
    axis  1 to the right, 0 down
    dtype of a word

    The words lie still in a longer strip and the window over them moves back by one: a shift then writes one
    column, not the array.

    >>> registers = Registers((1, 3), axis=1, dtype=int)
    >>> [registers.shift(np.array([word])).tolist() for word in (7, 8)]
    [[[7, 0, 0]], [[8, 7, 0]]]
    """

    def __init__(self, pes: tuple[int, ...], axis: int, dtype):
        self._length = pes[axis]
        strip = list(pes)
        strip[axis] = 2 * self._length
        self._strip = np.moveaxis(np.zeros(strip, dtype), axis, 0)
        self._axis, self._first = axis, self._length

    @property
    def words(self) -> np.ndarray:
        """What every PE holds now: a view with the axes of `pes`."""
        return np.moveaxis(self._strip[self._first : self._first + self._length], 0, self._axis)

    def shift(self, entering: np.ndarray) -> np.ndarray:
        """Pass all words on and let others in at the edge; give what every PE holds now.

        entering  for each row the word that its leftmost PE receives, or for each column its topmost one
        returns   `words`, valid until the next shift
        """
        if self._first == 0:
            self._strip[self._length :] = self._strip[: self._length]
            self._first = self._length
        self._first -= 1
        self._strip[self._first] = entering
        return self.words
