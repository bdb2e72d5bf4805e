"""Judge an answer of any kind; a Function has a file of its own."""

import functools
from collections.abc import Callable

import numpy as np

from cnnhw.checks import guard
from cnnhw.checks.compare import difference, short
from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.function import judge_function
from cnnhw.checks.plain import Refused, plain, whole
from cnnhw.checks.verdict import Verdict, hints, missing, right, wrong
from cnnhw.errors import is_finite

_DRAW_SECONDS = 60.0  # the first drawing loads matplotlib, which may take longer than an answer may


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
    return plain(_computed(exercise.answer) if callable(exercise.answer) else exercise.answer)


@functools.cache
def _computed(answer: Callable[[], object]) -> object:
    return answer()


def _judge_given(exercise: Number | Value, answer) -> Verdict:
    outcome = guard.run(functools.partial(plain, answer), exercise.seconds)
    if outcome.error:
        return wrong(exercise, outcome.error)
    judge_one = _judge_number if isinstance(exercise, Number) else _judge_value
    return judge_one(exercise, outcome.value)


def _judge_number(exercise: Number, yours) -> Verdict:
    if type(yours) is bool or isinstance(yours, complex) and not yours.imag:
        yours = int(yours) if type(yours) is bool else yours.real
    if type(yours) not in (int, float):
        return wrong(exercise, f"one number of {exercise.unit} is expected, not {short(yours)}")
    if not is_finite(yours):
        return wrong(exercise, f"a finite number of {exercise.unit} is expected, not {short(yours)}")
    answer = expected(exercise)
    if abs(yours - answer) <= exercise.tolerance * abs(answer):
        return right(exercise, f"correct, {answer:,} {exercise.unit}")
    side = "small" if yours < answer else "large"
    passes = f"within {100 * exercise.tolerance:g} %" if exercise.tolerance else "the exact number"
    line = f"{short(yours)} {exercise.unit} is too {side} ({passes} passes)"
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
    outcome = guard.run(lambda: as_wanted(exercise, answer), exercise.seconds)
    if outcome.error:
        return wrong(exercise, *outcome.error.splitlines())
    lines = [_property(exercise, sentence, holds, outcome.value) for sentence, holds in exercise.properties]
    score = _score(exercise, outcome.value)
    if all(line.startswith("yes") for line in lines):
        return right(exercise, "\n  ".join([f"correct, all {len(lines)} properties hold", *lines, *score]))
    return wrong(exercise, *lines, *score)


def as_wanted(exercise: Open, answer) -> object:
    """The answer as its properties take it: a tuple or list with whole numbers as integers; else as it is.

    raises  Refused if it is of another type
    """
    if exercise.wants in (tuple, list) and isinstance(answer, (tuple, list, np.ndarray)):
        parts = whole(plain(answer))
        return exercise.wants(parts.tolist() if isinstance(parts, np.ndarray) else parts)
    if not issubclass(type(answer), exercise.wants):
        kind = str(type(answer).__name__)[:40]
        raise Refused(f"a {exercise.wants.__name__} is expected, yours is of type {kind}")
    return answer


def _property(exercise: Open, sentence: str, holds, answer) -> str:
    outcome = guard.run(lambda: plain(holds(answer)), exercise.seconds)
    if outcome.error:
        return f"no   {sentence} ({'; '.join(line.strip() for line in outcome.error.splitlines())})"
    return f"{'yes' if outcome.value is True else 'no '}  {sentence}"


def _score(exercise: Open, answer) -> list[str]:
    """The student's score beside the bar and the best known; nothing for an answer that has no score."""
    if exercise.score is None:
        return []
    outcome = guard.run(lambda: plain(exercise.score(answer)), exercise.seconds)
    if outcome.error or type(outcome.value) not in (int, float):
        return []
    words = f"your score: {outcome.value:,.6g} {exercise.unit}"
    if exercise.bar is not None:
        words += f"; the bar is {exercise.bar:,.6g}"
    if exercise.best is None:
        return [words]
    best, source = exercise.best
    return [f"{words}; the best known is {best:,.6g} ({source})"]


def picture(exercise: Exercise, answer: object) -> object | None:
    """A Picture of the student's own answer to an open exercise; None where there is none to draw."""
    if answer is None or getattr(exercise, "draw", None) is None:
        return None
    outcome = guard.run(lambda: exercise.draw(as_wanted(exercise, answer)), _DRAW_SECONDS)
    return None if outcome.error else outcome.value
