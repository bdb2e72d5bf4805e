"""What notebook 01's exercises ask for, right and wrong in the ways that students get it wrong."""

from itertools import pairwise, product
from math import ceil

import numpy as np

from cnnhw.checks.opens.n01 import BUDGET, NEARLY_ZERO
from cnnhw.layers import fully_connected, relu
from cnnhw.shape import LayerShape


def clipped_neuron(ifmap, weights, bias, top):
    """Right: a weighted sum, kept between 0 and top."""
    return min(max(bias + int(np.dot(weights, ifmap)), 0), top)


def neuron_clipped_on_the_way(ifmap, weights, bias, top):
    """Wrong: every psum is kept between 0 and top."""
    psum = bias
    for word, weight in zip(ifmap, weights, strict=True):
        psum = min(max(psum + int(word * weight), 0), top)
    return psum


def relu_layer(ifmap, filters, bias):
    """Right: a fully connected layer and its ReLU."""
    return relu(fully_connected(ifmap, filters, bias))


def first_ifmap_only(ifmap, filters, bias):
    """Wrong: every ifmap of the batch gets the answer to the first."""
    return np.repeat(relu_layer(ifmap[:1], filters, bias), len(ifmap), axis=0)


def scores(ifmap, filters1, bias1, filters2, bias2):
    """Right: the scores of a net of two layers."""
    return fully_connected(relu_layer(ifmap, filters1, bias1), filters2, bias2)


def classify(ifmap, filters1, bias1, filters2, bias2):
    """Right: the index of the largest score; of equal ones, the first."""
    return scores(ifmap, filters1, bias1, filters2, bias2).argmax(axis=1)


def classify_without_relu(ifmap, filters1, bias1, filters2, bias2):
    """Wrong: no activation between the layers."""
    hidden = fully_connected(ifmap, filters1, bias1)
    return fully_connected(hidden, filters2, bias2).argmax(axis=1)


def classify_late_bias(ifmap, filters1, bias1, filters2, bias2):
    """Wrong: relu before the first bias."""
    hidden = relu_layer(ifmap, filters1, None) + bias1
    return fully_connected(hidden, filters2, bias2).argmax(axis=1)


def classify_last_of_equals(*net):
    """Wrong: of equal scores, the last wins."""
    backwards = scores(*net)[:, ::-1]
    return backwards.shape[1] - 1 - backwards.argmax(axis=1)


def macs(sizes):
    """Right: MACs of fully connected layers between these sizes."""
    return sum(LayerShape.fc(M=M, C=C).macs for C, M in pairwise(sizes))


def energy_per_frame(sizes, PEs, clock_hz, busy, watts):
    """Right: millijoules for one frame."""
    return 1000 * watts * macs(sizes) / (busy * PEs * clock_hz)


def energy_of_whole_cycles(sizes, PEs, clock_hz, busy, watts):
    """Wrong: a frame takes a whole number of cycles."""
    return 1000 * watts * ceil(macs(sizes) / (busy * PEs)) / clock_hz


def energy_of_whole_layers(sizes, PEs, clock_hz, busy, watts):
    """Wrong: each layer takes a whole number of cycles."""
    cycles = sum(ceil(C * M / (busy * PEs)) for C, M in pairwise(sizes))
    return 1000 * watts * cycles / clock_hz


def energy_with_bias(sizes, PEs, clock_hz, busy, watts):
    """Wrong: one more MAC for each bias."""
    extra = sum(sizes[1:]) / macs(sizes)
    return (1 + extra) * energy_per_frame(sizes, PEs, clock_hz, busy, watts)


def energy_of_one_product(sizes, *chip):
    """Wrong: the product of all sizes."""
    return energy_per_frame((int(np.prod(sizes)), 1), *chip)


def tells_exactly_one(net):
    """The whole rule, image by image and word by word."""
    filters1, bias1, filters2, bias2 = ([*map(list, map(np.atleast_1d, part))] for part in net)
    K = len(filters1)
    square = all(len(row) == 4 for row in filters1) and [len(row) for row in filters2] == [K]
    if not square or len(bias1) != K or len(bias2) != 1 or 4 * K + K + K + 1 > BUDGET:
        return False
    for image in product((0, 1), repeat=4):
        score = bias2[0][0]
        for row, bias, weight in zip(filters1, bias1, filters2[0], strict=True):
            score += weight * max(0, bias[0] + sum(w * x for w, x in zip(row, image, strict=True)))
        if not np.isfinite(score) or (score > NEARLY_ZERO) != (sum(image) == 1):
            return False
    return True


def nearby_nets():
    """Nets of three neurons, of tenths, and with numbers that are none."""
    line = np.ones((2, 4)), [0, -1]
    tenths = 0.1 * np.ones((3, 4)), [0, -0.1, -0.3], [[0.1, -0.2, 0]], [0]
    halves = np.ones((2, 4)), [0, -0.5], [[1, -1]], [0]
    huge = 1e308 * np.ones((2, 4)), [0, 0], [[1, -0.5]], [0]
    return [tenths, halves, huge, (*line, [[1, -2]], [1e-12]), (*line, [[1, -2]], [np.nan])]
