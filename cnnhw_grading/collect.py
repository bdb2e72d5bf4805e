"""Sort what a learning platform gives into submitted/STUDENT/SHEET/SHEET.ipynb."""

import csv
import os
import re
import shutil
import stat
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw_grading import reader
from cnnhw_grading.sheet import Sheet

SUBMITTED, PEOPLE = "submitted", "people.csv"
_NOTEBOOK = ".ipynb"
_LONGEST = 60  # characters of a folder's name; people.csv keeps the whole name
# What the platforms make of a name when an instructor downloads all submissions.
MOODLE = re.compile(
    r"(?P<name>[^/]+)_(?P<number>\d+)_assignsubmission_file(_?/(.*/)?|_)(?P<file>[^/]+\.ipynb)$"
)
CANVAS = re.compile(r"(?P<name>[^/_]+)_(LATE_)?(?P<number>\d+)_\d+_(?P<file>[^/]+\.ipynb)$")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@dataclass(frozen=True)
class Found:
    """A file that belongs to somebody.

    student   the folder's name: safe on every system
    name      the person's name as the platform writes it
    number    the platform's number, "" where there is none
    platform  "moodle", "canvas" or ""
    """

    path: Path
    student: str
    sheet: str
    name: str = ""
    number: str = ""
    platform: str = ""


@dataclass(frozen=True)
class Left:
    """A file that was not taken, and why."""

    path: Path
    why: str


def look_through(
    folder: Path, sheets: Iterable[Sheet], pattern: str | None = None, sheet: str | None = None
) -> Iterator[Found | Left]:
    """Say of each file whose it is, and which sheet it answers.

    folder   what was downloaded and unpacked, or a folder with one of each student
    sheets   the sheets it may be
    pattern  a regular expression on the path below `folder`, written with "/", with the groups `student` and,
             if the file's name does not tell it, `sheet`
    sheet    the one sheet that all files answer
    raises   CourseError for a pattern that is none, or has no group `student`
    """
    compiled, sheets = _compiled(pattern), list(sheets)
    for path in sorted(_files(folder)):
        below = path.relative_to(folder).as_posix()
        if path.suffix.lower() != _NOTEBOOK or not _is_file_or_link(path):
            yield Left(path, "it is no notebook")
            continue
        who = _who(below, compiled)
        if who is None:
            yield Left(path, "its name does not say whose it is")
            continue
        wanted = sheet or _sheet_of(who.get("sheet") or who["file"], path, sheets)
        if wanted is None:
            yield Left(path, "neither its name nor its cells say which sheet it answers")
            continue
        yield Found(path, _student(who), wanted, who["name"], who.get("number", ""), who.get("platform", ""))


def newest(found: Iterable[Found]) -> tuple[list[Found], list[Left]]:
    """Of several files of one student for one sheet take the one that was changed last."""
    kept: dict[tuple[str, str], Found] = {}
    left = []
    for each in found:
        place = each.student, each.sheet
        other = kept.get(place)
        if other is None or _when(each.path) >= _when(other.path):
            kept[place] = each
        else:
            other = each
        if other is not None:
            left.append(Left(other.path, f"{kept[place].path.name} is newer"))
    return list(kept.values()), left


def put(found: Iterable[Found], target: Path) -> int:
    """Copy files to where grading looks for them, links as links; people.csv keeps the platforms' numbers.

    target   the class's folder
    returns  how many were copied
    """
    people = read_people(target)
    copied = 0
    for each in found:
        place = target / SUBMITTED / each.student / each.sheet / f"{each.sheet}{_NOTEBOOK}"
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".new")
        beside.unlink(missing_ok=True)
        shutil.copy2(each.path, beside, follow_symlinks=False)
        os.replace(beside, place)
        people[each.student] = {
            "student": each.student, "name": each.name, "number": each.number, "platform": each.platform,
        }  # fmt: skip
        copied += 1
    _write_people(target, people)
    return copied


