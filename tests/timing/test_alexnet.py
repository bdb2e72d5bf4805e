"""AlexNet on the Eyeriss chip with the buses of lesson 12: the closed form is the emulator's."""

from dataclasses import replace

import pytest

from cnnhw.chips import emulate_alexnet, eyeriss
from cnnhw.chips.emulated import BUSES
from cnnhw.timing import Timing, cycles


@pytest.mark.parametrize("layer", ["CONV1", "CONV5"])
def test_cycles_of_a_layer(layer):
    chip, done = eyeriss(), emulate_alexnet(layer).run
    parameters = chip.mapping(layer)
    nest = chip.nest(replace(chip.network.layers[layer], N=parameters["n"]), parameters)
    assert cycles(nest, chip.machine, BUSES) == done.cycles > done.counts.cycles
    assert cycles(nest, chip.machine, Timing()) == done.counts.cycles
