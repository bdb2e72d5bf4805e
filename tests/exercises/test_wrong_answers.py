"""Plausible wrong answers get no points: each exercise's own, and those that fit every function."""

from dataclasses import replace

import pytest

from cnnhw.checks import Function, Open, judge
from cnnhw.checks.cases import hidden_cases, visible_cases
from cnnhw.checks.function import call
from cnnhw_grading.lessons import exercises
from cnnhw_grading.strength import wrong_answers
from cnnhw_grading.strength.wrong_answers import print_table, try_all, values_only

EXERCISES = list(exercises().values())
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def all_cases(exercise):
    return visible_cases(exercise) + hidden_cases(exercise)


@each_exercise
def test_no_wrong_answer_gets_the_points(exercise):
    assert [trial.mistake for trial in try_all(exercise) if trial.passed] == []


@each_exercise
def test_plausible_mistakes_are_known(exercise):
    assert len(exercise.mistakes) >= (3 if isinstance(exercise, Function) else 1)


@each_exercise
def test_mistakes_are_tried_and_named(exercise):
    # A wrong function that merely raises would be refused too, and prove nothing.
    cases = all_cases(exercise) if isinstance(exercise, Function) else ()
    for label, mistake in exercise.mistakes.items():
        if isinstance(exercise, Function):
            assert not all(call(exercise, mistake, case).error for case in cases), label
        if not isinstance(exercise, Open):
            text = judge(values_only(exercise), mistake, hidden=True).text
            assert "this is what you get when" in text or "yours" not in text, (label, text)


@each_exercise
def test_the_reference_is_right(exercise):
    if isinstance(exercise, Function):
        assert judge(values_only(exercise), exercise.reference, hidden=True).right


@each_exercise
def test_cases_and_hidden_cases_differ(exercise):
    if isinstance(exercise, Function):
        assert exercise.hidden
        assert not [sizes for sizes in exercise.hidden if sizes in exercise.cases]


def test_the_table_lists_each_wrong_answer(capsys, monkeypatch):
    few = {name: exercises()[name] for name in ("predicted", "rows_never_read", "designed")}
    monkeypatch.setattr(wrong_answers, "exercises", lambda: few)
    assert print_table() == 0
    said = capsys.readouterr().out
    assert "GETS THE POINTS" not in said
    for exercise in few.values():
        for label in exercise.mistakes:
            assert label in said


def test_the_table_fails_where_a_wrong_answer_gets_the_points(capsys, monkeypatch):
    lax = replace(exercises()["predicted"], mistakes={"it is right": (8, 7, 13440)})
    monkeypatch.setattr(wrong_answers, "exercises", lambda: {"predicted": lax})
    assert print_table() == 1
    assert "1 wrong answers, 0 refused" in capsys.readouterr().out
