"""Every number of three digits or more that a lesson's prose names is shown by a cell, or computed here.

A number that neither a cell's code nor its output holds stands in COMPUTED with what gives
it, or in PUBLISHED with where it was read; one in neither, and one that no prose needs any more, is an error.
"""

import math
import re
from decimal import Decimal

import later_numbers
import pytest
from test_lesson_words import NUMBER, TAUGHT, blocks, output_text, without_code

from cnnhw import LayerShape, conv, networks, tensors
from cnnhw.conv.strassen import error_bound, strassen_matmul_operations
from cnnhw.networks import lenet1998
from cnnhw.roofline import P100, intensity, place
from cnnhw.roofline.here import _TRIAD_WORDS

ALEXNET, LENET = networks.alexnet(), networks.lenet5()
CONV1, CONV2, CONV3, FC6 = (ALEXNET.layers[name] for name in ("CONV1", "CONV2", "CONV3", "FC6"))
FIRST_OF_VGG = networks.vgg16().layers["CONV1-1"]
WIDER = [LayerShape(M=8, C=1, H=32, R=5), LayerShape(M=16, C=8, H=28, R=3), LayerShape.fc(M=10, C=16, H=26)]


def fc_share(network):
    return 100 * sum(layer.filter_words for layer in network.fc.values()) / network.filter_words


def of_eight(levels):
    return 100 * (7 / 8) ** levels


def split_512(leaf):
    return strassen_matmul_operations(512, 512, 512, leaf=leaf)


COMPUTED = {
    "00": {"580": 4 * 200 * ALEXNET.macs / 1e9, "3,025": CONV1.filter_reuse},
    "01": {
        "1,797": sum(map(len, (tensors.digits().train_labels, tensors.digits().test_labels))),
        "122": 2 * ALEXNET.filter_words / 1e6,
        "28.8": 115.3 / 4,
    },
    "02": {
        "1,024": LENET.layers["C1"].ifmap_words,
        "4,704": LENET.layers["C1"].ofmap_words,
        "1,176": LENET.layers["C3"].ifmap_words,
        "400": LENET.layers["C5"].ifmap_words,
        "1,415": len(tensors.digits().train_labels),
        "99.0": 100 * 378 / 382,
        "224": CONV2.macs / 1e6,
        "307": CONV2.filter_words / 1e3,
        "37.7": FC6.macs / 1e6,
        "666": sum(layer.macs for layer in ALEXNET.conv.values()) / 1e6,
        "96.2": fc_share(ALEXNET),
        "341": sum(lenet1998.connections(LENET).values()) / 1e3,
        "1.43": networks.googlenet(pooling="floor").macs / 1e9,
        "1.58": networks.googlenet().macs / 1e9,
        "37,000": round(networks.vgg16().macs / LENET.macs, -3),
        "1,043,712": sum(layer.macs for layer in WIDER),
        "156,800": WIDER[0].macs,
        "778,752": WIDER[1].macs,
        "108,160": WIDER[2].macs,
    },
    "03": {"922": 6_967_728 / 7_560, "48,400": 16 * CONV1.filter_reuse},
    "04": {
        "240,000": LENET.layers["C3"].macs,
        "483": FIRST_OF_VGG.ofmap_words * FIRST_OF_VGG.ifmap_words / 1e9,
        "13.5": 2 * 27 / 4,
        "134": 4 * _TRIAD_WORDS / 1e6,
        "31.3": intensity(LayerShape.fc(N=64, M=FC6.M, C=FC6.C, H=FC6.H)),
    },
    "05": {
        "2.807": math.log2(7),
        "44,020": 3 * 7_700 + 5 * 4_184,
        "39,168": 4 * 7_700 + 2 * 4_184,
        "87.5": of_eight(1),
        "76.6": of_eight(2),
        "58.6": of_eight(4),
        "105": 100 * split_512(1).total / split_512(512).total,
        "698,944": split_512(8).workspace_words,
        "786,432": 3 * 512**2,
        "41,803,136": error_bound(128, 128, 128, leaf=2),
        "384": CONV3.M,
        "2,304": CONV3.C * CONV3.R * CONV3.S,
        "0.75": 3 * 0.2 + 5 * 0.03,
        "0.86": 4 * 0.2 + 2 * 0.03,
    },
    "06": {"576": 64 * 9},
}
PUBLISHED = {
    "01": {"72.5": "JSSC 2017, table V", "278": "JSSC 2017, table V", "0.108": "JSSC 2017: 108 kB"},
    "05": {
        "7,700": "Horowitz 2014",
        "4,184": "Horowitz 2014",
        "0.03": "Horowitz 2014",
        "0.00000001": "the question's own number, 1e-8 in its cell",
        "0.00000002": "its square's, 2e-08 in the output",
    },
    "06": {
        "4.01": "Lavin and Gray 2016, table 4",
        "1.53": "Lavin and Gray 2016, table 4",
        "2.84": "Lavin and Gray 2016, table 4",
        "1.08": "Lavin and Gray 2016, table 4",
        "1.00": "1.0 in the output",
        "10,000": "10_000 in the assert of its cell",
    },
}  # fmt: skip
COMPUTED |= later_numbers.COMPUTED  # 07 to 12
PUBLISHED |= later_numbers.PUBLISHED
each = pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem)


