"""course.py mutants: which rooms, what mutmut is told, and the score that is read from what it lists."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from installer import commands, mutants
from installer.places import Places

ROOT = Path(__file__).resolve().parents[2]


EDIT = """# cnnhw.energy.reuse.x_f: survived
--- cnnhw/energy/reuse.py
+++ cnnhw/energy/reuse.py
@@ -1,2 +1,2 @@
 def f(a, b):
-    return a < b
+    return a <= b
"""


@pytest.fixture
def asked(places, monkeypatch):
    """The commands that would run; mutmut finds what `listed` says."""
    calls = {"listed": "  cnnhw.energy.reuse.x_f__mutmut_1: killed\n" * 19, "commands": []}
    (places.root / "docs").mkdir()
    reasons = '[[argued]]\nwhere = "x_f"\nwas = "a < b"\nnow = "a <= b"\nwhy = "they differ"\n'
    (places.root / "docs" / "mutants_argued.toml").write_text(reasons, encoding="utf-8")

    def run(command, **options):
        if command[1] == "show":
            return subprocess.CompletedProcess(command, 0, EDIT)
        calls["commands"].append(command[1:])
        return subprocess.CompletedProcess(command, 0, calls["listed"])

    monkeypatch.setattr(mutants, "set_up", lambda places, setup: None)
    monkeypatch.setattr(mutants, "_mutmut", lambda places: "mutmut")
    monkeypatch.setattr(mutants.subprocess, "run", run)
    return calls


@pytest.mark.skipif(Places().windows, reason="mutmut does not run on Windows")
@pytest.mark.parametrize(
    ("verdict", "code"), [("no tests", 0), ("no tests\n  cnnhw.energy.reuse.x_g__mutmut_1: survived", 1)]
)
def test_a_room_passes_from_95_percent_on(places, asked, capsys, verdict, code):
    asked["listed"] += f"  cnnhw.energy.reuse.x_f__mutmut_2: {verdict}\n"
    assert commands.main(["mutants", "energy", "shape"], places) == code
    assert asked["commands"] == [["run", "cnnhw.energy.*", "cnnhw.shape.*"], ["results", "--all", "true"]]
    assert "energy        19 of    2" in capsys.readouterr().out


@pytest.mark.skipif(Places().windows, reason="mutmut does not run on Windows")
def test_what_is_argued_away_does_not_count(places, asked, capsys):
    asked["listed"] += "  cnnhw.energy.reuse.x_f__mutmut_2: survived\n" * 3
    assert commands.main(["mutants", "energy"], places) == 0
    assert "energy        19 of    19 mutants noticed: 100.0 %, 3 argued away" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("was", "now", "where", "argued"),
    [
        ("a < b", "a <= b", "", True),
        ("<", "<=", "reuse.x_f", True),
        ("<", "<=", "reuse.x_g", False),
        ("<", ">", "", False),
        ("return", "return", "", False),
        ("f(", "f(", "", False),
    ],
)
def test_an_argument_is_about_one_edit(was, now, where, argued):
    reason = {"was": was, "now": now, "where": where, "why": "so"}
    assert mutants.argued("cnnhw.energy.reuse.x_f__mutmut_2", EDIT, [reason]) == argued


def test_every_argument_has_its_reason():
    listed = tomllib.loads((ROOT / "docs" / "mutants_argued.toml").read_text(encoding="utf-8"))["argued"]
    assert all({"was", "now", "why"} <= each.keys() <= {"was", "now", "why", "where"} for each in listed)
    assert all(each["was"] != each["now"] and len(each["why"]) > 20 for each in listed)


def test_a_room_there_is_not(places, capsys):
    assert commands.main(["mutants", "kitchen"], places) == 1
    assert capsys.readouterr().err.splitlines()[:2] == [
        "mutants are made of one of these rooms",
        "  got kitchen",
    ]


def test_windows_is_told(tmp_path, capsys):
    assert commands.main(["mutants"], Places(tmp_path, windows=True)) == 1
    assert "  use it in WSL" in capsys.readouterr().err


def test_what_was_not_tried_does_not_count():
    assert mutants.scores("  cnnhw.nest.a: not checked\n  cnnhw.nest.b: timeout\n") == {"nest": (1, 1)}


def test_the_rooms_are_those_that_are_mutated_and_run_every_week():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mutated = project["tool"]["mutmut"]["only_mutate"]
    assert {path.removeprefix("cnnhw/").split("/")[0].removesuffix(".py") for path in mutated} == set(
        mutants.ROOMS
    )
    weekly = (ROOT / ".github" / "workflows" / "mutants.yml").read_text(encoding="utf-8")
    assert f"room: [{', '.join(mutants.ROOMS)}]" in weekly
