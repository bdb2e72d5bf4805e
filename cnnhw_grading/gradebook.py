"""Results into nbgrader's gradebook, where formgrader shows them and a person may add marks of their own."""

import contextlib
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw_grading.sheet import Sheet
from cnnhw_grading.store import Graded

FILE = "gradebook.db"


def write(results: Iterable[Graded], sheet: Sheet, path: Path, people=None) -> int:
    """Write one sheet's results; marks that a person gave stay.

    results  of this sheet
    sheet    its questions and points
    path     nbgrader's database, made if need be
    people   student -> their name, as collect wrote it
    returns  how many submissions were written
    raises   CourseError where nbgrader is not installed, or its database cannot be written
    """
    try:
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError:
        raise CourseError(
            "the gradebook is nbgrader's",
            "no module named nbgrader",
            "install cnnhw[instructor], or --no-gradebook",
        ) from None
    results = list(results)
    # Made whole beside its place: one that was begun and not ended would pass for an old one for ever.
    working = path if path.exists() else path.with_suffix(".new")
    if working != path:
        working.unlink(missing_ok=True)
    try:
        with _programs_found(), Gradebook(f"sqlite:///{working}") as book, book.db.no_autoflush:
            _lay_out(book, sheet)
            for graded in results:
                _write_one(book, sheet, graded, (people or {}).get(graded.key.student, {}).get("name", ""))
            book.db.commit()
        os.replace(working, path)
    except SQLAlchemyError as error:
        raise CourseError(
            "results are written into nbgrader's gradebook",
            f"{path}: {str(error).splitlines()[0]}",
            "close the program that holds it, or make room; then run the same command again: nothing is lost",
        ) from error
    return len(results)


@contextlib.contextmanager
def _programs_found():
    """nbgrader calls alembic, its database's tool, by name: it must be on the path without activation."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _write_one(book, sheet: Sheet, graded: Graded, name: str) -> None:
    student = graded.key.student
    book.update_or_create_student(student, first_name="", last_name=name)
    submission = book.update_or_create_submission(sheet.name, student, timestamp=_timestamp(graded.when))
    points = {q.name: q.points for q in graded.questions}
    for grade in submission.notebooks[0].grades:
        grade.auto_score = points.get(_question(grade.name))
        grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None


def _lay_out(book, sheet: Sheet) -> None:
    book.update_or_create_assignment(sheet.name)
    book.update_or_create_notebook(sheet.name, sheet.name)
    for exercise in sheet.exercises:
        cell = _cell(exercise.name)
        book.update_or_create_grade_cell(
            cell, sheet.name, sheet.name, max_score=exercise.points, cell_type="code"
        )
        book.update_or_create_source_cell(cell, sheet.name, sheet.name, cell_type="code", source="")


def _cell(question: str) -> str:
    """The grade_id of a question's grade cell in solutions/."""
    return f"check_{question}"


def _question(cell: str) -> str:
    return cell.removeprefix("check_")


def _timestamp(when: str) -> datetime:
    return datetime.fromisoformat(when).astimezone(UTC).replace(tzinfo=None) if when else datetime.now(UTC)
