"""A mutant that loses its points outside loses them in a box; a few of each lesson, the command tries all."""

import pytest

from cnnhw_grading.lessons import by_lesson
from cnnhw_grading.strength.boxed import boxed

STEP = 29  # of an exercise's mutants every 29th
OF_EACH_LESSON = {lesson: exercises[-2] for lesson, exercises in by_lesson().items()}


@pytest.mark.parametrize("lesson", OF_EACH_LESSON)
def test_a_box_is_no_milder(lesson, kind, library):
    tried = list(boxed(OF_EACH_LESSON[lesson], kind, library, STEP))
    assert [words for words, outside, result in tried if result.outcome == "right" and not outside] == []
    assert any(result.outcome != "right" for _, _, result in tried)


def test_what_is_right_is_right_in_a_box(kind, library):
    """Mutants that change nothing pass: a box that refused everything would pass the test above."""
    exercise = by_lesson()["03"][3]
    tried = [(outside, result.outcome) for _, outside, result in boxed(exercise, kind, library, 3)]
    assert all((outcome == "right") == outside for outside, outcome in tried)
    assert len({outside for outside, _ in tried}) == 2
