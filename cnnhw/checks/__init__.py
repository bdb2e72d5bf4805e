"""Feedback on exercises: check() helps and never stops a notebook."""

import sys
from collections import Counter

from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.judge import judge, picture
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
    "judge",
]


# How often each exercise was wrong in this session: feedback tells a little more each time.
_failures = Counter()


def check(name: str, answer: object = None) -> None:
    """Print feedback on an answer. Whatever the answer does, the notebook goes on.

    name    the exercise, as the notebook writes it
    answer  the student's function, number or value
    """
    drawn = None
    try:
        exercise = find(name)
        verdict = judge(exercise, answer)
        _failures[name] += verdict.attempted and not verdict.right
        text = verdict.after(_failures[name])
        drawn = picture(exercise, answer) if verdict.attempted else None
    except CourseError as error:
        text = str(error)
    except KeyboardInterrupt:
        text = f"{name}: stopped, no feedback"
    except Exception as error:  # the promise to never stop a notebook covers our own mistakes too
        text = f"{name}: check itself failed ({type(error).__name__}: {error}); please report this"
    print(text)
    if drawn is not None and "IPython" in sys.modules:
        _show(drawn)


def _show(drawn: object) -> None:
    from IPython import get_ipython
    from IPython.display import display

    # A terminal has no place for a picture.
    if hasattr(get_ipython(), "kernel"):
        display(drawn)
