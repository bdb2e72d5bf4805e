"""Numbers that count what is done with them: run an algorithm on them and read the tally."""

import math
import operator
from dataclasses import dataclass

import numpy as np

from cnnhw.checks.plain import Refused

PLAIN = (
    "work with the words as they come: yours turns them into plain numbers, whose products nobody can count\n"
    "leave out astype, int() and float() on the arguments"
)


@dataclass
class Tally:
    """How many multiplications and additions have been done with the words of this tally.

    guarded  whether a word that is no product yet may not be turned into a plain number: what is done with
             plain numbers cannot be counted
    plain    how many products were turned into plain numbers
    """

    multiplications: int = 0
    additions: int = 0
    guarded: bool = False
    plain: int = 0

    def words(self, values: np.ndarray) -> np.ndarray:
        """Give an object array of Counted with these values."""
        counted = np.empty(np.shape(values), dtype=object)
        for index in np.ndindex(counted.shape):
            counted[index] = Counted(np.asarray(values, dtype=object)[index], self)
        return counted


class Counted:
    """A number that tells its tally of every multiplication and addition.

    A division, a remainder and each step of a power count as multiplications; a product of two complex
    numbers as four of them. A minus sign alone and a comparison are free.
    """

    __slots__ = ("multiplied", "tally", "value")
    __hash__ = None

    def __init__(self, value, tally: Tally, multiplied: bool = False):
        self.value, self.tally, self.multiplied = value, tally, multiplied

    def _other(self, other):
        return other.value if isinstance(other, Counted) else other

    def _product(self, operation, other, turned: bool = False):
        if isinstance(other, np.ndarray):
            return NotImplemented
        pair = (self._other(other), self.value) if turned else (self.value, self._other(other))
        self.tally.multiplications += math.prod(2 if isinstance(each, complex) else 1 for each in pair)
        return Counted(operation(*pair), self.tally, multiplied=True)

    def _sum(self, operation, other, turned: bool = False):
        if isinstance(other, np.ndarray):
            return NotImplemented
        pair = (self._other(other), self.value) if turned else (self.value, self._other(other))
        self.tally.additions += 1
        multiplied = self.multiplied or getattr(other, "multiplied", False)
        return Counted(operation(*pair), self.tally, multiplied)

    def __pow__(self, exponent, modulus=None):
        exponent = self._other(exponent)
        steps = max(1, math.ceil(abs(exponent)) - 1)
        self.tally.multiplications += steps
        return Counted(pow(self.value, exponent, modulus), self.tally, multiplied=True)

    def __rpow__(self, base):
        return Counted(base, self.tally) ** self

    def __divmod__(self, other):
        return self // other, self % other

    def _same(self, value):
        return Counted(value, self.tally, self.multiplied)

    def __neg__(self):
        return self._same(-self.value)

    def __pos__(self):
        return self

    def __abs__(self):
        return self._same(abs(self.value))

    def __round__(self, digits=None):
        return self._same(round(self.value, digits))

    def __floor__(self):
        return self._same(math.floor(self.value))

    def __ceil__(self):
        return self._same(math.ceil(self.value))

    def conjugate(self):
        """The number itself where it is real, as NumPy asks of the words of a dot product."""
        return self._same(self.value.conjugate())

    def _plain(self, kind):
        if self.tally.guarded and not self.multiplied:
            raise Refused(PLAIN)
        self.tally.plain += 1
        return kind(self.value)

    def __int__(self):
        return self._plain(int)

    def __index__(self):
        return self._plain(operator.index)

    def __float__(self):
        return self._plain(float)

    def __complex__(self):
        return self._plain(complex)

    def __bool__(self):
        return bool(self.value)

    def __repr__(self):
        return repr(self.value)


def _binary(name: str, kind, operation) -> None:
    setattr(Counted, f"__{name}__", lambda self, other: kind(self, operation, other))
    setattr(Counted, f"__r{name}__", lambda self, other: kind(self, operation, other, turned=True))


def _comparison(operation):
    return lambda self, other: operation(self.value, self._other(other))


for _name in ("mul", "truediv", "floordiv", "mod"):
    _binary(_name, Counted._product, getattr(operator, _name))
for _name in ("add", "sub"):
    _binary(_name, Counted._sum, getattr(operator, _name))
for _name in ("lt", "le", "eq", "ne", "ge", "gt"):
    setattr(Counted, f"__{_name}__", _comparison(getattr(operator, _name)))
Counted.__hash__ = lambda self: hash(self.value)


def values(words: np.ndarray) -> np.ndarray:
    """Take the plain values out of an array of Counted numbers (and of plain ones, such as a padding's 0)."""
    plain = np.empty(words.shape, dtype=object)
    for index in np.ndindex(words.shape):
        word = words[index]
        plain[index] = word.value if isinstance(word, Counted) else word
    return plain


def uncounted(result: object) -> object:
    """Take the plain values out of whatever a function returned."""
    if isinstance(result, Counted):
        return result.value
    if isinstance(result, np.ndarray) and result.dtype == object:
        return values(result)
    if isinstance(result, (list, tuple)):
        return [uncounted(each) for each in result]
    return result
