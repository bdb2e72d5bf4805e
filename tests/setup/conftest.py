"""A copy of the course's folder and an installer that only pretends, so that a set-up takes milliseconds."""

import shutil
import sys
from pathlib import Path

import pytest

from installer import extras, pytorch, set_up
from installer.places import Places
from installer.problems import diagnose

ROOT = Path(__file__).resolve().parents[2]


class FakeInstaller:
    """Stands in for pip and uv: notes each step, leaves the files of two packages, and fails when told to."""

    def __init__(self, places: Places):
        self.places, self.steps, self.fails_at, self.says = places, [], None, ""

    def run(self, step, command, cwd, env=None):
        self.steps.append(step)
        if step == self.fails_at:
            raise diagnose(step, self.says)
        if step == "making .venv":
            self._file(self.places.python, "")
            self._file(self.places.venv / "pyvenv.cfg", "home = here\n")
        if step == "installing the packages":
            shutil.rmtree(self.places.site_packages, ignore_errors=True)  # as uv pip sync does
            self._package("numpy-2.0.0", "numpy/__init__.py", "one = 1\n")
            self._package("jupyterlab-4.2.0", "jupyterlab/static/lab.js", "let two = 2\n")
        if step == "adding onnx":
            self._package("onnx-1.16.0", "onnx/__init__.py", "three = 3\n")
        return ""

    def attempt(self, places):
        self.steps.append("adding torch")
        return self.fails_at != "adding torch", self.says

    def _package(self, name, path, text):
        self._file(self.places.site_packages / path, text)
        record = f"{path},sha256=abc,{len(text)}\n{name}.dist-info/RECORD,,\n"
        self._file(self.places.site_packages / f"{name}.dist-info" / "RECORD", record)

    def _file(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def places(tmp_path):
    """A folder with the course's locks and nothing installed; the space in its name is on purpose."""
    root = tmp_path / "my course"
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "pyproject.toml", root)
    return Places(root)


@pytest.fixture
def installer(places, monkeypatch):
    """The pretending installer in place of the real one; PyTorch can be had."""
    fake = FakeInstaller(places)
    for module in (set_up, extras):
        monkeypatch.setattr(module, "run", fake.run)
    monkeypatch.setattr(set_up, "get_uv", lambda places: fake.steps.append("uv"))
    monkeypatch.setattr(set_up.pip_settings, "pip_settings", lambda python, cwd: {})
    monkeypatch.setattr(pytorch, "install", lambda places: fake.steps.append("torch") or True)
    monkeypatch.setattr(pytorch, "attempt", fake.attempt)
    monkeypatch.setattr(set_up, "free_megabytes", lambda folder: 10**6)
    return fake


@pytest.fixture
def python():
    """The Python that runs the tests."""
    return sys.executable
