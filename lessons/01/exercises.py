"""The exercises of notebook 01_weighted_sums: a count, a neuron, a layer, a net, a chip, a design."""

from dataclasses import replace
from itertools import product

import numpy as np

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n01 import _NOTEBOOK, OPENS
from cnnhw.layers import fully_connected, relu
from cnnhw.shape import LayerShape

from . import answers

_LAYER_MACS = Number(
    name="layer_macs",
    notebook=_NOTEBOOK,
    points=1,
    rule="every neuron reads every word of every image of the batch, and each of these takes one MAC",
    formula="MACs = N * M * C, and C counts every pixel of the image",
    answer=LayerShape.fc(N=5, M=300, C=28 * 28).macs,
    unit="MACs",
    mistakes={
        "the batch is left out": 300 * 28 * 28,
        "the image has 28 pixels": 5 * 300 * 28,
        "each bias counts as a MAC": 5 * 300 * (28 * 28 + 1),
        "the multiplication and the addition count separately": 2 * 5 * 300 * 28 * 28,
        "the neurons are left out": 5 * 28 * 28,
        "the layers' sizes are added, not multiplied": 5 * (300 + 28 * 28),
    },
)


def _draw_neuron(rng, C, bias, top):
    return rng.integers(-9, 10, C), rng.integers(-9, 10, C), bias, top


_CLIPPED_NEURON = Function(
    name="clipped_neuron",
    notebook=_NOTEBOOK,
    points=2,
    rule="a weighted sum plus its bias, kept from falling below 0 or rising above top",
    formula="ofmap = bias + sum over c of weights[c] * ifmap[c], then 0 if below 0 and top if above top",
    reference=answers.clipped_neuron,
    worked=((np.array([1, 3]), np.array([2, 4]), -1, 6),),
    draw=_draw_neuron,
    cases=({"C": 7, "bias": 6, "top": 1000}, {"C": 2, "bias": -200, "top": 13}),
    hidden=({"C": 11, "bias": -5, "top": 900}, {"C": 1, "bias": 30, "top": 17}),
    domain=Domain({"C": range(1, 8), "bias": range(-40, 41), "top": range(1, 61)}),
    counts=lambda ifmap, weights, bias, top: {"MACs": len(ifmap), "weights": len(weights)},
    mistakes={
        "the bias is forgotten": lambda i, w, bias, top: answers.clipped_neuron(i, w, 0, top),
        "the top is ignored": lambda i, w, bias, top: max(bias + int(np.dot(w, i)), 0),
        "negative sums pass": lambda i, w, bias, top: min(bias + int(np.dot(w, i)), top),
        "the activation comes before the bias": lambda i, w, bias, top: (
            bias + answers.clipped_neuron(i, w, 0, top)
        ),
        "the last word is left out": lambda i, w, bias, top: answers.clipped_neuron(
            i[:-1], w[:-1], bias, top
        ),
        "sums above the top become 0": lambda i, w, bias, top: (
            answers.clipped_neuron(i, w, bias, top) if bias + np.dot(w, i) <= top else 0
        ),
        "the sum is clipped on the way, not at its end": answers.neuron_clipped_on_the_way,
        "negative sums lose their sign": lambda i, w, bias, top: min(abs(bias + int(np.dot(w, i))), top),
    },
)


def _draw_layer(rng, N, M, C):
    return rng.integers(-9, 10, (N, C)), rng.integers(-9, 10, (M, C)), rng.integers(-60, 61, M)


