"""nbgrader's gradebook: our points in it, a person's marks kept."""

import dataclasses
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cnnhw_grading import export, feedback, gradebook
from cnnhw_grading.sheet import Sheet, find_sheet
from cnnhw_grading.store import Graded, Key, Question

pytest.importorskip("nbgrader")
SHEET = find_sheet("03")


def graded(points):
    questions = tuple(Question(e.name, "right", points, e.points) for e in SHEET.exercises)
    return Graded(
        Key("ann", SHEET.name, "f", "v", 1), "graded", "x", questions, 0.1, "2026-01-01T00:00:00+00:00"
    )


def test_points_arrive_and_a_persons_mark_survives_a_regrade(tmp_path):
    from nbgrader.api import Gradebook

    path = tmp_path / gradebook.FILE
    assert gradebook.write([graded(1.0)], SHEET, path, {"ann": {"name": "Ann Lee"}}) == 1
    with Gradebook(f"sqlite:///{path}") as book:
        submission = book.find_submission(SHEET.name, "ann")
        assert submission.score == len(SHEET.exercises) and submission.max_score == SHEET.points
        submission.notebooks[0].grades[0].manual_score = 0.5
        book.db.commit()
    gradebook.write([graded(0.0)], SHEET, path)
    with Gradebook(f"sqlite:///{path}") as book:
        assert book.find_submission(SHEET.name, "ann").score == 0.5
    assert not path.with_suffix(".new").exists()


def test_points_and_comments_of_a_person_are_in_pages_and_tables(tmp_path):
    from nbgrader.api import Gradebook

    path, (first, second) = tmp_path / gradebook.FILE, SHEET.exercises[:2]
    gradebook.write([graded(1.0)], SHEET, path)
    assert gradebook.with_marks([graded(1.0)], path) == [graded(1.0)]
    with Gradebook(f"sqlite:///{path}") as book:
        notebook = book.find_submission(SHEET.name, "ann").notebooks[0]
        {grade.name: grade for grade in notebook.grades}[f"check_{first.name}"].manual_score = 0.5
        {grade.name: grade for grade in notebook.grades}[f"check_{second.name}"].extra_credit = 2.0
        {each.name: each for each in notebook.comments}[first.name].manual_comment = "see <me>"
        book.db.commit()
    (marked,) = gradebook.with_marks([graded(1.0)], path)
    assert [(q.points, q.by_hand) for q in marked.questions[:3]] == [(0.5, True), (3.0, True), (1.0, False)]
    page = feedback.page(marked)
    assert "Your instructor: see &lt;me&gt;" in page and "0.5 of 1, given by hand" in page
    rows = list(export.rows([marked], {}))
    assert [row["by hand"] for row in rows[:4]] == ["yes", "yes", "yes", ""] and rows[0]["points"] == "7.5"
    assert [row.get("copyable", "") for row in rows[:3]] == ["", "yes", ""], "predicted is one value"


def test_a_question_added_later_is_in_every_submission(tmp_path):
    from nbgrader.api import Gradebook

    path, fewer = tmp_path / gradebook.FILE, Sheet(SHEET.name, SHEET.exercises[:2])
    gradebook.write([graded(1.0)], fewer, path)
    gradebook.write([graded(1.0)], SHEET, path)
    with Gradebook(f"sqlite:///{path}") as book:
        assert book.find_submission(SHEET.name, "ann").score == len(SHEET.exercises)


def test_students_without_a_gradebook_keep_their_points(tmp_path):
    assert gradebook.with_marks([graded(1.0)], tmp_path / "none.db") == [graded(1.0)]
    gradebook.write([graded(1.0)], SHEET, tmp_path / gradebook.FILE)
    other = dataclasses.replace(graded(1.0), key=Key("bob", SHEET.name, "f", "v", 1))
    assert gradebook.with_marks([other], tmp_path / gradebook.FILE) == [other]


def test_the_database_is_of_the_revision_that_nbgrader_itself_would_write(tmp_path, monkeypatch):
    from nbgrader.api import get_alembic_version

    gradebook.write([graded(1.0)], SHEET, tmp_path / gradebook.FILE)
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    with closing(sqlite3.connect(tmp_path / gradebook.FILE)) as db:
        assert db.execute("select version_num from alembic_version").fetchall() == [(get_alembic_version(),)]
