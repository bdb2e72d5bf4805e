"""The Toeplitz matrix under the reader's hands: change the sizes, walk through the words, see the copies."""

from functools import lru_cache

import ipywidgets
import numpy as np

from cnnhw.pictures import Picture
from cnnhw.pictures.toeplitz import toeplitz_product
from cnnhw.shape import LayerShape
from cnnhw.widgets.live import Explorer, slider

# Chosen for teaching: words 1, 2, 3, ... as on slide 25, and sizes that are drawn in less than 100 ms.
_LARGEST_H, _LARGEST_R, _LARGEST_U = 6, 4, 3


def explore_toeplitz() -> "ToeplitzExplorer":
    """Change the ifmap, the filter or the stride, and follow one word through the expanded ifmap.

    returns  a widget with sliders for H, R and U; Back, Next and Play choose the lit word
    """
    return ToeplitzExplorer()


class ToeplitzExplorer(Explorer):
    """Three sliders for the shape, and a lit word that Back, Next and Play change."""

    def __init__(self):
        self.H = slider("H, ifmap height", 3, 1, _LARGEST_H)
        self.R = slider("R, filter height", 2, 1, _LARGEST_R)
        self.U = slider("U, stride", 1, 1, _LARGEST_U)
        self.word = ipywidgets.Play(value=4, min=0, max=8, interval=900, show_repeat=False)
        self.word.tooltip = "Play: walk through the words"
        self.back, self.next = self._button("Back", -1), self._button("Next", +1)
        for size in (self.H, self.R, self.U):
            size.observe(self._resized, names="value")
        steps = ipywidgets.HBox([self.back, self.next, self.word])
        super().__init__([self.word], layout=[self.H, self.R, self.U, steps])

    def picture(self) -> tuple[Picture, str]:
        """Draw the product with the chosen word lit and the first window that reads it outlined."""
        shape = LayerShape(M=1, C=1, H=self.H.value, R=self.R.value, U=self.U.value)
        h, w = divmod(self.word.value, shape.W)
        rows, columns = _windows(h, shape), _windows(w, shape)
        entries = shape.ofmap_reuse * shape.E * shape.F
        note = (
            f"Word h={h}, w={w} is in {len(rows)} * {len(columns)} windows. The matrix has R*S * E*F = "
            f"{shape.ofmap_reuse} * {shape.E * shape.F} = {entries} entries for {shape.ifmap_words} words: "
            f"{entries / shape.ifmap_words:.2f} times as many."
        )
        e, f = (rows[0], columns[0]) if rows and columns else (0, 0)
        return _drawn(shape, h, w, e, f), note

    def _resized(self, _change) -> None:
        H = self.H.value
        with self.together():
            self.word.value = 0  # the middle of another size may lie beyond the old or the new maximum
            self.word.max = H * H - 1
            self.word.value = H // 2 * (H + 1)

    def _button(self, name: str, by: int) -> ipywidgets.Button:
        button = ipywidgets.Button(description=name, tooltip=f"{name}: light the word {by:+d}")

        def pressed(_button) -> None:
            self.word.value = min(max(self.word.value + by, self.word.min), self.word.max)

        button.on_click(pressed)
        return button


def _windows(h: int, shape: LayerShape) -> list[int]:
    """The rows of windows that read ifmap row h; for a square layer also its columns."""
    return [e for e in range(shape.E) if 0 <= h - shape.U * e < shape.R]


@lru_cache(maxsize=512)
def _drawn(shape: LayerShape, h: int, w: int, e: int, f: int) -> Picture:
    ifmap = np.arange(1, shape.ifmap_words + 1).reshape(1, shape.H, shape.W)
    filters = np.arange(1, shape.filter_words + 1).reshape(1, 1, shape.R, shape.S)
    return toeplitz_product(ifmap, filters, shape.U, 0, e, f, lit=(0, h, w))
