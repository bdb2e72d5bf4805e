"""Turn whatever a student's code returns into numbers that cannot lie about themselves."""

import inspect
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import numpy as np

_NUMBERS = (bool, int, float, complex)
_LARGEST_BITS = 1000  # a float holds 1024; an int of over 4300 digits cannot even be printed
_DEEPEST = 8  # nested lists deeper than any tensor here; chosen for teaching


class Refused(Exception):
    """An answer that cannot even be compared: what it is, and what to do about it."""


def plain(value: object, depth: int = 0) -> object:
    """Give `value` as a Python number, a str, a base ndarray, a tuple of these, or one of cnnhw's own values.

    value    anything
    returns  the same, without subclasses that may override how they compare
    raises   Refused, with the words for the student

    >>> from fractions import Fraction
    >>> plain([Fraction(6, 2), np.int64(4), range(2)])
    (3, 4, (0, 1))
    """
    kind = type(value)
    if kind is int and value.bit_length() > _LARGEST_BITS:
        raise Refused("your answer is an int too large for any number in this course")
    if kind in _NUMBERS or kind is str:
        return value
    if kind in (Fraction, Decimal):
        return _rational(value)
    if kind in (list, tuple, range) and depth < _DEEPEST:
        return tuple(plain(item, depth + 1) for item in value)
    if issubclass(kind, np.generic) and np.dtype(kind).type is kind:
        return _array(np.asarray(value), depth).item() if kind is not np.str_ else str.__str__(value)
    if issubclass(kind, np.ndarray):
        array = _array(np.ndarray.view(value, np.ndarray), depth)
        return array.item() if isinstance(array, np.ndarray) and array.ndim == 0 else array
    if kind.__module__.startswith("cnnhw."):
        return value
    raise Refused(f"your answer is {_reason(value)}")


def _rational(value: Fraction | Decimal) -> int | float:
    try:
        return int(value) if value == int(value) else float(value)
    except (OverflowError, ValueError, ArithmeticError):  # infinite, or not a number
        return float(value)


def _array(array: np.ndarray, depth: int) -> np.ndarray | tuple:
    if array.dtype == object and depth < _DEEPEST:
        return _from_objects(array, depth)
    if array.dtype.kind not in "biufc":
        raise Refused(f"your answer is an array of dtype {array.dtype}: use numbers, such as float64")
    return array


def _from_objects(array: np.ndarray, depth: int) -> np.ndarray | tuple:
    items = [plain(item, depth + 1) for item in array.ravel()]
    if all(type(item) in _NUMBERS for item in items):
        numbers = np.array(items) if items else np.zeros(0)
        if numbers.dtype == object:  # integers above 64 bits
            numbers = np.array([float(item) for item in items])
        return numbers.reshape(array.shape)
    if array.ndim == 1:  # arrays of several shapes, kept side by side
        return tuple(items)
    raise Refused(f"your answer is an array of dtype {array.dtype}: use numbers, such as float64")


def whole(value: object) -> object:
    """Give whole floats, yes and no inside a plain value as integers.

    >>> whole((8.0, (0.5, "GLB")))
    (8, (0.5, 'GLB'))
    """
    if isinstance(value, tuple):
        return tuple(whole(item) for item in value)
    return int(value) if isinstance(value, (bool, float)) and float(value).is_integer() else value


def _reason(value: object) -> str:
    if value is None:
        return "None: did you forget return?"
    if inspect.iscoroutine(value):
        value.close()  # otherwise Python warns about it later
        return "a coroutine: write def, not async def"
    if isinstance(value, Iterator):
        return f"a {type(value).__name__}, which holds no words yet: put list(...) around it"
    if callable(value):
        return "a function: did you forget to call it?"
    return f"of type {str(type(value).__name__)[:40]}: numbers, or an array of numbers, are expected"


def same(before: object, after: object) -> bool:
    """Say whether a value is what it was before a call: its types too, and the bits of its arrays."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        kind = before.dtype == after.dtype and before.shape == after.shape
        return kind and _words(before) == _words(after)
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(same, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(same, before.values(), after.values()))
    return before == after


def _words(array: np.ndarray):
    return array.tolist() if array.dtype.kind == "O" else array.tobytes()
