"""Grade a class: each submission in boxes of its own, several at once, every result written as it comes."""

import functools
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from cnnhw.checks.exercise import Exercise
from cnnhw.errors import CourseError
from cnnhw_grading import reader, scratch
from cnnhw_grading.box import Kind, Library, prepare
from cnnhw_grading.judge import judge_remote
from cnnhw_grading.session import Result, Session
from cnnhw_grading.sheet import Sheet, sheets, taken_out, version
from cnnhw_grading.store import Graded, Key, Question, Store, hash_of

_BY_THE_CLOCK = "wall"  # the outcome that a busy machine could have a part in
_PATIENT = 3.0  # factor on the limits by the clock when such a submission is tried again, alone
_LEFT = "not graded"


@dataclass(frozen=True)
class Work:
    """One submission to grade: whose, which sheet, where the file is (None: not submitted)."""

    student: str
    sheet: str
    path: Path | None


@dataclass(frozen=True)
class Settings:
    """What is the same for every submission of a run.

    kind       the box
    libraries  what is taken out of the library -> Library
    seed       draws the hidden inputs
    """

    kind: Kind
    libraries: Mapping[tuple[str, ...], Library]
    seed: int


def libraries(folder: Path, wanted: Iterable[Sheet]) -> dict[tuple[str, ...], Library]:
    """Prepare what boxes may read: one library for each part of it that some question goes without.

    raises  CourseError where there is no room for it
    """
    every = dict.fromkeys(without for sheet in wanted for without in _taken_out(sheet))
    try:
        return {without: prepare(folder / f"library{n}", without) for n, without in enumerate(every)}
    except OSError as error:
        raise CourseError(
            "boxes read a copy of the library",
            f"it cannot be made in {folder}: {str(error)[-200:]}",
            "make room on that disk; then run the same command again: what is graded stays",
        ) from error


def _taken_out(sheet: Sheet) -> list[tuple[str, ...]]:
    """What boxes for a sheet go without: first all that any question does, then each question's own.

    What is right without more than it must is right: one box is enough for most submissions.
    """
    own = {taken_out(exercise) for exercise in sheet.exercises}
    strictest = tuple(sorted({name for names in own for name in names}))
    return [strictest, *sorted(own - {strictest})]


def grade_file(work: Work, settings: Settings, clock: float = 1.0) -> Graded:
    """Grade one submission.

    work      whose, which sheet, which file
    settings  of the run
    clock     factor on limits by the clock
    returns   Graded: its outcome is "graded", or what is wrong with the file
    """
    sheet = sheets()[work.sheet]
    try:
        data = _data(work)
        submission = reader.submission(data)
        _check_sheet(submission, sheet)
    except reader.Unreadable as problem:
        # Hashed by its outcome too: a file that was a link and is none now is another submission.
        return _blank(work, settings, problem.outcome, str(problem))
    results, seconds = {}, 0.0
    judge = functools.partial(judge_remote, seed=settings.seed)
    for without in _taken_out(sheet):
        asked = [e for e in sheet.exercises if _is_asked(e, without, results.get(e.name))]
        if asked:
            session = Session(settings.kind, settings.libraries[without], judge, clock)
            results |= session.run(submission, asked)
            seconds += session.seconds
    questions = tuple(_question(exercise, results[exercise.name]) for exercise in sheet.exercises)
    outcome = _LEFT if any(question.points is None for question in questions) else "graded"
    return Graded(_key(work, data, settings), outcome, settings.kind.name, questions, round(seconds, 2))


def _is_asked(exercise: Exercise, without: tuple[str, ...], before: Result | None) -> bool:
    """Every question once; again where it goes without this alone, if it was not right with less."""
    return before is None or (before.outcome != "right" and taken_out(exercise) == without)


def _data(work: Work) -> bytes:
    if work.path is None:
        raise reader.Unreadable("not submitted", "there is no file")
    return reader.file_bytes(work.path)


def _key(work: Work, data: bytes, settings: Settings) -> Key:
    return Key(work.student, work.sheet, hash_of(data), version(work.sheet), settings.seed)


def _check_sheet(submission: reader.Submission, sheet: Sheet) -> None:
    """Refuse a notebook that answers questions, none of them of this sheet."""
    defined = submission.names | {cell.grade_id for cell in submission.cells}
    if defined & {exercise.name for exercise in sheet.exercises}:
        return
    others = [each.name for each in sheets().values() if defined & {e.name for e in each.exercises}]
    if others:
        raise reader.Unreadable("wrong notebook", f"it answers questions of {others[0]}")


def _blank(work: Work, settings: Settings, outcome: str, words: str) -> Graded:
    """Nobody has graded anything here: points are blank."""
    listed = tuple(Question(e.name, outcome, None, e.points, words) for e in sheets()[work.sheet].exercises)
    return Graded(_key(work, outcome.encode(), settings), outcome, settings.kind.name, listed)


def _question(exercise: Exercise, result: Result) -> Question:
    earned = float(exercise.points if result.outcome == "right" else 0)
    points = None if result.outcome == _LEFT else earned
    return Question(
        exercise.name,
        result.outcome,
        points,
        exercise.points,
        result.words,
        round(result.seconds, 2),
        result.answer,
    )


def grade_class(
    works: Iterable[Work],
    store: Store,
    kind: Kind,
    seed: int,
    executor: Executor | None = None,
    again: bool = False,
) -> Iterator[Graded]:
    """Grade what is not graded yet, and write each result before it is given.

    works     the submissions
    store     where results are, and go
    kind      the box
    seed      draws the hidden inputs, 0 or more
    executor  any of concurrent.futures' kind, such as Dask's; processes of this machine when left out
    again     grade anew what is graded already
    returns   each new result, in the order in which they come
    raises    CourseError if a worker was killed; what was graded until then is written
    """
    works = list(works)
    left = works if again else [w for w in works if not _is_done(w, store, Settings(kind, {}, seed))]
    if not left:
        return
    with scratch.folder() as folder:
        wanted = {work.sheet: sheets()[work.sheet] for work in left}
        settings = Settings(kind, libraries(folder, wanted.values()), seed)
        with nullcontext(executor) if executor else _processes() as workers:
            for graded in _through(workers, left, settings):
                store.put(graded)
                yield graded


def _processes() -> Executor:
    return ProcessPoolExecutor(os.cpu_count(), initializer=scratch.end_with_parent, initargs=(os.getpid(),))


def _through(workers: Executor, works: list[Work], settings: Settings) -> Iterator[Graded]:
    futures = {workers.submit(grade_file, work, settings): work for work in works}
    slow = []
    for future in as_completed(futures):
        work = futures.pop(future)
        graded = _result(future, work, settings)
        if any(question.outcome == _BY_THE_CLOCK for question in graded.questions):
            slow.append(work)
        else:
            yield graded
    for work in slow:  # alone, and with patience
        yield _result(workers.submit(grade_file, work, settings, _PATIENT), work, settings)


def _result(future: Future, work: Work, settings: Settings) -> Graded:
    try:
        return future.result()
    except BrokenExecutor as error:
        raise CourseError(
            "grading is done by several processes",
            "one of them was killed, perhaps by the system for want of memory",
            "run the same command again: what is graded stays",
        ) from error
    except Exception as error:  # a mistake of ours on one submission must not cost another its grade
        return _blank(work, settings, _LEFT, f"grading it failed: {type(error).__name__}: {error}"[:500])


def _is_done(work: Work, store: Store, settings: Settings) -> bool:
    try:
        return store.has(_key(work, _data(work), settings))
    except reader.Unreadable:
        return False
