"""An instructor's seed draws other inputs for every function of the course."""

import pytest

from cnnhw.checks import Function
from cnnhw.checks.cases import hidden_cases
from cnnhw_grading.lessons import exercises

FUNCTIONS = [exercise for exercise in exercises().values() if isinstance(exercise, Function)]


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda exercise: exercise.name)
def test_two_seeds_draw_other_inputs_and_one_draws_the_same(exercise):
    first, again, other = (repr(hidden_cases(exercise, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
