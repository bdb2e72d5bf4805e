"""The course as students get it: all of it but right answers, what grades, and the tests of both."""

import re
import shutil
from pathlib import Path

from cnnhw.errors import CourseError

FOR_STUDENTS = (
    "CITATION.cff", "LICENSE", "LICENSE-TEXT.md", "README.md", "cnnhw", "conftest.py", "course.py", "docs",
    "environment.yml", "exercises", "installer", "notebooks", "pyproject.toml", "requirements",
)  # fmt: skip
FOR_INSTRUCTORS = {"docs/teaching.md", "docs/mutation.md"}
_NEVER = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "*.pyc")
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_FOLDER = re.compile(r"`(\w+)/`")


def bundle(course: Path, target: Path) -> int:
    """Write the course for students into a new folder, whole or not at all.

    course   the instructor's folder
    target   must not be there yet
    returns  how many files it holds
    raises   CourseError if something is there already
    """
    if target.exists():
        raise CourseError(
            "a release goes into a new folder", f"{target} is there", "name another, or remove it"
        )
    growing = target.with_name(target.name + ".half")
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(parents=True)
    for name in FOR_STUDENTS:
        _copy(course / name, growing / name)
    for name in FOR_INSTRUCTORS:
        (growing / name).unlink(missing_ok=True)
    readme = growing / "README.md"
    readme.write_text(_of_what_is_there(readme.read_text(encoding="utf-8"), growing), encoding="utf-8")
    growing.rename(target)
    return sum(path.is_file() for path in target.rglob("*"))


def pack(folder: Path) -> Path:
    """Pack a release as one file beside it, with the folder inside; gives its path."""
    return Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_NEVER)
    else:
        shutil.copyfile(source, target)


def _of_what_is_there(text: str, folder: Path) -> str:
    """The lines of a text that lead to files which the folder holds."""

    def leads_nowhere(line: str) -> bool:
        named = _FOLDER.findall(line.split("|")[1]) if line.startswith("| `") else []
        return any(not (folder / name).exists() for name in (*_LINK.findall(line), *named))

    return "".join(line for line in text.splitlines(keepends=True) if not leads_nowhere(line))
