"""course.py must be readable by every Python that a reader may have, and say what it needs."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from installer.places import base_python

ROOT = Path(__file__).resolve().parents[2]


def load():
    spec = importlib.util.spec_from_file_location("course", ROOT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_new_enough():
    assert load().too_old((3, 11, 0)) is None
    assert load().too_old((4, 0, 0)) is None


def test_too_old_says_what_to_do():
    rule, got, change = load().too_old((3, 8, 18)).splitlines()
    assert rule == "the course needs Python 3.11 or newer"
    assert got.startswith("  got Python 3.8.18 at ")
    assert change.endswith("python3.11 course.py lab")


def old_pythons():
    """Pythons on the PATH, and those beside the one that runs this, as version managers lay them out."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(6, 11))]
    above = Path(base_python()).resolve().parents[2:3]  # none where Python lies right under the drive
    beside = sorted(python for folder in above for python in folder.glob("*/bin/python"))
    return [*filter(None, map(shutil.which, names)), *map(str, beside)]


def test_an_old_python_answers_in_three_lines():
    tried = 0
    for python in old_pythons():
        version = subprocess.run([python, "-c", "import sys; print(sys.version_info[:2] < (3, 11))"],
                                 capture_output=True, text=True)  # fmt: skip
        if version.stdout.strip() != "True":
            continue
        tried += 1
        said = subprocess.run([python, str(ROOT / "course.py"), "lab"], capture_output=True, text=True)
        assert said.returncode == 1
        assert said.stderr.startswith("the course needs Python 3.11 or newer\n  got Python "), said.stderr
        assert len(said.stderr.splitlines()) == 3
    if not tried:
        pytest.skip("no Python older than 3.11 on this computer")
