"""Judge a function: call it on drawn cases and compare it with the reference."""

import copy
import functools
import inspect
import zlib
from collections import Counter
from collections.abc import Mapping

import numpy as np

from cnnhw.checks import guard
from cnnhw.checks.compare import difference, short
from cnnhw.checks.exercise import Function
from cnnhw.checks.plain import Refused, plain
from cnnhw.checks.verdict import Verdict, hint, missing, printed, right, wrong

_HIDDEN_SEED = 7_919  # hidden cases must not repeat the visible data; chosen for teaching


def arguments(exercise: Function, sizes: Mapping, seed: int) -> tuple:
    """Draw the arguments of one case: the same for the same sizes and seed, on every machine."""
    rng = np.random.default_rng([zlib.crc32(exercise.name.encode()), seed])
    return tuple(exercise.draw(rng, **sizes))


def visible_cases(exercise: Function) -> list[tuple]:
    """The arguments of every case that check() tries."""
    return [arguments(exercise, sizes, seed) for seed, sizes in enumerate(exercise.cases)]


def hidden_cases(exercise: Function) -> list[tuple]:
    """The arguments of every case that only grade() tries: the visible sizes with new data, and new sizes."""
    sizes = [*exercise.cases, *exercise.hidden]
    return [arguments(exercise, each, _HIDDEN_SEED + i) for i, each in enumerate(sizes)]


def judge_function(exercise: Function, answer: object, hidden: bool) -> Verdict:
    """Judge a function on the visible cases, and on the hidden ones too where `hidden`."""
    if not callable(answer):
        usage = f'give the function itself, without (): check("{exercise.name}", {exercise.name})'
        return wrong(exercise, "a function is expected", usage)
    cases = visible_cases(exercise) + (hidden_cases(exercise) if hidden else [])
    for number, case in enumerate(cases, start=1):
        verdict = _judge_case(exercise, answer, case, f"case {number} of {len(cases)}: ")
        if verdict:
            return verdict
    return right(exercise, f"correct on {len(cases)} cases" + _counted(exercise, cases))


def _judge_case(exercise: Function, answer, case: tuple, title: str) -> Verdict | None:
    """The verdict that ends the judging, or None when this case is right."""
    given = copy.deepcopy(case)
    outcome = call(exercise, answer, given)
    if outcome.missing:
        return missing(exercise)
    if outcome.error:
        lines = outcome.error.splitlines()
    else:
        lines = _compared(exercise, outcome.value, case) or _unchanged(exercise, case, given)
    return wrong(exercise, title + describe(exercise, case), *lines, *printed(outcome)) if lines else None


def call(exercise: Function, answer, given: tuple) -> guard.Outcome:
    """Call a student's function under guard, and make its result plain there too."""
    return guard.run(functools.partial(_call, exercise, answer, given), exercise.seconds)


def _call(exercise: Function, answer, given: tuple):
    try:
        signature = inspect.signature(answer)
    except ValueError:  # some built-in functions have none
        return plain(answer(*given))
    try:
        signature.bind(*given)
    except TypeError:
        raise Refused(f"write it as {exercise.signature}; yours takes {str(signature)[:100]}") from None
    return plain(answer(*given))


def _compared(exercise: Function, value, case: tuple) -> list[str]:
    expected = plain(exercise.reference(*copy.deepcopy(case)))
    lines = difference(value, expected, exercise.tolerance)
    if lines:
        return lines + _hint(exercise, value, case)
    floats = exercise.keeps_integers and _not_whole(value, expected)
    if floats:
        return [
            f"the values are right, but your words are {floats}",
            "integers must stay integers: np.zeros(shape, dtype=int), or start a psum at 0, not 0.0",
        ]
    return []


def _not_whole(value, expected) -> str:
    """The dtype of words that are not integers where integers are expected; "" if there are none."""
    if isinstance(expected, tuple) and isinstance(value, tuple):  # several values, of shapes of their own
        return next(filter(None, map(_not_whole, value, expected)), "")
    found, wanted = np.asarray(value).dtype, np.asarray(expected).dtype
    return str(found) if wanted.kind in "iu" and found.kind not in "iu" else ""


def _hint(exercise: Function, value, case: tuple) -> list[str]:
    for label, mistake in exercise.mistakes.items():
        outcome = call(exercise, mistake, copy.deepcopy(case))
        if not outcome.error and not difference(value, outcome.value, exercise.tolerance):
            return [hint(label)]
    return []


def _unchanged(exercise: Function, case: tuple, given: tuple) -> list[str]:
    changed = [n for n, a, b in zip(exercise.parameters, case, given, strict=False) if not _same(a, b)]
    if not changed:
        return []
    return [
        f"the result is right, but your code changed {', '.join(changed)}",
        "work on a copy: the arrays belong to the caller",
    ]


def _same(before, after) -> bool:
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        same_kind = before.dtype == after.dtype and before.shape == after.shape
        return same_kind and before.tobytes() == after.tobytes()
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(_same, before.values(), after.values()))
    return before == after


def describe(exercise: Function, case: tuple) -> str:
    """Name each argument of a case: arrays by shape, the rest by value."""
    shown = zip(exercise.parameters, case, strict=False)
    return ", ".join(f"{n} {v.shape}" if isinstance(v, np.ndarray) else f"{n}={short(v)}" for n, v in shown)


def _counted(exercise: Function, cases: list[tuple]) -> str:
    if exercise.counts is None:
        return ""
    total = Counter()
    for case in cases:
        total.update(exercise.counts(*copy.deepcopy(case)))
    return "; " + ", ".join(f"{number:,} {unit}" for unit, number in total.items())
