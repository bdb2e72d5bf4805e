"""`cnnhw exercises`: generate exercises/ from solutions/, and the data of check from lessons/."""

import argparse
from pathlib import Path

from cnnhw.checks.recorded import lessons
from cnnhw.course.files import EXERCISES, SOLUTIONS, course_folder, notebook_text, notebooks_in, read_notebook
from cnnhw.errors import CourseError
from cnnhw_grading.record import data_files
from cnnhw_grading.strength.boxed import print_boxed
from cnnhw_grading.strength.mutants import print_mutants
from cnnhw_grading.strength.wrong_answers import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("--check", action="store_true", help="change nothing; fail if files differ")
    parser.add_argument("--wrong-answers", action="store_true", help="try every known wrong answer instead")
    parser.add_argument(
        "--mutants",
        nargs="*",
        metavar="NN",
        help="mutate right answers instead, of these lessons or exercises",
    )
    parser.add_argument(
        "--boxed", action="store_true", help="with --mutants: grade each in a box, as a class's"
    )


def run(options: argparse.Namespace) -> int:
    """Generate, or compare, or try the wrong answers; 0 means all is well."""
    if options.wrong_answers:
        return print_table()
    if options.mutants is not None and options.boxed:
        return print_boxed(options.mutants)
    if options.mutants is not None:
        return print_mutants(options.mutants)
    folder = course_folder()
    different = out_of_step(folder)
    for path, text in different.items():
        if not options.check:
            _replace(path, text)
        print(("differs  " if options.check else "written  ") + path.relative_to(folder).as_posix())
    if not different:
        print("exercises/ and the data of check are in step with solutions/ and lessons/")
    return 1 if options.check and different else 0


def exercise_text(solution: Path) -> str:
    """The text of the exercise file that a solution file turns into.

    raises  CourseError if nbgrader is missing or does not accept the notebook
    """
    try:
        from cnnhw_grading.stubs import exercise_from
    except ModuleNotFoundError as error:
        raise CourseError(
            "exercises are generated with nbgrader",
            f"no module named {error.name}",
            "use python3 course.py exercises, or install the extra cnnhw[instructor]",
        ) from error
    return notebook_text(exercise_from(read_notebook(solution)))


def out_of_step(folder: Path) -> dict[Path, str | None]:
    """Map each file for students that is missing, stale or left over to the text it should have.

    folder   the course's folder
    returns  path -> text; None where no solution stands behind a file
    """
    wanted = {folder / EXERCISES / p.name: exercise_text(p) for p in notebooks_in(folder / SOLUTIONS)}
    wanted |= data_files()
    for path in (*notebooks_in(folder / EXERCISES), *lessons()):
        wanted.setdefault(path, None)
    return {path: text for path, text in wanted.items() if text is None or _current(path) != text}


def _current(path: Path) -> str | None:
    # Bytes, not text: a carriage return is a difference too.
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _replace(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
