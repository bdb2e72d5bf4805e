"""What the columns of slide 18 share: the six counts that every network has, and sums over layers."""

from collections.abc import Callable, Iterable, Mapping

from cnnhw.networks.cells import Cell
from cnnhw.networks.network import Network
from cnnhw.shape import LayerShape

SURVEY = "Sze et al., Proc. IEEE 2017, table II"

# The plain way to count each cell: every product of a layer is one MAC, no bias, nothing for pooling.
STRAIGHT: dict[str, Callable[[Network], int]] = {
    "# CONV weights": lambda network: words(network.conv.values()),
    "# CONV MACs": lambda network: macs(network.conv.values()),
    "# FC weights": lambda network: words(network.fc.values()),
    "# FC MACs": lambda network: macs(network.fc.values()),
    "Total weights": lambda network: network.filter_words,
    "Total MACs": lambda network: network.macs,
}


def six_cells(
    network: Network, published: tuple[str, ...], readings: Mapping[str, Mapping] | None = None
) -> Iterable[Cell]:
    """Compare the six counts of one network, in the order of STRAIGHT.

    network    any network
    published  the six printed texts
    readings   cell -> what to say beyond plain counting: arguments of Cell
    returns    six Cells
    """
    for (cell, straight), text in zip(STRAIGHT.items(), published, strict=True):
        yield Cell(network.title, cell, text, straight(network), **(readings or {}).get(cell, {}))


def top5_error(network: Network, percent: str) -> Cell:
    """Quote the published top-5 error, in per cent: no shape can compute it."""
    remark = "per cent, measured on ImageNet; shapes cannot give it"
    return Cell(network.title, "Top-5 error", percent, None, convention=remark, source=SURVEY)


def words(shapes: Iterable[LayerShape]) -> int:
    """Filter words of some layers, no bias."""
    return sum(shape.filter_words for shape in shapes)


def macs(shapes: Iterable[LayerShape]) -> int:
    """MACs of some layers."""
    return sum(shape.macs for shape in shapes)


def channel_range(network: Network) -> str:
    """Channels that a filter of a CONV layer sees, smallest to largest: "3-256"."""
    return _range(shape.seen for shape in network.conv.values())


def filter_range(network: Network) -> str:
    """Filters of a CONV layer, smallest to largest: "64-2048"."""
    return _range(shape.M for shape in network.conv.values())


def _range(sizes: Iterable[int]) -> str:
    sizes = sorted(sizes)
    return f"{sizes[0]}-{sizes[-1]}"
