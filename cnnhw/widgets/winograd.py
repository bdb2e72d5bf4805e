"""Winograd's matrices under the reader's hands: tile, filter and points, savings and rounding."""

from fractions import Fraction
from functools import lru_cache

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.conv.winograd import conv_winograd, transform_operations
from cnnhw.conv.winograd.error import one_after_the_other
from cnnhw.pictures import Picture
from cnnhw.pictures.algorithms.winograd_error import one_digit
from cnnhw.pictures.algorithms.winograd_transforms import winograd_transforms
from cnnhw.shape import LayerShape
from cnnhw.tensors import generator
from cnnhw.widgets.live import Explorer, dropdown, slider

# Chosen for teaching: the largest tile still has readable matrices and answers in less than 100 ms.
_LARGEST_M, _LARGEST_R = 6, 5
_CHANNELS, _H = 32, 20
_NEEDED = _LARGEST_M + _LARGEST_R - 2  # finite points of the largest tile
_POINTS = (
    ("0, 1, -1, 2, -2, 1/2, ...", None),
    ("0, 1, 2, 3, 4, ...", tuple(range(_NEEDED))),
    ("0, 1, -1, 2, -2, 3, ...", (0, 1, -1, 2, -2, 3, -3, 4, -4)),
    ("0, 1, 1/2, 1/3, 1/4, ...", (0, *(Fraction(1, k) for k in range(1, _NEEDED)))),
    ("0, 1, 1, -1, ... (1 twice)", (0, 1, 1, -1, 2, -2, 3, -3, 4)),
)


def explore_winograd() -> "WinogradExplorer":
    """Choose a tile, a filter and the points; see the matrices, the saving, the additions and the error.

    returns  a widget with sliders for m and r and a list of sets of points
    """
    return WinogradExplorer()


class WinogradExplorer(Explorer):
    """Two sliders and a list above the matrices of F(m x m, r x r)."""

    def __init__(self):
        self.m = slider("m, tile height", 2, 1, _LARGEST_M)
        self.r = slider("r, filter height", 3, 1, _LARGEST_R)
        self.points = dropdown("points, infinity added", _POINTS)
        super().__init__([self.m, self.r, self.points])

    def picture(self) -> tuple[Picture, str]:
        """Draw the matrices, and say what a tile costs in transforms and in exactness."""
        m, r, points = self.m.value, self.r.value, self.points.value
        drawing = _drawn(m, r, points)
        data, inverse = (transform_operations(m, r, points)[name] for name in ("data", "inverse"))
        winograd, direct = _errors(m, r, points)
        note = (
            f"A tile's transforms: {data[1]} additions and {data[0]} multiplications by constants on the way "
            f"in, {inverse[1]} and {inverse[0]} on the way out. Largest error in 32-bit floats, {_CHANNELS} "
            f"channels: {winograd:.0e}, against {direct:.0e} for the direct way, product after product."
        )
        return drawing, note


@lru_cache(maxsize=256)
def _drawn(m: int, r: int, points) -> Picture:
    return winograd_transforms(m, r, points)


@lru_cache(maxsize=256)
def _errors(m: int, r: int, points) -> tuple[float, float]:
    """The largest error of Winograd's and of a direct convolution of words from -1 to 1, to one digit."""
    words, layer = generator(6), LayerShape(M=1, C=_CHANNELS, H=_H, R=r)
    ifmap = words.uniform(-1, 1, (1, _CHANNELS, _H, _H)).astype(np.float32)
    filters = words.uniform(-1, 1, (1, _CHANNELS, r, r)).astype(np.float32)
    exact = conv_windows(ifmap.astype(float), filters.astype(float))
    direct = one_after_the_other(ifmap, filters, layer)
    ofmaps = conv_winograd(ifmap, filters, m=m, points=points), direct
    return tuple(one_digit(np.max(np.abs(ofmap - exact))) for ofmap in ofmaps)
