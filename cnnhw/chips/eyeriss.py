"""Eyeriss, the chip that runs row stationary, and the mapping of AlexNet that was measured on it."""

from cnnhw import networks
from cnnhw.chips.chip import Chip
from cnnhw.chips.rows import rows
from cnnhw.machine import Level, Machine

KILOBYTE = 1024  # 1000 would do as well: CONV3 and CONV4, the largest, need 48,664 of 50,000 words
WORD_BYTES = 2
GLB = {
    ("ifmap", "psum"): 100 * KILOBYTE // WORD_BYTES,
    "filter": 8 * KILOBYTE // WORD_BYTES,  # fetches the next filters ahead; no nest keeps filters there
}
RF = {"filter": 224, "ifmap": 12, "psum": 24}  # words in each PE
SOURCE = "Chen, Krishna, Emer and Sze, JSSC 52(1), 2017; Chen et al., ISSCC 2016"


def eyeriss() -> Chip:
    """Give the Eyeriss chip: 12 x 14 PEs at 200 MHz, 108 kB of GLB, 16-bit words, and AlexNet at batch 4.

    returns  Chip. Its machine stores the padding, and its GLB reads zeros for the psums of the first pass,
             which do not come from DRAM, because only so do the words that count(nest, machine) finds become
             the measured ones. One parameter row contradicts the measurement: CONV3's, printed q, r, t =
             4, 1, 4, corrected 3, 2, 2
    source   Chen et al., JSSC 52(1), 2017; ISSCC 2016

    >>> chip = eyeriss()
    >>> chip.machine.pes, chip.nests()["CONV2"].rows         # a 5 x 27 set is folded into 5 x 14 and 5 x 13
    (168, 10)
    >>> chip.published_mapping("CONV3")["q"], chip.mapping("CONV3")["q"]
    (4, 3)
    """
    machine = Machine(
        12, 14, (Level("GLB", GLB, first_psum="read"), Level("RF", RF)),
        stores_padding=True, name="Eyeriss", source=SOURCE,
    )  # fmt: skip
    return Chip(
        name="Eyeriss", machine=machine, dataflow="RS", clock_hz=200e6, source=SOURCE,
        network=networks.alexnet().with_batch(4),
        printed=_mapping("printed"), corrected=_mapping("corrected"),
        measured={row.pop("layer"): row for row in rows("eyeriss_measured.csv")},
    )  # fmt: skip


def _mapping(status: str) -> dict[str, dict[str, int]]:
    """Read the parameters of one status: layer -> name -> value."""
    return {
        row["layer"]: {name: int(row[name]) for name in "mnepqrt"}
        for row in rows("eyeriss_mapping.csv")
        if row["status"] == status
    }
