"""Every exercise with its right answer, hidden cases and known mistakes: lessons/NN/exercises.py."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from cnnhw.checks import registry
from cnnhw.checks.exercise import Exercise
from cnnhw.checks.judge import judge


@cache
def by_lesson() -> dict[str, tuple[Exercise, ...]]:
    """The exercises of each lesson, such as "07", in the order of the notebooks."""
    package = importlib.import_module("lessons")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return {name: table(name).EXERCISES for name in names}


def answers(lesson: str) -> ModuleType:
    """The right answers of a lesson, such as "07", and the functions of its known mistakes."""
    return importlib.import_module(f"lessons.{lesson}.answers")


def table(lesson: str) -> ModuleType:
    """The module that lists a lesson's exercises, and the sizes of their cases."""
    return importlib.import_module(f"lessons.{lesson}.exercises")


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by name; raises CourseError if two have one name."""
    return registry.by_name(exercise for lesson in by_lesson().values() for exercise in lesson)


def find(name: str) -> Exercise:
    """Give the exercise called `name`; raises CourseError naming the closest if there is none."""
    return registry.find_in(exercises(), name)


def grade(name: str, answer: object = None) -> None:
    """Pass silently when an answer is right on hidden cases too: solutions/ are tried so, students in a box.

    name    the exercise
    answer  the function, number or value
    raises  AssertionError with the feedback if the answer is not fully right; CourseError for an unknown name
    """
    verdict = judge(find(name), answer, hidden=True)
    if not verdict.right:
        raise AssertionError(verdict.text)
