"""Convolution as one matrix product: slide 25's Toeplitz matrix, made visible, counted and made fast."""

from cnnhw.conv.toeplitz.convolve import conv_toeplitz
from cnnhw.conv.toeplitz.counts import Expansion, expansion, repeats, toeplitz_operations
from cnnhw.conv.toeplitz.matrices import fold, toeplitz_filters, toeplitz_ifmap, toeplitz_index, word_at

__all__ = [
    "Expansion",
    "conv_toeplitz",
    "expansion",
    "fold",
    "repeats",
    "toeplitz_filters",
    "toeplitz_ifmap",
    "toeplitz_index",
    "toeplitz_operations",
    "word_at",
]
