"""Judge an answer of any kind; a Function has a file of its own."""

import functools

import numpy as np

from cnnhw.checks import guard
from cnnhw.checks.compare import difference, short
from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.function import judge_function
from cnnhw.checks.plain import plain
from cnnhw.checks.verdict import Verdict, hints, missing, right, wrong
from cnnhw.errors import is_finite


def judge(exercise: Exercise, answer: object, hidden: bool = False) -> Verdict:
    """Judge an answer of any kind.

    exercise  what was asked
    answer    anything at all
    hidden    whether the hidden cases of a Function are tried too
    returns   Verdict
    """
    if answer is None:
        return missing(exercise)
    with np.errstate(all="ignore"):
        if isinstance(exercise, Function):
            return judge_function(exercise, answer, hidden)
        if isinstance(exercise, Open):
            return _judge_open(exercise, answer)
        return _judge_given(exercise, answer)


def expected(exercise: Number | Value) -> object:
    """The right answer, computed if the exercise holds a function for it."""
    return plain(exercise.answer() if callable(exercise.answer) else exercise.answer)


def _judge_given(exercise: Number | Value, answer) -> Verdict:
    outcome = guard.run(functools.partial(plain, answer), exercise.seconds)
    if outcome.error:
        return wrong(exercise, outcome.error)
    judge_one = _judge_number if isinstance(exercise, Number) else _judge_value
    return judge_one(exercise, outcome.value)


def _judge_number(exercise: Number, yours) -> Verdict:
    if type(yours) not in (int, float):
        return wrong(exercise, f"one number of {exercise.unit} is expected, not {short(yours)}")
    if not is_finite(yours):
        return wrong(exercise, f"a finite number of {exercise.unit} is expected, not {short(yours)}")
    answer = expected(exercise)
    if abs(yours - answer) <= exercise.tolerance * abs(answer):
        return right(exercise, f"correct, {answer:,} {exercise.unit}")
    side = "small" if yours < answer else "large"
    within = f"within {exercise.tolerance:.0%} passes" if exercise.tolerance else "the exact number passes"
    line = f"{short(yours)} {exercise.unit} is too {side} ({within})"
    return wrong(exercise, line, *_hints(exercise, yours))


def _judge_value(exercise: Value, yours) -> Verdict:
    # The answer itself stays hidden: unlike a function, it could simply be copied.
    lines = difference(yours, expected(exercise), exercise.tolerance, reveal=False)
    if lines:
        return wrong(exercise, *lines, *_hints(exercise, yours))
    return right(exercise, f"correct, {short(yours)}")


def _hints(exercise: Number | Value, yours) -> list[str]:
    tolerance = exercise.tolerance if isinstance(exercise, Value) else None
    labels = [
        k for k, mistake in exercise.mistakes.items() if not difference(yours, plain(mistake), tolerance)
    ]
    return hints(labels)


def _judge_open(exercise: Open, answer) -> Verdict:
    if not issubclass(type(answer), exercise.wants):
        kind = str(type(answer).__name__)[:40]
        return wrong(exercise, f"a {exercise.wants.__name__} is expected, yours is of type {kind}")
    lines = [_property(exercise, sentence, holds, answer) for sentence, holds in exercise.properties]
    if all(line.startswith("yes") for line in lines):
        return right(exercise, "\n  ".join([f"correct, all {len(lines)} properties hold", *lines]))
    return wrong(exercise, *lines)


def _property(exercise: Open, sentence: str, holds, answer) -> str:
    outcome = guard.run(lambda: plain(holds(answer)), exercise.seconds)
    if outcome.error:
        return f"no   {sentence} ({outcome.error.splitlines()[0]})"
    return f"{'yes' if outcome.value is True else 'no '}  {sentence}"
