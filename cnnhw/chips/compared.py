"""The tables measured on Eyeriss beside what its nests give."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cnnhw.chips.chip import Chip
from cnnhw.chips.eyeriss import eyeriss
from cnnhw.counts import Counts, count
from cnnhw.energy import dram_words
from cnnhw.nest import Nest

QUANTITIES = {
    "active_pes": "active PEs",
    "macs_g": "MACs, in 10^9",
    "glb_mb": "words between GLB and array, in MB of 10^6 bytes",
    "dram_mb": "words between DRAM and chip, in MB; measured with compression, computed without",
    "compression": "computed MB over measured MB; the paper's own ratio may come from unrounded megabytes",
}


@dataclass(frozen=True)
class Compared:
    """A number that a paper prints, beside the one that the nest gives.

    layer      name of the layer
    quantity   one of QUANTITIES
    printed    the paper's text
    computed   the number, unrounded
    """

    layer: str
    quantity: str
    printed: str
    computed: float

    @property
    def rounded(self) -> str:
        """The computed number with as many digits as the paper prints."""
        return str(Decimal(repr(self.computed)).quantize(Decimal(self.printed), ROUND_HALF_UP))

    @property
    def agrees(self) -> bool:
        """Whether it is the printed number, to the last digit."""
        return self.rounded == self.printed


def eyeriss_table(as_printed: bool = False) -> tuple[Compared, ...]:
    """Compute the measured table of the Eyeriss chip from its loop nests.

    as_printed  whether CONV3 follows its printed parameters, which contradict its measurement
    returns     a Compared for each layer and each of QUANTITIES. The buffer's words are counted under the
                convention "chip"; DRAM's start from zero psums, because no psum comes from DRAM
    source      Chen et al., JSSC 52(1), 2017, table V

    >>> [row.rounded for row in eyeriss_table() if row.quantity == "glb_mb"]
    ['18.5', '77.6', '50.2', '37.4', '24.9']
    """
    chip = eyeriss()
    return tuple(
        Compared(layer, quantity, chip.measured[layer][quantity], value)
        for layer, nest in chip.nests(as_printed).items()
        for quantity, value in _quantities(chip, nest, chip.measured[layer]).items()
    )


def _quantities(chip: Chip, nest: Nest, measured: Mapping[str, str]) -> dict[str, float]:
    counts = count(nest, chip.machine)
    megabytes = chip.machine.word_bytes / 1e6
    dram_mb = dram_words(counts) * megabytes
    return {
        "active_pes": counts.active_pes,
        "macs_g": counts.macs / 1e9,
        "glb_mb": glb_words(counts) * megabytes,
        "dram_mb": dram_mb,
        "compression": dram_mb / float(measured["dram_mb"]),
    }


def glb_words(counts: Counts) -> int:
    """Give the words between GLB and array under the convention "chip"."""
    return sum(counts.accesses("chip").values())
