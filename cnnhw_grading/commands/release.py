"""`cnnhw release`: write the course for students, without right answers and without what grades."""

import argparse
from pathlib import Path

from cnnhw.course.files import course_folder
from cnnhw.errors import CourseError
from cnnhw_grading import release
from cnnhw_grading.commands.exercises import out_of_step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("folder", type=Path, help="the new folder")
    parser.add_argument("--zip", action="store_true", help="pack it as FOLDER.zip too")


def run(options: argparse.Namespace) -> int:
    """Write the release; raises CourseError if the exercises are not what the solutions make."""
    course, target = course_folder(), options.folder.resolve()
    stale = out_of_step(course)
    if stale:
        raise CourseError(
            "students get exercises that are in step with the solutions",
            f"{len(stale)} files are not, {min(stale).relative_to(course)} for one",
            "run cnnhw exercises, look at what changed, then release",
        )
    print(f"{release.bundle(course, target)} files in {target}")
    if options.zip:
        print(f"packed as {release.pack(target)}")
    return 0
