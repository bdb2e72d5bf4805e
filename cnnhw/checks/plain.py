"""Turn whatever a student's code returns into numbers that cannot lie about themselves."""

import inspect
from collections.abc import Iterator

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
    """
    kind = type(value)
    if kind is int and value.bit_length() > _LARGEST_BITS:
        raise Refused("your answer is an int too large for any number in this course")
    if kind in _NUMBERS or kind is str:
        return value
    if kind in (list, tuple) and depth < _DEEPEST:
        return tuple(plain(item, depth + 1) for item in value)
    if issubclass(kind, np.generic) and np.dtype(kind).type is kind:
        return _numeric(np.asarray(value)).item()
    if issubclass(kind, np.ndarray):
        array = _numeric(np.ndarray.view(value, np.ndarray))
        return array.item() if array.ndim == 0 else array
    if kind.__module__.startswith("cnnhw."):
        return value
    raise Refused(f"your answer is {_reason(value)}")


def _numeric(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "biufc":
        raise Refused(f"your answer is an array of dtype {array.dtype}: use numbers, such as float64")
    return array


def _reason(value: object) -> str:
    if value is None:
        return "None: did you forget return?"
    if inspect.iscoroutine(value):
        value.close()  # otherwise Python warns about it later
        return "a coroutine: write def, not async def"
    if isinstance(value, (Iterator, range)):
        return f"a {type(value).__name__}, which holds no words yet: put list(...) around it"
    if callable(value):
        return "a function: did you forget to call it?"
    return f"of type {str(type(value).__name__)[:40]}: numbers, or an array of numbers, are expected"
