"""The time of the exhaustive search: six dataflows on AlexNet, on the equal-area machines of ISCA 2016."""

import numpy as np

from benchmarks.rounds import seconds_of
from cnnhw import LayerShape, networks
from cnnhw.chips import isca16
from cnnhw.dataflows import DATAFLOWS, Dataflow, Room
from cnnhw.dataflows.sizes import Sizes
from cnnhw.machine import Machine
from cnnhw.mapper import search

PES, BATCH = 256, 16  # ISCA 2016


def print_searches() -> None:
    """Search every layer for every dataflow, and print seconds and combinations of parameters."""
    layers = networks.alexnet().with_batch(BATCH).layers
    print(f"\nsearch, AlexNet's {len(layers)} layers, batch {BATCH}, {PES} PEs, equal area:\n")
    print(f"{'dataflow':9}{'seconds':>9}{'points':>10}{'points/s':>12}")
    rows = {}
    for name, dataflow in DATAFLOWS.items():
        machine = isca16(name, PES)
        seconds = sum(search_seconds(dataflow, shape, machine) for shape in layers.values())
        rows[name] = seconds, sum(points_of(dataflow, shape, machine) for shape in layers.values())
    rows["all six"] = tuple(map(sum, zip(*rows.values(), strict=True)))
    for name, (seconds, points) in rows.items():
        print(f"{name:9}{seconds:9.3f}{points:10}{points / seconds:12.2g}")


def search_seconds(dataflow: Dataflow, shape: LayerShape, machine: Machine) -> float:
    """Time one search. Nothing may be kept on disk: CNNHW_CACHE must be off."""
    return seconds_of(lambda: search(dataflow, shape, machine))


def points_of(dataflow: Dataflow, shape: LayerShape, machine: Machine) -> int:
    """Give how many combinations of parameters a search weighs."""
    grids = dataflow.candidates(Sizes.of(shape), Room.of(machine))
    return sum(np.broadcast(*grid.values()).size for grid in grids)
