"""Every notebook of solutions/: exercises/ is in step, stubs stay quiet, solutions get full marks."""

import contextlib
import io
from pathlib import Path

import pytest

from cnnhw.course.files import notebooks_in, read_notebook
from cnnhw_grading.commands.exercises import exercise_text, out_of_step
from cnnhw_grading.lessons import exercises

ROOT = Path(__file__).parents[2]
SOLUTIONS = notebooks_in(ROOT / "solutions")
each_solution = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


def run_all(notebook) -> dict[str, str]:
    """Run a notebook's code cells in one namespace; say what each cell printed."""
    namespace, printed = {"__name__": "__main__"}, {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()) as text:
                exec(compile(cell.source, cell.id, "exec"), namespace)
            printed[cell.id] = text.getvalue()
    return printed


def grade_cells(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def registered(path: Path):
    return [exercise for exercise in exercises().values() if exercise.notebook == path.stem]


def test_exercises_are_in_step_with_solutions():
    different = [path.name for path in out_of_step(ROOT)]
    assert not different, f"run `cnnhw exercises`: {different}"


@each_solution
def test_generating_twice_gives_the_same_bytes(path):
    assert exercise_text(path) == exercise_text(path)


@each_solution
def test_an_untouched_exercise_says_not_attempted_yet(path):
    exercise = read_notebook(ROOT / "exercises" / path.name)
    printed = run_all(exercise)
    said = [printed[cell.id] for cell in grade_cells(exercise)]
    assert said == [f"{each.name}: not attempted yet\n" for each in registered(path)]


@each_solution
def test_the_solution_gets_full_marks(path):
    solution = read_notebook(path)
    printed = run_all(solution)  # grade() in the hidden tests raises unless all is right
    said = [printed[cell.id] for cell in grade_cells(solution)]
    assert len(said) == len(registered(path))
    for each, words in zip(registered(path), said, strict=True):
        assert words.startswith(f"{each.name}: correct"), words


@each_solution
def test_grade_cells_check_in_the_open_and_grade_in_secret(path):
    for cell, each in zip(grade_cells(read_notebook(path)), registered(path), strict=True):
        assert cell.source == (
            f'check("{each.name}", {each.name})\n'
            "### BEGIN HIDDEN TESTS\n"
            "from cnnhw_grading.lessons import grade\n\n"
            f'grade("{each.name}", {each.name})\n'
            "### END HIDDEN TESTS"
        )
        assert cell.metadata.nbgrader.locked
        assert cell.metadata.nbgrader.points == each.points


@each_solution
def test_nothing_of_the_answer_is_left_in_the_exercise(path):
    text = (ROOT / "exercises" / path.name).read_text(encoding="utf-8")
    for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "import grade", '"output_type"'):
        assert word not in text


@each_solution
def test_four_to_six_exercises_of_rising_points(path):
    points = [each.points for each in registered(path)]
    assert 4 <= len(points) <= 6
    assert points == sorted(points)
    assert points[0] < points[-1]


def test_every_exercise_is_in_a_notebook():
    if SOLUTIONS:
        assert {each.notebook for each in exercises().values()} == {path.stem for path in SOLUTIONS}
