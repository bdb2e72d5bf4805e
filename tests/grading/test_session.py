"""Each way in which an answer can end, by its name; a question's end never costs another question."""

import os
import time
from pathlib import Path

import pytest
from grading.conftest import IMPORTS, PLANE, PREDICTED, ROWS, notebook, outcomes

# One class for all of these: what the second question's cell is -> its outcome.
ENDS = {
    "right": (ROWS, "right"),
    "wrong": ("def rows_never_read(H, R, U, P): return 0", "wrong"),
    "not attempted": ("def rows_never_read(H, R, U, P): raise NotImplementedError('not attempted yet')", "not attempted"),
    "none": ("rows_never_read = None", "not attempted"),
    "missing": ("rows_never_reed = 1", "missing"),
    "raised": ("def rows_never_read(H, R, U, P): return 1 // 0", "raised"),
    "cell raised": ("raise ValueError('here')\nrows_never_read = 1", "raised"),
    "wrong type": ("def rows_never_read(H, R, U, P): return {1, 2}", "wrong type"),
    "no function": ("rows_never_read = 3", "wrong type"),
    "CPU": ("def rows_never_read(H, R, U, P):\n    while True: pass", "CPU"),
    "wall": ("import time\ndef rows_never_read(H, R, U, P): time.sleep(100)", "wall"),
    "memory": ("def rows_never_read(H, R, U, P): return len(bytearray(3 * 10**9))", "memory"),
    "output": ("def rows_never_read(H, R, U, P):\n    while True: print('x' * 10000)", "output"),
    "killed": ("import os\ndef rows_never_read(H, R, U, P): os.kill(os.getpid(), 9)", "killed"),
    "killed parent": ("import os\ndef rows_never_read(H, R, U, P): os.kill(os.getppid(), 9)", "killed"),
    "crashed": ("import os\ndef rows_never_read(H, R, U, P): os._exit(3)", "crashed"),
    "cell crashed": ("import os\nrows_never_read = 1\nos._exit(0)", "crashed"),
    "protocol": (
        "import os\ndef rows_never_read(H, R, U, P):\n    for fd in range(3, 60):\n        try: os.write(fd, b'x' * 40)\n"
        "        except OSError: pass",
        "broke the protocol",
    ),
}  # fmt: skip


@pytest.fixture
def ended(class_of):
    submissions = {name: notebook(IMPORTS, PREDICTED, cell, PLANE) for name, (cell, _) in ENDS.items()}
    return class_of(submissions)


def test_every_end_has_its_name_and_costs_no_other_question(ended):
    found = {name: outcomes(graded) for name, graded in ended.items()}
    wanted = {
        name: {"predicted": "right", "rows_never_read": outcome, "convolve_plane": "right"}
        for name, (_, outcome) in ENDS.items()
    }
    assert found == wanted
    assert {name: graded.points for name, graded in ended.items()} == {
        name: 5.0 if outcome == "right" else 3.0 for name, (_, outcome) in ENDS.items()
    }
    assert not _left_over()


def test_what_a_question_started_has_ended_when_the_next_one_is_asked(class_of):
    """Even in a session of its own, and with its parent gone: it could hold memory that the next one lacks."""
    leaving = """import os, pathlib, time
noted = pathlib.Path.home() / "left"
def rows_never_read(H, R, U, P):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        time.sleep(60)
    os.wait()
    noted.write_text(str([int(p.name) for p in pathlib.Path("/proc").glob("[0-9]*")]))
    return -1"""
    asking = PLANE.replace(
        "    R, S =", "    assert not [p for p in eval(noted.read_text()) if there(p)]\n    R, S ="
    )
    there = "def there(pid): return os.path.exists(f'/proc/{pid}/fd') and pid not in before"
    before = "import os, pathlib\nbefore = [int(p.name) for p in pathlib.Path('/proc').glob('[0-9]*')]"
    (graded,) = class_of({"ann": notebook(IMPORTS, before, there, PREDICTED, leaving, asking)}).values()
    assert outcomes(graded) == {"predicted": "right", "rows_never_read": "wrong", "convolve_plane": "right"}


def test_a_call_that_changes_its_arguments_is_told_so(class_of):
    changing = PLANE.replace("    return", "    ifmap[0, 0] += 1\n    return")
    (graded,) = class_of({"ann": notebook(IMPORTS, PREDICTED, ROWS, changing)}).values()
    assert outcomes(graded)["convolve_plane"] == "changed its arguments"


def test_seeds_are_written_down_and_the_same_seed_gives_the_same_grade(class_of):
    told = {"ann": notebook(IMPORTS, PREDICTED, ROWS.replace("range(H)", "range(min(H, 9))"), PLANE)}
    first = class_of(told, seed=5)["ann"]
    second = class_of(told, seed=5, again=True)["ann"]
    assert first.key.seed == 5
    assert outcomes(first) == outcomes(second) and first.points == second.points


def _left_over():
    """Processes of boxes that are still there."""
    limit = time.monotonic() + 2
    while time.monotonic() < limit:
        found = [p for p in Path("/proc").glob("[0-9]*") if _is_of_a_box(p)]
        if not found:
            return []
        time.sleep(0.05)
    return found


def _is_of_a_box(path):
    try:
        words = (path / "cmdline").read_bytes().split(b"\0")
        parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return False
    # Boxes of other test runs on this machine are no concern of this one.
    return b"cnnhw_grading.inside" in words and parent in (1, os.getpid())
