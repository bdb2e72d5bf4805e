"""Slides 16 and 18: what the facts say of each cell, and that a verdict is found, not written down."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from cnnhw import CourseError, networks
from cnnhw.networks import Cell, Verdict, agrees, lenet1998

FACTS = Path(__file__).parent / "facts"
TITLES = {"OverFeat fast (survey)": "OverFeat", "GoogLeNet v1": "GoogLeNet"}
SIX = ("# CONV weights", "# CONV MACs", "# FC weights", "# FC MACs", "Total weights", "Total MACs")


def facts(name):
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_cell(cells):
    found = {(cell.network, cell.cell): cell for cell in cells}
    assert len(found) == len(cells), "two cells of one name"
    return found


def wrong(network, layer, **sizes):
    """The network with one layer's sizes changed."""
    changed = replace(network.layers[layer], **sizes)
    return replace(network, glue=None, layers={**network.layers, layer: changed})


@pytest.mark.parametrize("row", [row for row in facts("slide18") if row["cell"] in SIX], ids=lambda row: (
    f"{row['network']} {row['cell']}"))  # fmt: skip
def test_slide_18_counts(row):
    cell = by_cell(networks.slide18())[TITLES.get(row["network"], row["network"]), row["cell"]]
    assert cell.published == row["published"]
    assert cell.computed == int(row["computed"])
    assert row["reproduced"].startswith("yes")
    assert cell.verdict in (Verdict.REPRODUCED, Verdict.CONVENTION)


@pytest.mark.parametrize(
    ("network", "cell", "published", "computed", "verdict"),
    [
        ("LeNet-5", "Input size", "28x28", "32x32", Verdict.NOT),
        ("LeNet-5", "# channels", "1, 6", "1, 6", Verdict.REPRODUCED),
        ("LeNet-5", "# filters", "6, 16", "6, 16", Verdict.REPRODUCED),
        ("LeNet-5", "# FC layers", "2", 2, Verdict.CONVENTION),
        ("LeNet-5", "Total weights, footnote", "431k", 430_500, Verdict.CONVENTION),
        ("LeNet-5", "Total MACs, footnote", "2.3M", 2_293_000, Verdict.CONVENTION),
        ("AlexNet", "# channels", "3-256", "3-256", Verdict.REPRODUCED),
        ("GoogLeNet", "# CONV layers", "21", 21, Verdict.CONVENTION),
        ("GoogLeNet", "# channels", "3-1024", "3-832", Verdict.NOT),
        ("GoogLeNet", "# channels, corrected", "3-832", "3-832", Verdict.REPRODUCED),
        ("GoogLeNet", "# filters", "64-384", "16-384", Verdict.NOT),
        ("GoogLeNet", "# filters, corrected", "16-384", "16-384", Verdict.REPRODUCED),
        ("ResNet-50", "# CONV layers", "49", 49, Verdict.CONVENTION),
        ("ResNet-50", "# filters", "64-2048", "64-2048", Verdict.REPRODUCED),
    ],
)
def test_slide_18_shapes(network, cell, published, computed, verdict):
    found = by_cell(networks.slide18())[network, cell]
    assert (found.published, found.computed, found.verdict) == (published, computed, verdict)


def test_slide_18_says_how_a_cell_comes_out():
    cells = networks.slide18()
    assert all(cell.convention for cell in cells if cell.verdict is not Verdict.REPRODUCED)
    macs = by_cell(cells)
    assert macs["GoogLeNet", "# CONV MACs"].straight == 1_581_647_872  # ceil, as in the paper
    assert macs["ResNet-50", "# CONV MACs"].others == (
        ("v1.5, stride in the 3x3", 4_087_136_256),
        ("the main path alone", 3_496_263_680),
    )
    assert macs["ResNet-50", "Total weights"].others == (("with both", 25_557_032),)
    assert macs["AlexNet", "# CONV weights"].others == (("without groups", 3_745_824),)
    assert macs["LeNet-5", "# CONV MACs"].others == (("MACs on 32x32", 357_600), ("MACs on 28x28", 240_000))


def test_top_5_errors_are_only_quoted():
    """SURVEY table II; confidence A."""
    quoted = {cell.network: cell for cell in networks.slide18() if cell.verdict is Verdict.QUOTED}
    assert {network: cell.published for network, cell in quoted.items()} == {
        "LeNet-5": "n/a", "AlexNet": "16.4", "OverFeat": "14.2",
        "VGG-16": "7.4", "GoogLeNet": "6.7", "ResNet-50": "5.3",
    }  # fmt: skip
    assert all(cell.computed is None and cell.cell == "Top-5 error" for cell in quoted.values())


