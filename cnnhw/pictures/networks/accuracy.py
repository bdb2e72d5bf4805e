"""How networks grew from 1998 to 2015, and how their error fell: published figures beside computed ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnhw.errors import CourseError
from cnnhw.networks import Network
from cnnhw.pictures import palette
from cnnhw.pictures.networks.work import in_thousands
from cnnhw.pictures.picture import Picture, draw


@dataclass(frozen=True)
class Milestone:
    """What is published about a network and cannot be computed from its shapes.

    year        of its publication or of the ImageNet challenge it entered
    top5_error  on ImageNet, %: how often the right class is not among the five best scores; None if it
                was never measured there
    """

    year: int
    top5_error: float | None


# Top-5 errors: Sze et al., Proc. IEEE 2017, table II. LeNet-5 never ran on ImageNet.
MILESTONES = {
    "LeNet-5": Milestone(1998, None),  # LeCun et al., Proc. IEEE 1998
    "AlexNet": Milestone(2012, 16.4),  # Krizhevsky et al., NIPS 2012
    "OverFeat": Milestone(2013, 14.2),  # Sermanet et al., arXiv 2013
    "VGG-16": Milestone(2014, 7.4),  # Simonyan and Zisserman, arXiv 2014
    "GoogLeNet": Milestone(2014, 6.7),  # Szegedy et al., arXiv 2014
    "ResNet-50": Milestone(2015, 5.3),  # He et al., arXiv 2015
}


def growth(networks: Sequence[Network]) -> Picture:
    """Draw MACs, weights and layers of each network, computed, beside its top-5 error, quoted.

    networks  Networks that MILESTONES knows, oldest first
    returns   Picture; MACs and weights are sums over all layers
    raises    CourseError if nothing is published here about a network

    >>> from cnnhw.networks import vgg16
    >>> growth([vgg16()]).words.partition(". ")[2]
    'VGG-16 (2014): 15,470,264,320 MACs, 138,344,128 weights, 16 layers, top-5 error 7.4 %.'
    """
    known = [_milestone(network) for network in networks]
    names = [f"{network.title}\n{fact.year}" for network, fact in zip(networks, known, strict=True)]
    errors = [fact.top5_error for fact in known]
    computed = {
        "MACs for one image (computed)": [network.macs for network in networks],
        "weights (computed)": [network.filter_words for network in networks],
        "layers with weights (computed)": [len(network.layers) for network in networks],
    }

    def artist(figure):
        panels = list(figure.subplots(2, 2, sharex=True).flat)
        for axes, (title, values) in zip(panels, computed.items(), strict=False):
            _column_bars(axes, values, title, log="layers" not in title)
        _dots(panels[3], errors, "top-5 error on ImageNet, % (quoted)")
        for axes in panels[2:]:
            axes.set_xticks(range(len(names)), names, fontsize=9)

    caption = "MACs and weights stand on logarithmic axes. Errors: Sze et al., Proc. IEEE 2017, table II."
    words = "Networks by year; MACs, weights and layers computed, errors quoted. " + "; ".join(
        f"{network.title} ({fact.year}): {network.macs:,} MACs, {network.filter_words:,} weights, "
        f"{len(network.layers)} layers, top-5 error {_error(fact.top5_error)}"
        for network, fact in zip(networks, known, strict=True)
    )
    return draw(artist, words + ".", caption, width=9.6, height=4.6)


def _milestone(network: Network) -> Milestone:
    title = network.title.split(",")[0].split(" on ")[0]  # "GoogLeNet, floor pooling" is a GoogLeNet
    if title not in MILESTONES:
        raise CourseError(
            "this picture quotes an error for each network",
            f"{network.title}, about which nothing is quoted here",
            "use networks among " + ", ".join(MILESTONES),
        )
    return MILESTONES[title]


def _error(top5_error: float | None) -> str:
    return "not measured" if top5_error is None else f"{top5_error} %"


def _column_bars(axes, values: Sequence[int], title: str, log: bool) -> None:
    axes.bar(range(len(values)), values, color=palette.GRID, edgecolor=palette.MUTED, width=0.6)
    if log:
        axes.set_yscale("log")
        axes.set_ylim(min(values) / 5, max(values) * 8)
    else:
        axes.set_ylim(0, max(values) * 1.2)
    for place, value in enumerate(values):
        above = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center"}
        axes.annotate(in_thousands(value), (place, value), fontsize=9, **above)
    axes.set_title(title, fontsize=10, loc="left")


def _dots(axes, values: Sequence[float | None], title: str) -> None:
    """Quoted figures are hollow dots, so that nobody takes them for something this course computed."""
    for place, value in enumerate(values):
        known = value is not None
        if known:
            axes.plot(place, value, "o", markersize=9, markerfacecolor=palette.PAPER, color=palette.TEXT)
        axes.annotate(
            f"{value}" if known else "not\nmeasured", (place, value if known else 0), (0, 8),
            textcoords="offset points", ha="center", fontsize=9,
        )  # fmt: skip
    axes.set_ylim(0, max(value for value in values if value is not None) * 1.25)
    axes.set_title(title, fontsize=10, loc="left")
