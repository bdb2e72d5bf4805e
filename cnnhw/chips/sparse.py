"""Words with as many zeros as were measured on Eyeriss, and what its run-length code makes of them."""

import numpy as np

from cnnhw.chips.chip import Chip
from cnnhw.chips.eyeriss import eyeriss
from cnnhw.counts import count
from cnnhw.emulator import run_length_bits
from cnnhw.tensors import generator

LARGEST_WORD = 99  # chosen for teaching: any word that is not zero costs the same


def zeros_of(chip: Chip, layer: str) -> float:
    """Give the measured part of zeros in a layer's ifmap, 0 .. 1."""
    return float(chip.measured[layer]["zeros_in_ifmaps_percent"]) / 100


def sparse_words(shape: tuple[int, ...], zeros: float, seed: int = 0) -> np.ndarray:
    """Draw whole numbers, some of them zero, at random places.

    shape    of the array
    zeros    the part that is zero, 0 .. 1
    seed     of the drawing
    returns  int64, words 0 .. 99

    >>> sparse_words((2, 2), zeros=1.0)
    array([[0, 0],
           [0, 0]])
    """
    random = generator(seed)
    words = random.randint(1, LARGEST_WORD + 1, size=shape, dtype=np.int64)
    return words * (random.random_sample(shape) >= zeros)


def coded_share(zeros: float, words: int = 100_000) -> float:
    """Give the bits of a stream in run-length code, for each bit without.

    zeros    the part of its words that is zero, at random places
    words    in the stream
    returns  coded bits / (16 * words): above 1 where there are few zeros, 64/48 where there are none

    >>> round(coded_share(0), 2), round(coded_share(0.5), 2)
    (1.33, 0.67)
    """
    return float(run_length_bits(sparse_words((words,), zeros)) / (16 * words))


def coded_dram(layer: str) -> tuple[float, float]:
    """Give the traffic between DRAM and the Eyeriss chip for a CONV layer of AlexNet.

    layer    "CONV1" .. "CONV5"
    returns  megabytes (10^6 bytes) of the batch: (plain, coded). Ifmap and ofmap are coded with zeros at
             random places, where that makes them smaller; filters never. The ifmap has its measured part of
             zeros, the ofmap that of the next layer's ifmap, for no other is printed; CONV5's, which has no
             next one, that of its own ifmap
    raises   CourseError if the paper maps no such layer
    source   zeros: Chen et al., JSSC 52(1), 2017, table V

    >>> [round(megabytes, 2) for megabytes in coded_dram("CONV2")]        # measured: 4.0
    [5.43, 4.21]
    """
    chip = eyeriss()
    parameters = chip.mapping(layer)
    nest = chip.nest(chip.network.layers[layer], parameters)
    counts = count(nest, chip.machine)
    layers = list(chip.printed)
    following = layers[min(layers.index(layer) + 1, len(layers) - 1)]
    shares = {
        "ifmap": min(1, coded_share(zeros_of(chip, layer))),
        "filter": 1,
        "psum": min(1, coded_share(zeros_of(chip, following))),
    }
    words = {tensor: counts["DRAM", tensor].reads + counts["DRAM", tensor].updates for tensor in shares}
    megabytes = chip.machine.word_bytes / 1e6
    coded = sum(shares[tensor] * words[tensor] for tensor in shares)
    return sum(words.values()) * megabytes, coded * megabytes
