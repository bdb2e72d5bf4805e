"""Judge a function: call it on drawn cases and compare it with the reference."""

import copy
import functools
import inspect
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cnnhw.checks import guard
from cnnhw.checks.cases import arguments, describe, hidden_cases, visible_cases
from cnnhw.checks.compare import difference
from cnnhw.checks.counted import PLAIN
from cnnhw.checks.domain import by_size, weight
from cnnhw.checks.exercise import Function
from cnnhw.checks.kind import kind_of
from cnnhw.checks.own_work import count, forbidden, only_own
from cnnhw.checks.plain import Refused, plain, same
from cnnhw.checks.verdict import Verdict, hints, missing, printed, right, wrong

COUNTED = ("multiplications", "additions", "plain")  # what a Tally counts


def judge_function(exercise: Function, answer: object, hidden: bool) -> Verdict:
    """Judge a function on the visible cases, and on the hidden ones too where `hidden`.

    Cases are tried in order of size, the visible ones first, so that the first to fail is the smallest.
    """
    if not callable(answer):
        usage = f'give the function itself, without (): check("{exercise.name}", {exercise.name})'
        return wrong(exercise, "a function is expected", usage)
    forbidden(exercise.without)
    visible = by_size(visible_cases(exercise))
    cases = visible + (by_size(hidden_cases(exercise)) if hidden else [])
    for place, case in enumerate(cases):
        failure = _failure(exercise, answer, case)
        if failure is None:
            continue
        if failure.outcome.missing:
            return missing(exercise)
        where = f"smallest input that fails: {describe(exercise, case)}"
        near = visible if place < len(visible) else cases
        return wrong(exercise, *failure.kind, where, *failure.lines, *_hints(exercise, answer, failure, near))
    spent, too_much = _spent(exercise, answer) if exercise.cost else ("", [])
    if too_much:
        return wrong(exercise, *too_much)
    return right(exercise, f"correct on {len(cases)} cases" + _counted(exercise, cases) + spent)


def _spent(exercise: Function, answer) -> tuple[str, list[str]]:
    """The operations an answer takes on the largest listed case, as praise, or as lines that say too many."""
    case = largest_listed(exercise)
    outcome = guard.run(functools.partial(_count, answer, copy.deepcopy(case)), exercise.seconds)
    where = f"on {describe(exercise, case)}"
    if outcome.error:
        return "", [f"{where}, with words that count their products", *outcome.error.splitlines()]
    value, tally = outcome.value
    lines = difference(value, plain(exercise.reference(*copy.deepcopy(case))), exercise.tolerance)
    if lines:
        return "", [f"{where}, with words that count their products", *lines]
    numbers = {unit: getattr(tally, unit) for unit in COUNTED}
    lines = too_many(exercise, case, numbers)
    if lines:
        return "", lines
    most = exercise.cost(*copy.deepcopy(case))
    spent = ", ".join(f"{numbers[unit]:,} {unit} (at most {limit:,})" for unit, limit in most.items())
    return f"\n  your score: {spent} {where}", []


def largest_listed(exercise: Function) -> tuple:
    """The arguments of the listed case that is the largest to look at: operations are counted on it."""
    listed = [arguments(exercise, sizes, seed) for seed, sizes in enumerate(exercise.cases)]
    return max(listed, key=weight)


def too_many(exercise: Function, case: tuple, spent: Mapping[str, int]) -> list[str]:
    """The lines that say which operations an answer took too many of; none when it kept to the cost.

    case   the arguments it was counted on
    spent  what was counted: COUNTED -> how many
    """
    most, where = exercise.cost(*copy.deepcopy(case)), f"on {describe(exercise, case)}"
    if spent["plain"] and 2 * spent["multiplications"] < most.get("multiplications", 0):
        return [where, *PLAIN.splitlines()]  # words multiplied by 1 and taken out, say
    for unit, limit in most.items():
        if spent[unit] > limit:
            numbers = [f"  yours     {spent[unit]:,}", f"  at most   {limit:,}"]
            return ["the values are right, but it takes too many " + unit, where, *numbers]
    return []


def _count(answer, given: tuple):
    value, tally = count(answer, given)
    return plain(value), tally


@dataclass(frozen=True)
class _Failure:
    case: tuple
    outcome: guard.Outcome
    lines: list[str]
    kind: list[str]


def _failure(exercise: Function, answer, case: tuple) -> _Failure | None:
    """What is wrong on one case, or None."""
    given = copy.deepcopy(case)
    outcome = call(exercise, answer, given, without=exercise.without)
    lines, kind = outcome.error.splitlines(), []
    if not outcome.missing and not outcome.error:
        right = plain(exercise.reference(*copy.deepcopy(case)))
        lines = difference(outcome.value, right, exercise.tolerance)
        kind = kind_of(outcome.value, right) if lines else []
        lines = lines or unchanged(exercise, case, given)
    return _Failure(case, outcome, lines, kind) if lines or outcome.missing else None


def call(exercise: Function, answer, given: tuple, without: tuple[str, ...] = ()) -> guard.Outcome:
    """Call a student's function under guard, and make its result plain there too."""
    return guard.run(functools.partial(_call, exercise, answer, given, without), exercise.seconds)


def _call(exercise: Function, answer, given: tuple, without: tuple[str, ...]):
    try:
        signature = inspect.signature(answer)
    except ValueError:  # some built-in functions have none
        return plain(answer(*given))
    try:
        signature.bind(*given)
    except TypeError:
        raise Refused(f"write it as {exercise.signature}; yours takes {str(signature)[:100]}") from None
    with only_own(without):
        result = answer(*given)
    return plain(result)


def _hints(exercise: Function, answer, failure: _Failure, cases: list[tuple]) -> list[str]:
    """The known mistakes that give this answer's wrong value; one that agrees on more cases comes first."""
    if failure.outcome.error:
        return printed(failure.outcome)
    found = [
        (label, mistake)
        for label, mistake in exercise.mistakes.items()
        if _agree(exercise, failure.outcome, mistake, failure.case)
    ]
    if len(found) > 1:
        values = [(case, call(exercise, answer, copy.deepcopy(case))) for case in cases]
        agreeing = {
            label: sum(_agree(exercise, outcome, mistake, case) for case, outcome in values)
            for label, mistake in found
        }
        found.sort(key=lambda pair: -agreeing[pair[0]])  # stable: of equals, the author's order
    return [*hints([label for label, _ in found]), *printed(failure.outcome)]


def _agree(exercise: Function, outcome: guard.Outcome, mistake, case: tuple) -> bool:
    other = call(exercise, mistake, copy.deepcopy(case))
    if other.error or outcome.error:
        return False
    return not difference(outcome.value, other.value, exercise.tolerance)


def unchanged(exercise: Function, case: tuple, given: tuple) -> list[str]:
    """Say which arguments the code changed; no lines when none."""
    if same(case, given):
        return []
    changed = [n for n, a, b in zip(exercise.parameters, case, given, strict=False) if not same(a, b)]
    return [
        f"the result is right, but your code changed {', '.join(changed)}",
        "work on a copy: the arrays belong to the caller",
    ]


def _counted(exercise: Function, cases: list[tuple]) -> str:
    if exercise.counts is None:
        return ""
    total = Counter()
    for case in cases:
        total.update(exercise.counts(*copy.deepcopy(case)))
    return "; " + ", ".join(f"{number:,} {unit}" for unit, number in total.items())
