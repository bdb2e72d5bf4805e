"""Which fixed-point words LeNet-5's layers use, chosen from the training digits alone."""

import math
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from cnnhw import layers, networks, tensors
from cnnhw.emulator import FixedPoint

LARGEST_PIXEL = 1.0  # digits_32x32 gives words 0 .. 1
BATCH = 283  # training digits at a time, so that memory stays small; 5 batches


def lenet5_formats(bits: int = 16, psum_bits: int = 32) -> Mapping[str, FixedPoint]:
    """Choose the arithmetic of each layer of LeNet-5.

    bits       of an ifmap, filter and ofmap word
    psum_bits  of a psum
    returns    layer name -> FixedPoint. A tensor has as many fraction bits as its largest magnitude leaves:
               of the shipped filters themselves, of an ofmap before ReLU over all training digits. Filters
               get fewer where that alone makes sure that no psum overflows, whatever the image:
               largest ifmap word * (sum of a filter's magnitudes + bias) fits psum_bits
    raises     CourseError if a number of bits is none
    source     chosen for teaching; a format for each layer is what Sze et al., Proc. IEEE 2017, call dynamic
               fixed point

    >>> first = lenet5_formats(8)["C1"]                   # pixels up to 1 * 2^6, ofmap words up to 2.9 * 2^5
    >>> first.ifmap_fraction, first.filter_fraction, first.ofmap_fraction
    (6, 7, 5)
    """
    FixedPoint(bits=bits, psum_bits=psum_bits)  # refuses what is no number of bits
    largest, chosen, fraction = largest_ofmap_words(), {}, fraction_bits(LARGEST_PIXEL, bits)
    for name, (filters, bias) in tensors.lenet5_weights().items():
        sums = np.abs(filters).sum(axis=(1, 2, 3)) + np.abs(bias)
        room = psum_bits - bits - 1 - math.ceil(math.log2(float(sums.max())))
        of_filters = min(fraction_bits(float(np.abs(filters).max()), bits), room)
        of_ofmap = min(fraction_bits(largest[name], bits), fraction + of_filters)
        chosen[name] = FixedPoint(
            bits=bits, psum_bits=psum_bits,
            ifmap_fraction=fraction, filter_fraction=of_filters, ofmap_fraction=of_ofmap,
        )  # fmt: skip
        fraction = of_ofmap  # ReLU and max pooling leave words as they are
    return MappingProxyType(chosen)


def fraction_bits(largest: float, bits: int) -> int:
    """Give the most fraction bits with which a number still fits a word.

    largest  magnitude, above 0
    bits     of a word, sign included
    returns  floor(log2((2^(bits - 1) - 1) / largest)); negative for numbers beyond the whole words

    >>> fraction_bits(1.0, 16), fraction_bits(9.5, 8)           # 32767 / 1 >= 2^14; 127 / 9.5 >= 2^3
    (14, 3)
    """
    return math.floor(math.log2((2 ** (bits - 1) - 1) / largest))


@cache
def largest_ofmap_words() -> Mapping[str, float]:
    """Give the largest magnitude in each layer's ofmap, before ReLU, over the training digits, in floats.

    returns  layer name -> magnitude
    """
    network, weights = networks.lenet5(), tensors.lenet5_weights()
    images, largest = tensors.digits().train_images, dict.fromkeys(network.layers, 0.0)
    for first in range(0, len(images), BATCH):
        ifmap = tensors.digits_32x32(images[first : first + BATCH])
        steps = layers.forward(network, weights, ifmap, keep=True)
        for name in largest:
            largest[name] = max(largest[name], float(np.abs(steps[name]).max()))
    return MappingProxyType(largest)