_RELU_LAYER = Function(
    name="relu_layer",
    notebook=_NOTEBOOK,
    points=2,
    rule="each neuron adds its bias and its weighted sum of one ifmap; what is below 0 becomes 0",
    formula="ofmap[n, m] = relu(bias[m] + sum over c of ifmap[n, c] * filters[m, c])",
    reference=answers.relu_layer,
    worked=((np.array([[1, 3]]), np.array([[2, -1], [0, 5]]), np.array([0, -4])),),
    draw=_draw_layer,
    cases=({"N": 3, "M": 2, "C": 200}, {"N": 2, "M": 7, "C": 5}),  # 200 words: sums beyond any byte
    hidden=({"N": 7, "M": 3, "C": 300}, {"N": 5, "M": 1, "C": 2}),
    domain=Domain({"N": range(1, 5), "M": range(1, 5), "C": range(1, 6)}),
    counts=lambda ifmap, filters, bias: {"MACs": len(ifmap) * filters.size, "weights": filters.size},
    mistakes={
        "the bias is forgotten": lambda i, f, bias: answers.relu_layer(i, f, None),
        "there is no activation": fully_connected,
        "the activation comes before the bias": lambda i, f, bias: answers.relu_layer(i, f, None) + bias,
        "the filters are read as (C, M)": lambda i, f, bias: answers.relu_layer(
            i, f.reshape(f.shape[::-1]).T, bias
        ),
        "the ofmap is (M, N)": lambda i, f, bias: answers.relu_layer(i, f, bias).T,
        "every ifmap of the batch gets the answer to the first": answers.first_ifmap_only,
        "the last word of the ifmap is left out": lambda i, f, bias: answers.relu_layer(
            i[:, :-1], f[:, :-1], bias
        ),
        "every filter gets the first bias": lambda i, f, bias: answers.relu_layer(i, f, 0 * bias + bias[0]),
    },
)


def _count_net(ifmap, filters1, bias1, filters2, bias2):
    weights = filters1.size + filters2.size
    return {"MACs": len(ifmap) * weights, "weights": weights}


def _draw_net(rng, N, C, hidden, M, largest, low):
    filters1 = rng.integers(-largest, largest + 1, (hidden, C))
    filters2 = rng.integers(-largest, largest + 1, (M, hidden))
    # Low biases in the second layer make all scores negative now and then, small weights make scores equal.
    bias1, bias2 = rng.integers(-8 * largest, 8 * largest + 1, hidden), -rng.integers(0, low + 1, M)
    return rng.integers(0, 17, (N, C)), filters1, bias1, filters2, bias2


_CLASSIFY = Function(
    name="classify",
    notebook=_NOTEBOOK,
    points=3,
    rule="the class is the index of the largest score, the first of equals; ReLU only between the layers",
    formula="class[n] = first index of the largest score; scores = layer 2 of relu(layer 1 of ifmap[n])",
    reference=answers.classify,
    worked=(
        (
            np.array([[2]]),
            np.array([[1], [-1]]),
            np.array([0, 0]),
            np.array([[-1, 0], [0, -1], [-2, 5]]),
            np.array([0, 0, 0]),
        ),
    ),
    draw=_draw_net,
    cases=(
        {"N": 13, "C": 3, "hidden": 7, "M": 2, "largest": 5, "low": 900},
        {"N": 17, "C": 5, "hidden": 2, "M": 11, "largest": 5, "low": 900},
    ),
    hidden=(
        {"N": 19, "C": 11, "hidden": 3, "M": 5, "largest": 5, "low": 900},
        {"N": 1, "C": 2, "hidden": 5, "M": 3, "largest": 5, "low": 900},
    ),
    domain=Domain(
        {
            "N": range(1, 5),
            "C": range(1, 5),
            "hidden": range(1, 5),
            "M": range(1, 5),
            "largest": range(1, 6),
            "low": (0, 3, 60, 900),
        }
    ),
    counts=_count_net,
    mistakes={
        "there is no activation between the layers": answers.classify_without_relu,
        "the scores pass through relu too": lambda *net: relu(answers.scores(*net)).argmax(axis=1),
        "the first bias is forgotten": lambda i, f1, b1, f2, b2: answers.classify(i, f1, None, f2, b2),
        "the second bias is forgotten": lambda i, f1, b1, f2, b2: answers.classify(i, f1, b1, f2, None),
        "the largest score is sought along the batch": lambda *net: answers.scores(*net).argmax(axis=0),
        "the first bias comes after relu": answers.classify_late_bias,
        "classes count from 1": lambda *net: answers.classify(*net) + 1,
        "of equal scores the last wins": answers.classify_last_of_equals,
        "the largest score is given, not its index": lambda *net: answers.scores(*net).max(axis=1),
        "the smallest score wins": lambda *net: answers.scores(*net).argmin(axis=1),
    },
)

