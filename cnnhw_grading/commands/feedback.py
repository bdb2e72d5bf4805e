"""`cnnhw feedback`: write a page for each student."""

import argparse

from cnnhw_grading import feedback
from cnnhw_grading.commands.shared import add_class_arguments, marked_results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write the pages; 1 when there was nothing to write about."""
    folder, latest = marked_results(options)
    written = feedback.write(latest, folder)
    print(f"{len(written)} pages in {folder / feedback.FOLDER}")
    return 0 if written else 1
