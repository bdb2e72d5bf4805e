"""Handwritten digits side by side, each with its label and, if there is one, a network's guess."""

from collections.abc import Sequence

import numpy as np

from cnnhw.errors import ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.cells import draw_cells
from cnnhw.pictures.marks.sketch import sheet
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor
from cnnhw.tensors.shipped import DIGIT_MAX

_SIDE, _PITCH_X, _PITCH_Y = 0.72, 1.0, 1.03  # inches: one image, and from one image to the next
_MOST = 32  # more images would make the drawing heavy


def digit_images(
    images: np.ndarray, labels: Sequence[int], guesses: Sequence[int] | None = None, columns: int = 8
) -> Picture:
    """Draw digits with their labels, and a guess under each if guesses are given.

    images   (N, 8, 8) words 0 .. 16, N at most 32
    labels   (N,) what each digit is
    guesses  (N,) what a network says it is
    columns  images in a row
    returns  Picture; a wrong guess is written in bold with a cross
    raises   ShapeError if the images are not (N, 8, 8), or there is not one label and guess for each

    >>> digit_images(np.zeros((2, 8, 8)), [3, 5], guesses=[3, 6])
    2 handwritten digits: 3 guessed as 3, 5 guessed as 6.
    """
    images = np.asarray(images)
    _check(images, labels, guesses)
    guessed = [""] * len(labels) if guesses is None else [f" guessed as {guess}" for guess in guesses]
    each = ", ".join(f"{label}{guess}" for label, guess in zip(labels, guessed, strict=True))
    words = f"{len(images)} handwritten digits: {each}."
    rows = -(-len(images) // columns)
    pitch = _PITCH_Y + 0.18 * (guesses is not None)
    height = rows * pitch + 0.05

    def artist(figure):
        axes = sheet(figure)
        for n, image in enumerate(images):
            x = 0.1 + _PITCH_X * (n % columns)
            y = height - pitch * (n // columns) - _SIDE - 0.05
            ink = palette.TENSOR[Tensor.IFMAP].line
            draw_cells(axes, (x, y), _SIDE / 8, image, ink, DIGIT_MAX)
            axes.text(x + _SIDE / 2, y - 0.05, f"label {labels[n]}", ha="center", va="top", fontsize=9)
            if guesses is not None:
                _write_guess(axes, (x + _SIDE / 2, y - 0.24), guesses[n], guesses[n] == labels[n])

    return draw(artist, words, width=_PITCH_X * min(columns, len(images)) + 0.1, height=height)


def _write_guess(axes, at: tuple[float, float], guess: int, right: bool) -> None:
    text = f"✓ {guess}" if right else f"✗ says {guess}"
    weight = "normal" if right else "bold"
    axes.text(*at, text, ha="center", va="top", fontsize=9, weight=weight)


def _check(images: np.ndarray, labels: Sequence[int], guesses: Sequence[int] | None) -> None:
    if images.ndim != 3 or images.shape[1:] != (8, 8) or not 1 <= len(images) <= _MOST:
        raise ShapeError(
            f"this picture shows 1 to {_MOST} digits of 8x8 words",
            f"images {images.shape}",
            "reshape flat digits with .reshape(-1, 8, 8), and slice to show fewer",
        )
    for name, values in (("labels", labels), ("guesses", guesses)):
        if values is not None and len(values) != len(images):
            raise ShapeError(
                f"the {name} are one for each image",
                f"{len(images)} images and {len(values)} {name}",
                f"slice the {name} as you sliced the images",
            )
