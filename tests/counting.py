"""Numbers that count what is done with them: run an algorithm on them and read the tally."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Tally:
    """How many multiplications and additions have been done with the words of this tally."""

    multiplications: int = 0
    additions: int = 0

    def words(self, values: np.ndarray) -> np.ndarray:
        """Give an object array of Counted with these values."""
        counted = np.empty(np.shape(values), dtype=object)
        for index in np.ndindex(counted.shape):
            counted[index] = Counted(np.asarray(values, dtype=object)[index], self)
        return counted


class Counted:
    """A number that tells its tally of every multiplication and addition. A minus sign alone is free."""

    __slots__ = ("tally", "value")

    def __init__(self, value, tally: Tally):
        self.value, self.tally = value, tally

    def _other(self, other):
        return other.value if isinstance(other, Counted) else other

    def __mul__(self, other):
        self.tally.multiplications += 1
        return Counted(self.value * self._other(other), self.tally)

    def __truediv__(self, other):
        self.tally.multiplications += 1
        return Counted(self.value / self._other(other), self.tally)

    def __add__(self, other):
        self.tally.additions += 1
        return Counted(self.value + self._other(other), self.tally)

    def __sub__(self, other):
        self.tally.additions += 1
        return Counted(self.value - self._other(other), self.tally)

    def __rsub__(self, other):
        self.tally.additions += 1
        return Counted(other - self.value, self.tally)

    def __neg__(self):
        return Counted(-self.value, self.tally)

    __rmul__, __radd__ = __mul__, __add__


def values(words: np.ndarray) -> np.ndarray:
    """Take the plain values out of an array of Counted numbers (and of plain ones, such as a padding's 0)."""
    plain = np.empty(words.shape, dtype=object)
    for index in np.ndindex(words.shape):
        word = words[index]
        plain[index] = word.value if isinstance(word, Counted) else word
    return plain
