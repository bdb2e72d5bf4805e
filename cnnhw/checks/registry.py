"""Find exercises by name; those of a lesson are read when the first of any is needed."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache

from cnnhw.checks import recorded
from cnnhw.checks.exercise import Exercise
from cnnhw.errors import CourseError


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by name, as far as students know it, in the order of the notebooks."""
    return by_name(exercise for path in recorded.lessons() for exercise in recorded.read_lesson(path))


def by_name(exercises: Iterable[Exercise]) -> dict[str, Exercise]:
    """Exercises by name, in their order.

    raises  CourseError if two exercises have one name
    """
    table = {}
    for exercise in exercises:
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
    return find_in(exercises(), name)


def find_in(table: Mapping[str, Exercise], name: str) -> Exercise:
    """Give the exercise of this name from a table; raises as `find` does."""
    if type(name) is str and name in table:
        return table[name]
    close = difflib.get_close_matches(str(name)[:60], table, n=3, cutoff=0.3) or list(table)[:3]
    raise CourseError(
        "check needs the name of an exercise",
        f"{str(name)[:60]!r}, which is none of the {len(table)} exercises",
        "the closest are " + ", ".join(close) if close else "the course has no exercises yet",
    )
