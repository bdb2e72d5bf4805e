"""LeNet-5's column of slide 18, which mixes ways of counting, and the survey's, which mixes networks."""

from cnnhw.networks import lenet1998
from cnnhw.networks.cells import Cell
from cnnhw.networks.columns import SURVEY, macs, six_cells, words
from cnnhw.networks.network import Network
from cnnhw.shape import LayerShape

# The LeNet that the Caffe library ships as an example: the survey's footnote counts this one.
CAFFE_CONV = (LayerShape(M=20, C=1, H=28, R=5), LayerShape(M=50, C=20, H=12, R=5))
CAFFE_FC = (LayerShape.fc(M=500, C=50, H=4), LayerShape.fc(M=10, C=500))

_NO_OUTPUT = "C5 and F6 only; the output layer is left out"


def lenet_cells(network: Network, on_28: Network) -> tuple[Cell, ...]:
    """Compare LeNet-5's column.

    network  lenet5(), on 32x32
    on_28    its variant for 28x28
    returns  Cells: slide 18's, then those of the survey that differ
    """
    published = ("2.6k", "283k", "58k", "58k", "60k", "341k")
    return (
        *_shapes(network, on_28),
        Cell(network.title, "Top-5 error", "n/a", None, convention="not measured on ImageNet"),
        *six_cells(network, published, _readings(network, on_28)),
        *_survey(network),
    )


def _shapes(network: Network, on_28: Network) -> tuple[Cell, ...]:
    title, fc = network.title, len(network.fc)
    size = "the digits are 28x28, but 341k in the same column needs the network's 32x32 input"
    variant = (("the 28x28 variant", _input_size(on_28)),)
    return (
        Cell(title, "Input size", "28x28", _input_size(network), convention=size, others=variant),
        Cell(title, "# channels", "1, 6", _listed(network.conv.values(), "C")),
        Cell(title, "# filters", "6, 16", _listed(network.conv.values(), "M")),
        Cell(title, "# FC layers", "2", fc, len(_without_output(network)), _NO_OUTPUT, others=(("all", fc),)),
    )


def _readings(network: Network, on_28: Network) -> dict[str, dict]:
    connections = sum(lenet1998.connections(network).values())
    fc = _without_output(network)
    planes = sum(len(maps) for maps in lenet1998.C3_INPUTS)
    plain = (("MACs on 32x32", macs(network.conv.values())), ("MACs on 28x28", macs(on_28.conv.values())))
    return {
        "# CONV weights": {"convention": f"no bias, all planes of C3; the 1998 paper connects {planes}"},
        "# CONV MACs": {
            "under": connections - macs(fc),
            "convention": f"not MACs: the 1998 paper's {connections:,} connections minus C5's and F6's MACs",
            "others": plain,
        },
        "# FC weights": {"under": words(fc), "convention": _NO_OUTPUT},
        "# FC MACs": {"under": macs(fc), "convention": _NO_OUTPUT},
        "Total weights": {
            "under": sum(lenet1998.parameters(network).values()),
            "convention": "the parameters of the 1998 paper: biases and pooling in, part of C3 out",
            "others": (("plain", network.filter_words),),
        },
        "Total MACs": {
            "under": connections,
            "convention": "not MACs: the connections of the 1998 paper on 32x32, biases and pooling included",
            "others": (("plain", network.macs),),
        },
    }


def _survey(network: Network) -> tuple[Cell, ...]:
    caffe, conv = (*CAFFE_CONV, *CAFFE_FC), network.conv.values()
    compared = (
        ("# channels, survey", "1, 20", _listed(conv, "C"), _listed(CAFFE_CONV, "C")),
        ("# filters, survey", "20, 50", _listed(conv, "M"), _listed(CAFFE_CONV, "M")),
        ("Total weights, footnote", "431k", network.filter_words, words(caffe)),
        ("Total MACs, footnote", "2.3M", network.macs, macs(caffe)),
    )
    title, remark = network.title, "Caffe's example LeNet, a larger network than the one of 1998"
    return tuple(
        Cell(title, cell, printed, own, under, remark, others=(("LeNet-5", own),), source=SURVEY)
        for cell, printed, own, under in compared
    )


def _without_output(network: Network) -> list[LayerShape]:
    return [shape for name, shape in network.fc.items() if name != "OUT"]


def _input_size(network: Network) -> str:
    first = next(iter(network.layers.values()))
    return f"{first.H}x{first.W}"


def _listed(shapes, letter: str) -> str:
    return ", ".join(str(getattr(shape, letter)) for shape in shapes)
