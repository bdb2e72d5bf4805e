"""The house keeps its shape: a room imports only from rooms above it, and the import stays light."""

import ast
import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cnnhw

ROOT = Path(cnnhw.__file__).parent
DESIGN = (ROOT.parent / "docs" / "design.md").read_text(encoding="utf-8")
# The table of rooms in docs/design.md, from top to bottom.
FIRST = DESIGN.partition("a second package, `cnnhw_grading`")[0]
ROOMS = [line.split("`")[1].rstrip("/") for line in FIRST.splitlines() if line.startswith("| `")]
HEAVY = {"matplotlib": {"pictures"}, "ipywidgets": {"widgets"}}
FILES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_modules(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; name the room in full"
            yield node.module
            if node.module == "cnnhw":
                yield from (f"cnnhw.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_from_rooms_above(path):
    room = room_of(path)
    assert room in ROOMS, f"{path.name} is in no room of docs/design.md"
    for module in imported_modules(path):
        package, _, rest = module.partition(".")
        other = rest.split(".")[0]
        if package == "cnnhw" and other in ROOMS:
            assert ROOMS.index(other) <= ROOMS.index(room), f"{room} reaches down into {other}"
        assert package not in {"cnnhw_grading", "lessons"}, "students' rooms know nothing of grading"
        assert room in HEAVY.get(package, {room}), f"{package} belongs in {HEAVY.get(package)} alone"


def test_import_is_light():
    code = "import sys, cnnhw; print(sorted({'numpy', 'matplotlib', 'ipywidgets'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("room", ROOMS)
def test_every_documented_room_is_there_when_it_is_first_used(room):
    code = f"import cnnhw; print(cnnhw.{room}.__name__, {room!r} in dir(cnnhw))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == f"cnnhw.{room} True"


def test_every_documented_room_exists():
    assert {room_of(path) for path in FILES} == set(ROOMS)


def test_every_part_of_the_second_package_is_documented():
    package = ROOT.parent / "cnnhw_grading"
    parts = {path.relative_to(package).parts[0].removesuffix(".py") for path in package.rglob("*.py")}
    for part in parts - {"__init__"}:
        assert any(f"`{part}" in line for line in DESIGN.splitlines() if line.startswith("| `")), part


def test_what_runs_in_the_box_knows_no_exercise():
    """A student's code can read all that stands beside it."""
    inside = ROOT.parent / "cnnhw_grading" / "inside"
    allowed = {"own_work", "plain", "wire"}
    for path in inside.rglob("*.py"):
        for module in imported_modules(path):
            assert not module.startswith("cnnhw_grading") or module.startswith("cnnhw_grading.inside"), module
            assert not module.startswith("cnnhw.checks") or module.split(".")[-1] in allowed, module


def test_the_nest_that_the_design_follows():
    """Its lines give what stands below them, and every name on the way is there."""
    found = doctest.DocTestParser().get_doctest(DESIGN, {}, "docs/design.md", None, 0)
    assert len(found.examples) >= 10 and doctest.DocTestRunner(verbose=False).run(found).failed == 0
    section = DESIGN.partition("## One nest, followed")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:[a-z_0-9]+\.)+\w+)`", section.partition("| call |")[2])
    assert len(named) > 15
    for name in named:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(f"cnnhw.{module}"), attribute), name


def test_a_room_has_one_class_of_a_name():
    """What two files of one room call alike is one thing: a reader who looks it up finds it once."""
    seen = {}
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                seen.setdefault((room_of(path), node.name), []).append(path.relative_to(ROOT).as_posix())
    assert {name: paths for name, paths in seen.items() if len(paths) > 1} == {}
