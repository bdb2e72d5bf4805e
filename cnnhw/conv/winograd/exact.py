"""The exact ways: whole numbers scaled until no fraction is left, and any other number word by word."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnhw.conv.winograd.kept import filter_scale
from cnnhw.conv.winograd.lines import transformed
from cnnhw.conv.winograd.plan import Part, blank, fill_padded, padded_size
from cnnhw.shape import LayerShape


def word_by_word_part(ifmap: np.ndarray, spectra: np.ndarray, shape: LayerShape, part: Part) -> np.ndarray:
    """Convolve one part on objects, with the operations that winograd_operations counts and no others.

    ifmap    (N, C, H, W) of any numbers
    spectra  (T_rows * T_columns, M, C/G), transformed filters
    shape    the layer
    part     one of its plan
    returns  the part's psums (N, M, E, F)
    """
    padded = blank((shape.N, shape.C, *padded_size(shape, part)), ifmap.dtype)
    fill_padded(padded, ifmap, shape, part)
    windows = sliding_window_view(padded, (part.rows.T, part.columns.T), axis=(2, 3))
    tiles = windows[:, :, :: part.rows.m, :: part.columns.m]  # (N, C, down, across, T, T)
    tiles = transformed(part.columns.BT, transformed(part.rows.BT, tiles, 4), 5)
    products = _products(tiles, spectra, shape)  # (T, T, M, N, down, across)
    squares = transformed(part.columns.AT, transformed(part.rows.AT, products, 0), 1)
    return _assembled(squares.transpose(3, 2, 4, 0, 5, 1), shape)


def whole_part(ifmap: np.ndarray, spectra: np.ndarray, shape: LayerShape, part: Part) -> np.ndarray:
    """Convolve one part on whole numbers: AT and BT are whole, and the filters come scaled until they are.

    ifmap, spectra, shape, part  as in word_by_word_part, spectra times filter_scale(part)
    returns                      the part's psums (N, M, E, F) as int64, divided by the scale without rest

    Where no sum can reach 2**53 the words are float64, whose sums are exact there, so that BLAS
    multiplies; where one might pass 2**63 they are Python ints.
    """
    dtype = _room(ifmap, spectra, shape, part)
    psums = word_by_word_part(ifmap.astype(dtype), spectra.astype(dtype), shape, part)
    return (psums.astype(object if dtype is object else np.int64) // filter_scale(part)).astype(np.int64)


def _room(ifmap: np.ndarray, spectra: np.ndarray, shape: LayerShape, part: Part):
    """The fastest type of word that no sum on the way can overflow."""
    largest = max(abs(int(ifmap.max())), abs(int(ifmap.min())))
    for way in (part.rows, part.columns):
        largest *= max(sum(map(abs, row)) for row in way.BT) * max(sum(map(abs, row)) for row in way.AT)
    largest *= shape.seen * max(abs(int(spectra.max())), abs(int(spectra.min())))
    return np.float64 if largest < 2**53 else np.int64 if largest < 2**63 else object


def _products(tiles: np.ndarray, spectra: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Multiply and sum over channels: for each word of a tile one matrix product per group."""
    N, C, down, across, height, width = tiles.shape
    columns = tiles.transpose(4, 5, 1, 0, 2, 3).reshape(height * width, shape.G, C // shape.G, -1)
    rows = spectra.reshape(height * width, shape.G, shape.made, -1)
    return (rows @ columns).reshape(height, width, shape.M, N, down, across)


def _assembled(squares: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Lay squares (N, M, down, m, across, m) side by side and cut what ragged ones have too much."""
    N, M, down, rows, across, columns = squares.shape
    return squares.reshape(N, M, down * rows, across * columns)[:, :, : shape.E, : shape.F]
