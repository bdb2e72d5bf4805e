"""What formgrader is given to show: a student's code and its outcome, and nothing that a page would run."""

import nbformat
import pytest
from grading.conftest import HONEST, SHEET, notebook

from cnnhw.course.files import course_folder, read_notebook
from cnnhw_grading import marks, reader
from cnnhw_grading.commands.marks import lay_out
from cnnhw_grading.store import Graded, Key, Question, Store, hash_of

EXERCISE = read_notebook(course_folder() / "exercises" / f"{SHEET}.ipynb")
WORDS = "<script>alert(1)</script>"


def result(student="ann", data=b""):
    questions = (
        Question("rows_never_read", "wrong", 0.0, 2, WORDS),
        Question("convolve_layer", "missing", 0.0, 3),
    )
    return Graded(Key(student, SHEET, hash_of(data), "v", 1), "graded", "x", questions, 0.1, "now")


def cell_of(shown, name):
    return next(c for c in shown.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def test_a_students_code_stands_in_the_sheet_with_its_outcome():
    shown = marks.shown(EXERCISE, reader.submission(notebook(*HONEST, "helper = 3")), result())
    assert cell_of(shown, "rows_never_read").source == HONEST[2]
    assert cell_of(shown, "convolve_layer").source == "# no cell defines it"
    (output,) = cell_of(shown, "check_rows_never_read").outputs
    assert output.output_type == "stream" and output.text == f"wrong: not right yet\n{WORDS}"
    assert [cell.source for cell in shown.cells[-3:]] == [
        "## Other cells of this notebook",
        HONEST[0],
        "helper = 3",
    ]
    nbformat.validate(shown)


def test_text_and_outputs_of_a_submission_stay_out():
    data = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(WORDS),
            nbformat.v4.new_raw_cell(WORDS),
            nbformat.v4.new_code_cell(
                HONEST[2], outputs=[nbformat.v4.new_output("display_data", {"text/html": WORDS})]
            ),
        ]
    )
    shown = marks.shown(EXERCISE, reader.submission(nbformat.writes(data).encode()), result())
    drawn = [cell for cell in shown.cells if cell.cell_type != "code" and WORDS in cell.source]
    drawn += [o for c in shown.cells for o in c.get("outputs", []) if o.output_type != "stream"]
    assert drawn == []


@pytest.mark.parametrize("now", ["the same file", "another file", "a broken file", "no file"])
def test_what_was_graded_is_what_is_shown(tmp_path, capsys, now):
    path, data = tmp_path / "submitted" / "ann" / SHEET / f"{SHEET}.ipynb", notebook(*HONEST)
    path.parent.mkdir(parents=True)
    with Store(tmp_path / "results.db") as store:
        store.put(result(data=data))
    if now != "no file":
        files = {"the same file": data, "another file": notebook(*HONEST[:2]), "a broken file": b"<<<"}
        path.write_bytes(files[now])
    assert lay_out(tmp_path) == (now == "the same file")
    said = capsys.readouterr().out
    assert ("left   ann" in said) == (now in ("another file", "a broken file"))
    assert (tmp_path / "autograded" / "ann" / SHEET / path.name).exists() == (now == "the same file")
    assert path.exists() == (now != "no file") and (tmp_path / "source" / SHEET).is_dir()
