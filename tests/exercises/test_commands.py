"""`cnnhw exercises` and `cnnhw notebooks` on a small course folder."""

import shutil
import sys

import pytest
from example_notebook import example_notebook, solution_cell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cnnhw import CourseError
from cnnhw.course.cli import main
from cnnhw.course.files import course_folder, read_notebook, write_notebook
from cnnhw_grading.stubs import exercise_from

NAME = "99_example.ipynb"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder with one solution; the command runs inside it."""
    for name in ("notebooks", "solutions", "exercises"):
        (tmp_path / name).mkdir()
    write_notebook(example_notebook(), tmp_path / "solutions" / NAME)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def saved(course, *cells, folder="notebooks"):
    path = course / folder / NAME
    write_notebook(new_notebook(cells=list(cells)), path)
    return path


def test_exercises_are_written_once_and_compared(course, capsys):
    assert main(["exercises", "--check"]) == 1
    assert capsys.readouterr().out == "differs  exercises/99_example.ipynb\n"
    assert main(["exercises"]) == 0
    assert main(["exercises", "--check"]) == 0
    assert capsys.readouterr().out.endswith("are in step with solutions/ and lessons/\n")


def test_a_change_and_a_leftover_are_noticed(course, capsys):
    main(["exercises"])
    path = course / "exercises" / NAME
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    shutil.copy(path, course / "exercises" / "98_left_over.ipynb")
    capsys.readouterr()
    assert main(["exercises", "--check"]) == 1
    assert capsys.readouterr().out.count("differs  ") == 2
    main(["exercises"])
    assert [each.name for each in (course / "exercises").iterdir()] == [NAME]
    assert b"\r" not in path.read_bytes()


def test_stubs_raise_inside_functions_and_are_comments_at_the_margin():
    exercise = exercise_from(example_notebook())
    source = {cell.id: cell.source for cell in exercise.cells}
    assert source["solve-example-macs"] == "example_macs = None\n# YOUR ANSWER HERE: replace None above"
    assert source["solve-example-slide"].endswith(
        '    # YOUR CODE HERE\n    raise NotImplementedError("not attempted yet")'
    )
    assert source["check-example-slide"] == 'check("example_slide", example_slide)'
    locked = [cell.id for cell in exercise.cells if cell.metadata.get("editable") is False]
    assert locked == [cell.id for cell in exercise.cells if cell.id.startswith("check-")]


def test_a_cell_with_both_kinds_of_region_is_refused():
    both = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    both += "x = None\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION"
    with pytest.raises(CourseError) as error:
        exercise_from(new_notebook(cells=[solution_cell("both", both)]))
    assert str(error.value) == (
        "a cell holds solution regions of one kind\n"
        "  got cell solve-both with regions both in a function and at the left margin\n"
        "  split the cell in two"
    )


def test_a_region_that_does_not_end_is_refused():
    with pytest.raises(CourseError, match="nbgrader's ClearSolutions must accept the solution"):
        exercise_from(new_notebook(cells=[solution_cell("open", "### BEGIN SOLUTION\nx = 2")]))


def test_notebooks_are_run_and_saved_in_normal_form(course):
    code = "import time\nfor part in 'abc':\n    print(part, flush=True)\n    time.sleep(0.3)"
    widget = new_code_cell("print(id(object()))", id="widget", metadata={"tags": ["nbval-ignore-output"]})
    path = saved(course, new_code_cell(code, id="slow", metadata={"scrolled": True}), widget)
    assert main(["notebooks", "99"]) == 0
    slow, ignored = read_notebook(path).cells
    assert [(output.name, output.text) for output in slow.outputs] == [("stdout", "a\nb\nc\n")]
    assert (slow.execution_count, slow.metadata) == (1, {})
    assert (ignored.execution_count, ignored.outputs) == (2, [])
    assert path.read_bytes().endswith(b"}\n")
    solution = [c for c in read_notebook(course / "solutions" / NAME).cells if c.cell_type == "code"]
    assert [cell.execution_count for cell in solution] == list(range(1, 10))
    assert solution[-1].outputs[0].text.startswith("example_layer: correct")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1 // 0", "cell bad: ZeroDivisionError: integer division or modulo by zero"),
        ("import sys\nprint('careful', file=sys.stderr)", "99_example.ipynb, cell bad: careful"),
    ],
)
def test_a_failing_cell_is_named_and_nothing_is_saved(course, capsys, code, said):
    (course / "solutions" / NAME).unlink()
    path = saved(course, new_markdown_cell("# Title", id="title"), new_code_cell(code, id="bad"))
    before = path.read_bytes()
    assert main(["notebooks"]) == 1
    assert said in capsys.readouterr().err
    assert path.read_bytes() == before


def test_no_notebook_of_that_name(course, capsys):
    assert main(["notebooks", "42"]) == 1
    assert "there must be a notebook to run\n  got none in" in capsys.readouterr().err


def test_a_file_that_is_no_notebook(course, capsys):
    (course / "solutions" / NAME).write_text("{", encoding="utf-8")
    assert main(["exercises"]) == 1
    assert "99_example.ipynb must be a Jupyter notebook" in capsys.readouterr().err


def test_outside_the_course(tmp_path):
    with pytest.raises(CourseError) as error:
        course_folder(tmp_path)
    assert str(error.value).splitlines()[0] == (
        "this command works inside the course's folder, which holds notebooks/ and exercises/"
    )


def test_without_nbgrader(course, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    monkeypatch.delitem(sys.modules, "cnnhw_grading.stubs")
    assert main(["exercises"]) == 1
    assert capsys.readouterr().err.splitlines()[-3:] == [
        "CourseError: exercises are generated with nbgrader",
        "  got no module named nbgrader",
        "  use python3 course.py exercises, or install the extra cnnhw[instructor]",
    ]


def test_notebooks_become_pages_as_they_were_saved(course, capsys):
    path = saved(course, new_markdown_cell("a [link](there.html)"), new_code_cell("1 / 0"))
    before = path.read_bytes()
    assert main(["notebooks", "99", "--html", "pages"]) == 0
    page = (course / "pages" / "notebooks" / "99_example.html").read_text(encoding="utf-8")
    assert '<a href="there.html">' in page and "text-decoration: underline" in page
    assert path.read_bytes() == before