_SIZES = tuple(sizes for layers in (1, 2, 3) for sizes in product((1, 3, 8), repeat=layers + 1))


def _draw_chip(rng, sizes, PEs):
    # Uneven numbers, so that no factor can be mistaken for another; busy up to 1.
    clock_hz, busy = int(rng.integers(50, 300)) * 1_000_000, int(rng.integers(31, 101)) / 100
    return sizes, PEs, clock_hz, busy, int(rng.integers(110, 990)) / 1000


_ENERGY_PER_FRAME = Function(
    name="energy_per_frame",
    notebook=_NOTEBOOK,
    points=3,
    rule="a frame costs the power of the chip, divided by the frames it does in a second",
    formula="millijoules = 1000 * watts / (frames/s), and frames/s = busy * PEs * clock_hz / MACs",
    reference=answers.energy_per_frame,
    worked=(((10, 20, 5), 30, 1000, 0.5, 2),),
    draw=_draw_chip,
    cases=({"sizes": (64, 32, 10), "PEs": 168}, {"sizes": (5, 300, 7, 13, 2), "PEs": 64}),
    hidden=({"sizes": (784, 300, 100, 10), "PEs": 256}, {"sizes": (3, 2, 5), "PEs": 1}),
    domain=Domain({"sizes": _SIZES, "PEs": range(1, 33)}),
    tolerance=1e-9,
    counts=lambda sizes, PEs, clock_hz, busy, watts: {"MACs": answers.macs(sizes)},
    mistakes={
        "each layer takes a whole number of cycles": answers.energy_of_whole_layers,
        "every PE is always busy": lambda sizes, PEs, clock_hz, busy, watts: answers.energy_per_frame(
            sizes, PEs, clock_hz, 1, watts
        ),
        "PEs that wait save energy": lambda sizes, PEs, clock_hz, busy, watts: answers.energy_per_frame(
            sizes, PEs, clock_hz, 1 / busy, watts
        ),
        "the result is in joules": lambda *given: answers.energy_per_frame(*given) / 1000,
        "the last layer is left out": lambda sizes, *chip: answers.energy_per_frame(sizes[:-1], *chip),
        "only the first and the last size count": lambda sizes, *chip: answers.energy_per_frame(
            (sizes[0], sizes[-1]), *chip
        ),
        "all sizes are multiplied": answers.energy_of_one_product,
        "a frame takes a whole number of cycles": answers.energy_of_whole_cycles,
        "each bias counts as a MAC": answers.energy_with_bias,
        "a MAC takes two cycles": lambda *given: 2 * answers.energy_per_frame(*given),
        "there is only one PE": lambda sizes, PEs, *rest: answers.energy_per_frame(sizes, 1, *rest),
    },
)

_EXACTLY_ONE = replace(
    OPENS[0],
    definition=answers.tells_exactly_one,
    nearby=answers.nearby_nets,
    mistakes={
        "any image with ink counts": (np.ones((1, 4)), [0], [[1]], [0]),
        "an image with two pixels on counts too": (np.ones((2, 4)), [0, -1], [[1, -1.6]], [0]),
        "filters1 is transposed": (np.ones((4, 2)), [0, -1], [[1, -2]], [0]),
        "a fourth hidden neuron overruns the budget": (
            np.ones((4, 4)),
            [0, -1, -2, -3],
            [[1, -2, 1, 0]],
            [0],
        ),
    },
)

EXERCISES = (_LAYER_MACS, _CLIPPED_NEURON, _RELU_LAYER, _CLASSIFY, _ENERGY_PER_FRAME, _EXACTLY_ONE)
