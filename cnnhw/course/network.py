"""`cnnhw network FILE`: the reader's own network, layer by layer, and what each dataflow makes of it."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from cnnhw import networks
from cnnhw.chips import isca16
from cnnhw.dataflows import DATAFLOWS, Dataflow
from cnnhw.errors import CourseError
from cnnhw.mapper import search
from cnnhw.networks import Network
from cnnhw.pictures.charts.table import layer_table
from cnnhw.shape import LayerShape

_NAME, _CELL = 24, 16  # columns of the table of dataflows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `cnnhw network`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file, or an ONNX file")
    parser.add_argument("--batch", type=int, metavar="N", help="images in the batch")
    parser.add_argument(
        "--size", action="append", default=[], metavar="NAME=SIZE",
        help="a size that an ONNX file leaves open, such as height=640, or H=640 for the rows of its input",
    )  # fmt: skip
    parser.add_argument(
        "--dataflows", action="store_true", help="also the energy and DRAM words of each dataflow, by layer"
    )
    parser.add_argument("--pes", type=int, default=256, help="PEs of the array, for --dataflows (256)")


def run(arguments: argparse.Namespace) -> int:
    """Print the network.

    arguments  .file, .batch, .size, .dataflows, .pes
    returns    exit code 0
    raises     CourseError if the file cannot be used
    """
    network = _read(arguments.file, arguments.batch, _sizes(arguments.size))
    print(as_text(network))
    if arguments.dataflows:
        for line in needs(network, arguments.pes):
            print(line, flush=True)
    return 0


def as_text(network: Network) -> str:
    """Give a network as text: a row for each layer, the sums, and the share of the CONV layers."""
    conv = sum(shape.macs for shape in network.conv.values())
    share = f"CONV layers do {100 * conv / network.macs:.1f} % of the MACs."
    return f"{layer_table(network.layers, repr(network), network.shared)!r}\n{share}"


def needs(network: Network, pes: int) -> Iterator[str]:
    """Give what each dataflow needs for each layer, with its best parameters on its machine of equal area.

    yields  a line for each layer: energy per MAC, where a MAC costs 1, and words moved at DRAM per MAC
    """
    yield f"\nEnergy per MAC and DRAM words per MAC, each dataflow on {pes} PEs of the same area (ISCA 2016)"
    yield f"{'layer':<{_NAME}}" + "".join(f"{name:>{_CELL}}" for name in DATAFLOWS)
    known: dict[LayerShape, str] = {}  # a network repeats its layers
    for number, (name, shape) in enumerate(network.layers.items(), 1):
        if shape not in known:
            _progress(f"layer {number} of {len(network.layers)}: {name}")
            known[shape] = "".join(f"{_need(flow, shape, pes):>{_CELL}}" for flow in DATAFLOWS.values())
        yield f"{name[: _NAME - 1]:<{_NAME}}{known[shape]}"
    _progress("")


def _need(dataflow: Dataflow, shape: LayerShape, pes: int) -> str:
    try:
        plan = search(dataflow, shape, isca16(dataflow, pes))
    except CourseError:  # nothing fits, or it does not say its area
        return "no plan"
    moved = sum(words for (level, _), words in plan.words.items() if level == "DRAM")
    return f"{plan.energy_per_mac:.2f} {moved / shape.macs:.4f}"


def _progress(text: str) -> None:
    """Say where the search is, on a terminal alone and on one line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _sizes(said: list[str]) -> Mapping[str, int]:
    found = {}
    for text in said:
        name, is_there, size = text.partition("=")
        if not (name and is_there and size.isascii() and size.isdigit() and int(size)):
            raise CourseError(
                "--size gives a name and a whole number, 1 or more",
                f"--size {text}",
                "write --size height=640, once for each open size",
            )
        found[name] = int(size)
    return found


def _read(path: Path, batch: int | None, sizes: Mapping[str, int]) -> Network:
    if path.suffix.lower() == ".onnx":
        return networks.from_onnx(path, N=batch, sizes=sizes)
    if sizes:
        raise CourseError(
            "only an ONNX file leaves sizes open",
            f"{path.name} with {', '.join(sizes)}",
            "leave --size out, or change the file",
        )
    network = networks.from_csv(path)
    return network if batch is None else network.with_batch(batch)
