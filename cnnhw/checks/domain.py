"""The stated domain of a function: every input its rule speaks of, and how inputs are drawn from it."""

import functools
import math
import random
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnnhw.errors import is_finite

_TRIES = 60  # attempts for each size wanted; a `where` that holds for one in 60 still fills a sample


def _anything(**sizes) -> bool:
    return True


@dataclass(frozen=True, eq=False)
class Domain:
    """The sizes a function may be given.

    sizes  name -> the values it may take, the least first; the names are those that `draw` takes
    where  where(**sizes) -> whether these sizes may be given together

    >>> windows = Domain({"H": range(1, 13), "R": range(1, 6)}, where=lambda H, R: R <= H)
    >>> {"H": 3, "R": 4} in windows, {"H": 4, "R": 4} in windows
    (False, True)
    >>> [each["H"] >= each["R"] for each in windows.sample(3, seed=1)]
    [True, True, True]
    """

    sizes: Mapping[str, Sequence]
    where: Callable[..., bool] = _anything

    def __contains__(self, sizes: Mapping) -> bool:
        known = set(sizes) == set(self.sizes) and all(sizes[name] in self.sizes[name] for name in sizes)
        return known and bool(self.where(**sizes))

    @functools.cache  # noqa: B019  a domain lives as long as its exercise
    def sample(self, count: int, seed: int) -> tuple[dict, ...]:
        """Draw up to `count` different sizes, the same on every machine.

        Corners come often: each size at its least and at its most, two sizes equal, one that divides
        another. Few inputs may be legal; then the sample is shorter.
        """
        rng = random.Random(zlib.crc32(f"{list(self.sizes)} {seed}".encode()))
        ends = [(name, values[end]) for name, values in self.sizes.items() for end in (0, -1)]
        found = {}
        for attempt in range(_TRIES * count):
            if len(found) == count:
                break
            # The first rounds put each size at each end; later ones leave it to the draw.
            corner = [ends[attempt % len(ends)]] if attempt < 3 * len(ends) else []
            sizes = self._draw(rng, dict(corner))
            if self.where(**sizes):
                found.setdefault(repr(sizes), sizes)
        return tuple(found.values())

    def _draw(self, rng: random.Random, chosen: dict) -> dict:
        for name in sorted(self.sizes, key=lambda _: rng.random()):
            if name not in chosen:
                chosen[name] = _value(rng, self.sizes[name], list(chosen.values()))
        return {name: chosen[name] for name in self.sizes}


def _value(rng: random.Random, values: Sequence, others: list):
    kind = rng.random()
    if kind < 0.2:
        return values[0]
    if kind < 0.28:
        return values[-1]
    if others and kind < 0.5:
        other = others[int(rng.random() * len(others))]
        related = [other] if kind < 0.4 else _multiples(other)
        related = [values[values.index(value)] for value in related if value in values]
        if related:
            return related[int(rng.random() * len(related))]
    return values[int(rng.random() * len(values))]


def _multiples(number) -> list:
    whole = type(number) is int and number > 0
    return [number * k for k in (2, 3, 4)] + [number // k for k in (2, 3) if number % k == 0] if whole else []


def by_size(cases: Iterable[tuple]) -> list[tuple]:
    """Order cases, each a tuple of arguments, so that the smallest to look at comes first."""
    return sorted(cases, key=weight)


def weight(value: object) -> float:
    """How large an argument looks: a number by its digits, an array by its sides and then its words.

    >>> weight((1, 1)) < weight((2, 1)) < weight((2, np.ones(3)))
    True
    """
    if isinstance(value, np.ndarray):
        return sum(math.log2(1 + side) for side in value.shape) + math.log2(1 + value.size) / 8
    if isinstance(value, (int, float, np.number)):
        return math.log2(1 + abs(value)) if is_finite(value) else 99.0
    if isinstance(value, str):
        return len(value) / 8
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return sum(1 / 8 + weight(item) for item in value)
    return 1.0
