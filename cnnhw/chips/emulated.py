"""AlexNet's layers on the emulated Eyeriss chip, with as many zeros in the ifmaps as were measured."""

from dataclasses import dataclass, replace

from cnnhw.chips.chip import Chip
from cnnhw.chips.eyeriss import eyeriss
from cnnhw.chips.sparse import sparse_words, zeros_of
from cnnhw.emulator import Run, Timing, run

# Words per cycle between GLB or DRAM and the array: reported as buses of 16, 64 and 64 bits, not verified.
# 4 psums each way are 8 here, for Timing adds up what comes and what goes. Double buffering asks for RFs
# twice as large, which the chip does not have: it stands for whatever lets it load and work at once.
BUSES = Timing(
    words_per_cycle={"GLB": {"ifmap": 1, "psum": 8}, "DRAM": {"filter": 4}}, double_buffered=("RF",)
)


@dataclass(frozen=True, eq=False)
class EmulatedLayer:
    """A layer of AlexNet that ran on the emulated chip.

    layer   its name
    run     of `images` images: ofmap, counts, cycles, what zero gating and run-length coding save
    images  that ran: as many as the GLB holds at once, for the next ones take as long again
    batch   images of the chip's measurement
    chip    Eyeriss
    """

    layer: str
    run: Run
    images: int
    batch: int
    chip: Chip

    @property
    def ideal_ms(self) -> float:
        """Milliseconds for the batch if words move in no time: a step for each cycle."""
        return self._ms(self.run.counts.cycles)

    @property
    def realistic_ms(self) -> float:
        """Milliseconds for the batch with the run's Timing."""
        return self._ms(self.run.cycles)

    @property
    def measured_ms(self) -> float:
        """The processing latency that the paper prints, for the batch."""
        return float(self.chip.measured[self.layer]["processing_ms"])

    @property
    def gated(self) -> float:
        """The part of the MACs that zero gating leaves out."""
        return self.run.saved.gated_macs / self.run.counts.macs

    @property
    def coded_ifmap(self) -> float:
        """Bits of the ifmap words from DRAM with run-length coding, for each bit without."""
        return float(self.run.saved.ifmap_coded_bits / self.run.saved.ifmap_bits)

    def _ms(self, cycles: int) -> float:
        return cycles / self.chip.clock_hz * 1e3 * self.batch / self.images


def emulate_alexnet(layer: str, timing: Timing = BUSES) -> EmulatedLayer:
    """Run a CONV layer of AlexNet on the emulated Eyeriss chip, mapped as measured.

    layer    "CONV1" .. "CONV5"
    timing   how fast words move
    returns  EmulatedLayer. Its ifmap is random, with the measured percentage of zeros at random places
    raises   CourseError if the paper maps no such layer
    source   zeros: Chen et al., JSSC 52(1), 2017, table V
    """
    chip = eyeriss()
    parameters = chip.mapping(layer)
    shape = replace(chip.network.layers[layer], N=parameters["n"])
    nest = chip.nest(shape, parameters)
    ifmap = sparse_words((shape.N, shape.C, shape.H, shape.W), zeros_of(chip, layer))
    filters = sparse_words((shape.M, shape.seen, shape.R, shape.S), 0, seed=1)
    done = run(nest, chip.machine, ifmap, filters, timing=timing, zero_gating=True, run_length=True)
    return EmulatedLayer(layer, done, shape.N, chip.network.N, chip)
