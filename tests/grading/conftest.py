"""A small sheet of lesson 03's exercises, one library for all boxes, and short limits: quick tests."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnhw.errors import CourseError
from cnnhw_grading import grade
from cnnhw_grading.box import Kind, choose, prepare
from cnnhw_grading.box import box as box_module
from cnnhw_grading.lessons import exercises
from cnnhw_grading.sheet import Sheet, sheets
from cnnhw_grading.store import Store

SHEET = "03_convolution"
QUESTIONS = ("predicted", "rows_never_read", "convolve_plane")
POINTS = {"predicted": 1, "rows_never_read": 2, "convolve_plane": 2}
IMPORTS = "import numpy as np"
PREDICTED = "predicted = (8, 7, 13440)"
ROWS = """def rows_never_read(H, R, U, P):
    E = (H + 2 * P - R) // U + 1
    read = {U * e + r - P for e in range(E) for r in range(R)}
    return len(set(range(H)) - read)"""
PLANE = """def convolve_plane(ifmap, filters, U):
    R, S = filters.shape
    E, F = (ifmap.shape[0] - R) // U + 1, (ifmap.shape[1] - S) // U + 1
    ofmap = np.zeros((E, F), dtype=ifmap.dtype)
    for e in range(E):
        for f in range(F):
            ofmap[e, f] = (ifmap[U * e : U * e + R, U * f : U * f + S] * filters).sum()
    return ofmap"""
HONEST = (IMPORTS, PREDICTED, ROWS, PLANE)


@pytest.fixture(scope="session")
def kind():
    """The box of this machine, or the one that CNNHW_BOX names: bubblewrap, landlock."""
    if "CNNHW_BOX" in os.environ:
        return Kind(os.environ["CNNHW_BOX"])
    try:
        return choose()
    except CourseError as error:
        if os.environ.get("CI") == "true" and os.name == "posix" and os.uname().sysname == "Linux":
            raise
        pytest.skip(f"no box can be made here: {error}")


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """What boxes read; a call may take one second of processor time in it, not five."""
    folder = tmp_path_factory.mktemp("library")
    for above in (folder, *folder.parents[:2]):
        above.chmod(0o755)  # boxes run as other users
    made = prepare(folder / "box")
    limits = made.folder / "cnnhw_grading" / "inside" / "limits.py"
    text = limits.read_text(encoding="utf-8")
    limits.write_text(text.replace("CALL_SECONDS = 5 ", "CALL_SECONDS = 1 "), encoding="utf-8")
    assert "CALL_SECONDS = 1 " in limits.read_text(encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def sheet():
    """Three of lesson 03's exercises: a value, a function of numbers, a function of arrays."""
    return Sheet(SHEET, tuple(exercises()[name] for name in QUESTIONS))


@pytest.fixture
def class_of(kind, library, sheet, tmp_path, monkeypatch):
    """class_of({student: bytes or None}, **options) grades a class; {student: Graded}."""
    monkeypatch.setattr(grade, "sheets", lambda: sheets() | {SHEET: sheet})
    monkeypatch.setattr(grade, "libraries", lambda folder, wanted: {(): library})
    monkeypatch.setattr(grade, "taken_out", lambda exercise: ())  # one box for all questions
    monkeypatch.setattr(box_module, "FRAME_SECONDS", 2.0)
    monkeypatch.setattr(grade, "_PATIENT", 1.0)

    def graded(submissions, seed=1, box=kind, **options):
        works = []
        for student, data in submissions.items():
            path = tmp_path / "submitted" / student / SHEET / f"{SHEET}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            if data is not None:
                path.write_bytes(data)
            works.append(grade.Work(student, SHEET, path if os.path.lexists(path) else None))
        with Store(tmp_path / "results.db") as store, ThreadPoolExecutor(2) as executor:
            list(grade.grade_class(works, store, box, seed, executor, **options))
            return {result.key.student: result for result in store.latest()}

    return graded


def notebook(*sources, graded=(), metadata=None):
    """The bytes of a notebook with these code cells; `graded` ones follow as locked checks."""
    cells = [_cell(source, {}) for source in sources]
    locked = {"grade": True, "locked": True, "solution": False, "schema_version": 3}
    cells += [
        _cell(f'check("{name}", {name})', {"nbgrader": {**locked, "grade_id": f"check_{name}"}})
        for name in graded
    ]
    told = {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(told).encode()


def _cell(source, metadata):
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def outcomes(graded):
    """question -> outcome of one submission."""
    return {question.name: question.outcome for question in graded.questions}
