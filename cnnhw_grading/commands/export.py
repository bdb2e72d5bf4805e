"""`cnnhw export`: write the results as CSV."""

import argparse
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw_grading import export
from cnnhw_grading.collect import read_people
from cnnhw_grading.commands.shared import add_class_arguments, marked_results

PLATFORMS = {"moodle": export.write_moodle, "canvas": export.write_canvas}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser)
    parser.add_argument(
        "--to", type=Path, help="the file to write; grades.csv in the class's folder when left out"
    )
    parser.add_argument(
        "--for", dest="platform", choices=sorted(PLATFORMS), help="the form this platform takes in"
    )


def run(options: argparse.Namespace) -> int:
    """Write the table; 1 when it is empty, or a student of the platform is not in it."""
    if options.platform and not options.sheet:
        raise CourseError(
            "a platform takes one sheet at a time", "no sheet given", "name it: cnnhw export 03 --for ..."
        )
    folder, latest = marked_results(options)
    people = read_people(folder)
    path = options.to or folder / ("grades.csv" if not options.platform else f"grades_{options.platform}.csv")
    write = PLATFORMS.get(options.platform, export.write)
    number = write(latest, people, path)
    print(f"{number} rows in {path}")
    missing = len(latest) - number if options.platform else 0
    if missing:
        print(f"left   {missing} submissions that did not come from {options.platform}")
    return 1 if missing or not number else 0
