"""`cnnhw marks`: give marks and comments by hand, in nbgrader's formgrader."""

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from cnnhw.course.files import EXERCISES, course_folder, read_notebook
from cnnhw.errors import CourseError
from cnnhw_grading import gradebook, marks, reader
from cnnhw_grading.collect import submissions
from cnnhw_grading.commands.shared import add_class_arguments, class_folder, results
from cnnhw_grading.store import Graded, hash_of

START, SOURCE = "/formgrader/gradebook", "source"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser, sheet=False)
    parser.add_argument("--port", type=int, default=8888, help="the next free one if it is taken")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")


def run(options: argparse.Namespace) -> int:
    """Lay out what was graded, then serve the page until Control-C; raises CourseError without results."""
    folder = class_folder(options)
    if importlib.util.find_spec("nbgrader") is None:
        raise CourseError(
            "marks by hand are given in nbgrader's formgrader",
            "no module named nbgrader",
            "use python3 course.py marks, or install the extra cnnhw[instructor]",
        )
    if not (folder / gradebook.FILE).exists():
        raise CourseError(
            "formgrader shows the gradebook", f"no {folder / gradebook.FILE}", "run cnnhw grade first"
        )
    lay_out(folder)
    return serve(folder, options.port, not options.no_browser)


def lay_out(folder: Path) -> int:
    """Write what formgrader shows of each graded submission; gives how many, and prints what is left out."""
    with results(folder) as store:
        latest = list(store.latest())
    return sum(_lay_out_sheet(folder, name, latest) for name in sorted({g.key.sheet for g in latest}))


def _lay_out_sheet(folder: Path, name: str, latest: list[Graded]) -> int:
    (folder / SOURCE / name).mkdir(parents=True, exist_ok=True)  # formgrader lists the sheets that are there
    exercise = read_notebook(course_folder() / EXERCISES / f"{name}.ipynb")
    paths, number = dict(submissions(folder, name)), 0
    for graded in (each for each in latest if each.key.sheet == name):
        path = paths.get(graded.key.student)
        if path is None:
            continue
        try:
            data = reader.file_bytes(path)
            submission = reader.submission(data)
        except reader.Unreadable as problem:
            print(f"left   {graded.key.student}, {name}: {graded.outcome}, {problem}")
            continue
        if hash_of(data) != graded.key.file:
            print(f"left   {graded.key.student}, {name}: its file changed since then; run cnnhw grade")
            continue
        marks.write(marks.shown(exercise, submission, graded), graded, folder)
        number += 1
    return number


def serve(folder: Path, port: int, browser: bool) -> int:
    """Serve formgrader alone, no kernel and no terminal beside it; returns the server's exit code."""
    words = {
        "ServerApp.root_dir": folder,
        "ServerApp.port": port,
        "ServerApp.open_browser": browser,
        "ServerApp.default_url": START,
        "ServerApp.terminals_enabled": False,
        "ServerApp.allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
        "Exchange.root": folder,  # nbgrader's own way to hand out, which is not used, must be able to write
        "ServerApp.jpserver_extensions": "nbgrader.server_extensions.formgrader=True",
    }
    told = [f"--{name}={value}" for name, value in words.items()]
    command = [sys.executable, "-m", "jupyter_server", *told]
    sys.stdout.flush()
    if os.name != "nt":  # the server takes this process's place, and ends where it is ended
        os.chdir(folder)
        os.execv(sys.executable, command)
    return subprocess.run(command, cwd=folder, check=False).returncode
