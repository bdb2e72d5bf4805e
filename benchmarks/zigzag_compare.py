"""ZigZag's search and the row-stationary one on the same layer and machine."""

import statistics
from dataclasses import dataclass

from benchmarks import zigzag_peer
from benchmarks.mapping_search import points_of, search_seconds
from benchmarks.rounds import seconds_of
from benchmarks.zigzag_nest import nest_of
from cnnhw import LayerShape
from cnnhw.counts import Counts, count
from cnnhw.dataflows import RS
from cnnhw.energy import energy
from cnnhw.machine import SLIDE_35, Level, Machine
from cnnhw.mapper import Plan, search

# Array and buffer of the chip in JSSC 2017, with one register file of 512 bytes as in ISCA 2016 in place of
# the chip's three, since ISCA 2016's equations share one between the tensors.
ROWS, COLS, GLB_WORDS, RF_WORDS = 12, 14, 108 * 1024 // 2, 512 // 2
FACTORS = 6  # ZigZag's default: the most loops that it permutes
ROUNDS = 5
ENERGIES = "uneven", "even", "padded", "its nest", "RS", "its nest", "RS", "RS paper"


@dataclass(frozen=True)
class Result:
    """What was found and measured on one layer.

    macs      of the whole layer
    shape     one group of it
    found     ZigZag's answer
    theirs    the course's counts of ZigZag's even mapping
    padded    the same, the padding stored and read like other words, as ZigZag has it
    plan      the row-stationary search's answer
    counting  seconds of one count() of ZigZag's mapping
    planning  seconds of the row-stationary search
    points    combinations of parameters that it weighs
    """

    macs: int
    shape: LayerShape
    found: zigzag_peer.Found
    theirs: Counts
    padded: Counts
    plan: Plan
    counting: float
    planning: float
    points: int

    @property
    def energies(self) -> tuple[float, ...]:
        """Energy of a MAC, in the order of ENERGIES."""
        uneven, even, ours = self.found.uneven, self.found.even, self.plan.counts
        return (
            uneven.energy / self.shape.macs,
            even.energy / self.shape.macs,
            per_mac(self.padded, "ports", noc=False),
            per_mac(self.theirs, "ports", noc=False),
            per_mac(ours, "ports", noc=False),
            per_mac(self.theirs, "transfer", noc=True),
            per_mac(ours, "transfer", noc=True),
            self.plan.energy_per_mac,
        )


def run_layer(python: str, layer: LayerShape, spatial: int) -> Result:
    """Run both on one group of a layer: the other groups cost the same."""
    shape = LayerShape(
        M=layer.M // layer.G, C=layer.C // layer.G,
        **{size: getattr(layer, size) for size in ("N", "H", "W", "R", "S", "U", "P")},
    )  # fmt: skip
    found = zigzag_peer.run(python, shape, eyeriss_like(), factors=FACTORS, spatial=spatial)
    nest = nest_of(shape, found.even)
    anything = Machine.unbounded()  # ZigZag has seen to the room, by its evenly spread tiles
    return Result(
        macs=layer.macs, shape=shape, found=found,
        theirs=count(nest, anything),
        padded=count(nest, anything.with_(stores_padding=True)),
        plan=search(RS, shape, any_arrangement()),
        counting=statistics.median(seconds_of(lambda: count(nest, anything)) for _ in range(ROUNDS)),
        planning=search_seconds(RS, shape, any_arrangement()),
        points=points_of(RS, shape, any_arrangement()),
    )  # fmt: skip


def per_mac(counts: Counts, convention: str, noc: bool) -> float:
    """Give the energy of a MAC at slide 35's costs, itself included.

    convention  as in Counts.accesses
    noc         whether words on the NoC cost something; ZigZag's cost model has no energy for them
    """
    spent = energy(counts, SLIDE_35, convention)
    return (spent.total - (0 if noc else spent.level("NoC"))) / spent.macs


def eyeriss_like() -> Machine:
    return Machine(ROWS, COLS, (Level("GLB", GLB_WORDS), Level("RF", RF_WORDS)), name="Eyeriss-like")


def any_arrangement() -> Machine:
    """The same PEs and memories; its sets of PEs may be wired in any arrangement, as ISCA 2016 has it."""
    pes = ROWS * COLS
    return eyeriss_like().with_(rows=pes, cols=pes, pes=pes)
