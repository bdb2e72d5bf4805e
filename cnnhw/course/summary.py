"""`cnnhw summary`: slides 16 and 18 beside what the layers give, or the reader's own network."""

import argparse
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from cnnhw import networks
from cnnhw.networks import Cell, Network, Verdict
from cnnhw.pictures.charts.table import layer_table, slide_row

WIDTH = 100  # columns of the terminal
_COLUMNS = "  {:<24}{:>8}  {:>14}  {}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `cnnhw summary`."""
    parser.add_argument(
        "--network", type=Path, metavar="FILE", help="your own network instead: a CSV file, or an ONNX file"
    )
    parser.add_argument("--batch", type=int, metavar="N", help="images in the batch of your own network")


def run(arguments: argparse.Namespace) -> int:
    """Print the summary.

    arguments  .network, a path or None; .batch, a number or None
    returns    exit code 0; a cell that is not reproduced is a finding, not a failure
    raises     CourseError if the network's file cannot be used
    """
    if arguments.network is None:
        print(summary())
    else:
        print(own_network(_read(arguments.network, arguments.batch)))
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


def own_network(network: Network) -> str:
    """Give a network as text: a row for each layer, the sums, and the share of the CONV layers."""
    conv = sum(shape.macs for shape in network.conv.values())
    share = f"CONV layers do {100 * conv / network.macs:.1f} % of the MACs."
    return f"{layer_table(network.layers, repr(network))!r}\n{share}"


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


def _read(path: Path, batch: int | None) -> Network:
    if path.suffix.lower() == ".onnx":
        return networks.from_onnx(path, N=batch)
    network = networks.from_csv(path)
    return network if batch is None else network.with_batch(batch)
