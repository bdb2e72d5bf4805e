"""Bad input to every convolution that cnnhw.conv has: three lines, the same ones, before any work is done."""

from fractions import Fraction

import numpy as np
import pytest

from cnnhw import CourseError, ShapeError, conv

ALGORITHMS = {name: getattr(conv, name) for name in dir(conv) if name.startswith("conv_")}
IFMAP, FILTERS = np.ones((2, 6, 7, 5)), np.ones((4, 6, 3, 2))


def with_word(words, value):
    changed = words.copy()
    changed[1, 2, 2, 1] = value
    return changed


# What is wrong -> the arguments, the rule that the first line says, the values that the second says.
CASES = {
    "U = 0": (dict(U=0), "U must be a whole number, 1 or more", "got U=0"),
    "U = 1.5": (dict(U=1.5), "U must be a whole number, 1 or more", "got U=1.5"),
    "P = -1": (dict(P=-1), "P must be a whole number, 0 or more", "got P=-1"),
    "G = 0": (dict(G=0), "G must be a whole number, 1 or more", "got G=0"),
    "R > H + 2P": (
        dict(filters=np.ones((4, 6, 9, 2))),
        "the filter must fit into the padded ifmap",
        "got R=9 but H + 2P = 7 + 2*0 = 7",
    ),
    "S > W + 2P": (
        dict(filters=np.ones((4, 6, 3, 8)), P=1),
        "the filter must fit into the padded ifmap",
        "got S=8 but W + 2P = 5 + 2*1 = 7",
    ),
    "G does not divide C": (dict(G=4), "the groups must divide C evenly", "got C=6, G=4 (remainder 2)"),
    "G does not divide M": (
        dict(filters=FILTERS[:, :2], G=3),
        "the groups must divide M evenly",
        "got M=4, G=3 (remainder 1)",
    ),
    "channels": (
        dict(filters=FILTERS[:, :5]),
        "each filter must see C / G channels",
        "got ifmap C=6, G=1 (6 channels a group) but filters with 5 channels",
    ),
    "NaN": (
        dict(filters=with_word(FILTERS, np.nan)),
        "every word of filters must be a finite number",
        "got nan at filters[1, 2, 2, 1]",
    ),
    "infinity": (
        dict(ifmap=with_word(IFMAP, -np.inf)),
        "every word of ifmap must be a finite number",
        "got -inf at ifmap[1, 2, 2, 1]",
    ),
    "text": (dict(ifmap=IFMAP.astype(str)), "ifmap must hold numbers", "got dtype <U32"),
    "dates": (dict(filters=FILTERS.astype("M8[D]")), "filters must hold numbers", "got dtype datetime64[D]"),
    "None": (dict(ifmap=None), "ifmap must have four axes (N, C, H, W)", "got shape ()"),
    "empty ifmap": (
        dict(ifmap=IFMAP[:, :, :0]),
        "ifmap must have at least one word on each axis (N, C, H, W)",
        "got shape (2, 6, 0, 5)",
    ),
    "no filters": (
        dict(filters=FILTERS[:0]),
        "filters must have at least one word on each axis (M, C/G, R, S)",
        "got shape (0, 6, 3, 2)",
    ),
}

# The options of one algorithm: its name, the options, the rule, the values.
OPTIONS = [
    ("conv_toeplitz", dict(expand="rows"), "one of the two tensors is expanded to a matrix", "expand='rows'"),
    ("conv_toeplitz", dict(matmul=None), "matmul must be a function of two matrices", "a NoneType"),
    ("conv_strassen", dict(leaf=0), "leaf, the side at which splitting stops, is a whole number", "leaf=0"),
    ("conv_winograd", dict(m=0), "m must be a whole number, 1 or more", "m=0"),
    ("conv_winograd", dict(m=2.0), "m must be a whole number, 1 or more", "m=2.0"),
    (
        "conv_winograd",
        dict(points=(0, 1, 1)),
        "the points must all be different",
        "1 twice in points=(0, 1, 1)",
    ),
    (
        "conv_winograd",
        dict(points=(0, 1, Fraction(2, 2))),
        "the points must all be different",
        "1 twice in points=(0, 1, 1)",
    ),
    (
        "conv_winograd",
        dict(points=(0, 1)),
        "F(m, r) needs m + r - 2 points, infinity not counted",
        "2 points",
    ),
    ("conv_fft", dict(tile=0), "a tile is a whole number of ifmap words, 1 or more", "tile=0"),
    ("conv_fft", dict(product="fast"), 'the complex product is "direct" or "gauss"', "'fast'"),
]


def lines_of(caught) -> list[str]:
    lines = str(caught.value).split("\n")
    assert len(lines) == 3 and all(line.startswith("  ") for line in lines[1:])
    assert all(line.strip() for line in lines)
    return lines


def test_every_algorithm_takes_part():
    assert {"conv_loops", "conv_windows", "conv_toeplitz", "conv_winograd"} < set(ALGORITHMS)
    assert {algorithm for algorithm, *_ in OPTIONS} <= set(ALGORITHMS)


@pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=ALGORITHMS)
@pytest.mark.parametrize("wrong, rule, got", CASES.values(), ids=CASES)
def test_arguments_that_no_convolution_can_have(algorithm, wrong, rule, got):
    with pytest.raises(ShapeError) as caught:
        algorithm(**{"ifmap": IFMAP, "filters": FILTERS, **wrong})
    lines = lines_of(caught)
    assert lines[:2] == [rule, f"  {got}"]


@pytest.mark.parametrize("name, wrong, rule, got", OPTIONS)
def test_options_that_one_algorithm_cannot_have(name, wrong, rule, got):
    with pytest.raises(CourseError) as caught:
        ALGORITHMS[name](np.ones((2, 6, 7, 5)), np.ones((4, 6, 3, 3)), **wrong)
    first, second, _ = lines_of(caught)
    assert first.startswith(rule) and got in second
