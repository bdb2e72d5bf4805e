"""The machine this runs on: its own roof, and layers that really ran, to be drawn under it.

A try is timed after one that is not. Nothing here chooses the number of threads: NumPy's products take as
many as its BLAS does (all cores, unless OPENBLAS_NUM_THREADS or its like says otherwise), its sums take one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnnhw.errors import ShapeError, positive
from cnnhw.roofline.processors import Processor, intensity
from cnnhw.shape import LayerShape

_TRIES = 5
_SIZES = 64, 128, 256, 512, 1024  # a large one may use all cores; a small one is over before it is disturbed
_TRIAD_WORDS = 2**25  # 134 MB an array, more than most last caches hold; chosen for teaching


@dataclass(frozen=True)
class Ran:
    """A layer that ran on this machine.

    name       what ran
    intensity  operations per byte, if each word moves once
    rate       operations per second that came out
    seconds    that one run took
    """

    name: str
    intensity: float
    rate: float
    seconds: float


def measure_here(seconds: float = 2.0) -> Processor:
    """Measure the machine this runs on: its rate of float32 products, and its bandwidth.

    seconds  about how long it may take
    returns  Processor named "this machine": fp32 from square products, the best of five sizes up to
             1024 x 1024; bandwidth from arrays of 134 MB, the better of a sum that NumPy does in two
             passes, a = s*c and a = a + b, which move 5 words for each element, and of the inner
             product of b and c, which moves 2
    raises   CourseError if seconds is not above 0
    source   the sum is the triad of McCalpin's STREAM

    A machine whose last cache holds 400 MB would show that cache's bandwidth. No two runs give the same, and
    a machine that is busy with something else shows a lower roof than it has.
    """
    _check_seconds(seconds)
    return Processor(
        name="this machine",
        fp32=_product_rate(seconds / 2),
        bandwidth=_bandwidth(seconds / 2),
        source="measured by measure_here",
    )


def run_here(
    name: str,
    layer: LayerShape,
    product: Callable[[np.ndarray, np.ndarray], np.ndarray] = np.matmul,
    seconds: float = 0.5,
) -> Ran:
    """Run a fully connected layer as one product of two matrices of float32, and time it.

    name     what the run is called
    layer    fully connected; a convolution's product is that of LayerShape.fc(N=N*E*F, M=M, C=C*R*S)
    product  takes filters (M, C*H*W) and ifmap (C*H*W, N), gives the ofmap (M, N)
    seconds  about how long it may take; it runs at least six times, the first of them not timed
    returns  Ran; rate = 2 * macs / seconds, those of the second fastest try
    raises   ShapeError if the layer is not fully connected; CourseError if seconds is not above 0

    >>> run_here("small", LayerShape.fc(N=2, M=3, C=5), seconds=0.001).intensity  # 60 / (4 * (10 + 15 + 6))
    0.483870...
    """
    _check_seconds(seconds)
    if not layer.is_fc:
        raise ShapeError(
            "only a fully connected layer is one product as it is",
            f"filters of {layer.R}x{layer.S} on an ifmap of {layer.H}x{layer.W}",
            "give the convolution's product: LayerShape.fc(N=N*E*F, M=M, C=C*R*S)",
        )
    random = np.random.default_rng(0)
    words = layer.C * layer.H * layer.W
    filters = random.random((layer.M, words), dtype=np.float32)
    ifmap = random.random((words, layer.N), dtype=np.float32)
    took = _undisturbed(lambda: product(filters, ifmap), seconds)
    return Ran(name, intensity(layer), 2 * layer.macs / took, took)


def _check_seconds(seconds: float) -> None:
    positive("measuring takes some time", "seconds", seconds, "give a number above 0, such as 2")


def _product_rate(seconds: float) -> float:
    return max(_square_rate(size, seconds / len(_SIZES)) for size in _SIZES)


def _square_rate(size: int, seconds: float) -> float:
    a = np.random.default_rng().random((size, size), dtype=np.float32)
    product = np.empty_like(a)
    return 2 * size**3 / _undisturbed(lambda: np.matmul(a, a, out=product), seconds)


def _bandwidth(seconds: float) -> float:
    b, c = (np.full(_TRIAD_WORDS, value, dtype=np.float32) for value in (1, 2))
    a, scale = np.empty_like(b), np.float32(3)

    def triad():
        np.multiply(c, scale, out=a)
        np.add(a, b, out=a)

    moved = {triad: 5, lambda: np.dot(b, c): 2}  # words of 4 bytes for each element
    return max(4 * _TRIAD_WORDS * words / _undisturbed(work, seconds / 2) for work, words in moved.items())


def _undisturbed(work: Callable[[], object], seconds: float) -> float:
    """The seconds of `work` when nothing else disturbs it: the second fastest of the tries.

    Not the fastest of them, because a clock that is set back on its way makes one try look free.
    """
    work()  # memory is touched, threads have started
    begin, times = time.perf_counter(), []
    while len(times) < _TRIES or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[1]
