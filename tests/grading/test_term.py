"""A sheet from the platform's folder to its table, by the commands that an instructor types."""

import csv

import pytest
from grading.conftest import HONEST, SHEET, notebook

from cnnhw.course.cli import main
from cnnhw_grading.commands import grade

pytest.importorskip("nbgrader")


def test_a_sheet_from_folder_to_table(kind, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(grade, "choose", lambda unsafe: kind)
    source, folder = tmp_path / "in", tmp_path / "class"
    wrong = notebook(*HONEST[:2], "def rows_never_read(H, R, U, P): return H if H == 9 else 0", HONEST[3])
    for name, data in (("Ann Lee_7", notebook(*HONEST)), ("Bob Ray_8", b"<<<<"), ("Cy Dee_9", wrong)):
        path = source / f"{name}_assignsubmission_file" / f"{SHEET}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    at = ["--folder", str(folder)]
    assert main(["collect", *at, str(source)]) == 0
    assert main(["grade", *at, "03", "--seed", "4"]) == 1, "one is left"
    said = capsys.readouterr().out
    assert f"left   Bob Ray_8, {SHEET}: unreadable" in said and f"box: {kind.name}, seed 4" in said
    assert main(["feedback", *at]) == 0
    assert main(["export", *at]) == 0
    assert main(["export", *at, "03", "--for", "moodle"]) == 0
    with (folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        totals = {row["student"]: row["points"] for row in csv.DictReader(file) if not row["question"]}
    assert totals == {"Ann Lee_7": "5", "Bob Ray_8": "", "Cy Dee_9": "3"}
    assert (folder / "gradebook.db").exists()
    before = (folder / "results.db").read_bytes()
    assert main(["grade", *at, "03", "--seed", "4", "--no-gradebook"]) == 1
    assert (folder / "results.db").read_bytes()[:16] == before[:16]
    page = (folder / "feedback" / "Cy Dee_9" / f"{SHEET}.html").read_text(encoding="utf-8")
    assert "smallest input that fails" in page and "not right yet" in page
