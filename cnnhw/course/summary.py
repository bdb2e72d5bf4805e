"""`cnnhw summary`: slides 16 and 18 beside what the layers give."""

import argparse
import textwrap
from collections import Counter
from collections.abc import Iterable

from cnnhw import networks
from cnnhw.networks import Cell, Verdict
from cnnhw.pictures.charts.table import slide_row

WIDTH = 100  # columns of the terminal
_COLUMNS = "  {:<24}{:>8}  {:>14}  {}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no options."""


def run(arguments: argparse.Namespace) -> int:
    """Print the summary.

    arguments  none
    returns    exit code 0; a cell that is not reproduced is a finding, not a failure
    """
    print(summary())
    return 0


def summary() -> str:
    """Give slides 18 and 16 as text 100 columns wide: printed, computed, verdict, convention of each cell."""
    slide18, slide16 = networks.slide18(), networks.slide16()
    lines = [
        "Slide 18, summary of networks (with the survey's OverFeat and corrections)",
        *_slide(slide18),
        "",
        "Slide 16, AlexNet's first layers",
        *_slide(slide16),
        "",
        counts((*slide18, *slide16)),
    ]
    return "\n".join(lines)


def counts(cells: Iterable[Cell]) -> str:
    """Count the verdicts: "3 cells: 2 reproduced, 0 reproduced under a convention, 1 not ..."."""
    found = Counter(cell.verdict for cell in cells)
    return f"{found.total()} cells: " + ", ".join(f"{found[verdict]} {verdict}" for verdict in Verdict)


def _slide(cells: Iterable[Cell]) -> Iterable[str]:
    before = None
    for cell in cells:
        network, name, printed, computed, verdict, remark = slide_row(cell)
        if network != before:
            yield "\n" + _COLUMNS.format(network, "printed", "computed", "verdict")
        yield _COLUMNS.format("  " + name, printed, computed, verdict)
        yield from textwrap.wrap(remark, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
        before = network
