"""What a box may read of the course: the library without exercises, and the program that answers."""

import ast
import compileall
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cnnhw
import cnnhw_grading

LEFT_OUT = ("checks", "course")  # rooms that know exercises, or commands of the course
_OF_CHECKS = ("counted", "guard", "own_work", "plain", "wire")  # these know no exercise
_CHECKS = '''"""Inside the box a check says nothing: the grader asks by itself."""


def check(*anything, **more):
    """Do nothing."""


grade = check
'''
_USES = (ast.Name, ast.Attribute)
_NOT_HERE = "this exercise asks for your own work: {name} is not there while it is graded"


@dataclass(frozen=True)
class Library:
    """A folder to put on the box's path, and matplotlib's list of fonts, which takes a second to make."""

    folder: Path
    fonts: tuple[Path, ...] = ()


def prepare(folder: Path, without: Iterable[str] = ()) -> Library:
    """Copy into `folder` what a box may read.

    folder   made by this call; what is copied keeps its times, so that compiled files stay valid
    without  dotted names of modules, such as "cnnhw.conv": their functions are there and refuse to work
    returns  Library
    """
    source = Path(cnnhw.__file__).parent
    shutil.copytree(source, folder / "cnnhw", ignore=lambda at, names: _left_out(source, at))
    checks = folder / "cnnhw" / "checks"
    checks.mkdir()
    (checks / "__init__.py").write_text(_CHECKS, encoding="utf-8")
    for name in _OF_CHECKS:
        shutil.copy2(source / "checks" / f"{name}.py", checks)
    ours = Path(cnnhw_grading.__file__).parent
    shutil.copytree(ours / "inside", folder / "cnnhw_grading" / "inside")
    shutil.copy2(ours / "__init__.py", folder / "cnnhw_grading")
    for name in without:
        if name.partition(".")[0] == "cnnhw":
            _take_out(folder, name)
    # No box may write compiled files, and each would compile what has none yet.
    compileall.compile_dir(folder, quiet=2)
    return Library(folder, _fonts())


def _left_out(source: Path, at: str) -> set[str]:
    return set(LEFT_OUT) if Path(at) == source else set()


def _take_out(folder: Path, name: str) -> None:
    """Keep a module's names, and empty its functions: an import works, a call is refused."""
    path = folder.joinpath(*name.split("."))
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = [
            node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        kept = _needed_to_build(functions)
        for node in functions:
            if node.name not in kept:
                words = _NOT_HERE.format(name=name)
                node.body = [*ast.parse(f"raise PermissionError({words!r})").body]
        file.write_text(ast.unparse(tree), encoding="utf-8")


def _needed_to_build(functions: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    """The names of functions that a module's values need to come into being: a cell may build a shape."""
    uses = {
        node.name: {
            n.id if isinstance(n, ast.Name) else n.attr for n in ast.walk(node) if isinstance(n, _USES)
        }
        for node in functions
    }
    kept, waiting = set(), {name for name in uses if name.startswith("__")}
    while waiting:
        kept |= waiting
        private = {name for each in waiting for name in uses[each] if name.startswith("_")}
        waiting = (private & uses.keys()) - kept
    return kept


def _fonts() -> tuple[Path, ...]:
    """Let matplotlib make its list of fonts, or find the one it has, for every box to read."""
    import matplotlib.font_manager  # noqa: F401

    return tuple(sorted(Path(matplotlib.get_cachedir()).glob("fontlist*.json")))
