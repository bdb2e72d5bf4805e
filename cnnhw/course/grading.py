"""`cnnhw grading`: hand out, collect and grade the exercises with nbgrader."""

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from cnnhw.course.files import SOLUTIONS, course_folder, notebooks_in
from cnnhw.errors import CourseError

FOLDER = "grading"  # nbgrader_config.py names it too; git ignores it, since it will hold students' names
STEPS = ("generate_assignment", "autograde", "generate_feedback")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("--folder", type=Path, help=f"where students' files are; {FOLDER}/ when left out")
    parser.add_argument(
        "nbgrader",
        nargs=argparse.REMAINDER,
        help="a command of nbgrader, such as: autograde 03_convolution; none: prepare the folder",
    )


def run(options: argparse.Namespace) -> int:
    """Prepare the folder, or run one of nbgrader's commands in it."""
    course = course_folder()
    folder = (options.folder or course / FOLDER).resolve()
    if options.nbgrader:
        return run_nbgrader(course, folder, options.nbgrader)
    names = lay_out(course / SOLUTIONS, folder)
    print(f"{folder / 'source'} holds {', '.join(names)}. For each, in this order:")
    for step in STEPS:
        print(f"  cnnhw grading {step} {names[0]}")
    print("  cnnhw grading export")
    print(f"Submissions go to {folder / 'submitted' / 'STUDENT' / names[0] / names[0]}.ipynb")
    return 0


def lay_out(solutions: Path, folder: Path) -> list[str]:
    """Copy each solution to where nbgrader looks for it: source/NAME/NAME.ipynb.

    solutions  the folder of solution notebooks
    folder     made if need be; a source that is there is replaced, submissions and grades stay
    returns    the names of the assignments
    raises     CourseError if there are no solutions
    """
    paths = notebooks_in(solutions)
    if not paths:
        raise CourseError("grading needs solutions", f"none in {solutions}", "restore the folder with git")
    for path in paths:
        target = folder / "source" / path.stem / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (folder / "submitted").mkdir(exist_ok=True)
    return [path.stem for path in paths]


def run_nbgrader(course: Path, folder: Path, words: list[str]) -> int:
    """Run a command of nbgrader with the course's settings.

    course   the folder with nbgrader_config.py
    folder   the one that lay_out prepared
    words    the command and its arguments
    returns  nbgrader's exit code; 1 when it graded all but the submissions that were named
    raises   CourseError if nbgrader is not installed, or the folder is not prepared
    """
    if importlib.util.find_spec("nbgrader") is None:
        raise CourseError(
            "grading is done by nbgrader",
            "no module named nbgrader",
            "use python3 course.py grading, or install the extra cnnhw[instructor]",
        )
    if not (folder / "source").is_dir():
        raise CourseError("the folder must be prepared first", f"no source/ in {folder}", "run cnnhw grading")
    if words[0] == "export" and not any(word.startswith("--to") for word in words):
        words = [*words, "--to", str(folder / "grades.csv")]  # not into the course's folder, for git to see
    copied = copied_cells(folder / "submitted", words) if words[0] == "autograde" else {}
    for student, what in copied.items():
        print(f"not graded: {student}, {what}; mend the file, then grade again", file=sys.stderr)
    if copied:
        words = [*words, f"--CourseDirectory.student_id_exclude={','.join(copied)}"]
    # nbgrader calls alembic, its database's tool, by name: it must be on the path without activation.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    root = f"--CourseDirectory.root={folder}"
    command = [sys.executable, "-m", "nbgrader", *words, root]
    code = subprocess.run(command, cwd=course, env={**os.environ, "PATH": path}, check=False).returncode
    return code or int(bool(copied))


def copied_cells(submitted: Path, words: list[str]) -> dict[str, str]:
    """Find the submissions that would end the grading of a whole class: those with a graded cell twice.

    submitted  the folder of submissions: STUDENT/ASSIGNMENT/*.ipynb
    words      of the command; only the assignments among them are looked at, all where there is none
    returns    student -> which cell is there twice, or that the file is no notebook
    """
    found = {}
    paths = sorted(submitted.glob("*/*/*.ipynb"))
    wanted = {path.parent.name for path in paths} & {*words} or {path.parent.name for path in paths}
    for path in (path for path in paths if path.parent.name in wanted):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            ids = Counter(cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells)
        except (ValueError, KeyError, TypeError, AttributeError):
            found[path.parents[1].name] = f"{path.name} is no notebook"
            continue
        twice = [name for name, times in ids.items() if name and times > 1]
        if twice:
            found[path.parents[1].name] = f"{path.name} has the cell {twice[0]} twice"
    return found
