"""Exercises as data: a student's check says what one with the right answers at hand would say."""

import pytest

from cnnhw.checks import Function, Open, judge, registry
from cnnhw.checks.cases import visible_cases
from cnnhw.checks.recorded import NotRecorded, key
from cnnhw_grading import lessons

EVERY = pytest.mark.parametrize("name", lessons.exercises())


@EVERY
def test_data_say_what_the_exercise_says(name):
    full, known = lessons.find(name), registry.find(name)
    assert (type(full), full.points, full.rule, full.formula) == (
        type(known), known.points, known.rule, known.formula
    )  # fmt: skip
    answers = [*full.mistakes.values(), None, 3, "x", [], lambda *given: None, lambda: 1]
    answers += [full.reference] if isinstance(full, Function) else []
    for answer in answers:
        assert judge(known, answer) == judge(full, answer)


@EVERY
def test_data_know_no_further_inputs(name):
    known = registry.find(name)
    if isinstance(known, Open):
        assert known.definition is None and not known.mistakes and not list(known.nearby())
    elif isinstance(known, Function):
        seen = {key(case) for case in visible_cases(lessons.find(name))}
        assert {key(case) for case in visible_cases(known)} == seen
        assert not known.hidden and known.reference.__class__.__name__ == "Recorded"


def test_a_further_input_has_no_value():
    known = registry.find("rows_never_read")
    with pytest.raises(NotRecorded):
        known.reference(1_000, 7, 3, 2)


def test_a_value_that_a_student_changes_stays_what_it_was():
    known = registry.find("convolve_plane")
    case = visible_cases(known)[0]
    known.reference(*case)[...] = 99
    assert (known.reference(*case) != 99).any()
