"""Where the work and the weights of a network are: layer by layer, and CONV against FC."""

from collections.abc import Sequence

from cnnhw.networks import Network
from cnnhw.pictures import palette
from cnnhw.pictures.networks.stages import Stage, stages
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

ROW = 0.24  # inches for one bar
MACS_INK = palette.MUTED  # work belongs to no tensor, so it has no tensor's colour


def work_per_layer(network: Network) -> Picture:
    """Draw the MACs and the weights of every layer as bars; FC bars are hatched and marked.

    network  any Network; more than 16 layers are drawn in stages of equal ofmap size
    returns  Picture; a stage's MACs and weights are the sums over its layers

    >>> from cnnhw.networks import lenet5
    >>> work_per_layer(lenet5()).words[:56]                     # 6 * 28*28 words, 25 products each
    'Work of LeNet-5 by layer. C1 117,600 MACs and 150 weight'
    """
    rows = stages(network, most=16)
    totals = {"MACs": network.macs, "weights": network.filter_words}
    shares = dict(zip(totals, conv_share(network), strict=True))
    lines = "; ".join(f"{row.title} {row.macs:,} MACs and {row.filter_words:,} weights" for row in rows)
    words = (
        f"Work of {network.title} by layer. {lines}. CONV layers have {shares['MACs']:.1%} of the "
        f"{totals['MACs']:,} MACs and {shares['weights']:.1%} of the {totals['weights']:,} weights."
    )

    def artist(figure):
        left, right = figure.subplots(1, 2, sharey=True)
        _bars(left, rows, [row.macs for row in rows], MACS_INK, "#E3E3E3")
        ink = palette.TENSOR[Tensor.FILTER]
        _bars(right, rows, [row.filter_words for row in rows], ink.line, ink.fill)
        left.set_yticks(range(len(rows)), [row.title for row in rows])
        left.invert_yaxis()
        for axes, name in ((left, "MACs"), (right, "weights")):
            heading = f"{in_thousands(totals[name])} {name}, {shares[name]:.1%} in CONV"
            axes.set_title(heading, fontsize=10, loc="left")
        figure.suptitle(network.title, fontsize=11, x=0.01, ha="left")

    caption = "Solid bars are CONV layers, hatched bars are FC layers."
    return draw(artist, words, caption, width=8.4, height=0.95 + ROW * len(rows))


def conv_against_fc(networks: Sequence[Network]) -> Picture:
    """Draw the share of CONV and of FC layers in each network's MACs and weights.

    networks  Networks, drawn from top to bottom
    returns   Picture; a share is the CONV layers' sum / all layers' sum

    >>> from cnnhw.networks import vgg16
    >>> conv_against_fc([vgg16()])
    Share of CONV layers in the MACs and in the weights of each network: VGG-16 99.2% and 10.6%.
    """
    shares = {network.title: conv_share(network) for network in networks}
    lines = "; ".join(f"{title} {macs:.1%} and {weights:.1%}" for title, (macs, weights) in shares.items())
    words = f"Share of CONV layers in the MACs and in the weights of each network: {lines}."

    def artist(figure):
        left, right = figure.subplots(1, 2, sharey=True)
        figure.get_layout_engine().set(wspace=0.06)
        ink = palette.TENSOR[Tensor.FILTER]
        _shares(left, [macs for macs, _ in shares.values()], MACS_INK, "#E3E3E3")
        _shares(right, [weights for _, weights in shares.values()], ink.line, ink.fill)
        left.set_yticks(range(len(shares)), list(shares))
        left.invert_yaxis()
        left.set_title("MACs: CONV share in %", fontsize=10, loc="left")
        right.set_title("weights: CONV share in %", fontsize=10, loc="left")

    caption = "Solid is CONV, hatched is FC; each bar is the whole network."
    return draw(artist, words, caption, width=8.4, height=0.7 + 0.32 * len(shares))


def conv_share(network: Network) -> tuple[float, float]:
    """Give the CONV layers' part of all MACs and of all weights.

    network  any Network
    returns  (MACs of CONV / MACs, weights of CONV / weights), each from 0 to 1

    >>> from cnnhw.networks import alexnet
    >>> [f"{share:.1%}" for share in conv_share(alexnet())]
    ['91.9%', '3.8%']
    """
    macs = sum(layer.macs for layer in network.conv.values())
    words = sum(layer.filter_words for name, layer in network.conv.items() if name not in network.shared)
    return macs / network.macs, words / network.filter_words


def in_thousands(number: float) -> str:
    """Write a large count with three digits and its unit, k, M or G.

    >>> [in_thousands(number) for number in (105415200, 34848, 840, 15346630656)]
    ['105M', '34.8k', '840', '15.3G']
    """
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            scaled = number / size
            return f"{scaled:.{0 if scaled >= 100 else 1 if scaled >= 10 else 2}f}{unit}"
    return f"{number:.0f}"


def _bars(axes, rows: Sequence[Stage], values: Sequence[int], line: str, fill: str) -> None:
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        face, hatch = (fill, "////") if row.is_fc else (line, None)
        axes.barh(place, value, height=0.72, facecolor=face, edgecolor=line, hatch=hatch, linewidth=0.8)
        axes.annotate(
            in_thousands(value) + (" FC" if row.is_fc else ""), (value, place), (4, 0),
            textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
    axes.set_xlim(0, max(values) * 1.22)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _shares(axes, shares: Sequence[float], line: str, fill: str) -> None:
    ground = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1.5}
    for place, share in enumerate(shares):
        frame = {"height": 0.7, "edgecolor": line, "linewidth": 0.8}
        axes.barh(place, share, facecolor=line, **frame)
        axes.barh(place, 1 - share, left=share, facecolor=fill, hatch="////", **frame)
        # The number stands beside the edge that it names, on the side with more room.
        shift, side = (-0.03, "right") if share > 0.2 else (0.03, "left")
        axes.text(share + shift, place, f"{share:.1%}", va="center", ha=side, fontsize=9, bbox=ground)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
