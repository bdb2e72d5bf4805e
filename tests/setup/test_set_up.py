"""A set-up does what is missing and no more, and a rerun repairs whatever happened to the one before."""

import errno
import os
import shutil
import subprocess
import threading
import time
from dataclasses import replace

import pytest

from installer import places as places_module
from installer import set_up as module
from installer import stamp
from installer.one_at_a_time import one_at_a_time
from installer.problems import Problem
from installer.set_up import ready, set_up

FULL = ["uv", "making .venv", "installing the packages", "installing cnnhw"]


def test_the_first_call_installs_and_the_second_does_nothing(places, installer):
    set_up(places, "lab")
    assert installer.steps == FULL
    set_up(places, "lab")
    assert installer.steps == FULL


def test_tests_add_to_what_is_there_and_hold_all_of_it(places, installer):
    set_up(places, "lab")
    installer.steps.clear()
    set_up(places, "test")
    assert installer.steps == ["uv", "installing the packages", "installing cnnhw", "torch"]
    installer.steps.clear()
    for setup in ("lab", "teach", "test"):
        set_up(places, setup)
    assert installer.steps == []


def deleted_file(places):
    (places.site_packages / "jupyterlab" / "static" / "lab.js").unlink()


def truncated_file(places):
    (places.site_packages / "numpy" / "__init__.py").write_text("one", encoding="utf-8")


def deleted_package(places):
    shutil.rmtree(places.site_packages / "numpy")


def deleted_record(places):
    (places.site_packages / "numpy-2.0.0.dist-info" / "RECORD").unlink()


def deleted_python(places):
    places.python.unlink()


def deleted_venv(places):
    shutil.rmtree(places.venv)


def half_written_stamp(places):
    places.stamp.write_text('{"setup": "la', encoding="utf-8")


def no_stamp(places):
    places.stamp.unlink()


def other_python(places):
    text = places.stamp.read_text(encoding="utf-8")
    places.stamp.write_text(text.replace('"python": "3', '"python": "2'), encoding="utf-8")


DAMAGE = (deleted_file, truncated_file, deleted_package, deleted_record, deleted_python, deleted_venv,
          half_written_stamp, no_stamp, other_python)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_found_and_repaired(places, installer, damage):
    set_up(places, "lab")
    damage(places)
    assert not ready(places, "lab")
    installer.steps.clear()
    set_up(places, "lab")
    assert installer.steps == FULL
    assert ready(places, "lab")


def test_a_changed_lock_is_installed(places, installer):
    set_up(places, "lab")
    with places.lock("lab").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert not ready(places, "lab")


def test_line_ends_of_a_checkout_on_windows_change_nothing(places, installer):
    set_up(places, "lab")
    text = places.lock("lab").read_bytes()
    places.lock("lab").write_bytes(text.replace(b"\n", b"\r\n"))
    assert ready(places, "lab")


def test_a_moved_folder_is_set_up_again(places, installer, tmp_path):
    set_up(places, "lab")
    shutil.move(places.root, tmp_path / "moved")
    assert not ready(replace(places, root=tmp_path / "moved"), "lab")


@pytest.mark.parametrize("step", ["making .venv", "installing the packages", "installing cnnhw"])
def test_a_set_up_that_failed_leaves_no_stamp(places, installer, step):
    installer.fails_at, installer.says = step, "error sending request: dns error"
    with pytest.raises(Problem, match="needs the network"):
        set_up(places, "lab")
    assert stamp.read(places) == {}
    installer.fails_at = None
    set_up(places, "lab")
    assert ready(places, "lab")


def test_a_set_up_killed_while_it_adds_leaves_no_stamp(places, installer, monkeypatch):
    set_up(places, "lab")

    def killed(places):
        raise KeyboardInterrupt

    monkeypatch.setattr(module.pytorch, "install", killed)
    with pytest.raises(KeyboardInterrupt):
        set_up(places, "test")
    assert stamp.read(places) == {}


def test_without_pytorch_the_next_call_tries_again(places, installer, monkeypatch):
    monkeypatch.setattr(module.pytorch, "install", lambda places: False)
    set_up(places, "test")
    assert ready(places, "teach")
    assert not ready(places, "test")


