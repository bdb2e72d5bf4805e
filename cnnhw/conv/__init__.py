"""Convolution algorithms: each takes (ifmap, filters, U, P, G) and gives the same ofmap."""

from cnnhw.conv.loops import conv_loops
from cnnhw.conv.windows import conv_windows

__all__ = ["conv_loops", "conv_windows"]
