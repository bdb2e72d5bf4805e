"""Results into nbgrader's gradebook, where formgrader shows them and a person may add marks of their own."""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw_grading.sheet import Sheet
from cnnhw_grading.store import Graded, Question

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
    results = list(results)
    # Made whole beside its place: one that was begun and not ended would pass for an old one for ever.
    working = path if path.exists() else path.with_suffix(".new")
    if working != path:
        working.unlink(missing_ok=True)
    with _opened(working) as book, book.db.no_autoflush:
        _lay_out(book, sheet)
        for graded in results:
            _write_one(book, sheet, graded, (people or {}).get(graded.key.student, {}).get("name", ""))
        book.db.commit()
    os.replace(working, path)
    return len(results)


@contextlib.contextmanager
def _opened(path: Path):
    try:
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError:
        raise CourseError(
            "the gradebook is nbgrader's",
            "no module named nbgrader",
            "install cnnhw[instructor], or --no-gradebook",
        ) from None
    try:
        with _revision_known(), Gradebook(f"sqlite:///{path}") as book:
            yield book
    except SQLAlchemyError as error:
        raise CourseError(
            "marks and results are kept in nbgrader's gradebook",
            f"{path}: {str(error).splitlines()[0]}",
            "close the program that holds it, or make room; then run the same command again: nothing is lost",
        ) from error


@contextlib.contextmanager
def _revision_known():
    """nbgrader starts a program, for seconds, to learn its newest revision, which a folder says."""
    from alembic.script import ScriptDirectory
    from nbgrader import api, dbutil

    asked = api.get_alembic_version
    api.get_alembic_version = lambda: ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()
    try:
        yield
    finally:
        api.get_alembic_version = asked


def _write_one(book, sheet: Sheet, graded: Graded, name: str) -> None:
    student = graded.key.student
    book.update_or_create_student(student, first_name="", last_name=name)
    # Without a time: formgrader leaves out a submission whose time is not the one of the submitted file.
    submission = book.update_or_create_submission(sheet.name, student, timestamp=None)
    points, notebook = {q.name: q.points for q in graded.questions}, submission.notebooks[0]
    _fill_up(notebook)
    for grade in notebook.grades:
        grade.auto_score = points.get(_question(grade.name))
        grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None


def _fill_up(notebook) -> None:
    """Add what was asked for only after this student's first grade was written."""
    from nbgrader.api import Comment, Grade

    asked = notebook.notebook
    for cells, there, kind in (
        (asked.grade_cells, notebook.grades, Grade),
        (asked.solution_cells, notebook.comments, Comment),
    ):
        known = {each.name for each in there}
        there.extend(kind(cell=cell, notebook=notebook) for cell in cells if cell.name not in known)


def _lay_out(book, sheet: Sheet) -> None:
    book.update_or_create_assignment(sheet.name)
    book.update_or_create_notebook(sheet.name, sheet.name)
    for exercise in sheet.exercises:
        cell = cell_of(exercise.name)
        book.update_or_create_grade_cell(
            cell, sheet.name, sheet.name, max_score=exercise.points, cell_type="code"
        )
        book.update_or_create_solution_cell(exercise.name, sheet.name, sheet.name)  # for comments
        book.update_or_create_source_cell(cell, sheet.name, sheet.name, cell_type="code", source="")


def with_marks(results: Iterable[Graded], path: Path) -> list[Graded]:
    """Put what a person gave in formgrader into results: points, points on top, comments.

    results  such as Store.latest() gives
    path     nbgrader's database; where there is none, results stay as they are
    raises   CourseError where nbgrader is not installed, or its database cannot be read
    """
    results = list(results)
    if not path.exists():
        return results
    with _opened(path) as book:
        return [_with_marks(book, graded) for graded in results]


def _with_marks(book, graded: Graded) -> Graded:
    from nbgrader.api import MissingEntry

    try:
        notebook = book.find_submission(graded.key.sheet, graded.key.student).notebooks[0]
    except MissingEntry:
        return graded
    grades = {_question(grade.name): grade for grade in notebook.grades}
    comments = {each.name: each.manual_comment or "" for each in notebook.comments}
    return replace(
        graded,
        questions=tuple(
            _marked(question, grades.get(question.name), comments.get(question.name, ""))
            for question in graded.questions
        ),
    )


def _marked(question: Question, grade, comment: str) -> Question:
    question = replace(question, comment=comment)
    if grade is None or (grade.manual_score is None and not grade.extra_credit):
        return question
    points = question.points if grade.manual_score is None else grade.manual_score
    return replace(
        question, points=None if points is None else points + (grade.extra_credit or 0), by_hand=True
    )


def cell_of(question: str) -> str:
    """The grade_id of a question's grade cell in solutions/."""
    return f"check_{question}"


def _question(cell: str) -> str:
    return cell.removeprefix("check_")
