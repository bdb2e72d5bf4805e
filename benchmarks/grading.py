"""Grade a class in boxes, beside nbgrader's autograde, in one run.

    python -m benchmarks.grading [--submissions 300] [--peer 300]

Both grade the same files: sheet 03, its right answers with a comment of each student's own, so that no two
files are equal. Turns alternate, a share of the class each, so that a machine that changes its speed changes
both. nbgrader runs notebooks one after the other, as its command does; ours uses every core. Times are by the
clock, without laying out the class.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from cnnhw_grading.box import choose
from cnnhw_grading.grade import Work, grade_class
from cnnhw_grading.store import Store

ROOT = Path(__file__).parents[1]
SHEET = "03_convolution"
TURNS = 3


def main() -> None:
    """Grade, and print seconds for each submission and in all, and the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=300, help="that ours grades")
    parser.add_argument("--peer", type=int, help="that nbgrader grades; as many when left out")
    options = parser.parse_args()
    ours, peers = options.submissions, options.peer or options.submissions
    with tempfile.TemporaryDirectory(prefix="cnnhw-benchmark-") as folder:
        course = lay_out(Path(folder), max(ours, peers))
        kind = choose()
        nbgrader(course, "generate_assignment", SHEET)
        spent = {"cnnhw": 0.0, "nbgrader": 0.0}
        for turn in range(TURNS):
            spent["cnnhw"] += timed(lambda turn=turn: grade(course, part(ours, turn), kind))
            spent["nbgrader"] += timed(lambda turn=turn: autograde(course, part(peers, turn)))
            print(f"turn {turn + 1} of {TURNS} done", file=sys.stderr, flush=True)
    print(f"sheet {SHEET}, {os.cpu_count()} cores, box: {kind.name}, {TURNS} turns each\n")
    print(f"{'':10}{'submissions':>12}{'seconds':>10}{'s each':>9}")
    for name, number in (("cnnhw", ours), ("nbgrader", peers)):
        print(f"{name:10}{number:12}{spent[name]:10.1f}{spent[name] / number:9.2f}")
    ratio = spent["nbgrader"] / peers / (spent["cnnhw"] / ours)
    print(f"\nnbgrader takes {ratio:.1f} times as long; the project's aim is 8 times at least")


def lay_out(folder: Path, students: int) -> Path:
    """Make a class's folder with a submission of each student, and what nbgrader needs; gives the folder."""
    folder.chmod(0o755)
    source = folder / "source" / SHEET / f"{SHEET}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes((ROOT / "solutions" / source.name).read_bytes())
    notebook = nbformat.read(source, 4)
    for number in range(students):
        notebook.cells[-1].source = notebook.cells[-1].source.partition("\n# of ")[0] + f"\n# of {number}"
        path = submission(folder, number)
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    return folder


def submission(folder: Path, number: int) -> Path:
    """Where a student's file is."""
    return folder / "submitted" / f"s{number:03}" / SHEET / f"{SHEET}.ipynb"


def part(number: int, turn: int) -> range:
    """The students of a turn."""
    return range(number * turn // TURNS, number * (turn + 1) // TURNS)


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def grade(folder: Path, students: range, kind) -> None:
    """Grade with ours; every question must be right."""
    works = [Work(f"s{number:03}", SHEET, submission(folder, number)) for number in students]
    with Store(folder / "results.db") as store:
        graded = list(grade_class(works, store, kind, seed=1))
    assert len(graded) == len(works)
    assert {question.outcome for each in graded for question in each.questions} == {"right"}


def autograde(folder: Path, students: range) -> None:
    """Grade with nbgrader, all of a turn's students in one command."""
    names = ",".join(f"s{number:03}" for number in students)
    left = [path.name for path in (folder / "submitted").iterdir() if path.name not in names.split(",")]
    nbgrader(folder, "autograde", SHEET, f"--CourseDirectory.student_id_exclude={','.join(left)}")
    graded = [folder / "autograded" / name / SHEET / f"{SHEET}.ipynb" for name in names.split(",")]
    assert all(path.exists() for path in graded), "nbgrader graded everybody of the turn"


def nbgrader(folder: Path, *words: str) -> None:
    """Run a command of nbgrader's in the class's folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "CNNHW_CACHE": "off"}
    command = [sys.executable, "-m", "nbgrader", *words, f"--CourseDirectory.root={folder}"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


if __name__ == "__main__":
    main()
