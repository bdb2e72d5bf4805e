"""Winograd's minimal filtering for convolution: its matrices, the algorithm, its counts and its error."""

from cnnhw.conv.winograd.convolve import conv_winograd
from cnnhw.conv.winograd.counts import saving, transform_operations, winograd_operations
from cnnhw.conv.winograd.error import amplification, max_errors, winograd_error_bound
from cnnhw.conv.winograd.kept import KeptFilters, keep
from cnnhw.conv.winograd.transforms import Transforms, default_points, transforms

__all__ = [
    "KeptFilters",
    "Transforms",
    "amplification",
    "conv_winograd",
    "default_points",
    "keep",
    "max_errors",
    "saving",
    "transform_operations",
    "transforms",
    "winograd_error_bound",
    "winograd_operations",
]
