"""The roofline: processors by peak and bandwidth, layers under their roofs, and this machine, measured."""

from cnnhw.roofline.here import Ran, measure_here, run_here
from cnnhw.roofline.processors import (
    FP16,
    FP32,
    FP64,
    KNIGHTS_LANDING,
    P100,
    WORD_BYTES,
    Placed,
    Processor,
    attainable,
    bound,
    intensity,
    place,
)

__all__ = [
    "FP16",
    "FP32",
    "FP64",
    "KNIGHTS_LANDING",
    "P100",
    "WORD_BYTES",
    "Placed",
    "Processor",
    "Ran",
    "attainable",
    "bound",
    "intensity",
    "measure_here",
    "place",
    "run_here",
]
