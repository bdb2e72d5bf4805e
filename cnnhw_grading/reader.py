"""Read one submission: a file from anywhere, of which only the text of its code cells is taken."""

import ast
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LARGEST_FILE = 5_000_000  # bytes
_MOST_CELLS = 2_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(Exception):
    """A file that cannot be graded: `outcome` is its name, the words say why."""

    def __init__(self, outcome: str, words: str):
        super().__init__(words)
        self.outcome = outcome


@dataclass(frozen=True)
class Cell:
    """One code cell: its source as typed, its grade_id or "", and the names that it defines at its margin.

    graded  whether it was handed out to hold checks; what a student makes of it is never run
    """

    source: str
    grade_id: str = ""
    graded: bool = False
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Submission:
    """The code cells of a notebook, in order."""

    cells: tuple[Cell, ...]

    def place_of(self, name: str, grade_id: str = "") -> int | None:
        """Find the cell that answers a question: the last that defines its name, else by its grade_id.

        returns  the cell's place, or None
        """
        found = [place for place, cell in enumerate(self.cells) if name in cell.names and not cell.graded]
        if found:
            return found[-1]
        marked = [p for p, cell in enumerate(self.cells) if grade_id and cell.grade_id == grade_id]
        return marked[-1] if marked else None

    @property
    def names(self) -> frozenset[str]:
        """Every name that some cell defines."""
        return frozenset().union(*(cell.names for cell in self.cells if not cell.graded))


def file_bytes(path: Path) -> bytes:
    """Read a file without following anything: a regular file of at most LARGEST_FILE bytes.

    raises  Unreadable with the outcome "a link", "unreadable" or "too large"
    """
    try:
        found = os.lstat(path)
        _check_kind(found)
        # The file may be exchanged between the look and the opening: what was opened is looked at again.
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Unreadable("unreadable", f"it cannot be opened: {error.strerror}") from None
    with os.fdopen(fd, "rb") as file:
        opened = os.fstat(file.fileno())
        _check_kind(opened)
        if (opened.st_dev, opened.st_ino) != (found.st_dev, found.st_ino):
            raise Unreadable("unreadable", "it was exchanged while it was opened")
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise Unreadable("too large", f"more than {LARGEST_FILE:,} bytes")
    return data


def _check_kind(found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise Unreadable("a link", "it points to another file, and is not opened")
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("unreadable", "it is no regular file")
    if found.st_nlink > 1:
        raise Unreadable("a link", "the same file has another name elsewhere, and is not opened")
    if found.st_size > LARGEST_FILE:
        raise Unreadable("too large", f"{found.st_size:,} bytes, {LARGEST_FILE:,} at most")


def submission(data: bytes) -> Submission:
    """Take the code cells from a notebook's bytes.

    data     UTF-8 with or without a mark, UTF-16, or latin-1; notebook format 3 or 4, whatever its metadata
    raises   Unreadable with the outcome "unreadable"
    """
    try:
        notebook = json.loads(_text(data))
    except (ValueError, RecursionError) as error:
        raise Unreadable("unreadable", f"it is no notebook: {str(error)[:100]}") from None
    cells = _cells_of(notebook)
    if len(cells) > _MOST_CELLS:
        raise Unreadable("unreadable", f"it has {len(cells):,} cells, {_MOST_CELLS:,} at most")
    return Submission(tuple(_cell(cell) for cell in cells if _kind(cell) == "code"))


def _text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    if data[1:2] == b"\0":
        return data.decode("utf-16-le")
    if data[:1] == b"\0":
        return data.decode("utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _cells_of(notebook) -> list:
    if isinstance(notebook, dict):
        if isinstance(notebook.get("cells"), list):
            return notebook["cells"]
        sheets = notebook.get("worksheets")  # format 3
        if isinstance(sheets, list):
            listed = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
            return [cell for cells in listed if isinstance(cells, list) for cell in cells]
    raise Unreadable("unreadable", "it is no notebook: no cells in it")


def _kind(cell) -> str:
    return cell.get("cell_type", "") if isinstance(cell, dict) else ""


def _cell(cell: dict) -> Cell:
    source = cell.get("source", cell.get("input", ""))
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    marks = marks if isinstance(marks, dict) else {}
    # Only what was handed out as a locked check: a student's own cell that says `grade` is an ordinary one.
    graded = marks.get("grade") is True and marks.get("solution") is not True
    return Cell(source, str(marks.get("grade_id", "")), graded, frozenset(_names(source)))


def _names(source: str) -> Iterable[str]:
    """The names that a cell binds outside its functions and classes; none where it is no Python."""
    try:
        tree = ast.parse(_without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            waiting += ast.iter_child_nodes(node)


def _without_magics(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)
