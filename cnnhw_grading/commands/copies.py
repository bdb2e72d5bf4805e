"""`cnnhw copies`: list answers of two students that are alike."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

from cnnhw.course.files import EXERCISES, course_folder
from cnnhw.errors import CourseError
from cnnhw_grading import copies, reader
from cnnhw_grading.collect import SUBMITTED, submissions
from cnnhw_grading.commands.shared import add_class_arguments, chosen_sheets, class_folder
from cnnhw_grading.export import write_table
from cnnhw_grading.sheet import Sheet

FILE = "copies.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write the pairs, most alike first; raises CourseError where nobody handed anything in."""
    folder, chosen, found, students = class_folder(options), chosen_sheets(options), [], set()
    for sheet in chosen:
        cells = dict(_readable(folder, sheet.name))
        students |= cells.keys()
        found += _pairs(sheet, cells)
    if not students:
        raise CourseError(
            "there must be submissions", f"none to read in {folder / SUBMITTED}", "run cnnhw collect first"
        )
    found.sort(key=lambda pair: -pair.alike)
    write_table(folder / FILE, [field.name for field in fields(copies.Pair)], map(asdict, found))
    print(f"{len(found)} pairs of answers of {len(students)} students are alike; see {folder / FILE}")
    return 0


def _readable(folder: Path, sheet: str) -> Iterator[tuple[str, reader.Submission]]:
    for student, path in submissions(folder, sheet):
        try:
            if path is not None:
                yield student, reader.submission(reader.file_bytes(path))
        except reader.Unreadable:
            continue  # grade says so


def _pairs(sheet: Sheet, cells: dict[str, reader.Submission]) -> list[copies.Pair]:
    handed_out = reader.submission((course_folder() / EXERCISES / f"{sheet.name}.ipynb").read_bytes())
    found = []
    for exercise in sheet.exercises:
        answers = {student: _source(each, exercise.name) for student, each in cells.items()}
        found += copies.pairs(sheet.name, exercise.name, answers, _source(handed_out, exercise.name))
    return found


def _source(submission: reader.Submission, name: str) -> str:
    place = submission.place_of(name, name)
    return "" if place is None else submission.cells[place].source
