"""The fast way: everything is a product of matrices, in blocks of tiles that stay in the cache."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnhw.conv.winograd.plan import Part, fill_padded, padded_size
from cnnhw.conv.winograd.transforms import Matrix
from cnnhw.shape import LayerShape

# Tiles of a block: few enough that their words stay in the cache from step to step, enough that reading
# all filters again for each block costs little. Found by measuring VGG-16 on one machine.
BLOCK_TILES = 112
# A transform is a very flat matrix product. OpenBLAS does those below 10^6 MACs without copying them first.
SMALL_PRODUCT = 10**6


def float_part(ifmap: np.ndarray, spectra: np.ndarray, shape: LayerShape, part: Part) -> np.ndarray:
    """Convolve one part on floats or complex numbers.

    ifmap, spectra, shape, part  as in word_by_word_part
    returns                      the part's psums (N, M, E, F)
    """
    down, rows = part.tiles(shape)[0], tile_rows(shape, part)
    ofmap = np.empty((shape.N, shape.M, shape.E, shape.F), ifmap.dtype)
    block = _Block(shape, part, spectra, rows)
    for image, psums in zip(ifmap, ofmap, strict=True):
        for first in range(0, down, rows):
            block.convolve(image, psums, first, min(rows, down - first))
    return ofmap


def tile_rows(shape: LayerShape, part: Part) -> int:
    """Give the rows of tiles that are convolved together.

    shape    the layer
    part     one of its plan
    returns  rows enough for BLOCK_TILES tiles, all blocks as even as they can be
    """
    down, across = part.tiles(shape)
    blocks = -(-down // min(down, -(-BLOCK_TILES // across)))
    return -(-down // blocks)


class _Block:
    """Some rows of tiles of one image: the steps from ifmap to ofmap, between two arrays that swap places."""

    def __init__(self, shape: LayerShape, part: Part, spectra: np.ndarray, rows: int):
        self.shape, self.part, self.across = shape, part, part.tiles(shape)[1]
        self.filters = spectra.reshape(-1, shape.G, shape.made, shape.seen)
        self.BT = [_floats(way.BT, spectra.dtype) for way in (part.rows, part.columns)]
        self.AT = [_floats(way.AT, spectra.dtype) for way in (part.rows, part.columns)]
        self.padded = np.empty(shape.C * np.prod(padded_size(shape, part, rows)), spectra.dtype)
        words = part.tile_words * max(shape.C, shape.M) * rows * self.across
        self.one, self.other = np.empty((2, words), spectra.dtype)

    def convolve(self, image: np.ndarray, psums: np.ndarray, first: int, rows: int) -> None:
        """Make rows `first` to `first + rows - 1` of the tiles of psums (M, E, F) from image (C, H, W)."""
        G, T1, T2, tiles = self.shape.G, self.part.rows.T, self.part.columns.T, rows * self.across
        words = self._gathered(image, first, rows)
        words = _down(self.BT[0], words, self.other)
        words = _across(self.BT[1], words, self.one)
        sums = _room(self.other, *self.filters.shape[:3], tiles)
        np.matmul(self.filters, words.reshape(T1 * T2, G, -1, tiles), out=sums)
        sums = _down(self.AT[0], sums.reshape(T1, T2, -1), self.one)
        # The last transform from the right, so that its words come out side by side as in a row of the ofmap.
        squares = _room(self.other, len(sums), sums.shape[2], self.part.columns.m)
        np.matmul(sums.transpose(0, 2, 1), self.AT[1].T, out=squares)
        self._lay(squares.reshape(-1, self.shape.M, rows, self.across * self.part.columns.m), psums, first)

    def _gathered(self, image: np.ndarray, first: int, rows: int) -> np.ndarray:
        """Copy the tiles' words to (T, T, C * tiles)."""
        down, across = self.part.rows, self.part.columns
        padded = _room(self.padded, self.shape.C, *padded_size(self.shape, self.part, rows))
        padded.fill(0)
        fill_padded(padded, image, self.shape, self.part, first)
        windows = sliding_window_view(padded, (down.T, across.T), axis=(1, 2))[:, :: down.m, :: across.m]
        tiles = _room(self.one, down.T, across.T, self.shape.C, rows, self.across)
        np.copyto(tiles, windows.transpose(3, 4, 0, 1, 2))
        return tiles.reshape(down.T, across.T, -1)

    def _lay(self, squares: np.ndarray, psums: np.ndarray, first: int) -> None:
        """Put rows i, i + m, ... of the ofmap where they belong, and cut what ragged tiles have too much."""
        m, E, F = len(squares), self.shape.E, self.shape.F
        for i, lines in enumerate(squares):  # lines (M, rows, F or more)
            target = psums[:, first * m + i : min(E, (first + lines.shape[1]) * m) : m]
            np.copyto(target, lines[:, : target.shape[1], :F])


def _down(matrix: np.ndarray, words: np.ndarray, into: np.ndarray) -> np.ndarray:
    """Multiply a matrix into the first axis of (T, T, words)."""
    made = _room(into, len(matrix), *words.shape[1:])
    pieces = _pieces(matrix, words)
    np.matmul(matrix, pieces.transpose(1, 2, 0, 3), out=_split(made, pieces).transpose(1, 2, 0, 3))
    return made


def _across(matrix: np.ndarray, words: np.ndarray, into: np.ndarray) -> np.ndarray:
    """Multiply a matrix into the second axis of (T, T, words)."""
    made = _room(into, len(words), len(matrix), words.shape[2])
    pieces = _pieces(matrix, words)
    np.matmul(matrix, pieces.swapaxes(1, 2), out=_split(made, pieces).swapaxes(1, 2))
    return made


def _pieces(matrix: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Cut (T, T, words) into (T, T, pieces, words of a piece) so that each product is a small one."""
    least = -(-matrix.size * words.shape[2] // SMALL_PRODUCT)
    number = next((n for n in range(least, 4 * least) if words.shape[2] % n == 0), 1)
    return words.reshape(*words.shape[:2], number, -1)


def _split(words: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """Cut the last axis of an array as that of the pieces is cut."""
    return words.reshape(*words.shape[:2], *pieces.shape[2:])


def _floats(matrix: Matrix, dtype) -> np.ndarray:
    return np.array([[float(word) for word in row] for row in matrix]).astype(dtype)


def _room(buffer: np.ndarray, *sizes: int) -> np.ndarray:
    """View the start of a flat buffer as an array of these sizes."""
    return buffer[: int(np.prod(sizes))].reshape(sizes)
