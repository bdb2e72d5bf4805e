"""Whatever kills, fills or locks: the same command again, and every grade is as if nothing had happened.

CNNHW_KILLS=100 python3 course.py test tests/grading/test_disturbed.py    kills a hundred times, not twice
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from grading.conftest import HONEST, SHEET, notebook

from cnnhw_grading.box.watch import alive, descendants

KILLS = int(os.environ.get("CNNHW_KILLS", "2"))
STUDENTS, SEED = 20 if KILLS > 10 else 3, 3
WRONG = "def rows_never_read(H, R, U, P): return 0"
SMALL_FILES = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
LATER = (
    "import resource, sys; from cnnhw_grading import grade; made = grade.libraries; "
    "limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
    "grade.libraries = lambda *given: (made(*given), limit())[0]; "
)
COMMAND = "from cnnhw.course.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def peace(kind, tmp_path_factory):
    """The folder of a class that was graded in peace."""
    folder = lay_out(tmp_path_factory.mktemp("peace"))
    assert grade(folder).wait() == 0
    return folder


@pytest.fixture
def undisturbed(peace):
    """Its rows and points."""
    return outcome(peace)


def lay_out(folder: Path) -> Path:
    for number in range(STUDENTS):
        path = folder / "submitted" / f"s{number:02}" / SHEET / f"{SHEET}.ipynb"
        path.parent.mkdir(parents=True)
        third = WRONG if number % 3 else HONEST[2]
        path.write_bytes(notebook(HONEST[0], f"{HONEST[1]}  # {number}", third, HONEST[3]))
    return folder


def grade(folder: Path, before: str = "import sys; ", **how) -> subprocess.Popen:
    """Start the command, its words to a file: a pipe could fill up."""
    words = ["grade", "--folder", str(folder), "03", "--seed", str(SEED)]
    with (folder / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-c", before + COMMAND, *words], stdout=said, stderr=said, **how
        )


def outcome(folder: Path) -> tuple[list, list]:
    """What must not differ: every row of the results but for times, every score of the gradebook."""
    with closing(sqlite3.connect(folder / "results.db")) as db:
        rows = db.execute(
            "select student, sheet, file, seed, s.outcome, name, q.outcome, points, words"
            " from submission s join question q on q.submission = s.id order by student, name"
        ).fetchall()
    with closing(sqlite3.connect(folder / "gradebook.db")) as db:
        scores = db.execute(
            "select a.student_id, c.name, g.auto_score, g.manual_score from grade g"
            " join submitted_notebook n on n.id = g.notebook_id"
            " join submitted_assignment a on a.id = n.assignment_id"
            " join base_cell c on c.id = g.cell_id order by 1, 2"
        ).fetchall()
    return rows, scores


def test_kill_9_of_grader_worker_or_box(undisturbed, tmp_path):
    """Each run is killed at a random moment, in a random place, until it has been often enough."""
    rng, folder = random.Random(SEED), lay_out(tmp_path / "class")
    killed, ended, seen = {"grader": 0, "other": 0}, 0, set()
    while sum(killed.values()) < KILLS:
        process = grade(folder)
        limit = time.monotonic() + rng.uniform(0.5, 2.5 + STUDENTS / 3)
        while process.poll() is None and time.monotonic() < limit:
            seen |= set(descendants(process.pid))
            time.sleep(0.02)
        if process.poll() is not None:  # done before the moment came: begin anew
            ended += 1
            for name in ("results.db", "gradebook.db"):
                (folder / name).unlink(missing_ok=True)
            continue
        victims = descendants(process.pid)
        victim = rng.choice(victims)
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            killed["grader" if victim == process.pid else "other"] += 1
        seen |= set(victims)
        if victim == process.pid or rng.random() < 0.5:  # else the next run begins beside this one
            process.wait()
    assert grade(folder).wait() == 0, (folder / "said.txt").read_text(encoding="utf-8")
    assert outcome(folder) == undisturbed
    print(json.dumps({**killed, "ended before": ended}))
    assert not [pid for pid in seen if alive(pid)], "no process is left"


@pytest.mark.parametrize("before", [SMALL_FILES, LATER], ids=["library", "results"])
def test_a_full_disk(undisturbed, tmp_path, before):
    """No file may grow past 40 kB, from the beginning or once boxes can be made; later there is room."""
    folder = lay_out(tmp_path / "class")
    assert grade(folder, before).wait() == 1
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert "CourseError" in said and "make room" in said and "Traceback" not in said
    assert grade(folder).wait() == 0
    assert outcome(folder) == undisturbed


@pytest.mark.parametrize("name", ["results.db", "gradebook.db"])
def test_a_locked_database(peace, undisturbed, tmp_path, name):
    """Another program holds it for longer than is waited for."""
    folder = tmp_path / "class"
    shutil.copytree(peace, folder)
    student = folder / "submitted" / "s01" / SHEET / f"{SHEET}.ipynb"
    first = student.read_bytes()
    student.write_bytes(notebook(*HONEST))
    impatient = "import sys; from cnnhw_grading import store; store._WAIT_SECONDS = 1; "
    with closing(sqlite3.connect(folder / name, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert grade(folder, impatient).wait() == 1
        other.execute("rollback")
    assert "locked" in (folder / "said.txt").read_text(encoding="utf-8")
    student.write_bytes(first)
    assert grade(folder).wait() == 0
    assert outcome(folder)[1] == undisturbed[1]
