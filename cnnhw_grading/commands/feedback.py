"""`cnnhw feedback`: write a page for each student."""

import argparse

from cnnhw_grading import feedback
from cnnhw_grading.commands.shared import add_class_arguments, chosen_sheets, class_folder, results
from cnnhw_grading.gradebook import FILE, with_marks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write the pages; 1 when there was nothing to write about."""
    folder, wanted = class_folder(options), {sheet.name for sheet in chosen_sheets(options)}
    with results(folder) as store:
        latest = [graded for graded in store.latest() if graded.key.sheet in wanted]
    written = feedback.write(with_marks(latest, folder / FILE), folder)
    print(f"{len(written)} pages in {folder / feedback.FOLDER}")
    return 0 if written else 1
