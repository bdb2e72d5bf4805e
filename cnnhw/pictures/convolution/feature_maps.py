"""Feature maps of one image: every channel of an fmap as a small grid of grey cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cnnhw.errors import ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.cells import draw_cells
from cnnhw.pictures.marks.sketch import sheet
from cnnhw.pictures.picture import Picture, draw

ACROSS = 8  # maps side by side; chosen for teaching
LEFT, TOP, GAP, WIDTH = 74, 8, 7, 620  # points: the layer's name, above, between two maps, the page


@dataclass(frozen=True)
class _Places:
    """Where the channels of one fmap go, in points: side of a cell, upper left corners, height of it all."""

    cell: int
    corners: tuple[tuple[int, int], ...]
    height: int


def feature_maps(fmaps: Mapping[str, np.ndarray], title: str = "", most: int = 16) -> Picture:
    """Draw the channels of one or more fmaps, one row for each fmap, dark where the word is large.

    fmaps    name -> one image's fmap (C, H, W) or (1, C, H, W), at most 64 x 64; 0 or less is white and
             the largest word of that fmap black
    title    what the picture is about
    most     the largest number of channels drawn; the caption says if there are more
    returns  Picture
    raises   ShapeError if an fmap has another number of axes, is empty or is larger than 64 x 64

    >>> feature_maps({"C1": np.array([[[0, 2, 1]], [[5, 0, 0]]])})
    Feature maps, channels x height x width and the largest word by channel: C1 2 x 1 x 3, 2 5.
    """
    rows = {name: _one_image(name, fmap) for name, fmap in fmaps.items()}
    each = "; ".join(f"{name} {_size(fmap)}, {_largest(fmap[:most])}" for name, fmap in rows.items())
    words = f"{title or 'Feature maps'}, channels x height x width and the largest word by channel: {each}."
    hidden = [f"{name} shows {most} of its {len(fmap)}." for name, fmap in rows.items() if len(fmap) > most]
    caption = " ".join(["White is 0 or less, black the largest word of its row.", *hidden])
    places = {name: _places(fmap.shape, min(len(fmap), most)) for name, fmap in rows.items()}
    height = TOP + sum(place.height for place in places.values())

    def artist(figure):
        axes = sheet(figure)
        axes.set(xlim=(0, WIDTH), ylim=(0, height))  # in points: whole cells have whole coordinates
        top = height - TOP
        for name, fmap in rows.items():
            place = places[name]
            axes.text(4, top, name, fontsize=10, fontweight="bold", va="top")
            axes.text(4, top - 14, _size(fmap), fontsize=9, va="top")
            largest = fmap.max() if fmap.max() > 0 else 1
            for (left, down), channel in zip(place.corners, fmap, strict=False):
                corner = (left, top - down - place.cell * len(channel))
                draw_cells(axes, corner, place.cell, channel, palette.GRID, largest)
            top -= place.height

    return draw(artist, words, caption, width=WIDTH / 72, height=height / 72)


def _one_image(name: str, fmap: np.ndarray) -> np.ndarray:
    fmap = np.asarray(fmap)
    image = fmap[0] if fmap.ndim == 4 and fmap.shape[0] == 1 else fmap
    if image.ndim != 3 or image.size == 0 or max(image.shape[1:]) > 64:
        raise ShapeError(
            "a feature map picture shows one image's fmap, (C, H, W), at most 64 x 64",
            f"{name} of shape {fmap.shape}",
            "pick one image, as in ofmap[0], and crop large fmaps",
        )
    return image


def _size(fmap: np.ndarray) -> str:
    return " x ".join(str(size) for size in fmap.shape)


def _largest(channels: np.ndarray) -> str:
    # Adding 0 turns -0 into 0.
    return " ".join(f"{channel.max() + 0:.2g}" for channel in channels)


def _places(size: tuple[int, int, int], shown: int) -> _Places:
    _, height, width = size
    columns = min(shown, ACROSS)
    # Whole points for one cell, as large as fits the page: coordinates stay short.
    cell = max(1, min(8, ((WIDTH - LEFT) // columns - GAP) // width, 96 // height))
    steps = (cell * width + GAP, cell * height + GAP)
    corners = tuple((LEFT + i % columns * steps[0], i // columns * steps[1]) for i in range(shown))
    return _Places(cell, corners, max(-(-shown // columns) * steps[1], 30))
