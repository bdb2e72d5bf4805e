"""LeNet-5 in fixed-point words without a chip: what goes in, what lies between the layers, what comes out."""

from collections.abc import Mapping

import numpy as np

from cnnhw import networks, tensors
from cnnhw.conv import conv_windows
from cnnhw.emulator import FixedPoint
from cnnhw.errors import ShapeError
from cnnhw.layers import max_pool, relu
from cnnhw.networks import parse_step


def lenet5_words(images: np.ndarray, formats: Mapping[str, FixedPoint]) -> np.ndarray:
    """Compute LeNet-5's scores in fixed point, with whole-number convolutions in place of an array of PEs.

    images   (N, 8, 8), words 0 .. 16
    formats  layer name -> FixedPoint, such as lenet5_formats(8); no psum may overflow
    returns  (N, 10) words, those of lenet5_on_eyeriss with the same formats, bit by bit
    raises   ShapeError if the images are no digits

    >>> from cnnhw.chips.lenet5_formats import lenet5_formats
    >>> digits = tensors.digits()
    >>> lenet5_words(digits.test_images[:4], lenet5_formats(8)).argmax(axis=1), digits.test_labels[:4]
    (array([0, 1, 2, 3]), array([0, 1, 2, 3]))
    """
    network, ifmap = networks.lenet5(), first_words(images, formats["C1"])
    for name, weights in tensors.lenet5_weights().items():
        shape = network.layers[name]
        filters, bias = layer_words(*weights, formats[name])
        ifmap = ifmap.reshape(-1, shape.C, shape.H, shape.W)
        psums = conv_windows(ifmap, filters, shape.U, shape.P, shape.G, shape.D) + bias[:, None, None]
        ifmap = passed_on(formats[name].finish(psums), network.glue[name])
    return ifmap[:, :, 0, 0]


def first_words(images: np.ndarray, arithmetic: FixedPoint) -> np.ndarray:
    """Give the ifmap of the first layer.

    images      (N, 8, 8), words 0 .. 16
    arithmetic  of the first layer
    returns     (N, 1, 32, 32) words
    raises      ShapeError if the images are no digits, or there is none
    """
    pixels = tensors.digits_32x32(images)
    if not len(pixels) or not (pixels.min() >= 0 and pixels.max() <= 1):
        found = f" with words {np.min(images)} .. {np.max(images)}" if len(pixels) else ""
        raise ShapeError(
            f"digits are one image or more with words 0 .. {tensors.DIGIT_MAX}",
            f"{len(pixels)} images{found}",
            "give images as tensors.digits() has them, such as digits().test_images[:1]",
        )
    return tensors.to_fixed(pixels, arithmetic.bits, arithmetic.ifmap_fraction)


def layer_words(
    filters: np.ndarray, bias: np.ndarray, arithmetic: FixedPoint
) -> tuple[np.ndarray, np.ndarray]:
    """Give the filters and the bias of a layer as words.

    filters     (M, C, R, S), real numbers
    bias        (M,)
    arithmetic  of the layer
    returns     (filters, bias): words of `bits`, and of psum_bits with the fraction bits of a psum
    """
    fraction = arithmetic.ifmap_fraction + arithmetic.filter_fraction
    return (
        tensors.to_fixed(filters, arithmetic.bits, arithmetic.filter_fraction),
        tensors.to_fixed(bias, arithmetic.psum_bits, fraction),
    )


def passed_on(ofmap: np.ndarray, steps: tuple[str, ...]) -> np.ndarray:
    """Apply what follows a layer of LeNet-5; words stay words.

    ofmap    (N, M, E, F) words
    steps    of network.glue: ReLU and max pooling
    returns  the next layer's ifmap
    """
    for step in steps:
        pool = parse_step(step)
        ofmap = relu(ofmap) if pool is None else max_pool(ofmap, pool.window, pool.stride)
    return ofmap
