"""The Toeplitz matrix under the reader's hands: change the sizes, walk through the words, see the copies."""

from functools import lru_cache

import numpy as np

from cnnhw.pictures import Picture
from cnnhw.pictures.algorithms.toeplitz import toeplitz_product
from cnnhw.shape import LayerShape
from cnnhw.widgets.steps import SteppedExplorer

# Chosen for teaching: words 1, 2, 3, ... as on slide 25, and sizes that are drawn in less than 100 ms.
_LARGEST_H, _LARGEST_R, _LARGEST_U = 6, 4, 3


def explore_toeplitz() -> "ToeplitzExplorer":
    """Change the ifmap, the filter or the stride, and follow one word through the expanded ifmap.

    returns  a widget with sliders for H, R and U; Back, Next and Play choose the lit word
    """
    return ToeplitzExplorer()


class ToeplitzExplorer(SteppedExplorer):
    """A step is a word of the ifmap, which is lit."""

    def __init__(self):
        super().__init__((3, _LARGEST_H), (2, _LARGEST_R), (1, _LARGEST_U), "move the lit word")

    def steps(self) -> tuple[int, int]:
        """Begin in the middle, which is repeated most; one step for each word."""
        H = self.H.value
        return H // 2 * (H + 1), H * H

    def picture(self) -> tuple[Picture, str]:
        """Draw the product with the chosen word lit and the first window that reads it outlined."""
        shape = LayerShape(M=1, C=1, H=self.H.value, R=self.R.value, U=self.U.value)
        h, w = divmod(self.step.value, shape.W)
        rows, columns = _windows(h, shape), _windows(w, shape)
        entries = shape.ofmap_reuse * shape.E * shape.F
        note = (
            f"Word h={h}, w={w} is in {len(rows)} * {len(columns)} windows. The matrix has R*S * E*F = "
            f"{shape.ofmap_reuse} * {shape.E * shape.F} = {entries} entries for {shape.ifmap_words} words: "
            f"{entries / shape.ifmap_words:.2f} times as many."
        )
        e, f = (rows[0], columns[0]) if rows and columns else (0, 0)
        return _drawn(shape, h, w, e, f), note


def _windows(h: int, shape: LayerShape) -> list[int]:
    """The rows of windows that read ifmap row h; for a square layer also its columns."""
    return [e for e in range(shape.E) if 0 <= h - shape.U * e < shape.R]


@lru_cache(maxsize=512)
def _drawn(shape: LayerShape, h: int, w: int, e: int, f: int) -> Picture:
    ifmap = np.arange(1, shape.ifmap_words + 1).reshape(1, shape.H, shape.W)
    filters = np.arange(1, shape.filter_words + 1).reshape(1, 1, shape.R, shape.S)
    return toeplitz_product(ifmap, filters, shape.U, 0, e, f, lit=(0, h, w))
