"""nbgrader's whole road, for real: hand out, three submissions, grade, feedback, export."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from example_notebook import example_notebook

from cnnhw.course.files import read_notebook, write_notebook
from cnnhw.course.grading import lay_out
from cnnhw_grading.commands.exercises import exercise_text

NAME = "99_example"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder whose one assignment went the whole way."""
    folder = tmp_path_factory.mktemp("course")
    solutions = folder / "solutions"
    solutions.mkdir()
    write_notebook(example_notebook(), solutions / f"{NAME}.ipynb")
    assert lay_out(solutions, folder / "grading") == [NAME]
    nbgrader(folder, "generate_assignment", NAME)
    for student, edits in SUBMISSIONS.items():
        submit(folder, student, edits)
    for command in ("autograde", "generate_feedback"):
        nbgrader(folder, command, NAME)
    nbgrader(folder, "export")
    return folder


# What each student does to the released notebook: cell id -> new source, or what is replaced in it.
SOLVED = {cell.id: cell.source for cell in example_notebook().cells if cell.id.startswith("solve-")}
SUBMISSIONS = {
    "untouched": {},
    "all_right": SOLVED,
    "no_stride": {
        **SOLVED,
        "solve-example-slide": SOLVED["solve-example-slide"]
        .replace("U", "1 * 1")
        .replace("filter, 1 * 1)", "filter, U)"),
    },
}


def nbgrader(folder: Path, *words: str) -> None:
    """Run one command as an instructor does: in the course's folder, with the committed settings."""
    command = [sys.executable, "-m", "cnnhw.course.cli", "grading", "--folder", str(folder / "grading")]
    done = subprocess.run([*command, *words], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr


def submit(folder: Path, student: str, edits: dict[str, str]) -> None:
    notebook = read_notebook(folder / "grading" / "release" / NAME / f"{NAME}.ipynb")
    for cell in notebook.cells:
        cell.source = edits.get(cell.id, cell.source)
    target = folder / "grading" / "submitted" / student / NAME / f"{NAME}.ipynb"
    target.parent.mkdir(parents=True)
    write_notebook(notebook, target)


def test_release_is_what_cnnhw_exercises_generates(course):
    release = read_notebook(course / "grading" / "release" / NAME / f"{NAME}.ipynb")
    ours = exercise_text(course / "solutions" / f"{NAME}.ipynb")
    (course / "ours.ipynb").write_text(ours, encoding="utf-8")
    assert release.cells == read_notebook(course / "ours.ipynb").cells


def test_grades_of_three_students(course):
    with (course / "grading" / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"untouched": 0, "all_right": 7, "no_stride": 4}


def test_feedback_tells_the_student_what_is_wrong(course):
    page = course / "grading" / "feedback" / "no_stride" / NAME / f"{NAME}.html"
    assert "this is what you get when the stride is ignored" in page.read_text(encoding="utf-8")
