"""Feedback on exercises: check() helps and never stops a notebook, grade() decides."""

from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.judge import judge
from cnnhw.checks.registry import exercises, find
from cnnhw.checks.verdict import Verdict
from cnnhw.errors import CourseError

__all__ = [
    "Exercise",
    "Function",
    "Number",
    "Open",
    "Value",
    "Verdict",
    "check",
    "exercises",
    "find",
    "grade",
    "judge",
]


def check(name: str, answer: object = None) -> None:
    """Print feedback on an answer. Whatever the answer does, the notebook goes on.

    name    the exercise, as the notebook writes it
    answer  the student's function, number or value
    """
    try:
        text = judge(find(name), answer).text
    except CourseError as error:
        text = str(error)
    except KeyboardInterrupt:
        text = f"{name}: stopped, no feedback"
    except Exception as error:  # the promise to never stop a notebook covers our own mistakes too
        text = f"{name}: check itself failed ({type(error).__name__}: {error}); please report this"
    print(text)


def grade(name: str, answer: object = None) -> None:
    """Pass silently when an answer is right on further, hidden cases too.

    name    the exercise
    answer  the student's function, number or value
    raises  AssertionError with the feedback if the answer is not fully right; CourseError for an unknown name
    """
    verdict = judge(find(name), answer, hidden=True)
    if not verdict.right:
        raise AssertionError(verdict.text)
