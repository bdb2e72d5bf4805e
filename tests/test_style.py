"""Every Python file keeps the rules and the layout of [tool.ruff] in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUFF = [sys.executable, "-m", "ruff"]


def ruff(*args):
    return subprocess.run([*RUFF, *args], cwd=ROOT, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("command", [["check"], ["format", "--check", "--diff"]], ids=lambda c: c[0])
def test_ruff_has_nothing_to_say(command):
    done = ruff(*command, ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_reads_every_python_file_of_ours():
    read = {Path(line).relative_to(ROOT) for line in ruff("check", "--show-files", ".").stdout.splitlines()}
    folders = ("cnnhw", "installer", "tests", "benchmarks")
    ours = {path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py")}
    assert ours and ours <= read
