"""Inference in the cloud and at the edge: which words cross the network, and how often."""

from matplotlib.axes import Axes

from cnnhw.pictures import palette
from cnnhw.pictures.marks.sketch import arrow, box, sheet
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

_IFMAP, _FILTER, _OFMAP = (palette.TENSOR[t] for t in (Tensor.IFMAP, Tensor.FILTER, Tensor.OFMAP))
_WIDTH, _HEIGHT = 8.6, 3.5  # inches
_DEVICE, _CLOUD, _BOX = 1.75, 6.85, (2.5, 0.95)


def cloud_and_edge(ifmap_words: int, weight_words: int) -> Picture:
    """Draw what crosses the network when the cloud does the inference, and when the device does.

    ifmap_words   words of one image
    weight_words  words of the network's weights and biases
    returns       Picture whose caption gives the images after which the device has sent as many words as
                  the weights have: weight_words / ifmap_words

    >>> cloud_and_edge(64, 2410).caption
    '2,410 / 64 = 37.7: after 38 images, sending the weights once has moved fewer words.'
    """
    ratio = weight_words / ifmap_words
    images = weight_words // ifmap_words + 1
    caption = (
        f"{weight_words:,} / {ifmap_words:,} = {ratio:.1f}: after {images:,} images, "
        "sending the weights once has moved fewer words."
    )
    words = (
        f"Two rows. Inference in the cloud: for every image the device sends {ifmap_words:,} ifmap words "
        f"over the network and waits for 1 label. Inference at the edge: {weight_words:,} words of weights "
        f"cross the network once, and no image leaves the device. {caption}"
    )

    def artist(figure):
        axes = sheet(figure)
        _draw_cloud(axes, 2.6, ifmap_words)
        axes.plot((0.15, _WIDTH - 0.15), (1.75, 1.75), color=palette.GRID, linewidth=0.8)
        _draw_edge(axes, 0.8, weight_words)

    return draw(artist, words, caption, width=_WIDTH, height=_HEIGHT)


def _draw_cloud(axes: Axes, y: float, ifmap_words: int) -> None:
    axes.text(0.15, _HEIGHT - 0.06, "Inference in the cloud", va="top", fontsize=11, weight="bold")
    box(axes, (_DEVICE, y), _BOX, "device\nimage, label", _IFMAP.fill, _IFMAP.line)
    box(axes, (_CLOUD, y), _BOX, "data centre\ntraining, weights,\ninference", _FILTER.fill, _FILTER.line)
    left, right = _DEVICE + _BOX[0] / 2, _CLOUD - _BOX[0] / 2
    arrow(axes, (left, y + 0.2), (right, y + 0.2), color=_IFMAP.line, width=2.2)
    arrow(axes, (right, y - 0.2), (left, y - 0.2), color=_OFMAP.line)
    middle = (left + right) / 2
    axes.text(middle, y + 0.27, f"every image: {ifmap_words:,} words", ha="center", va="bottom")
    axes.text(middle, y - 0.27, "every image: 1 label", ha="center", va="top")


def _draw_edge(axes: Axes, y: float, weight_words: int) -> None:
    axes.text(0.15, 1.68, "Inference at the edge", va="top", fontsize=11, weight="bold")
    box(axes, (_DEVICE, y), _BOX, "device\nimage, weights,\ninference, label", _IFMAP.fill, _IFMAP.line)
    box(axes, (_CLOUD, y), _BOX, "data centre\ntraining", _FILTER.fill, _FILTER.line)
    left, right = _DEVICE + _BOX[0] / 2, _CLOUD - _BOX[0] / 2
    arrow(axes, (right, y), (left, y), color=_FILTER.line, dashed=True)
    middle = (left + right) / 2
    axes.text(middle, y + 0.08, f"once: {weight_words:,} words", ha="center", va="bottom")
    axes.text(middle, y - 0.08, "no image leaves", ha="center", va="top")
