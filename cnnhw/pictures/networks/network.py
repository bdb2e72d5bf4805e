"""A network as a row of blocks: one block for each fmap, its size drawn and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from matplotlib.patches import Polygon

from cnnhw.networks import Network
from cnnhw.networks.glue import ofmap_after, parse_step
from cnnhw.pictures import palette
from cnnhw.pictures.networks.stages import Stage, stages
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

# Chosen for teaching: inches a block gets, the tallest block, and inches per square root of a channel.
PITCH, TALLEST, PER_ROOT_CHANNEL = 0.74, 1.25, 0.0085
SLANT = 0.45  # how far the third direction leans, as a part of its length


@dataclass(frozen=True)
class _Block:
    """One fmap: what made it, and its channels, height and width in words."""

    label: str
    kind: str  # "ifmap", "conv", "pool" or "fc"
    channels: int
    height: int
    width: int

    @property
    def size(self) -> str:
        return f"{self.channels:,} x {self.height} x {self.width}"


def network_blocks(network: Network) -> Picture:
    """Draw the fmaps of a network from left to right, as blocks of channels x height x width.

    network  any Network; more than 9 layers are drawn in stages of equal ofmap size, fewer one by one,
             and then a pooling after a layer gets a block too
    returns  Picture; every length follows the square root of its size, so that 1 and 4,096 fit on a page

    >>> from cnnhw import LayerShape
    >>> from cnnhw.networks import from_layers
    >>> network_blocks(from_layers("tiny", [LayerShape(M=2, C=3, H=7, R=5)]))       # 7 - 5 + 1 = 3
    tiny from left to right, channels x height x width: ifmap 3 x 7 x 7, CONV1 2 x 3 x 3.
    """
    groups = stages(network, most=9)
    merged = len(groups) < len(network.layers)
    blocks = _blocks(groups, {} if merged else network.glue or {})
    sizes = ", ".join(f"{block.label} {block.size}" for block in blocks)
    words = f"{network.title} from left to right, channels x height x width: {sizes}."
    caption = "Lengths follow the square root of the size."
    if merged:
        caption += f" {len(network.layers)} layers in {len(groups)} stages; a stage shows what it hands on."

    def artist(figure):
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.set_aspect("equal", anchor="NW")
        tallest = max(max(block.height, block.width) for block in blocks)
        for place, block in enumerate(blocks):
            _draw_block(axes, PITCH * place, block, TALLEST / sqrt(tallest))
        axes.set_xlim(-0.45, PITCH * len(blocks) - 0.2)
        axes.set_ylim(-0.8, TALLEST * (1 + SLANT) + 0.03)
        axes.set_title(network.title, fontsize=11, loc="left")

    return draw(artist, words, caption, width=PITCH * len(blocks) + 0.4, height=2.85)


def _blocks(groups: tuple[Stage, ...], glue: Mapping[str, tuple[str, ...]]) -> list[_Block]:
    first = groups[0].layers[0]
    blocks = [_Block("ifmap", "ifmap", first.C, first.H, first.W)]
    for stage, following in zip(groups, (*groups[1:], None), strict=True):
        last = stage.layers[-1]
        kind = "fc" if stage.is_fc else "conv"
        blocks.append(_Block(stage.label.split("/")[0], kind, _channels(stage, following), last.E, last.F))
        steps = glue.get(stage.label, ())
        if any(parse_step(step) for step in steps):
            blocks.append(_Block("pool", "pool", *ofmap_after(last, steps)))
    return blocks


def _channels(stage: Stage, following: Stage | None) -> int:
    """Channels that a stage hands on: those of its branches joined, which only the next layer tells."""
    joined = following.layers[0].C if following else 0
    # A fully connected layer may give its ifmap as one long vector; then the last layer's M has to do.
    return joined if 0 < joined <= sum(layer.M for layer in stage.layers) else stage.layers[-1].M


def _draw_block(axes, left: float, block: _Block, scale: float) -> None:
    """Draw a box `channels` wide, `height` high, `width` deep; its middle stands above its words."""
    ink = palette.TENSOR[Tensor.IFMAP if block.kind == "ifmap" else Tensor.OFMAP]
    wide = max(0.03, PER_ROOT_CHANNEL * sqrt(block.channels))
    high = scale * sqrt(block.height)
    deep = SLANT * scale * sqrt(block.width)
    x = left - (wide + deep) / 2
    front = [(x, 0), (x + wide, 0), (x + wide, high), (x, high)]
    top = [(x, high), (x + wide, high), (x + wide + deep, high + deep), (x + deep, high + deep)]
    side = [(x + wide, 0), (x + wide + deep, deep), (x + wide + deep, high + deep), (x + wide, high)]
    for face, fill in ((front, ink.fill), (top, palette.PAPER), (side, ink.fill)):
        # A pooled fmap is dashed, a fully connected one hatched: told apart without colour.
        style = "--" if block.kind == "pool" else "-"
        hatch = "////" if block.kind == "fc" else None
        axes.add_patch(
            Polygon(face, facecolor=fill, edgecolor=ink.line, linewidth=0.9, linestyle=style, hatch=hatch)
        )
    axes.text(left, -0.12, block.label, ha="center", va="top", fontsize=9, fontweight="bold")
    size = f"{block.channels:,}\n{block.height} x {block.width}"
    axes.text(left, -0.32, size, ha="center", va="top", fontsize=9, linespacing=1.25)
