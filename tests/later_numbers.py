"""What lessons 07 to 12 say in prose and no cell shows: each number with what gives it, or where it was read.

A number that takes more than a moment is a function, called when it is tested.
"""

from functools import cache

from cnnhw import LayerShape, Machine, chips, networks, tensors
from cnnhw.chips import isca16
from cnnhw.chips.lenet5_formats import lenet5_formats
from cnnhw.chips.lenet5_words import lenet5_words
from cnnhw.chips.sparse import coded_dram
from cnnhw.dataflows import DATAFLOWS, OS_C, compare
from cnnhw.dataflows.fit import best_fit
from cnnhw.experiments.isca2016 import plans
from cnnhw.machine import Costs
from cnnhw.machine.area import equal_area, memory_area
from cnnhw.mapper import energy_per_mac, search

ALEXNET = networks.alexnet()
CONV2, CONV3, CONV4, CONV5, FC6 = (
    ALEXNET.layers[name] for name in ("CONV2", "CONV3", "CONV4", "CONV5", "FC6")
)
WEIGHTS = ALEXNET.filter_words / 1e6
IFMAPS, OFMAPS = (
    sum(getattr(one, name) for one in ALEXNET.layers.values()) / 1e6
    for name in ("ifmap_words", "ofmap_words")
)
FC_WEIGHTS = sum(layer.filter_words for layer in ALEXNET.fc.values()) / 1e6
SMALL = LayerShape(M=4, C=3, H=8, W=9, R=3, S=2)
SMALL_08 = LayerShape(M=4, C=3, H=8, W=6, R=3)
EYERISS = chips.eyeriss()
CHIP = EYERISS.machine
FC7 = EYERISS.network.layers["FC7"]
DRAM_PJ = Costs.horowitz().DRAM


def all_words(layer):
    return layer.ifmap_words + layer.filter_words + layer.ofmap_words


def alexnets_best(rows, cols, whole):
    """PEs at work (%) over AlexNet's CONV layers."""
    fits = [
        best_fit(one, Machine(rows, cols), height=one.R if whole else None) for one in ALEXNET.conv.values()
    ]
    return (
        100 * sum(one.macs for one in ALEXNET.conv.values()) / sum(fit.cycles for fit in fits) / (rows * cols)
    )


def input_energy(a, b, c, d):
    return a * 200 + a * b * 6 + a * b * c * 2 + a * b * c * d


@cache
def exact_less_formula(name):
    """(level, tensor) -> energy per MAC that the count has beyond the formula, on CONV layers, N = 16."""
    network, machine, found = ALEXNET.with_batch(16), isca16(name), {}
    macs = sum(one.macs for one in network.conv.values())
    planned = plans(name, network, 256)
    for key, layer in network.conv.items():
        for row in compare(DATAFLOWS[name], layer, planned[key].parameters, machine):
            for reason in row.reasons:
                place = row.level, row.tensor.value
                words = found.get(place, 0)
                found[place] = words + machine.costs[row.level] * reason.words / macs
    return found


def gap(name):
    return sum(exact_less_formula(name).values())


def conv_energy(name, objective="isca2016"):
    """Energy per MAC of AlexNet's CONV layers by the formulas, N = 16."""
    conv = ALEXNET.with_batch(16).conv
    return energy_per_mac(
        {key: search(DATAFLOWS[name], one, isca16(name), objective) for key, one in conv.items()}
    )


def relative_if_searched_for_the_report(name):
    return conv_energy(name, "energy") / conv_energy("RS", "energy")


def layer_of_os_c():
    return ALEXNET.with_batch(16).layers["CONV3"]


def cheap_dram():
    """OS_C on CONV3, where DRAM costs 50."""
    machine = isca16("OS_C")
    return search(
        OS_C,
        ALEXNET.with_batch(16).layers["CONV3"],
        machine.with_(costs=Costs(DRAM=50, GLB=6, NoC=2, RF=1, MAC=1)),
    )


def right_with(bits):
    digits = tensors.digits()
    classes = lenet5_words(digits.test_images, lenet5_formats(bits)).argmax(axis=1)
    return (classes == digits.test_labels).sum()


def plain_dram_words():
    return sum(plain for plain, _ in map(coded_dram, EYERISS.nests())) * 1e6 / 2


