"""What a student's check may know of an exercise, as data: all that is visible, no answer, nothing hidden."""

import copy
import inspect
from pathlib import Path

from cnnhw.checks.cases import visible_cases
from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.function import largest_listed
from cnnhw.checks.judge import expected
from cnnhw.checks.plain import plain
from cnnhw.checks.recorded import DATA, SAME, key, text_of
from cnnhw_grading.lessons import by_lesson


def data_files() -> dict[Path, str]:
    """Every file of data and the text it should have."""
    return {
        DATA / f"{lesson}.json": text_of([recorded(each) for each in exercises])
        for lesson, exercises in by_lesson().items()
    }


def recorded(exercise: Exercise) -> dict[str, object]:
    """Give an exercise as cnnhw.checks.recorded.exercise_from takes it."""
    told = {"kind": type(exercise).__name__, "name": exercise.name}
    if isinstance(exercise, Open):
        return told
    told |= {field: getattr(exercise, field) for field in SAME}
    if isinstance(exercise, Function):
        return told | _function(exercise)
    return told | _given(exercise)


def _given(exercise: Number | Value) -> dict[str, object]:
    unit = {"unit": exercise.unit} if isinstance(exercise, Number) else {}
    mistakes = {label: plain(mistake) for label, mistake in exercise.mistakes.items()}
    return {"answer": expected(exercise), "tolerance": exercise.tolerance, "mistakes": mistakes, **unit}


def _function(exercise: Function) -> dict[str, object]:
    cases, parameters = visible_cases(exercise), inspect.signature(exercise.reference).parameters
    counted_on = key(largest_listed(exercise)) if exercise.cost else None
    return {
        "parameters": exercise.parameters,
        "defaults": {name: p.default for name, p in parameters.items() if p.default is not p.empty},
        "tolerance": exercise.tolerance,
        "without": exercise.without,
        "worked": len(exercise.worked),
        "listed": len(exercise.cases),
        "cases": cases,
        "expected": [plain(exercise.reference(*copy.deepcopy(case))) for case in cases],
        "mistakes": {
            label: [_tried(mistake, case) for case in cases] for label, mistake in exercise.mistakes.items()
        },
        "cost": [
            [True, dict(exercise.cost(*copy.deepcopy(case)))] if key(case) == counted_on else [False, None]
            for case in cases
        ]
        if exercise.cost
        else None,
        "counts": [[True, dict(exercise.counts(*copy.deepcopy(case)))] for case in cases]
        if exercise.counts
        else None,
    }


def _tried(mistake, case: tuple) -> list:
    try:
        return [True, plain(mistake(*copy.deepcopy(case)))]
    except Exception:  # a listed mistake may not work on every input
        return [False, None]
