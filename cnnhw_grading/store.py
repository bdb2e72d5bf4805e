"""Results on disk: one transaction for each submission, so that a killed run loses little."""

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cnnhw.errors import CourseError

_WAIT_SECONDS = 30  # for another program to let go of the database
_TABLES = """
create table if not exists submission (
    id integer primary key,
    student text not null, sheet text not null,
    file text not null, version text not null, seed integer not null,
    outcome text not null, box text not null, seconds real not null, graded text not null,
    unique (student, sheet, file, version, seed)
);
create table if not exists question (
    submission integer not null references submission (id) on delete cascade,
    name text not null, outcome text not null, points real, possible real not null,
    words text not null, seconds real not null, answer blob not null default x'',
    primary key (submission, name)
);
"""


@dataclass(frozen=True)
class Key:
    """What a result stands for: nothing else decides it, so the same key need not be graded twice.

    file     hash of the submitted file; "" where none was submitted
    version  hash of the exercises it was graded against
    seed     the seed that drew the inputs
    """

    student: str
    sheet: str
    file: str
    version: str
    seed: int


@dataclass(frozen=True)
class Question:
    """What came of one question; points are None, never 0, for what was not graded."""

    name: str
    outcome: str
    points: float | None
    possible: float
    words: str = ""
    seconds: float = 0.0
    answer: bytes = b""  # a value to be drawn on the student's page, as a frame of cnnhw.checks.wire
    by_hand: bool = False  # a person's points, and not in this database: cnnhw_grading.gradebook reads them
    comment: str = ""


@dataclass(frozen=True)
class Graded:
    """What came of a submission: "graded", "not graded" where a part was left, or its file's outcome."""

    key: Key
    outcome: str
    box: str
    questions: tuple[Question, ...] = ()
    seconds: float = 0.0
    when: str = ""

    @property
    def points(self) -> float | None:
        """The sum of its questions' points; None while any of them is blank."""
        given = [question.points for question in self.questions]
        return None if not given or None in given else sum(given)


def hash_of(*parts: bytes) -> str:
    """One hash of several pieces, each told apart from its neighbours."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


class Store:
    """The results of a class in one SQLite file.

    path    made if need be
    raises  CourseError if the file is no such database, is locked for long, or cannot be written
    """

    def __init__(self, path: Path):
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with _explained(path):
            self._db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
            self._db.execute("pragma foreign_keys = on")
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._db.executescript(_TABLES)
            if "answer" not in [row[1] for row in self._db.execute("pragma table_info(question)")]:
                self._db.execute("alter table question add column answer blob not null default x''")

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_):
        self._db.close()

    def has(self, key: Key) -> bool:
        """Say whether this was graded to the end, and is the newest result of its student on its sheet."""
        newest = "id = (select max(id) from submission where student = ? and sheet = ?)"
        query = f"select 1 from submission where {_BY_KEY} and outcome = 'graded' and {newest}"
        with _explained(self.path):
            return bool(self._db.execute(query, (*_values(key), key.student, key.sheet)).fetchone())

    def put(self, graded: Graded) -> None:
        """Write one submission, all of it or nothing; it replaces an earlier result for the same key."""
        when = graded.when or datetime.now(UTC).isoformat(timespec="seconds")
        with _explained(self.path), self._transaction():
            self._db.execute(f"delete from submission where {_BY_KEY}", _values(graded.key))
            row = (*_values(graded.key), graded.outcome, graded.box, graded.seconds, when)
            made = self._db.execute(f"insert into submission values (null, {_marks(row)})", row)
            for q in graded.questions:
                row = (made.lastrowid, q.name, q.outcome, q.points, q.possible, q.words, q.seconds, q.answer)
                self._db.execute(f"insert into question values ({_marks(row)})", row)

    def latest(self, sheet: str | None = None) -> Iterator[Graded]:
        """Give each student's newest result on each sheet, or on one."""
        order = "select max(id) from submission where ?1 is null or sheet = ?1 group by student, sheet"
        with _explained(self.path):
            rows = self._db.execute(
                f"select * from submission where id in ({order}) order by sheet, student", (sheet,)
            ).fetchall()
            for number, *key, outcome, box, seconds, when in rows:
                asked = "select name, outcome, points, possible, words, seconds, answer from question"
                found = self._db.execute(f"{asked} where submission = ? order by rowid", (number,))
                questions = tuple(Question(*values) for values in found)
                yield Graded(Key(*key), outcome, box, questions, seconds, when)

    @contextlib.contextmanager
    def _transaction(self):
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")


_BY_KEY = "student = ? and sheet = ? and file = ? and version = ? and seed = ?"


def _values(key: Key) -> tuple:
    return key.student, key.sheet, key.file, key.version, key.seed


def _marks(row: Iterable) -> str:
    return ", ".join("?" for _ in row)


@contextlib.contextmanager
def _explained(path: Path):
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise CourseError(
            "results are written into one database",
            f"{path}: {error}",
            "close the program that holds it, or make room on the disk; then run the same command again: what"
            " is graded stays",
        ) from error


def back_up(path: Path) -> Path | None:
    """Copy a database before a run changes it.

    returns  the copy, beside it; None if there is nothing to copy
    raises   CourseError if it cannot be read, or the copy not be written
    """
    if not path.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    copy = path.with_name(f"{path.stem}.{stamp}{path.suffix}")
    opened = (contextlib.closing(sqlite3.connect(file)) for file in (path, copy))
    with _explained(path), next(opened) as old, next(opened) as new:
        old.backup(new)
        shutil.copymode(path, copy)
    return copy
