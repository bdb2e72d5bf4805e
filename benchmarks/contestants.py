"""Who takes part: each prepares one layer, outside the clock, and gives the call that is timed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve

from cnnhw import LayerShape
from cnnhw.conv.fft import conv_fft
from cnnhw.conv.fft import keep as keep_spectra
from cnnhw.conv.groups import members
from cnnhw.conv.toeplitz import conv_toeplitz, toeplitz_ifmap
from cnnhw.conv.windows import conv_windows
from cnnhw.conv.winograd import conv_winograd
from cnnhw.conv.winograd import keep as keep_winograd

try:
    import torch
except ImportError:  # the one peer that is not in the course's own installation
    torch = None

Convolution = Callable[[], np.ndarray]
Prepare = Callable[[np.ndarray, np.ndarray, LayerShape], Convolution]


@dataclass(frozen=True)
class Contestant:
    """A way to convolve a layer.

    name        the head of its column
    prepare     (ifmap, filters, shape) -> the call to time
    transforms  whether it goes through another domain, so that the bound of plain sums does not hold
    """

    name: str
    prepare: Prepare
    transforms: bool = False


def contestants() -> list[Contestant]:
    """List everyone that can run here, PyTorch first if it is installed.

    "product" is no algorithm but a ceiling: SGEMM on the layer's expanded ifmap, made outside the clock.
    """
    ours = [
        Contestant("windows", _plain(conv_windows)),
        Contestant("toeplitz", _plain(conv_toeplitz)),
        *(Contestant(f"wino {m}", _winograd(m), transforms=True) for m in (2, 4, 6)),
        Contestant("fft", _fft, transforms=True),
    ]
    peers = [Contestant("scipy", _scipy, transforms=True), Contestant("product", _product)]
    if torch is None:
        return peers + ours
    torch.set_num_threads(1)
    return [Contestant("pytorch", _pytorch, transforms=True), *peers, *ours]


def _plain(conv) -> Prepare:
    return lambda ifmap, filters, shape: lambda: conv(ifmap, filters, shape.U, shape.P, shape.G)


def _winograd(m: int) -> Prepare:
    def prepare(ifmap, filters, shape):
        kept = keep_winograd(filters, shape.U, m=m)
        return lambda: conv_winograd(ifmap, kept, shape.U, shape.P, shape.G)

    return prepare


def _fft(ifmap, filters, shape: LayerShape) -> Convolution:
    kept = keep_spectra(filters, shape.H, shape.W, shape.P, shape.G)
    return lambda: conv_fft(ifmap, kept, shape.U, shape.P, shape.G)


def _product(ifmap, filters, shape: LayerShape) -> Convolution:
    groups = toeplitz_ifmap(ifmap, shape).reshape(shape.G, shape.ofmap_reuse, -1)
    ofmap = np.empty((shape.G, shape.M // shape.G, shape.E * shape.F), ifmap.dtype)
    flat = filters.reshape(shape.G, shape.M // shape.G, -1)
    return lambda: np.matmul(flat, groups, out=ofmap).reshape(1, shape.M, shape.E, shape.F)


def _pytorch(ifmap, filters, shape: LayerShape) -> Convolution:
    words = torch.from_numpy(ifmap), torch.from_numpy(filters)

    def convolve():
        with torch.inference_mode():
            return torch.nn.functional.conv2d(*words, stride=shape.U, padding=shape.P, groups=shape.G).numpy()

    return convolve


def _scipy(ifmap, filters, shape: LayerShape) -> Convolution:
    """One filter at a time: all filters at once would hold M times the ifmap's spectra."""
    P, flipped = shape.P, filters[:, :, ::-1, ::-1]  # SciPy's convolution turns the filter over

    def convolve():
        padded = np.pad(ifmap[0], ((0, 0), (P, P), (P, P)))
        ofmap = np.empty((1, shape.M, shape.E, shape.F), ifmap.dtype)
        for group in range(shape.G):
            channels, outputs = members(shape, group)
            for m in range(outputs.start, outputs.stop):
                planes = fftconvolve(padded[channels], flipped[m], mode="valid", axes=(1, 2))
                ofmap[0, m] = planes.sum(axis=0)[:: shape.U, :: shape.U]  # it knows no stride
        return ofmap

    return convolve
