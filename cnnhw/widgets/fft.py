"""Where the FFT starts to win, under the reader's hands: ifmap, filter and channels."""

from functools import lru_cache

from cnnhw.conv.fft import tiling
from cnnhw.pictures import Picture
from cnnhw.pictures.algorithms.fft import fft_crossover
from cnnhw.shape import LayerShape
from cnnhw.widgets.live import Explorer, dropdown, slider

# Chosen for teaching: layers of the networks in lesson 02 lie within, and a move takes less than 100 ms.
_LARGEST_H, _LARGEST_R = 64, 21
_CHANNELS = (64, 1, 8, 512)


def explore_fft_crossover() -> "CrossoverExplorer":
    """Change the ifmap, the filter and the channels; see which takes fewer operations, and the storage.

    returns  a widget with sliders for H and R and a list of channels
    """
    return CrossoverExplorer()


class CrossoverExplorer(Explorer):
    """Two sliders and a list above the chart of operations against R."""

    def __init__(self):
        self.H = slider("H, ifmap height", 28, 4, _LARGEST_H)
        self.R = slider("R, filter height", 3, 1, _LARGEST_R)
        self.R.step = 2  # an odd filter leaves the ofmap as large as the ifmap
        self.channels = dropdown("channels, M = C", _CHANNELS)
        super().__init__([self.H, self.R, self.channels])

    def picture(self) -> tuple[Picture, str]:
        """Draw the operations, and compare the words of a kept filter."""
        H, R, channels = self.H.value, self.R.value, self.channels.value
        drawing = _drawn(H, R, channels)
        cut = tiling(LayerShape(M=1, C=1, H=H, R=R, P=(R - 1) // 2))
        kept = 2 * cut.frequencies
        note = (
            f"A kept filter is {cut.points[0]} x {cut.points[1] // 2 + 1} complex numbers, {kept:,} words, "
            f"where the filter itself has R * R = {R * R}: {kept / R**2:.1f} times the storage."
        )
        return drawing, note


@lru_cache(maxsize=256)
def _drawn(H: int, R: int, channels: int) -> Picture:
    return fft_crossover(H, M=channels, C=channels, largest=_LARGEST_R, R=R)
