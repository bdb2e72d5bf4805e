"""Convolution algorithms: each takes (ifmap, filters, U, P, G) and gives the same ofmap."""

from cnnhw.conv.fft import conv_fft
from cnnhw.conv.loops import conv_loops
from cnnhw.conv.strassen import conv_strassen
from cnnhw.conv.toeplitz import conv_toeplitz
from cnnhw.conv.windows import conv_windows
from cnnhw.conv.winograd import conv_winograd

__all__ = ["conv_fft", "conv_loops", "conv_strassen", "conv_toeplitz", "conv_winograd", "conv_windows"]
