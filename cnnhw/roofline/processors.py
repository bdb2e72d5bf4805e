"""The roofline: a layer runs no faster than its arithmetic, nor than the memory that feeds it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cnnhw.errors import CourseError, positive
from cnnhw.shape import LayerShape

FP64, FP32, FP16 = "fp64", "fp32", "fp16"
WORD_BYTES = {FP64: 8, FP32: 4, FP16: 2}


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A processor as the roofline sees it: how much it can calculate, and how much it can fetch.

    name              of the processor
    fp32, fp64, fp16  peak rates, operations per second; a multiply-accumulate is two. None if not known
    bandwidth         of its memory, bytes per second
    source            where the numbers are from
    raises            CourseError if a rate is not above 0

    >>> Processor(name="toy", fp32=80e9, bandwidth=20e9, source="chosen for teaching").ridge()
    4.0
    """

    name: str
    fp32: float
    fp64: float | None = None
    fp16: float | None = None
    bandwidth: float
    source: str

    def __post_init__(self):
        rates = {"bandwidth": self.bandwidth, **{name: getattr(self, name) for name in WORD_BYTES}}
        for name, rate in rates.items():
            if rate is not None:
                change = "give operations, or bytes, per second; None for a precision it does not have"
                positive(f"the rates of a processor, here {self.name}, are above 0", name, rate, change)

    def peak(self, precision: str = FP32) -> float:
        """Give the peak rate in operations per second.

        precision  "fp64", "fp32" or "fp16"
        raises     CourseError if the peak is not known
        """
        rate = getattr(self, precision) if precision in WORD_BYTES else None
        if rate is None:
            known = ", ".join(name for name in WORD_BYTES if getattr(self, name) is not None)
            raise CourseError(
                "a roof needs the processor's peak at that precision",
                f"precision={precision!r} for {self.name}",
                f"use one of {known}",
            )
        return rate

    def ridge(self, precision: str = FP32) -> float:
        """Give the intensity at which the two roofs meet, in operations per byte: peak / bandwidth.

        precision  as in peak
        """
        return self.peak(precision) / self.bandwidth


# 72 cores at 1.5 GHz, two AVX-512 units each, a multiply-accumulate a lane: 72 * 1.5e9 * 2 * 16 * 2 = 6.9e12.
KNIGHTS_LANDING = Processor(
    name="Knights Landing",
    fp32=6.9e12,
    fp64=3.456e12,
    bandwidth=490e9,
    source="Intel Xeon Phi 7290, slide 24; its MCDRAM is cited at about 490 GB/s, 394 GB/s are reported",
)
P100 = Processor(
    name="Pascal P100", fp32=10.6e12, fp64=5.3e12, fp16=21.2e12, bandwidth=720e9, source="NVIDIA Tesla P100"
)


@dataclass(frozen=True)
class Placed:
    """A layer under a roof.

    name        of the layer
    is_fc       whether it is fully connected
    intensity   operations per byte
    attainable  operations per second
    bound       "memory" or "compute"
    seconds     at least, for the whole batch
    """

    name: str
    is_fc: bool
    intensity: float
    attainable: float
    bound: str
    seconds: float


def intensity(shape: LayerShape, word_bytes: int = 4) -> float:
    """Give the operations per byte of a layer when every word moves between memory and processor once.

    shape       any LayerShape
    word_bytes  bytes in a word: 4 for fp32
    returns     2 * macs / (word_bytes * (ifmap words read + filter words + ofmap words)); no bias, no padding
    source      Williams, Waterman and Patterson, Communications of the ACM 52(4), 2009

    It is the best case: a cache too small for the layer moves some words again, and the intensity falls.
    Ifmap words that a stride skips are not moved; a memory that moves whole lines may move them too.

    >>> intensity(LayerShape.fc(M=4096, C=4096))         # each weight is used once: 2 operations for 4 bytes
    0.499755...
    >>> intensity(LayerShape.fc(M=4096, C=4096, N=256))
    113.777...
    """
    words = shape.ifmap_words_read + shape.filter_words + shape.ofmap_words
    return 2 * shape.macs / (word_bytes * words)


def attainable(processor: Processor, intensity: float, precision: str = FP32) -> float:
    """Give the height of the roof above an intensity.

    processor  a Processor
    intensity  operations per byte
    precision  as in Processor.peak
    returns    operations per second: min(peak, bandwidth * intensity)

    >>> attainable(P100, 0.5), attainable(P100, 100)     # 720e9 * 0.5; the peak
    (360000000000.0, 10600000000000.0)
    """
    return min(processor.peak(precision), processor.bandwidth * intensity)


def bound(shape: LayerShape, processor: Processor, precision: str = FP32) -> str:
    """Say what holds a layer back: "memory" left of the ridge, "compute" from it on.

    shape      any LayerShape
    processor  a Processor
    precision  as in Processor.peak; words are as wide

    >>> bound(LayerShape.fc(M=4096, C=4096), P100), bound(LayerShape.fc(M=4096, C=4096, N=256), P100)
    ('memory', 'compute')
    """
    ridge = processor.ridge(precision)
    return "memory" if intensity(shape, WORD_BYTES[precision]) < ridge else "compute"


def place(
    layers: Mapping[str, LayerShape], processor: Processor, precision: str = FP32
) -> tuple[Placed, ...]:
    """Put layers under the roof of a processor.

    layers     layer name -> LayerShape, such as network.layers or network.with_batch(256).layers
    processor  a Processor
    precision  as in Processor.peak; words are as wide
    returns    a Placed for each layer, in order; seconds = 2 * macs / attainable

    >>> [row.bound for row in place({"FC": LayerShape.fc(M=10, C=84)}, KNIGHTS_LANDING)]
    ['memory']
    """
    return tuple(_placed(name, shape, processor, precision) for name, shape in layers.items())


def _placed(name: str, shape: LayerShape, processor: Processor, precision: str) -> Placed:
    limit = bound(shape, processor, precision)
    reach = intensity(shape, WORD_BYTES[precision])
    roof = attainable(processor, reach, precision)
    return Placed(name, shape.is_fc, reach, roof, limit, 2 * shape.macs / roof)
