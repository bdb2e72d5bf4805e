"""Try every plausible wrong answer against grade(), and report the verdict on each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from cnnhw.checks.cases import visible_cases
from cnnhw.checks.exercise import Exercise, Function
from cnnhw.checks.judge import judge
from cnnhw_grading.lessons import exercises


@dataclass(frozen=True)
class Trial:
    """One wrong answer: what is wrong with it, and whether grade() let it pass."""

    exercise: Exercise
    mistake: str
    passed: bool


def wrong_answers(exercise: Exercise) -> dict[str, object]:
    """The wrong answers to try: the exercise's own mistakes, and those that fit every function."""
    return {**exercise.mistakes, **(_for_any_function(exercise) if isinstance(exercise, Function) else {})}


def _for_any_function(exercise: Function) -> dict[str, Callable]:
    return {
        "the first example is hard-coded": _always_the_first(exercise),
        "every visible case is hard-coded": _memorised(exercise),
        "an argument is changed": _spoils_arguments(exercise),
        "nothing is returned": lambda *arguments: None,
    }


def _always_the_first(exercise: Function) -> Callable:
    first = exercise.reference(*visible_cases(exercise)[0])
    return lambda *arguments: first


def _memorised(exercise: Function) -> Callable:
    cases = visible_cases(exercise)
    table = {_key(case): exercise.reference(*case) for case in cases}
    first = next(iter(table.values()))
    return lambda *arguments: table.get(_key(arguments), first)


def _key(arguments: tuple) -> str:
    with np.printoptions(threshold=np.inf):
        return repr(arguments)


def _spoils_arguments(exercise: Function) -> Callable:
    def spoil(*arguments):
        result = exercise.reference(*arguments)
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument.fill(0)
        return result

    return spoil


def try_all(exercise: Exercise) -> Iterator[Trial]:
    """Try each wrong answer of an exercise as grade() would, whoever's code it calls."""
    takes_arrays = isinstance(exercise, Function) and any(
        isinstance(argument, np.ndarray) for argument in visible_cases(exercise)[0]
    )
    for mistake, answer in wrong_answers(exercise).items():
        if mistake == "an argument is changed" and not takes_arrays:
            continue
        yield Trial(exercise, mistake, judge(values_only(exercise), answer, hidden=True).right)


def values_only(exercise: Exercise) -> Exercise:
    """The exercise as one about values alone: our own answers may call the library."""
    return replace(exercise, without=(), cost=None) if isinstance(exercise, Function) else exercise


def print_table() -> int:
    """Print every trial as a line of a table; 1 if a wrong answer got the points."""
    trials = [trial for exercise in exercises().values() for trial in try_all(exercise)]
    if not trials:
        print("no exercises yet")
        return 0
    name_width = max(len(trial.exercise.name) for trial in trials)
    width = max(len(trial.mistake) for trial in trials)
    for trial in trials:
        verdict = "GETS THE POINTS" if trial.passed else "refused"
        print(f"{trial.exercise.name:<{name_width}}  {trial.mistake:<{width}}  {verdict}")
    passed = sum(trial.passed for trial in trials)
    print(f"{len(trials)} wrong answers, {len(trials) - passed} refused")
    return 1 if passed else 0
