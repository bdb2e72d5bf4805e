"""pyproject.toml, the locks, environment.yml and docs/dependencies.md say the same."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from installer.locks import pins

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]


def requirements(lines):
    return {canonicalize_name(r.name): r for r in map(Requirement, lines) if r.name != "cnnhw"}


def locked(name):
    """Name -> the versions a lock pins: more than one where an older Python needs another."""
    found = {}
    for pin in map(Requirement, pins((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))):
        found.setdefault(canonicalize_name(pin.name), set()).add(next(iter(pin.specifier)).version)
    return found


CORE = requirements(PROJECT["project"]["dependencies"])
BUILD = requirements(PROJECT["build-system"]["requires"])
TEST = requirements([*EXTRAS["test"], *EXTRAS["onnx"], *EXTRAS["instructor"]])
WANTED = {"lab": CORE | BUILD, "test": CORE | BUILD | TEST, "torch": requirements(EXTRAS["torch"]),
          "mutants": requirements(EXTRAS["mutants"])}  # fmt: skip


@pytest.mark.parametrize("lock", WANTED)
def test_a_lock_holds_what_pyproject_asks_for(lock):
    found = locked(lock)
    for name, requirement in WANTED[lock].items():
        assert name in found, f"{name} is not in {lock}.txt: run `python3 course.py lock`"
        for version in found[name]:
            assert requirement.specifier.contains(Version(version)), f"{lock}.txt has {name} {version}"


def test_the_locks_agree():
    lab, test, torch = locked("lab"), locked("test"), locked("torch")
    assert {name: test.get(name) for name in lab} == lab
    both = test.keys() & torch.keys()
    assert {name: test[name] for name in both} == {name: torch[name] for name in both}


def test_a_student_gets_no_grading_system():
    assert "nbgrader" not in locked("lab")


def test_nobody_gets_a_mutation_tester_unasked():
    assert not {"mutmut"} & (locked("lab").keys() | locked("test").keys())


def test_pytorch_is_the_cpu_build():
    found = locked("torch")
    assert not [name for name in found if re.match("nvidia|cuda|triton", name)]
    (version,) = {version.partition("+")[0] for version in found["torch"]}
    assert found["torch"] == {version, f"{version}+cpu"}
    assert not [
        name for lock in ("lab", "test") for name in locked(lock) if re.match("torch|nvidia|triton", name)
    ]


@pytest.mark.parametrize("lock", ["lab", "test", "mutants", "tools"])
def test_every_package_of_a_lock_has_hashes(lock):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(blocks) == len(pins(text)) > 0
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("path", ["pyproject.toml", "environment.yml", "course.py", *(
    f"requirements/{name}.txt" for name in ("lab", "test", "mutants", "torch", "tools"))])  # fmt: skip
def test_no_address_is_written_down(path):
    """Where packages come from is the reader's setting: a mirror, a folder, or nothing."""
    assert "://" not in (ROOT / path).read_text(encoding="utf-8")


def test_environment_yml_asks_for_the_same():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    entries = [line.strip().removeprefix("- ") for line in lines[lines.index("dependencies:") + 1 :]]
    assert entries[-3:] == ["pip", "pip:", "-e ."]
    found = requirements(entry for entry in entries[:-3])
    python = found.pop("python")
    assert python.specifier == Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert {name: r.specifier for name, r in found.items()} == {name: r.specifier for name, r in CORE.items()}


def test_the_oldest_python_is_the_same_everywhere():
    oldest = re.search(r"OLDEST = \((\d+), (\d+)\)", (ROOT / "course.py").read_text(encoding="utf-8"))
    assert PROJECT["project"]["requires-python"] == ">=" + ".".join(oldest.groups())


def test_every_direct_dependency_has_one_line_of_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    reasons = {name: (why, licence, where) for name, why, licence, where in rows[1:]}
    direct = WANTED["test"] | WANTED["torch"] | WANTED["mutants"] | {"uv": None}
    assert set(reasons) == set(direct)
    for name, (why, licence, where) in reasons.items():
        assert len(why) > 15 and licence
        for lock in where.split(", "):
            assert name in locked(lock), f"docs/dependencies.md says that {name} is in {lock}.txt"
