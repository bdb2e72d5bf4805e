"""`course.py add`: an optional package comes once, stays through repairs, and its lack breaks nothing."""

import tomllib

import pytest

from installer import commands, extras, set_up, stamp
from installer.problems import Problem
from installer.set_up import ready

FULL = ["uv", "making .venv", "installing the packages", "installing cnnhw"]


def test_every_extra_of_a_reader_can_be_added(places):
    project = tomllib.loads(places.pyproject.read_text(encoding="utf-8"))["project"]
    assert {*stamp.EXTRAS} == extras.ROOM.keys()
    assert {*stamp.EXTRAS} == project["optional-dependencies"].keys() - {"test", "instructor", "mutants"}


@pytest.mark.parametrize("name", stamp.EXTRAS)
def test_it_sets_up_what_is_missing_then_adds_once(places, installer, name, capsys):
    assert commands.main(["add", name], places) == 0
    assert installer.steps == [*FULL, "uv", f"adding {name}"]
    assert capsys.readouterr().out.endswith("restart the kernel of an open notebook to use it\n")
    installer.steps.clear()
    assert commands.main(["add", name], places) == 0
    assert installer.steps == []
    assert capsys.readouterr().out == f"{name} is there already\n"


def deleted_file(places):
    (places.site_packages / "onnx" / "__init__.py").unlink()


def deleted_python(places):
    places.python.unlink()


def changed_lock(places):
    with places.lock("lab").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")


@pytest.mark.parametrize("damage", [deleted_file, deleted_python, changed_lock], ids=lambda of: of.__name__)
def test_a_repair_keeps_what_was_added(places, installer, damage):
    for name in ("torch", "onnx"):
        set_up.add(places, name)
    damage(places)
    installer.steps.clear()
    set_up.set_up(places, "lab")
    assert installer.steps == [*FULL, "adding onnx", "adding torch"]
    assert (places.site_packages / "onnx" / "__init__.py").exists()
    assert ready(places, "lab")


def test_a_repair_that_fails_half_way_still_knows_what_was_added(places, installer):
    set_up.add(places, "onnx")
    for step in ("installing the packages", "installing cnnhw", "adding onnx"):
        deleted_python(places)
        installer.fails_at, installer.says = step, "dns error"
        with pytest.raises(Problem, match="needs the network"):
            set_up.set_up(places, "lab")
        assert not ready(places, "lab")
    installer.fails_at = None
    set_up.set_up(places, "lab")
    assert installer.steps[-1] == "adding onnx"
    assert stamp.added(stamp.read(places)) == ["onnx"]


def test_the_tests_add_to_it_and_it_does_not_take_the_tests_away(places, installer):
    set_up.add(places, "onnx")
    set_up.set_up(places, "test")
    assert ready(places, "test")
    set_up.add(places, "torch")
    assert ready(places, "test")
    assert stamp.added(stamp.read(places)) == ["onnx", "torch"]


@pytest.mark.parametrize("name", stamp.EXTRAS)
def test_without_a_network_the_course_stays_usable(places, installer, name, capsys):
    set_up.set_up(places, "lab")
    installer.fails_at, installer.says = f"adding {name}", "cause: dns error: failed to lookup address"
    assert commands.main(["add", name], places) == 1
    rule, got, change = capsys.readouterr().err.splitlines()
    assert "needs the network" in rule
    assert got == f"  got while adding {name}: cause: dns error: failed to lookup address"
    assert "connect to the internet" in change
    assert ready(places, "lab")
    assert stamp.added(stamp.read(places)) == []


def test_a_full_disk_is_seen_before_anything_is_downloaded(places, installer, monkeypatch):
    set_up.set_up(places, "lab")
    monkeypatch.setattr(set_up, "free_megabytes", lambda folder: 12)
    with pytest.raises(Problem, match="needs room on the disk") as problem:
        set_up.add(places, "torch")
    assert problem.value.got.startswith(f"12 MB free where {extras.ROOM['torch']} MB are needed")


@pytest.mark.parametrize("names", [[], ["numpy"], ["onnx", "torch"]])
def test_another_name_is_not_added(places, installer, names, capsys):
    assert commands.main(["add", *names], places) == 1
    assert capsys.readouterr().err.splitlines() == [
        "course.py adds one of its optional packages",
        f"  got {' '.join(names) or 'no name'}",
        "  write python3 course.py add onnx or python3 course.py add torch",
    ]
    assert installer.steps == []


def test_an_extra_comes_at_its_locked_version(places, monkeypatch):
    commands_run = []
    monkeypatch.setattr(extras, "run", lambda step, command, *_: commands_run.append(command))
    monkeypatch.setattr(extras.pip_settings, "pip_settings", lambda *_: {"index-url": "file:///mirror"})
    extras.install(places, "onnx")
    (command,) = commands_run
    assert command[command.index("--constraints") + 1] == places.lock("test")
    assert command[-3:] == ["--default-index", "file:///mirror", "onnx"]


def test_a_stamp_from_before_extras_is_still_good(places, installer):
    set_up.set_up(places, "lab")
    old = stamp.read(places)
    del old["added"]
    stamp._write(places, old)
    assert ready(places, "lab")
    set_up.add(places, "onnx")
    assert stamp.added(stamp.read(places)) == ["onnx"]