def read_people(target: Path) -> dict[str, dict[str, str]]:
    """Read people.csv: student -> student, name, number, platform; {} where there is none."""
    path = target / PEOPLE
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def _write_people(target: Path, people: dict[str, dict[str, str]]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with (target / PEOPLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("student", "name", "number", "platform"))
        writer.writeheader()
        writer.writerows(people[student] for student in sorted(people))


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder; links to folders are not followed."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".ipynb_checkpoints", "__MACOSX")]
        for name in names:
            yield Path(at, name)
        yield from (Path(at, name) for name in folders if Path(at, name).is_symlink())


def _is_file_or_link(path: Path) -> bool:
    return stat.S_IFMT(os.lstat(path).st_mode) in (stat.S_IFREG, stat.S_IFLNK)


def _compiled(pattern: str | None) -> re.Pattern | None:
    if pattern is None:
        return None
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise CourseError(
            "--pattern is a regular expression", f"{pattern!r}: {error}", "see docs/teaching.md"
        ) from None
    if "student" not in compiled.groupindex:
        example = r"'(?P<student>[^/]+)/.*\.ipynb'"
        raise CourseError(
            "--pattern says whose a file is", f"{pattern!r}", f"give it a group student: {example}"
        )
    return compiled


def _who(below: str, pattern: re.Pattern | None) -> dict[str, str] | None:
    file = below.rpartition("/")[2]
    if pattern is not None:
        match = pattern.search(below)
        if not match or not match["student"]:
            return None
        return {"name": match["student"], "file": file, "sheet": match.groupdict().get("sheet") or ""}
    for platform, known in (("moodle", MOODLE), ("canvas", CANVAS)):
        match = known.search(below)
        if match:
            return {
                "name": match["name"],
                "number": match["number"],
                "file": match["file"],
                "platform": platform,
            }
    student, slash, _ = below.partition("/")
    return {"name": student, "file": file} if slash else None


def _student(who: dict[str, str]) -> str:
    """A folder's name: the person's, with the platform's number, so that two of one name stay two."""
    words = f"{who['name']}_{who['number']}" if who.get("number") else who["name"]
    words = unicodedata.normalize("NFC", words)
    safe = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", words).strip(" .")[:_LONGEST]
    if safe == words and not _RESERVED.fullmatch(safe):
        return safe
    # Two names that become one in this way must stay two students.
    return f"{safe or 'student'}_{zlib.crc32(words.encode('utf-8', 'surrogateescape')):08x}"


def _sheet_of(file: str, path: Path, sheets: list[Sheet]) -> str | None:
    """The sheet by the file's name, else by the questions that its cells answer."""
    plain = re.sub(r"[^a-z0-9]+", "_", file.lower())
    named = [sheet.name for sheet in sheets if sheet.name in plain]
    if len(named) == 1:
        return named[0]
    try:
        cells = reader.submission(reader.file_bytes(path))
    except reader.Unreadable:
        return None
    defined = cells.names | {cell.grade_id for cell in cells.cells}
    fits = {sheet.name: len(defined & {e.name for e in sheet.exercises}) for sheet in sheets}
    most = max(fits.values(), default=0)
    best = [name for name, number in fits.items() if number == most]
    return best[0] if most and len(best) == 1 else None


def _when(path: Path) -> tuple[float, int]:
    """When a file was last changed; of equal times the later of Canvas's numbers, as in name-2.ipynb."""
    again = re.search(r"-(\d+)\.ipynb$", path.name)
    return os.lstat(path).st_mtime, int(again[1]) if again else 0


def submissions(target: Path, sheet: str) -> Iterator[tuple[str, Path | None]]:
    """Give each student of a class and the file they handed in for a sheet, or None."""
    folder = target / SUBMITTED
    students = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    for student in sorted({*students, *read_people(target)}):
        path = folder / student / sheet / f"{sheet}{_NOTEBOOK}"
        # A folder that is a link leads to another's file: it stands for the file, and is refused as a link.
        links = [above for above in (folder / student, path.parent) if above.is_symlink()]
        yield student, links[0] if links else path if os.path.lexists(path) else None
