"""`cnnhw collect`: sort downloaded submissions by student and sheet."""

import argparse
from pathlib import Path

from tqdm import tqdm

from cnnhw.errors import CourseError
from cnnhw_grading.collect import Found, Left, look_through, newest, put
from cnnhw_grading.commands.shared import add_class_arguments, class_folder
from cnnhw_grading.sheet import find_sheet, sheets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser, sheet=False)
    parser.add_argument(
        "source", type=Path, help="a folder of submissions, as Moodle or Canvas gives it unpacked"
    )
    parser.add_argument("--sheet", help="the sheet that all of them answer; else names and cells tell")
    parser.add_argument(
        "--pattern", help="regular expression on each path with a group student, and perhaps sheet"
    )


def run(options: argparse.Namespace) -> int:
    """Copy what is recognised, name what is not; 1 when something is left."""
    if not options.source.is_dir():
        raise CourseError(
            "submissions are in a folder", f"{options.source}", "unpack the platform's archive first"
        )
    sheet = find_sheet(options.sheet).name if options.sheet else None
    looked = list(look_through(options.source.resolve(), sheets().values(), options.pattern, sheet))
    found, older = newest(each for each in looked if isinstance(each, Found))
    copied = put(tqdm(found, desc="collecting", unit=" files", disable=None), class_folder(options))
    left = [each for each in looked if isinstance(each, Left)]
    for each in (*left, *older):
        print(f"left   {each.path.relative_to(options.source.resolve())}: {each.why}")
    print(f"{copied} collected, {len(older)} older ones and {len(left)} others left")
    return 1 if left else 0