def test_slide_16():
    cells = by_cell(networks.slide16())
    for row in facts("slide16")[:3]:
        weights, macs = cells[row["layer"], "weights"], cells[row["layer"], "MACs"]
        assert (weights.published, weights.straight) == (row["pub_params"], int(row["params"]))
        assert macs.straight == int(row["MACs"])
    printed = [cells[layer, "MACs"].published for layer in ("CONV1", "CONV2", "CONV3")]
    assert printed == ["105M", "150M", "224M"]
    swapped = cells["CONV2", "MACs"]
    assert (swapped.computed, swapped.straight) == (149_520_384, 223_948_800)
    assert (swapped.verdict, swapped.others) == (Verdict.CONVENTION, (("CONV2 itself", 223_948_800),))
    assert cells["CONV1", "weights"].verdict is Verdict.CONVENTION  # 34,848 is printed as 34k
    assert Counter(cell.verdict for cell in cells.values()) == {Verdict.REPRODUCED: 3, Verdict.CONVENTION: 3}


@pytest.mark.parametrize(
    ("name", "network", "layer", "sizes", "title", "cell"),
    [
        ("lenet5", networks.lenet5(), "C1", {"M": 7}, "LeNet-5", "# CONV MACs"),
        ("lenet5", networks.lenet5(), "F6", {"M": 94}, "LeNet-5", "Total MACs"),
        ("alexnet", networks.alexnet(), "CONV2", {"G": 1}, "AlexNet", "# CONV MACs"),
        ("overfeat", networks.overfeat(), "CONV5", {"P": 0}, "OverFeat", "# CONV MACs"),
        ("vgg16", networks.vgg16(), "CONV3-2", {"U": 2}, "VGG-16", "# CONV MACs"),
        ("googlenet", networks.googlenet(), "conv2/3x3", {"M": 832}, "GoogLeNet", "# CONV weights"),
        ("googlenet_floor", networks.googlenet("floor"), "conv2/3x3", {"P": 0}, "GoogLeNet", "# CONV MACs"),
        ("resnet50", networks.resnet50(), "res5a_branch1", {"U": 1}, "ResNet-50", "# CONV MACs"),
    ],
)
def test_a_wrong_layer_flips_the_verdict_on_slide_18(name, network, layer, sizes, title, cell):
    right = networks.slide18()
    changed = networks.slide18(instead={name: wrong(network, layer, **sizes)})
    flipped = {(b.network, b.cell): b for a, b in zip(right, changed, strict=True) if a.verdict != b.verdict}
    assert flipped[title, cell].verdict is Verdict.NOT
    assert {network for network, _ in flipped} == {title}


def test_a_wrong_layer_flips_the_verdict_on_slide_16():
    cells = by_cell(networks.slide16(wrong(networks.alexnet(), "CONV3", C=512, M=192)))
    assert cells["CONV3", "weights"].verdict is Verdict.REPRODUCED  # 512*192 = 256*384: the same number
    cells = by_cell(networks.slide16(wrong(networks.alexnet(), "CONV3", H=14, W=14)))
    assert cells["CONV2", "MACs"].verdict is Verdict.NOT
    assert cells["CONV3", "MACs"].verdict is Verdict.CONVENTION
    assert cells["CONV1", "MACs"].verdict is Verdict.REPRODUCED


def test_slide_18_takes_only_its_own_networks():
    with pytest.raises(CourseError) as error:
        networks.slide18(instead={"zfnet": networks.zfnet()})
    lines = str(error.value).splitlines()
    assert lines[0] == "slide 18 can only be compared with its own networks"
    assert lines[1] == "  got 'zfnet'"
    assert lines[2].startswith("  use one of lenet5, ")


@pytest.mark.parametrize(
    ("value", "published", "expected"),
    [
        (2_550, "2.6k", True), (2_549, "2.6k", False), (2_649, "2.6k", True), (2_650, "2.6k", False),
        (999_500, "1M", True), (1_499_999, "1M", True), (1_500_000, "1M", False), (5_966_272, "6.0M", True),
        (5_949_999, "6.0M", False), (49, "49", True), (53, "49", False), ("3-832", "3-1024", False),
    ],
)  # fmt: skip
def test_agrees_rounds_half_up_at_the_printed_precision(value, published, expected):
    assert agrees(value, published) is expected


def test_cut_off_is_its_own_convention():
    assert Cell("a", "b", "34k", 34_848, 34_848, cut_off=True).verdict is Verdict.CONVENTION
    assert Cell("a", "b", "34k", 35_001, 35_001, cut_off=True).verdict is Verdict.NOT


def test_lenet_counts_of_1998():
    """LeCun 1998, section II-B: the paper's own numbers for each layer."""
    connections = lenet1998.connections(networks.lenet5())
    parameters = lenet1998.parameters(networks.lenet5())
    assert connections == {
        "C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164, "OUT": 840,
    }  # fmt: skip
    assert parameters == {"C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164, "OUT": 0}
    assert (sum(connections.values()), sum(parameters.values())) == (340_908, 60_000)


def test_lenet_c3_table():
    """LeCun 1998, table I: 6 maps see 3 neighbours, 6 see 4, 3 see 4 of another kind, 1 sees all."""
    assert [len(maps) for maps in lenet1998.C3_INPUTS] == [3] * 6 + [4] * 9 + [6]
    assert len({frozenset(maps) for maps in lenet1998.C3_INPUTS}) == 16
    seen = Counter(source for maps in lenet1998.C3_INPUTS for source in maps)
    assert seen == dict.fromkeys(range(6), 10)
