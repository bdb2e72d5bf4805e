"""Convolution through the frequency domain, where a filter of any size costs one product per frequency."""

from cnnhw.conv.fft.convolution import conv_fft
from cnnhw.conv.fft.crossover import crossover
from cnnhw.conv.fft.error import error_bound
from cnnhw.conv.fft.kept import KeptSpectra, keep
from cnnhw.conv.fft.operations import fft_operations
from cnnhw.conv.fft.plain import PlainTransform
from cnnhw.conv.fft.tiles import Tiling, smooth, tiling
from cnnhw.conv.fft.words import fft_words, fft_words_operations

__all__ = [
    "KeptSpectra",
    "PlainTransform",
    "Tiling",
    "conv_fft",
    "crossover",
    "error_bound",
    "fft_operations",
    "fft_words",
    "fft_words_operations",
    "keep",
    "smooth",
    "tiling",
]
