"""Slides 29 and 30: the worst and the best case of AlexNet's DRAM accesses, from loop nests.

Slide 29: four accesses for each MAC, 4 x 724M = 2896M. Slide 30: operands read once, up to 500x fewer reads.
"""

import pytest

from cnnhw import Machine, Nest, count, networks
from cnnhw.nest import DIMS

ALEXNET = networks.alexnet()
EVERYTHING = {"ifmap", "filter", "psum"}


def nothing_kept(shape):
    """All loops inside, but no memory in which to keep a word: every MAC goes to DRAM."""
    return Nest(shape, [(dim, 1, "RF") for dim in DIMS], keeps={})


def all_kept(shape):
    """A GLB with room for the whole layer: every word comes once, and goes once."""
    return Nest(shape, [(dim, 1, "GLB") for dim in DIMS], keeps={"GLB": EVERYTHING})


def dram(counts):
    return sum(words for (level, _), words in counts.accesses("transfer").items() if level == "DRAM")


def operand_reads(shape, machine):
    counts = count(all_kept(shape), machine)
    return counts["DRAM", "ifmap"].reads + counts["DRAM", "filter"].reads


def test_slide_29_worst_case():
    """Padded words are read like others, the first psum too: four accesses for each MAC of all 8 layers."""
    machine = Machine(1, 1, stores_padding=True, first_psum="read")
    layers = [count(nothing_kept(shape), machine) for shape in ALEXNET.layers.values()]
    assert dram(sum(layers)) == 2_897_627_264
    assert sum(layers).accesses("worst") == {
        key: words for key, words in sum(layers).accesses("transfer").items() if key[0] == "DRAM"
    }


def test_slide_29_without_the_zeros():
    """Who knows that padding is zero, and that psums begin at zero, reads less even so."""
    layers = [count(nothing_kept(shape), Machine(1, 1)) for shape in ALEXNET.layers.values()]
    padding = sum(count.macs - count["DRAM", "ifmap"].reads for count in layers)
    first = sum(shape.ofmap_words for shape in ALEXNET.layers.values())
    assert padding > 0 and dram(sum(layers)) == 2_897_627_264 - padding - first


@pytest.mark.parametrize(
    ("layer", "printed"), [("CONV1", 1113), ("CONV2", 1187), ("CONV3", 322), ("CONV4", 308), ("CONV5", 295)]
)
def test_slide_30_reuse_by_layer(layer, printed):
    shape = ALEXNET.layers[layer]
    assert round(2 * shape.macs / operand_reads(shape, Machine.unbounded())) == printed


def test_slide_30_up_to_500x():
    """Two operands for each MAC, over the words of filters and ifmaps: 487.7 for the five CONV layers."""
    reads = sum(operand_reads(shape, Machine.unbounded()) for shape in ALEXNET.conv.values())
    macs = sum(shape.macs for shape in ALEXNET.conv.values())
    assert round(2 * macs / reads, 1) == 487.7


def test_slide_30_ifmap_words():
    """Every word of AlexNet's ifmaps is in some window: skipped words do not matter; stored padding does."""
    assert all(shape.ifmap_words_read == shape.ifmap_words for shape in ALEXNET.conv.values())
    padded = sum(
        operand_reads(shape, Machine.unbounded(stores_padding=True)) for shape in ALEXNET.conv.values()
    )
    assert round(2 * sum(shape.macs for shape in ALEXNET.conv.values()) / padded, 1) == 473.9


def test_best_case_is_the_61_million_weights():
    """Every word once: 60,954,656 weights, and a million words of ifmaps and ofmaps beside them."""
    best = sum(count(all_kept(shape), Machine.unbounded()) for shape in ALEXNET.layers.values())
    assert best["DRAM", "filter"].reads == 60_954_656
    assert dram(best) == 60_954_656 + 415_035 + 659_272
