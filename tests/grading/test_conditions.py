"""The same submissions get the same grades on a busy machine, and in the other kind of box.

CNNHW_BOX=landlock python3 course.py test tests/grading    all of these tests without bubblewrap
"""

import multiprocessing
import os
import sys
from contextlib import contextmanager

import pytest
from grading.conftest import HONEST, IMPORTS, PLANE, PREDICTED, ROWS, notebook

from cnnhw_grading.box.kinds import Kind, landlock_works

BUSY = 4  # processes that compute and never wait
ENDLESS = "def rows_never_read(H, R, U, P):\n    while True: pass"
ASLEEP = "import time\ndef rows_never_read(H, R, U, P): time.sleep(99)"
SLOW = """def rows_never_read(H, R, U, P):
    n = 0
    while n < 100_000: n += 1
    return len(set(range(H)) - {U * e + r - P for e in range((H + 2 * P - R) // U + 1) for r in range(R)})"""
CLASS = {
    "right": notebook(*HONEST),
    "wrong": notebook(IMPORTS, PREDICTED, "def rows_never_read(H, R, U, P): return H % 3", PLANE),
    "slow": notebook(IMPORTS, PREDICTED, SLOW, PLANE),
    "endless": notebook(IMPORTS, PREDICTED, ENDLESS, PLANE),
    "asleep": notebook(IMPORTS, PREDICTED, ASLEEP, PLANE),
    "loud": notebook(IMPORTS, PREDICTED, ROWS, "while True: print('x' * 9999)"),
    "kills": notebook(IMPORTS, "import os; os.kill(os.getpid(), 9)", PREDICTED, ROWS, PLANE),
    "broken": b"<<<",
    "absent": None,
}
WANTED = {"slow": "right", "endless": "CPU", "asleep": "wall", "wrong": "wrong", "right": "right"}


def grades(results) -> dict:
    """What must not differ."""
    return {
        student: [(q.name, q.outcome, q.points, q.words) for q in graded.questions]
        for student, graded in results.items()
    }


@contextmanager
def busy():
    """Other programs take what they can of every core."""
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=spin, daemon=True) for _ in range(BUSY)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.join()


def spin() -> None:
    while True:
        pass


def test_a_busy_machine_costs_nobody_a_point(class_of):
    quiet = grades(class_of(CLASS))
    assert {student: quiet[student][1][1] for student in WANTED} == WANTED
    with busy():
        assert grades(class_of(CLASS, again=True)) == quiet


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
def test_without_bubblewrap_the_grades_are_the_same(class_of, kind):
    if kind.name == "landlock" or os.geteuid() != 0 or not landlock_works():
        pytest.skip("only root on a kernel with Landlock grades without bubblewrap")
    first = grades(class_of(CLASS))
    assert grades(class_of(CLASS, box=Kind("landlock"), again=True)) == first
