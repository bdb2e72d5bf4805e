"""The inputs a function is tried on: listed ones, and ones drawn from the stated domain."""

import copy
import zlib
from collections.abc import Mapping

import numpy as np

from cnnhw.checks.compare import short
from cnnhw.checks.exercise import Function

_HIDDEN_SEED = 7_919  # hidden cases must not repeat the visible data; chosen for teaching
_SEEDS_APART = 10_000  # more than any exercise has cases
_SMALL = 12  # words of an array that are shown rather than its shape; chosen for teaching


def arguments(exercise: Function, sizes: Mapping, seed: int) -> tuple:
    """Draw the arguments of one case: the same for the same sizes and seed, on every machine."""
    rng = np.random.default_rng([zlib.crc32(exercise.name.encode()), seed])
    return tuple(exercise.draw(rng, **sizes))


def visible_cases(exercise: Function) -> list[tuple]:
    """The arguments of every case that check() tries: worked examples, listed cases, drawn ones."""
    sizes = [*exercise.cases, *_visible_drawn(exercise)]
    drawn = [arguments(exercise, each, seed) for seed, each in enumerate(sizes)]
    return [*copy.deepcopy(exercise.worked), *drawn]


def hidden_cases(exercise: Function, seed: int = 0) -> list[tuple]:
    """The arguments that only grade() tries: the visible sizes with new data, listed ones, drawn ones.

    seed  draws other data and other sizes, 0 or more: an instructor's, that no student knows
    """
    sizes = [*exercise.cases, *exercise.hidden]
    if exercise.domain:
        seen = _visible_drawn(exercise)
        drawn = exercise.domain.sample(exercise.drawn[1], seed=2 + 2 * seed)  # odd ones draw visible cases
        sizes += [each for each in drawn if each not in seen]
    first = _HIDDEN_SEED + _SEEDS_APART * seed
    return [arguments(exercise, each, first + i) for i, each in enumerate(sizes)]


def _visible_drawn(exercise: Function) -> list[Mapping]:
    drawn = exercise.domain.sample(exercise.drawn[0], seed=1) if exercise.domain else ()
    return [each for each in drawn if each not in (*exercise.cases, *exercise.hidden)]


def describe(exercise: Function, case: tuple) -> str:
    """Name each argument of a case: small arrays and all else by value, large arrays by shape."""
    return ", ".join(f"{n}{_shown(v)}" for n, v in zip(exercise.parameters, case, strict=False))


def _shown(value) -> str:
    if isinstance(value, np.ndarray):
        return f"={value.tolist()}" if value.size <= _SMALL else f" {value.shape}"
    return f"={short(value)}"
