"""nbgrader's gradebook: our points in it, a person's marks kept."""

import pytest

from cnnhw_grading import gradebook
from cnnhw_grading.sheet import find_sheet
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
