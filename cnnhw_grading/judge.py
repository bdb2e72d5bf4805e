"""Judge an answer that lives in a box, from outside: inputs go in, values come out, and are compared here."""

import copy
from collections.abc import Iterable

from cnnhw.checks.cases import describe, hidden_cases, visible_cases
from cnnhw.checks.compare import difference
from cnnhw.checks.domain import by_size
from cnnhw.checks.exercise import Exercise, Function
from cnnhw.checks.function import largest_listed, too_many
from cnnhw.checks.judge import judge
from cnnhw.checks.kind import kind_of
from cnnhw.checks.plain import Refused, plain
from cnnhw.checks.verdict import hints
from cnnhw.checks.wire import frame
from cnnhw_grading.session import Refusal, Remote, Result

_LARGEST_KEPT = 100_000  # bytes of an answer that is kept to be drawn
_FURTHER = "right on the inputs that check shows, wrong on others"


def judge_remote(exercise: Exercise, remote: Remote, seed: int) -> Result:
    """Judge one answer.

    exercise  what was asked
    remote    the answer, in its box
    seed      draws the hidden inputs of a Function
    returns   Result: "right", "wrong", or the outcome of the call that gave no value; its words are for the
              student, and hold no hidden input and no expected value but those that check shows
    """
    try:
        if not isinstance(exercise, Function):
            value = remote.value()
            verdict = judge(exercise, value, hidden=True)
            answer = _kept(value) if getattr(exercise, "draw", None) else b""
            return Result("right" if verdict.right else "wrong", verdict.text, answer=answer)
        if remote.kind != "function":
            return Result("wrong type", f"a function is expected: {exercise.signature}")
        return _judge_function(exercise, remote, seed)
    except Refusal as refusal:
        return Result(*refusal.args)


def _kept(value: object) -> bytes:
    """A value as a frame, to be drawn later; b"" where that would be long."""
    told = frame({"value": value})
    return told if len(told) <= _LARGEST_KEPT else b""


def _judge_function(exercise: Function, remote: Remote, seed: int) -> Result:
    visible = by_size(visible_cases(exercise))
    for case in visible:
        words = _wrong(exercise, remote, case)
        if words:
            where = f"smallest input that fails: {describe(exercise, case)}"
            return Result("wrong", "\n".join([where, *words, *_hint(exercise, remote, [case])]))
    for case in by_size(hidden_cases(exercise, seed)):
        try:
            words = _wrong(exercise, remote, case)
        except Refusal as refusal:
            return Result(refusal.outcome, f"{_FURTHER}: {refusal.args[1]}")
        if words:
            return Result("wrong", "\n".join([_FURTHER, *_hint(exercise, remote, [case])]))
    return _judge_cost(exercise, remote)


def _judge_cost(exercise: Function, remote: Remote) -> Result:
    if exercise.cost is None:
        return Result("right", "")
    case = largest_listed(exercise)
    value, tally = remote.count(copy.deepcopy(case))
    if _differs(exercise, value, case):
        return Result("wrong", "with words that count their products, the values are wrong")
    words = too_many(exercise, case, tally)
    return Result("wrong", "\n".join(words)) if words else Result("right", "")


def _wrong(exercise: Function, remote: Remote, case: tuple) -> list[str]:
    """The lines that say what is wrong on one case; none when it is right."""
    return _differs(exercise, remote.call(copy.deepcopy(case)), case)


def _differs(exercise: Function, value: object, case: tuple) -> list[str]:
    expected = plain(exercise.reference(*copy.deepcopy(case)))
    try:
        yours = plain(value)
    except Refused as refused:
        raise Refusal("wrong type", str(refused)) from None
    lines = difference(yours, expected, exercise.tolerance)
    return [*kind_of(yours, expected), *lines] if lines else []


def _hint(exercise: Function, remote: Remote, cases: Iterable[tuple]) -> list[str]:
    """Known mistakes that give the same values on all of these cases."""
    found = dict(exercise.mistakes)
    for case in cases:
        yours = plain(remote.call(copy.deepcopy(case)))
        found = {label: wrong for label, wrong in found.items() if _agrees(exercise, wrong, case, yours)}
    return hints(list(found))


def _agrees(exercise: Function, mistake, case: tuple, yours: object) -> bool:
    try:
        return not difference(yours, plain(mistake(*copy.deepcopy(case))), exercise.tolerance)
    except Exception:  # a listed mistake may not work on every input
        return False
