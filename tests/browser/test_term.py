"""A week of a term as an instructor sees it: formgrader, a mark by hand, a regrade, page and table."""

import contextlib
import copy
import csv
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from browser.server import PATIENCE, ROOT, free_port
from grading.conftest import kind  # noqa: F401, a fixture

from cnnhw.course.cli import main

pytest.importorskip("nbgrader")
SHEET = "03_convolution"
SHOTS = Path(__file__).parent / "screenshots"
TITLE = "<script>document.title = 'owned'</script>"


def answered(**answers: str) -> nbformat.NotebookNode:
    """The sheet with right answers, some of them exchanged."""
    notebook = copy.deepcopy(nbformat.read(ROOT / "solutions" / f"{SHEET}.ipynb", 4))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = answers.get(name, cell.source)
    return notebook


def class_of_five(folder: Path) -> None:
    """Files as Moodle gives them: right, untouched, hostile to who looks at it, nearly right, broken."""
    hostile = answered(rows_never_read=f"def rows_never_read(H, R, U, P):\n    return {TITLE!r}")
    hostile.cells += [nbformat.v4.new_markdown_cell(TITLE), nbformat.v4.new_code_cell(f"# {TITLE}")]
    nearly = answered(rows_never_read="def rows_never_read(H, R, U, P):\n    return (H + 2 * P - R) % U")
    files = {
        "Ada Lee_1": answered(),
        "Bo Ray_2": nbformat.read(ROOT / "exercises" / f"{SHEET}.ipynb", 4),
        "Cy Dee_3": hostile,
        "Di Fox_4": nearly,
    }
    for name, notebook in files.items():
        path = folder / f"{name}_assignsubmission_file" / f"{SHEET}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    broken = folder / "Ed Hay_5_assignsubmission_file" / f"{SHEET}.ipynb"
    broken.parent.mkdir()
    broken.write_bytes(b"<<<<")


@contextlib.contextmanager
def formgrader(folder: Path):
    """Serve it as the command does; the address with its token."""
    log, port = folder.parent / "marks.log", free_port()
    words = ["marks", "--folder", str(folder), "--no-browser", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cnnhw.course.cli", *words], cwd=ROOT, stdout=output, stderr=output
        )
        try:
            limit, found = time.monotonic() + PATIENCE, None
            while not found:
                assert process.poll() is None and time.monotonic() < limit, log.read_text(encoding="utf-8")
                time.sleep(0.2)
                found = re.search(r"http://127\.0\.0\.1:\S+", log.read_text(encoding="utf-8"))
            yield found[0]
        finally:
            process.terminate()
            process.wait(timeout=30)
            with pytest.raises(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_mark_by_hand_from_formgrader_to_the_table(kind, browser, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.chdir(ROOT)
    folder, at = tmp_path / "class", ["--folder", str(tmp_path / "class")]
    class_of_five(tmp_path / "in")
    assert main(["collect", *at, str(tmp_path / "in")]) == 0
    assert main(["grade", *at, SHEET]) == 1, "the broken file is left"
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    with formgrader(folder) as address:
        page.goto(address)
        page.get_by_role("link", name=SHEET).click()
        page.locator("table").get_by_role("link", name=SHEET).click()
        page.get_by_text("Submission #4").wait_for()
        scores = [row.split("\t")[2] for row in page.locator("tbody tr").all_inner_texts()]
        assert sorted(scores) == ["0 / 14", "12 / 14", "12 / 14", "14 / 14"]
        for place in range(4):
            page.locator("a.name-hidden").nth(place).click()
            page.locator("input.score").first.wait_for()
            assert page.title() == SHEET, "nothing of a submission is run"
            if "% U" in page.inner_text("body"):
                break
            page.go_back()
            page.get_by_text("Submission #4").wait_for()
        page.screenshot(path=SHOTS / "formgrader.png", full_page=True)
        mark = page.locator("#check_rows_never_read")
        assert mark.get_attribute("placeholder") == "0"
        with page.expect_response(lambda answer: "/formgrader/api/grade/" in answer.url):
            mark.fill("1.5")
            mark.press("Tab")
        comment = page.locator("textarea.comment").nth(1)
        with page.expect_response(lambda answer: "/formgrader/api/comment/" in answer.url):
            comment.fill("right but for rows between windows")
            comment.press("Tab")
        assert main(["grade", *at, SHEET, "--again"]) == 1
        page.reload()
        page.locator("input.score").first.wait_for()
        assert page.locator("#check_rows_never_read").input_value() == "1.5"
    assert main(["feedback", *at]) == 0
    page.goto((folder / "feedback" / "Di Fox_4" / f"{SHEET}.html").as_uri())
    page.screenshot(path=SHOTS / "feedback.png", full_page=True)
    said = page.inner_text("main")
    assert page.evaluate("document.images.length") == 1, "the layer that was designed"
    assert page.evaluate("document.images[0].naturalWidth") > 300
    assert "rows_never_read (1.5 of 2, given by hand)" in said and "rows between windows" in said
    context.close()
    assert main(["export", *at]) == 0
    with (folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        totals = {
            row["student"]: (row["points"], row["by hand"])
            for row in csv.DictReader(file)
            if not row["question"]
        }
    assert totals == {
        "Ada Lee_1": ("14", ""), "Bo Ray_2": ("0", ""), "Cy Dee_3": ("12", ""), "Di Fox_4": ("13.5", "yes"),
        "Ed Hay_5": ("", ""),
    }  # fmt: skip
