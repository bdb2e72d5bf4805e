"""Fewer multiplications in a matrix product: Strassen's scheme, its counts, its rounding, its convolution."""

from cnnhw.conv.strassen.convolve import conv_strassen
from cnnhw.conv.strassen.counts import (
    classical_operations,
    strassen_level_operations,
    strassen_matmul_operations,
    strassen_operations,
)
from cnnhw.conv.strassen.levels import strassen_levels
from cnnhw.conv.strassen.product import strassen
from cnnhw.conv.strassen.rounding import error_bound, error_growth
from cnnhw.conv.strassen.schemes import STRASSEN, WINOGRAD

__all__ = [
    "STRASSEN",
    "WINOGRAD",
    "classical_operations",
    "conv_strassen",
    "error_bound",
    "error_growth",
    "strassen",
    "strassen_level_operations",
    "strassen_levels",
    "strassen_matmul_operations",
    "strassen_operations",
]