def test_newest_and_oldest_are_other_environments(places, installer):
    set_up(places, "test", "oldest")
    assert "installing the oldest packages" in installer.steps
    assert not ready(places, "test", "locked")


def test_a_full_disk_is_seen_before_anything_is_downloaded(places, installer, monkeypatch):
    monkeypatch.setattr(module, "free_megabytes", lambda folder: 12)
    with pytest.raises(Problem) as problem:
        set_up(places, "lab")
    rule, got, change = str(problem.value).splitlines()
    assert rule == "the course needs room on the disk for its packages"
    assert got == f"  got 12 MB free where {module.ROOM['lab']} MB are needed, in {places.root}"
    assert "free some space" in change
    assert installer.steps == []


def test_a_disk_that_fills_up_on_the_way(places, installer):
    installer.fails_at, installer.says = "installing the packages", "No space left on device (os error 28)"
    with pytest.raises(Problem, match="needs room on the disk"):
        set_up(places, "lab")


def test_a_read_only_folder(places, installer, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(Problem) as problem:
        set_up(places, "lab")
    assert "must be able to write" in problem.value.rule
    assert str(places.tools) in problem.value.got
    assert "copy the course to a folder of your own" in problem.value.change


def test_a_finished_set_up_is_used_from_a_read_only_folder(places, installer, monkeypatch):
    set_up(places, "lab")
    monkeypatch.setattr("pathlib.Path.open", lambda self, mode="r", **k: refuse_writing(self, mode, **k))
    set_up(places, "lab")
    assert installer.steps == FULL


def refuse_writing(path, mode, **how):
    if mode not in ("r", "rb"):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
    return open(path, mode, **how)


@pytest.mark.parametrize("name", [".tools", ".venv"])
def test_a_file_where_a_folder_must_be_is_not_deleted(places, installer, name):
    (places.root / name).write_text("the reader's", encoding="utf-8")
    with pytest.raises(Problem, match="must be able to make its folders") as problem:
        set_up(places, "lab")
    assert name in problem.value.got
    assert (places.root / name).read_text(encoding="utf-8") == "the reader's"


def test_python_without_ensurepip(places, monkeypatch):
    find = module.importlib.util.find_spec
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: name != "ensurepip" and find(name))
    with pytest.raises(Problem, match="venv and ensurepip") as problem:
        set_up(places, "lab")
    assert "sudo apt install python3." in problem.value.change


def test_uv_is_made_anew_when_it_does_not_run(places, monkeypatch):
    steps = []
    monkeypatch.setattr(module, "run", lambda step, *rest: steps.append(step))
    places.uv.parent.mkdir(parents=True)
    places.uv.write_text("half a program", encoding="utf-8")
    module.get_uv(places)
    assert steps == ["making the tools' environment", "fetching uv"]
    assert not places.uv.exists()


def test_two_set_ups_wait_for_each_other(places, installer, capsys):
    """The second waits until the first lets go, then finds its work done."""
    lock = places.tools / "set-up.lock"
    with one_at_a_time(lock):
        second = threading.Thread(target=set_up, args=(places, "lab"))
        second.start()
        time.sleep(0.2)
        assert installer.steps == []
    second.join(timeout=30)
    assert installer.steps == FULL
    assert "another set-up is at work in this folder" in capsys.readouterr().out


def test_waiting_ends(places):
    lock = places.tools / "set-up.lock"
    with (
        one_at_a_time(lock),
        pytest.raises(Problem, match="one set-up works in a folder at a time"),
        one_at_a_time(lock, patience=0.1),
    ):
        pass


def test_the_lock_of_a_killed_set_up_is_free(places, python):
    code = (
        "import os, sys; from pathlib import Path; from installer.one_at_a_time import one_at_a_time\n"
        "with one_at_a_time(Path(sys.argv[1])): os._exit(9)"
    )
    lock = places.tools / "set-up.lock"
    killed = subprocess.run([python, "-c", code, str(lock)], cwd=places_module.ROOT)
    assert killed.returncode == 9
    with one_at_a_time(lock, patience=0.1):
        pass
