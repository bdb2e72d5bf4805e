"""The sliding window, one step at a time, over an ifmap whose H, R, U and P the reader chooses."""

from functools import lru_cache

from cnnhw.pictures import Picture
from cnnhw.pictures.convolution.window import sliding_window
from cnnhw.shape import LayerShape
from cnnhw.tensors import generator
from cnnhw.widgets.live import dropdown
from cnnhw.widgets.steps import SteppedExplorer

# Chosen for teaching: words of one digit, and sizes that are drawn in less than 100 ms.
_LARGEST_H, _LARGEST_R, _LARGEST_U, _PADDING = 7, 5, 4, (0, 1, 2)
_IFMAP = generator(3).randint(0, 10, (_LARGEST_H, _LARGEST_H))
_FILTER = generator(4).randint(-2, 4, (_LARGEST_R, _LARGEST_R))


def explore_sliding_window() -> "WindowExplorer":
    """Step a square filter over a square ifmap and watch the psum and the ofmap grow.

    returns  a widget with sliders for H, R and U and a list for P; Back, Next and Play move the window
    """
    return WindowExplorer()


class WindowExplorer(SteppedExplorer):
    """A step is a place of the window."""

    def __init__(self):
        self.P = dropdown("P, padding", _PADDING)
        super().__init__((5, _LARGEST_H), (3, _LARGEST_R), (1, _LARGEST_U), "move the window", (self.P,))

    def steps(self) -> tuple[int, int]:
        """Begin at the upper left; one step for each place, and one to show the error where there is none."""
        fits = self.R.value <= self.H.value + 2 * self.P.value
        return 0, self._shape().ofmap_words if fits else 1

    def picture(self) -> tuple[Picture, str]:
        """Draw the window at its position."""
        shape = self._shape()
        e, f = divmod(min(self.step.value, shape.E * shape.F - 1), shape.F)
        note = (
            f"Window {e * shape.F + f + 1} of {shape.E * shape.F}, at e={e}, f={f}. "
            f"E = floor((H + 2P - R) / U) + 1 = "
            f"floor(({shape.H} + {2 * shape.P} - {shape.R}) / {shape.U}) + 1 = {shape.E}. "
            f"{shape.ifmap_words_read} of {shape.ifmap_words} ifmap words are read."
        )
        return _drawn(shape.H, shape.R, shape.U, shape.P, e, f), note

    def _shape(self) -> LayerShape:
        return LayerShape(M=1, C=1, H=self.H.value, R=self.R.value, U=self.U.value, P=self.P.value)


@lru_cache(maxsize=512)
def _drawn(H: int, R: int, U: int, P: int, e: int, f: int) -> Picture:
    return sliding_window(_IFMAP[:H, :H], _FILTER[:R, :R], U, P, e, f)
