"""What the instructor's commands have in common."""

import argparse
from pathlib import Path

from cnnhw.course.files import course_folder
from cnnhw.errors import CourseError
from cnnhw_grading.gradebook import FILE, with_marks
from cnnhw_grading.sheet import Sheet, find_sheet, sheets
from cnnhw_grading.store import Graded, Store

FOLDER = "grading"  # git ignores it: it holds students' names
RESULTS = "results.db"


def add_class_arguments(parser: argparse.ArgumentParser, sheet: bool = True) -> None:
    """Add what every command takes: which class, which sheet."""
    parser.add_argument(
        "--folder", type=Path, help=f"the class's folder; {FOLDER}/ of the course when left out"
    )
    if sheet:
        parser.add_argument("sheet", nargs="?", help="such as 03_convolution, or 03; all when left out")


def class_folder(options: argparse.Namespace) -> Path:
    """Where the class's files are."""
    return (options.folder or course_folder() / FOLDER).resolve()


def chosen_sheets(options: argparse.Namespace) -> list[Sheet]:
    """The sheet that was asked for, or all.

    raises  CourseError if there is none of that name
    """
    return [find_sheet(options.sheet)] if options.sheet else list(sheets().values())


def marked_results(options: argparse.Namespace) -> tuple[Path, list[Graded]]:
    """The class's folder, and the newest results on the chosen sheets with the marks that were given by hand.

    raises  CourseError if nothing was graded yet
    """
    folder = class_folder(options)
    with results(folder) as store:
        latest = [graded for sheet in chosen_sheets(options) for graded in store.latest(sheet.name)]
    return folder, with_marks(latest, folder / FILE)


def results(folder: Path) -> Store:
    """The class's results.

    raises  CourseError if nothing was graded yet
    """
    path = folder / RESULTS
    if not path.exists():
        raise CourseError("first there must be results", f"no {path}", "run cnnhw grade SHEET")
    return Store(path)