COMPUTED = {
    "07": {
        "2,896": 4 * round(ALEXNET.macs / 1e6),
        "2896": 4 * round(ALEXNET.macs / 1e6),
        "2,897,627,264": 4 * ALEXNET.macs,
        "896": 4 * CONV2.macs / 1e6,
        "151": 4 * FC6.macs / 1e6,
        "724": ALEXNET.macs / 1e6,
        "99.9": 100 * 806 / 807,
        "37.7": FC6.filter_words / 1e6,
        "123": FC6.filter_words / CONV2.filter_words,
        "213": DRAM_PJ / Costs.horowitz().MAC,
        "320": DRAM_PJ,
        "0.93": 4 * ALEXNET.macs * DRAM_PJ * 1e-12,
        "676": 4 * 13 * 13,
        "1,187": CONV2.macs * 2 / (CONV2.ifmap_words + CONV2.filter_words),
        "61.0": WEIGHTS,
        "61.4": WEIGHTS + IFMAPS,
        "62.0": WEIGHTS + IFMAPS + OFMAPS,
        "58.6": FC_WEIGHTS,
        "348": 216 + 36 + 96,
        "162": 834 - 672,
        "295": 2 * CONV5.macs / (CONV5.ifmap_words + CONV5.filter_words),
        "128": 8 * 8 * 2,
        "512": 8 * 8 * 8,
        "888": input_energy(1, 8, 8, 8),
        "1.73": input_energy(1, 8, 8, 8) / 8**3,
    },
    "08": {
        "348": all_words(SMALL_08),
        "384": CONV3.M,
        "9,216": FC6.C * FC6.R * FC6.S,
        "4,096": FC6.M,
        "255": 16 * 16 - 1,
        "54,000": 108_000 / 2,
    },
    "09": {"106.17": (25 + 9 + 9) * 200 / 81, "224": CHIP["RF"].rooms["filter",]},
    "10": {
        "11,664": 16 * CONV2.E * CONV2.F,
        "126": 3 * 3 * 14,
        "192": CONV4.M // CONV4.G,
        "16.8": 2 * FC7.filter_words / (best_fit(FC7, CHIP).cycles / 200e6) / 1e9,
        "97.5": lambda: alexnets_best(168, 1, whole=True),
        "98.4": lambda: alexnets_best(12, 14, whole=False),
    },
    "11": {
        "128": 131_072 / 1024,
        "338": equal_area(256, 0) / 1024,
        "170": memory_area(16) / 16,
        "1.94": lambda: relative_if_searched_for_the_report("WS"),
        "1.55": lambda: -gap("OS_C"),
        "0.53": lambda: gap("OS_B"),
        "0.23": lambda: -gap("WS"),
        "0.08": lambda: gap("RS"),
        "0.90": lambda: exact_less_formula("WS")["GLB", "ifmap"],
        "0.33": lambda: exact_less_formula("WS")["NoC", "psum"],
        "6.10": lambda: conv_energy("RS") + gap("RS"),
        "8.70": lambda: cheap_dram().energy_per_mac,
    },
    "12": {
        "168": CHIP.pes,
        "176": 11 * 16,
        "192": CONV4.M // CONV4.G,
        "128": CONV5.M // CONV5.G,
        "1.25": 1.3 - 0.05,
        "1.35": 1.3 + 0.05,
        "1.587": (16.0 - 0.05) / (10.0 + 0.05),
        "0.0043": lambda: plain_dram_words() / sum(one.macs for one in EYERISS.network.conv.values()),
        "1.40": lambda: coded_dram("CONV5")[1],
        "48,000": networks.lenet5().layers["C5"].filter_words,
        "377": lambda: right_with(6),
        "352": lambda: right_with(4),
        "163": lambda: right_with(3),
    },
}
PUBLISHED = {
    "07": {
        "100": "slide 35: a GLB of 100 to 500 kB",
        "500": "slides 30 and 35",
        "1,000": "the GLB of the last exercise",
    },
    "10": {"200": "JSSC 2017: 200 MHz"},
    "12": {
        "278": "JSSC 2017, table V: 278 mW",
        "10.0": "JSSC 2017, table V: CONV5, also 10 in the output",
        "16.0": "JSSC 2017, table V: CONV4, also 16 in the output",
        "370": "the question's own number",
    },
}
