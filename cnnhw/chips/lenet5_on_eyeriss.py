"""End to end: handwritten digits go into the emulated Eyeriss chip, and classes come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from cnnhw import networks, tensors
from cnnhw.chips.eyeriss import eyeriss
from cnnhw.chips.fitting import fitting_nest
from cnnhw.chips.lenet5_formats import lenet5_formats
from cnnhw.chips.lenet5_words import first_words, layer_words, passed_on
from cnnhw.counts import Counts
from cnnhw.emulator import FixedPoint, Run, Timing, run
from cnnhw.energy import Energy, energy
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.nest import Nest


@dataclass(frozen=True, eq=False, repr=False)
class LayerOnChip:
    """One layer of the run.

    nest        its mapping
    run         what the emulator gave: ofmap, counts, cycles, what zero gating and run-length coding save
    arithmetic  the fixed-point words it used
    saturated   ofmap words that are the largest or the smallest word there is
    """

    nest: Nest
    run: Run
    arithmetic: FixedPoint
    saturated: int


@dataclass(frozen=True, eq=False, repr=False)
class DigitsOnChip:
    """What came out of the chip.

    classes   (N,) the digit with the highest score, for each image
    scores    (N, 10) as real numbers
    layers    layer name -> LayerOnChip
    machine   what they ran on
    clock_hz  cycles per second
    """

    classes: np.ndarray
    scores: np.ndarray
    layers: Mapping[str, LayerOnChip]
    machine: Machine = field(repr=False)
    clock_hz: float

    @property
    def counts(self) -> Counts:
        """Words moved, all layers together."""
        return sum(layer.run.counts for layer in self.layers.values())

    @property
    def energy(self) -> Energy:
        """Energy by level and tensor, all layers together, with the machine's costs."""
        return energy(self.counts, self.machine)

    @property
    def cycles(self) -> int:
        """Cycles, one layer after the other."""
        return sum(layer.run.cycles for layer in self.layers.values())

    @property
    def frames_per_second(self) -> float:
        """Images in a second: N * clock_hz / cycles."""
        return len(self.classes) * self.clock_hz / self.cycles

    @property
    def saturated(self) -> int:
        """Ofmap words at the end of their range, all layers together."""
        return sum(layer.saturated for layer in self.layers.values())

    def right(self, labels: np.ndarray) -> int:
        """Count the images whose class is their label.

        labels   (N,)
        returns  a number of images
        """
        return int(np.count_nonzero(self.classes == np.asarray(labels)))

    def __repr__(self) -> str:
        many, spent = len(self.classes), self.energy
        return (
            f"{many} digit{'s' * (many > 1)}: {spent.macs:,} MACs in {self.cycles:,} cycles, "
            f"{self.frames_per_second:,.0f} frames/s, energy per MAC {spent.per_mac:.2f}"
        )


def lenet5_on_eyeriss(
    images: np.ndarray,
    formats: Mapping[str, FixedPoint] | None = None,
    timing: Timing | None = None,
    nests: Mapping[str, Nest] | None = None,
) -> DigitsOnChip:
    """Classify handwritten digits with LeNet-5 on the emulated Eyeriss chip, in fixed point.

    images   (N, 8, 8), words 0 .. 16, as tensors.digits() has them; all N are one batch
    formats  layer name -> FixedPoint; by default lenet5_formats(), 16-bit words
    timing   None: cycles are steps; or Timing, as in emulator.run
    nests    layer name -> Nest of that layer at batch N, for layers that you map yourself; the others get
             lenet5_nests(N)
    returns  DigitsOnChip. CONV and FC layers run on the array, every word counted; each psum reads its bias
             in DRAM. ReLU and max pooling work on the ofmap's words between two layers and are not counted
    raises   ShapeError if the images are no digits; CourseError if a layer is not one of LeNet-5's, or as
             emulator.run does
    source   layers: LeNet-5 with the shipped weights; chip: Chen et al., JSSC 52(1), 2017

    >>> digits = tensors.digits()
    >>> done = lenet5_on_eyeriss(digits.test_images[:4])
    >>> done.classes, digits.test_labels[:4]
    (array([0, 1, 2, 3]), array([0, 1, 2, 3]))
    """
    formats, nests = lenet5_formats() if formats is None else formats, dict(nests or {})
    _check_layers(formats, nests)
    chip, ifmap = eyeriss(), first_words(images, formats["C1"])
    nests = lenet5_nests(len(ifmap)) | nests
    network, weights, done = networks.lenet5(), tensors.lenet5_weights(), {}
    for name in network.layers:
        done[name] = _layer(nests[name], chip.machine, ifmap, *weights[name], formats[name], timing)
        ifmap = passed_on(done[name].run.ofmap, network.glue[name])
    scores = tensors.from_fixed(ifmap[:, :, 0, 0], formats[name].ofmap_fraction)
    return DigitsOnChip(scores.argmax(axis=1), scores, MappingProxyType(done), chip.machine, chip.clock_hz)


def lenet5_nests(N: int = 1) -> dict[str, Nest]:
    """Map LeNet-5 on the Eyeriss chip, row stationary.

    N        images in the batch
    returns  layer name -> Nest, as fitting_nest finds it
    """
    machine = eyeriss().machine
    shapes = networks.lenet5().with_batch(N).layers
    return {name: fitting_nest(shape, machine)[1] for name, shape in shapes.items()}


def _check_layers(formats: Mapping, nests: Mapping) -> None:
    """Demand a format for each layer, and nests for none but these."""
    names = set(networks.lenet5().layers)
    for what, given in (("formats", formats), ("nests", nests)):
        if not set(given) <= names or (what == "formats" and set(given) != names):
            raise CourseError(
                f"the layers of LeNet-5 are {', '.join(networks.lenet5().layers)}",
                f"{what} for {', '.join(map(str, given)) or 'none'}",
                "give a format for each, such as lenet5_formats(8), and nests for those you map yourself",
            )


def _layer(nest: Nest, machine: Machine, ifmap, filters, bias, arithmetic, timing) -> LayerOnChip:
    """Run one layer; its bias starts the psums, in their fraction bits."""
    ifmap = ifmap.reshape(nest.shape.N, nest.shape.C, nest.shape.H, nest.shape.W)
    done = run(
        nest, machine, ifmap, *layer_words(filters, bias, arithmetic),
        arithmetic=arithmetic, timing=timing, zero_gating=True, run_length=True,
    )  # fmt: skip
    half = 2 ** (arithmetic.bits - 1)
    at_the_end = (done.ofmap == -half) | (done.ofmap == half - 1)
    return LayerOnChip(nest, done, arithmetic, int(np.count_nonzero(at_the_end)))
