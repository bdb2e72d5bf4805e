"""A photograph, or what a filter made of it, as planes of small cells: vectors, so that nbval compares it."""

import math
from collections.abc import Mapping

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import LARGEST, number, plane
from cnnhw.pictures.marks.board import CELL, Board, draw_board
from cnnhw.pictures.picture import Picture

_WIDEST = 9.0  # inches, the width of a notebook's text
_POINTS = 72  # points in an inch; cells are whole points, which keeps the numbers in the SVG short
_GREYS = 12  # chosen for teaching: the eye tells no more apart in so small a cell
_COLOURS = 8  # levels of red, green and blue, chosen for teaching: few, and still a photograph


def planes(channels: Mapping[str, np.ndarray], title: str = "") -> Picture:
    """Draw planes side by side, black for the smallest word of each and white for the largest.

    channels  name -> (H, W) words, at most 64 on a side; each has its own range of greys
    title     what the picture is about, for its words
    returns   Picture; its caption gives the range of each plane
    raises    CourseError if a plane has another number of axes or is too large

    >>> planes({"red": [[0, 128], [255, 64]]}, title="Four words").caption
    'Black is the smallest word of a plane, white the largest: red 0 to 255.'
    """
    arrays = {name: _small_plane(name, channel) for name, channel in channels.items()}
    ranges = ", ".join(f"{name} {number(p.min())} to {number(p.max())}" for name, p in arrays.items())
    sizes = ", ".join(f"{name} {p.shape[0]}x{p.shape[1]}" for name, p in arrays.items())
    caption = f"Black is the smallest word of a plane, white the largest: {ranges}."
    words = f"{title or 'Planes'}, side by side: {sizes}. {caption}"
    return _draw_side_by_side({name: _greys(p) for name, p in arrays.items()}, words, caption)


def colours(image: np.ndarray, title: str = "photograph") -> Picture:
    """Draw an image of three channels in its colours.

    image    (3, H, W) red, green and blue words, 0 to 255, at most 64 on a side
    title    the line above
    returns  Picture
    raises   CourseError if the image has another shape, or words outside 0 to 255

    >>> colours(np.zeros((3, 2, 5), np.uint8))
    photograph: 3 channels (red, green, blue), 2x5 words
    """
    image = np.asarray(image)
    if image.ndim != 3 or len(image) != 3:
        raise CourseError(
            "a colour image has three channels, red, green and blue, first", f"shape {image.shape}",
            "give an array of shape (3, H, W), such as ifmap[0]",
        )  # fmt: skip
    for name, channel in zip(("red", "green", "blue"), image, strict=True):
        _small_plane(name, channel)
    if image.min() < 0 or image.max() > 255:
        raise CourseError(
            "the words of a colour image go from 0 to 255", f"words from {image.min()} to {image.max()}",
            "draw other words with planes()",
        )  # fmt: skip
    words = f"{title}: 3 channels (red, green, blue), {image.shape[1]}x{image.shape[2]} words"
    return _draw_side_by_side({title: _hexes(image)}, words, "")


def _small_plane(name: str, channel) -> np.ndarray:
    array = plane(name, channel)
    if max(array.shape) > LARGEST:
        raise CourseError(
            f"a plane is drawn cell by cell, at most {LARGEST} on a side",
            f"{name} with {array.shape[0]}x{array.shape[1]} words",
            f"draw fewer of them, as in {name}[::2, ::2]",
        )
    return array


def _greys(channel: np.ndarray) -> np.ndarray:
    """(H, W) colour names, from black to white."""
    low, span = float(channel.min()), float(channel.max()) - float(channel.min())
    levels = np.round((channel - low) / (span or 1.0) * (_GREYS - 1)).astype(int)
    names = np.array(["#" + f"{level * 255 // (_GREYS - 1):02x}" * 3 for level in range(_GREYS)])
    return names[levels]


def _hexes(image: np.ndarray) -> np.ndarray:
    """(H, W) colour names."""
    levels = np.round(image / 255.0 * (_COLOURS - 1)).astype(int) * 255 // (_COLOURS - 1)
    names = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in levels.reshape(3, -1).T]
    return np.array(names).reshape(image.shape[1:])


def _draw_side_by_side(images: dict[str, np.ndarray], words: str, caption: str) -> Picture:
    columns = sum(image.shape[1] for image in images.values())
    points = max(1, min(5, int((_WIDEST - 0.3 * len(images)) * _POINTS / columns)))
    cell = points / _POINTS
    head, gap = math.ceil(0.8 * CELL / cell), math.ceil(0.2 / cell)

    def artist(board: Board) -> None:
        left = gap
        for name, image in images.items():
            board.write(left, head / 2, name, align="left", fontweight="bold")
            _paint(board, image, left, head)
            left += image.shape[1] + gap

    rows = head + max(image.shape[0] for image in images.values()) + 1
    return draw_board(artist, columns + gap * (len(images) + 1), rows, words, caption, cell)


def _paint(board: Board, image: np.ndarray, left: int, top: int) -> None:
    """One path per colour, made of runs: neighbours of one colour are drawn together."""
    runs: dict[str, list[tuple[float, float, float]]] = {}
    for row, line in enumerate(image):
        starts = [0, *(np.flatnonzero(line[1:] != line[:-1]) + 1), len(line)]
        for start, end in zip(starts, starts[1:], strict=False):
            runs.setdefault(str(line[start]), []).append((left + start, top + row, end - start))
    for colour in sorted(runs):
        board.runs(runs[colour], colour)
    height, width = image.shape
    board.boxes([(left, top, width, height)], line=palette.MUTED)
