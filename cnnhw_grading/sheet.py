"""An exercise sheet as grading sees it: questions, points, a hash of all that decides a grade."""

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cnnhw.checks.exercise import Exercise
from cnnhw.errors import CourseError
from cnnhw_grading.lessons import exercises
from cnnhw_grading.store import hash_of


@dataclass(frozen=True)
class Sheet:
    """The questions of one notebook, in its order."""

    name: str
    exercises: tuple[Exercise, ...]

    @property
    def points(self) -> int:
        """All the points there are."""
        return sum(exercise.points for exercise in self.exercises)


def taken_out(exercise: Exercise) -> tuple[str, ...]:
    """The course's own modules that an exercise is asked without."""
    return tuple(name for name in getattr(exercise, "without", ()) if name.partition(".")[0] == "cnnhw")


def sheets() -> dict[str, Sheet]:
    """Every sheet of the course by name, such as "03_convolution"."""
    found: dict[str, list[Exercise]] = {}
    for exercise in exercises().values():
        found.setdefault(exercise.notebook, []).append(exercise)
    return {name: Sheet(name, tuple(listed)) for name, listed in found.items()}


def find_sheet(name: str) -> Sheet:
    """Give the sheet of this name, or the only one whose name starts so.

    raises  CourseError if there is none, or more than one
    """
    every = sheets()
    found = [name] if name in every else [each for each in every if each.startswith(name)]
    if len(found) == 1:
        return every[found[0]]
    got = f"{name!r} fits {', '.join(found) or 'none'} of the {len(every)} sheets"
    raise CourseError("a sheet is one of the course's", got, f"use one of {', '.join(every)}")


@cache
def version(name: str) -> str:
    """A hash of everything that decides a grade on this sheet besides submission and seed.

    The whole of library and lessons is in it: a corrected reference, a further case or another comparison
    all make a new version, and what was graded before is graded again.
    """
    packages = map(importlib.import_module, ("cnnhw", "cnnhw_grading", "lessons"))
    roots = [Path(package.__file__).parent for package in packages]
    files = [path for root in roots for path in sorted(root.rglob("*.py"))]
    return hash_of(name.encode(), *(path.read_bytes() for path in files))[:16]
