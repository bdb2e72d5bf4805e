"""Find exercises by name; each notebook's are in a module n01, n02, ... that loads when first needed."""

import difflib
import importlib
import pkgutil
import re
from functools import cache

from cnnhw.checks.exercise import Exercise
from cnnhw.errors import CourseError


def modules() -> tuple[str, ...]:
    """The names of the modules that hold exercises, in the order of the notebooks."""
    package = importlib.import_module("cnnhw.checks")
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in found if re.fullmatch(r"n\d\d", name)))


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by name, in the order of the notebooks.

    raises  CourseError if two exercises have one name
    """
    table = {}
    for module in modules():
        for exercise in importlib.import_module(f"cnnhw.checks.{module}").EXERCISES:
            if exercise.name in table:
                raise CourseError(
                    "an exercise's name must be its own",
                    f"{exercise.name!r} in {table[exercise.name].notebook} and in {exercise.notebook}",
                    "rename one of them",
                )
            table[exercise.name] = exercise
    return table


def find(name: str) -> Exercise:
    """Give the exercise called `name`.

    raises  CourseError naming the closest exercises if there is none
    """
    table = exercises()
    if type(name) is str and name in table:
        return table[name]
    close = difflib.get_close_matches(str(name)[:60], table, n=3, cutoff=0.3) or list(table)[:3]
    raise CourseError(
        "check needs the name of an exercise",
        f"{str(name)[:60]!r}, which is none of the {len(table)} exercises",
        "the closest are " + ", ".join(close) if close else "the course has no exercises yet",
    )