def long_numbers(text):
    """The numbers of a text with three digits or more, years left out."""
    found = {number.rstrip(",") for number in NUMBER.findall(text)}
    digits = {number: re.sub(r"\D", "", number) for number in found}
    return {
        number for number in found if len(digits[number]) >= 3 and not re.fullmatch(r"(19|20)\d\d", number)
    }


def numbers_no_cell_shows(path):
    shown, told = set(), set()
    for kind, text in blocks(path):
        if kind == "code":
            seen = text.source + " ".join(output_text(output) for output in text.outputs)
            shown |= {number.replace(",", "") for number in NUMBER.findall(seen)}
        elif text.startswith("## Sources"):
            break
        else:
            told |= long_numbers(without_code(text))
    return {number for number in told if number.replace(",", "") not in shown}


@each
def test_every_number_in_prose_is_shown_computed_or_published(path):
    lesson = path.name[:2]
    assert numbers_no_cell_shows(path) == set(COMPUTED[lesson]) | set(PUBLISHED.get(lesson, ()))


@pytest.mark.parametrize(
    ("lesson", "told"), [(lesson, told) for lesson, numbers in COMPUTED.items() for told in numbers]
)
def test_the_number_is_what_comes_out(lesson, told):
    printed = Decimal(told.replace(",", ""))
    found = COMPUTED[lesson][told]
    computed = found() if callable(found) else found
    assert round(Decimal(float(computed)), -printed.as_tuple().exponent) == printed


def test_lesson_04_counts_29_macs_a_word_and_the_layers_that_wait():

    assert int(P100.ridge() * 4) == 58 and round(P100.ridge() * 4) == 59 and int(P100.ridge() * 4 / 2) == 29
    conv_layers = [n.conv for n in (ALEXNET, networks.vgg16(), networks.resnet50())]
    waiting = [row.name for layers in conv_layers for row in place(layers, P100) if row.bound == "memory"]
    assert (sum(map(len, conv_layers)), waiting) == (71, ["CONV1-1"])


def test_lesson_04_the_expanded_filters_are_a_toeplitz_matrix_by_blocks_only():
    """A 2x2 filter on a 3x3 ifmap: each column of the matrix is what one ifmap word adds to the ofmap."""
    filters = [[[[1, 2], [3, 4]]]]
    columns = []
    for word in range(9):
        ifmap = [[[[int(3 * h + w == word) for w in range(3)] for h in range(3)]]]
        columns.append(conv.conv_loops(ifmap, filters).ravel().tolist())
    matrix = list(zip(*columns, strict=True))
    assert [matrix[i][i + 2] for i in range(3)] == [0, 0, 2]
    block = [
        [tuple(row[3 * b : 3 * b + 3] for row in matrix[2 * a : 2 * a + 2]) for b in range(3)] for a in (0, 1)
    ]
    assert block[0][0] == block[1][1] and block[0][1] == block[1][2]
    for one in (block[0][0], block[0][1]):
        assert one[0][:2] == one[1][1:]  # each falling diagonal holds one number
