"""From the platform's folder to pages and tables."""

import base64
import csv
import os
import re

import pytest
from grading.conftest import HONEST, SHEET, notebook

from cnnhw import LayerShape
from cnnhw.checks.judge import picture
from cnnhw.checks.wire import frame
from cnnhw.course.cli import main
from cnnhw.errors import CourseError
from cnnhw_grading import export, feedback
from cnnhw_grading.collect import Found, Left, look_through, newest, put, read_people, submissions
from cnnhw_grading.lessons import find
from cnnhw_grading.sheet import find_sheet, sheets
from cnnhw_grading.store import Graded, Key, Question


def hand_in(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook(*HONEST))
    return folder


def looked(folder, **options):
    return {
        each.path.relative_to(folder).as_posix(): each
        for each in look_through(folder, sheets().values(), **options)
    }


@pytest.mark.parametrize(
    ("name", "student", "platform"),
    [
        (f"Ann Lee_123_assignsubmission_file/{SHEET}.ipynb", "Ann Lee_123", "moodle"),
        ("Ann Lee_123_assignsubmission_file_/my work.ipynb", "Ann Lee_123", "moodle"),
        ("Ann Lee_123_assignsubmission_file_x.ipynb", "Ann Lee_123", "moodle"),
        (f"leeann_77_8899_{SHEET}-1.ipynb", "leeann_77", "canvas"),
        (f"leeann_LATE_77_8899_{SHEET}.ipynb", "leeann_77", "canvas"),
        ("ann/anything.ipynb", "ann", ""),
    ],
)
def test_names_of_platforms(tmp_path, name, student, platform):
    (found,) = looked(hand_in(tmp_path, name)).values()
    assert (found.student, found.platform, found.sheet) == (student, platform, SHEET)


def test_every_other_file_is_named_with_a_reason(tmp_path):
    hand_in(tmp_path, "loose.ipynb", "ann/notes.txt", "bob/x.ipynb")
    (tmp_path / "bob" / "x.ipynb").write_text("<<<<", encoding="utf-8")
    assert all(isinstance(each, Left) and each.why for each in looked(tmp_path).values())
    assert len(looked(tmp_path)) == 3


def test_a_pattern_of_ones_own(tmp_path):
    hand_in(tmp_path, "3rd week/sheet by ann.ipynb")
    (found,) = looked(tmp_path, pattern=r"by (?P<student>\w+)\.ipynb").values()
    assert found.student == "ann"
    for bad in ("(", "(.*)"):
        with pytest.raises(CourseError, match="--pattern"):
            looked(tmp_path, pattern=bad)


def test_two_names_never_become_one_student(tmp_path):
    hand_in(tmp_path, "x")
    names = ["a:b", "a?b", "CON", "..", "n" * 200, "n" * 201]
    students = {next(iter(look_one(tmp_path, name))).student for name in names}
    assert len(students) == len(names) and not students & {"CON", "..", ""}


def look_one(folder, name):
    from cnnhw_grading.collect import _student

    yield Found(folder, _student({"name": name}), SHEET)


def test_the_newest_file_counts_and_a_link_stays_a_link(tmp_path):
    folder = hand_in(tmp_path / "in", "ann/old.ipynb", "ann/new.ipynb")
    os.utime(folder / "ann" / "old.ipynb", (1, 1))
    (folder / "bob").mkdir()
    (folder / "bob" / f"{SHEET}.ipynb").symlink_to(folder / "ann" / "new.ipynb")
    found, older = newest(each for each in looked(folder).values() if isinstance(each, Found))
    assert [left.path.name for left in older] == ["old.ipynb"]
    assert put(found, tmp_path / "class") == 2
    places = dict(submissions(tmp_path / "class", SHEET))
    assert places["bob"].is_symlink() and places["ann"].read_bytes() == notebook(*HONEST)
    assert set(read_people(tmp_path / "class")) == {"ann", "bob"}


def test_a_folder_that_is_a_link_stands_for_its_file(tmp_path):
    hand_in(tmp_path, f"submitted/ann/{SHEET}/{SHEET}.ipynb")
    (tmp_path / "submitted" / "bob").mkdir()
    (tmp_path / "submitted" / "bob" / SHEET).symlink_to(tmp_path / "submitted" / "ann" / SHEET)
    assert dict(submissions(tmp_path, SHEET))["bob"].is_symlink()


def graded(student="ann", words="", points=1.0):
    question = Question("predicted", "wrong", points, 1.0, words)
    return Graded(
        Key(student, SHEET, "f", "v", 1),
        "graded",
        "bubblewrap",
        (question,),
        0.5,
        "2026-01-01T00:00:00+00:00",
    )


def test_pages_run_nothing():
    page = feedback.page(graded("<b>ann", "<script>alert(1)</script>"))
    assert "<script" not in page and "<b>ann" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "default-src 'none'" in page


def test_tables_compute_nothing_and_leave_blank_what_was_not_graded(tmp_path):
    people = {
        "ann": {"name": "=1+1", "number": "7", "platform": "moodle"},
        "bob": {"name": " @x", "number": "8", "platform": "canvas"},
    }
    results = [graded(), graded("bob", points=None)]
    export.write(results, people, tmp_path / "g.csv")
    with (tmp_path / "g.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"] for row in rows} == {"'=1+1", "' @x"}
    assert {row["points"] for row in rows if row["student"] == "bob"} == {""}
    assert export.write_moodle(results, people, tmp_path / "m.csv") == 1
    assert "Participant 7" in (tmp_path / "m.csv").read_text(encoding="utf-8-sig")
    assert export.write_canvas(results, people, tmp_path / "c.csv") == 1


def test_a_sheet_by_the_start_of_its_name():
    assert find_sheet("03").name == SHEET
    for name in ("1", "99", ""):
        with pytest.raises(CourseError, match="one of"):
            find_sheet(name)


def test_commands_say_what_is_not_there(tmp_path, capsys):
    for words in (["grade"], ["feedback"], ["export"], ["collect", str(tmp_path / "nowhere")]):
        assert main([*words, "--folder", str(tmp_path)]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 3


def drawn(answer):
    key = Key("ann", SHEET, "f", "v", 1)
    question = Question("designed", "right", 3.0, 3, "words", 0.1, answer)
    return feedback.page(Graded(key, "graded", "x", (question,), 0.1, "now"))


def test_a_page_shows_the_students_own_design_as_an_image():
    shape = LayerShape(M=12, C=3, H=52, W=42, R=5, U=2, P=1)
    page = drawn(frame({"value": shape}))
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]
    svg = base64.b64decode(data).decode()
    assert svg.startswith("<svg") and 'xmlns="http://www.w3.org/2000/svg"' in svg
    assert picture(find("designed"), shape).svg == svg


@pytest.mark.parametrize(
    "answer", [b"", b"no frame", frame({"value": 3})[:-1], frame({"value": 3}), frame({"value": None})]
)
def test_what_cannot_be_drawn_is_no_picture(answer):
    assert "<img" not in drawn(answer)
