"""The answers around an answer: each of its numbers one more and one less, parts swapped, parts left out."""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np


def around(value: object) -> list[object]:
    """List the different answers one step from `value`; what cannot be built is left out.

    value    a number, a tuple or list, an array, a mapping, a frozen dataclass such as LayerShape or Nest

    >>> around((3, "GLB"))
    [(4, 'GLB'), (2, 'GLB'), ('GLB', 3), ('GLB',), (3,)]
    """
    found = {}
    for other in _steps(value):
        found.setdefault(repr(other), other)
    found.pop(repr(value), None)
    return list(found.values())


def _steps(value) -> Iterator[object]:
    if isinstance(value, (bool, np.bool_)):
        yield not value
    elif isinstance(value, (int, float, Fraction, np.number)):
        yield from (value + 1, value - 1)
    elif isinstance(value, (tuple, list)):
        yield from _sequences(value)
    elif isinstance(value, np.ndarray):
        yield from map(np.array, _rectangles(value))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from ({**value, name: other} for other in around(part))
    elif dataclasses.is_dataclass(value):
        yield from _records(value)


def _sequences(value) -> Iterator[object]:
    items, kind = list(value), type(value)
    for place, item in enumerate(items):
        for other in around(item):
            yield kind([*items[:place], other, *items[place + 1 :]])
    for place in range(len(items) - 1):
        yield kind([*items[:place], items[place + 1], items[place], *items[place + 2 :]])
    for place in range(len(items)):
        yield kind([*items[:place], *items[place + 1 :]])


def _rectangles(value: np.ndarray) -> Iterator[np.ndarray]:
    for index in np.ndindex(value.shape):
        for step in (1, -1):
            other = value.copy()
            other[index] += step
            yield other
    if value.ndim:
        yield from (value[1:], value.T, value[::-1])


def _records(value) -> Iterator[object]:
    fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init}
    changes = [{name: other} for name, part in fields.items() for other in around(part)]
    numbers = [name for name, part in fields.items() if isinstance(part, int)]
    changes += [{a: fields[b], b: fields[a]} for a, b in itertools.combinations(numbers, 2)]
    for change in changes:
        try:
            yield dataclasses.replace(value, **change)
        except (ValueError, TypeError):  # no such layer, no such nest
            continue
