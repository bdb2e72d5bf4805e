"""The expanded ifmap, a strip of ofmap rows at a time in the same memory, so that it stays in the cache."""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnhw.shape import LayerShape

# The widest strips to aim at, found on VGG-16's layers: a narrow one leaves SGEMM little work for each time
# it packs the filters; a wide one falls out of the cache between copy and product. The fewer the filters, the
# less work there is to hide a word's trip through memory.
_COLUMNS, _COLUMNS_FEW, _FEW_FILTERS = 784, 448, 64
_MOST_WORDS = 2**22  # 16 MB of float32, about a last-level cache


class Strips:
    """Expands the channels of one group, a few ofmap rows after the other.

    shape  the layer
    dtype  of the ifmap
    """

    def __init__(self, shape: LayerShape, dtype: np.dtype):
        self._shape, self._rows = shape, _rows(shape)
        seen, rows, columns = shape.seen, shape.rows, shape.columns
        # Only the ifmap rows under one strip are laid out with their padding; its columns stay zero.
        self._padded = np.zeros((seen, rows.U * (self._rows - 1) + rows.window, columns.padded), dtype)
        every = sliding_window_view(self._padded, (rows.window, columns.window), axis=(1, 2))
        view = every[:, :: rows.U, :: columns.U, :: rows.D, :: columns.D]
        self._windows = view.transpose(0, 3, 4, 1, 2)  # (C/G, R, S, rows, F)
        self._matrix = np.empty(self._windows.size, dtype)

    def of(self, planes: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Give each strip of one image and group; the next strip overwrites it.

        planes   (C/G, H, W)
        returns  its columns of the (C/G*R*S, E*F) matrix, and what stands there
        """
        E, F, inner = self._shape.E, self._shape.F, self._shape.ofmap_reuse
        for first in range(0, E, self._rows):
            rows = min(self._rows, E - first)
            self._lay_out(planes, first)
            matrix = self._matrix[: inner * rows * F]
            view = self._windows[:, :, :, :rows]
            matrix.reshape(view.shape)[...] = view
            yield slice(first * F, (first + rows) * F), matrix.reshape(inner, rows * F)

    def _lay_out(self, planes: np.ndarray, first: int) -> None:
        shape, height, left = self._shape, self._padded.shape[1], self._shape.columns.before
        top = shape.rows.at(first, 0)  # the ifmap row of the first padded one; above the ifmap below 0
        start, stop = max(0, top), min(shape.H, top + height)
        if stop <= start:  # under this strip there is padding alone
            self._padded[...] = 0
            return
        self._padded[:, : start - top] = 0
        self._padded[:, stop - top :] = 0
        self._padded[:, start - top : stop - top, left : left + shape.W] = planes[:, start:stop]


def _rows(shape: LayerShape) -> int:
    """How many ofmap rows make a strip: as many as fit the limits, all strips about the same height."""
    widest = _COLUMNS if shape.made > _FEW_FILTERS else _COLUMNS_FEW
    most = max(1, min(widest, _MOST_WORDS // shape.ofmap_reuse) // shape.F)
    strips = -(-shape.E // most)
    return -(-shape.E // strips)
