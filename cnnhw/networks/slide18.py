"""Slide 18, the summary of networks: each printed number beside the one that the layers give."""

from collections.abc import Mapping
from dataclasses import replace

from cnnhw.errors import CourseError
from cnnhw.networks import shipped
from cnnhw.networks.cells import Cell
from cnnhw.networks.columns import SURVEY, channel_range, filter_range, macs, six_cells, top5_error, words
from cnnhw.networks.network import Network
from cnnhw.networks.slide18_lenet import lenet_cells


def slide18(instead: Mapping[str, Network] | None = None) -> tuple[Cell, ...]:
    """Compare slide 18 with the networks; with it the survey's column for OverFeat and its corrections.

    instead  networks to use instead of the course's, by name: lenet5, lenet5_28x28, alexnet, overfeat, vgg16,
             googlenet, googlenet_floor, resnet50, resnet50_v1_5
    returns  Cells, network by network
    raises   CourseError if a name in `instead` is none of these
    source   Sze, "Energy-Efficient Deep Learning: Challenges and Opportunities", slide 18; SURVEY

    >>> cells = {(cell.network, cell.cell): cell for cell in slide18()}
    >>> cells["GoogLeNet", "# CONV MACs"].straight, cells["GoogLeNet", "# CONV MACs"].computed
    (1581647872, 1430532352)
    """
    used = _course_networks()
    for name in instead or ():
        if name not in used:
            raise CourseError(
                "slide 18 can only be compared with its own networks",
                repr(name),
                f"use one of {', '.join(used)}",
            )
    used.update(instead or {})
    return (
        *lenet_cells(used["lenet5"], used["lenet5_28x28"]),
        *_alexnet(used["alexnet"]),
        *_overfeat(used["overfeat"]),
        *_vgg(used["vgg16"]),
        *_googlenet(used["googlenet"], used["googlenet_floor"]),
        *_resnet(used["resnet50"], used["resnet50_v1_5"]),
    )


def _course_networks() -> dict[str, Network]:
    return {
        "lenet5": shipped.lenet5(),
        "lenet5_28x28": shipped.lenet5(input_size=28),
        "alexnet": shipped.alexnet(),
        "overfeat": shipped.overfeat(),
        "vgg16": shipped.vgg16(),
        "googlenet": shipped.googlenet(),
        "googlenet_floor": shipped.googlenet(pooling="floor"),
        "resnet50": shipped.resnet50(),
        "resnet50_v1_5": shipped.resnet50(version="v1.5"),
    }


def _alexnet(network: Network) -> tuple[Cell, ...]:
    ungrouped = [replace(shape, G=1) for shape in network.conv.values()]
    groups = "two groups in CONV2, CONV4 and CONV5, no bias"
    readings = {
        "# CONV weights": {"convention": groups, "others": (("without groups", words(ungrouped)),)},
        "# CONV MACs": {"convention": groups, "others": (("without groups", macs(ungrouped)),)},
    }
    return (
        top5_error(network, "16.4"),
        Cell(network.title, "# channels", "3-256", channel_range(network), convention="seen by one filter"),
        *six_cells(network, ("2.3M", "666M", "58.6M", "58.6M", "61M", "724M"), readings),
    )


def _overfeat(network: Network) -> tuple[Cell, ...]:
    published = ("16M", "2.67G", "130M", "130M", "146M", "2.8G")
    cells = (top5_error(network, "14.2"), *six_cells(network, published))
    return tuple(replace(cell, source=SURVEY) for cell in cells)


def _vgg(network: Network) -> tuple[Cell, ...]:
    published = ("14.7M", "15.3G", "124M", "124M", "138M", "15.5G")
    return top5_error(network, "7.4"), *six_cells(network, published)


def _googlenet(network: Network, floor: Network) -> tuple[Cell, ...]:
    pooling = "pooling drops windows that overhang (floor: maps 112-55-27-13-6); the paper keeps them"
    conv_macs = macs(network.conv.values())
    readings = {
        "# CONV weights": {"convention": "all CONV layers but the heads used in training, no bias"},
        "# CONV MACs": {
            "under": macs(floor.conv.values()),
            "convention": pooling,
            "others": (("with ceil", conv_macs),),
        },
        "Total MACs": {"under": floor.macs, "convention": pooling, "others": (("with ceil", network.macs),)},
    }
    published = ("6.0M", "1.43G", "1M", "1M", "7M", "1.43G")
    return top5_error(network, "6.7"), *_googlenet_shapes(network), *six_cells(network, published, readings)


def _googlenet_shapes(network: Network) -> tuple[Cell, ...]:
    title, layers = network.title, len(network.conv)
    # The longest path: three layers before the modules, then a 1x1 and a 3x3 in each of the nine.
    deep = sum("3x3" in name or "7x7" in name for name in network.conv)
    depth = "depth: the layers along the longest path, 3 + 9*2"
    fc_input = (("FC input", max(shape.C for shape in network.fc.values())),)
    no_fc, narrow = "1024 is what the FC layer receives", "the 5x5 branches begin with narrower layers"
    channels, filters = channel_range(network), filter_range(network)
    return (
        Cell(title, "# CONV layers", "21", layers, deep, depth, others=(("all", layers),)),
        Cell(title, "# channels", "3-1024", channels, convention=no_fc, others=fc_input),
        Cell(title, "# channels, corrected", "3-832", channels, source=SURVEY),
        Cell(title, "# filters", "64-384", filters, convention=narrow),
        Cell(title, "# filters, corrected", "16-384", filters, source=SURVEY),
    )


def _resnet(network: Network, v1_5: Network) -> tuple[Cell, ...]:
    main_path = [shape for name, shape in network.conv.items() if not name.endswith("branch1")]
    # Batch normalisation has a scale and a shift for each filter; the FC layer has biases.
    extra = sum(2 * shape.M for shape in network.conv.values()) + sum(fc.M for fc in network.fc.values())
    tried = (("v1.5, stride in the 3x3", macs(v1_5.conv.values())), ("the main path alone", macs(main_path)))
    alone = (("the main path alone", words(main_path)),)
    with_both = (("with both", network.filter_words + extra),)
    readings = {
        "# CONV weights": {"convention": "the projection shortcuts included, no bias", "others": alone},
        "# CONV MACs": {"convention": "v1: stride 2 in the 1x1 layers; with projections", "others": tried},
        "Total weights": {"convention": "no bias, no batch normalisation", "others": with_both},
    }
    depth = "depth: the layers along the main path, 1 + 16*3, without the projection shortcuts"
    layers = len(network.conv)
    return (
        top5_error(network, "5.3"),
        Cell(network.title, "# CONV layers", "49", layers, len(main_path), depth, others=(("all", layers),)),
        Cell(network.title, "# filters", "64-2048", filter_range(network)),
        *six_cells(network, ("23.5M", "3.86G", "2M", "2M", "25.5M", "3.9G"), readings),
    )
