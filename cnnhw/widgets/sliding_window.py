"""The sliding window, one step at a time, over an ifmap whose H, R and U the reader chooses."""

from functools import lru_cache

import ipywidgets

from cnnhw.pictures import Picture
from cnnhw.pictures.window import sliding_window
from cnnhw.shape import LayerShape
from cnnhw.tensors import generator
from cnnhw.widgets.live import Explorer, slider

# Chosen for teaching: words of one digit, and sizes that are drawn in less than 100 ms.
_LARGEST_H, _LARGEST_R, _LARGEST_U = 7, 5, 4
_IFMAP = generator(3).randint(0, 10, (_LARGEST_H, _LARGEST_H))
_FILTER = generator(4).randint(-2, 4, (_LARGEST_R, _LARGEST_R))


def explore_sliding_window() -> "WindowExplorer":
    """Step a square filter over a square ifmap and watch the psum and the ofmap grow.

    returns  a widget with sliders for H, R and U; Back, Next and Play move the window
    """
    return WindowExplorer()


class WindowExplorer(Explorer):
    """Three sliders for the shape, and a position that Back, Next and Play change."""

    def __init__(self):
        self.H = slider("H, ifmap height", 5, 1, _LARGEST_H)
        self.R = slider("R, filter height", 3, 1, _LARGEST_R)
        self.U = slider("U, stride", 1, 1, _LARGEST_U)
        self.position = ipywidgets.Play(value=0, min=0, max=8, interval=900, show_repeat=False)
        self.position.tooltip = "Play: move the window by itself"
        self.back, self.next = _button("Back", self._step(-1)), _button("Next", self._step(+1))
        for size in (self.H, self.R, self.U):
            size.observe(self._resized, names="value")
        sizes = [self.H, self.R, self.U]
        steps = ipywidgets.HBox([self.back, self.next, self.position])
        super().__init__([self.position], layout=[*sizes, steps])

    def picture(self) -> tuple[Picture, str]:
        """Draw the window at its position."""
        shape = self._shape()
        e, f = divmod(min(self.position.value, shape.E * shape.F - 1), shape.F)
        note = (
            f"Window {e * shape.F + f + 1} of {shape.E * shape.F}, at e={e}, f={f}. "
            f"E = floor((H - R) / U) + 1 = floor(({shape.H} - {shape.R}) / {shape.U}) + 1 = {shape.E}. "
            f"{shape.ifmap_words_read} of {shape.ifmap_words} ifmap words are read."
        )
        return _drawn(shape.H, shape.R, shape.U, e, f), note

    def _shape(self) -> LayerShape:
        return LayerShape(M=1, C=1, H=self.H.value, R=self.R.value, U=self.U.value)

    def _resized(self, _change) -> None:
        fits = self.R.value <= self.H.value
        with self.together():
            self.position.value = 0
            self.position.max = self._shape().ofmap_words - 1 if fits else 0

    def _step(self, by: int):
        def move(_button) -> None:
            wanted = self.position.value + by
            self.position.value = min(max(wanted, self.position.min), self.position.max)

        return move


def _button(name: str, pressed) -> ipywidgets.Button:
    button = ipywidgets.Button(description=name, tooltip=f"{name}: move the window one step")
    button.on_click(pressed)
    return button


@lru_cache(maxsize=512)
def _drawn(H: int, R: int, U: int, e: int, f: int) -> Picture:
    return sliding_window(_IFMAP[:H, :H], _FILTER[:R, :R], U, 0, e, f)
