"""The course's tensors: real data that ships with it, drawn integers, padding, fixed point."""

from cnnhw.tensors.fixed_point import from_fixed, requantize, to_fixed
from cnnhw.tensors.made import pad, random_filters, random_ifmap
from cnnhw.tensors.seeded import generator
from cnnhw.tensors.shipped import (
    DIGIT_MAX,
    LENET5_RIGHT,
    TRAIN_IMAGES,
    Digits,
    digits,
    digits_32x32,
    lenet5_weights,
    photograph,
)

__all__ = [
    "DIGIT_MAX",
    "Digits",
    "LENET5_RIGHT",
    "TRAIN_IMAGES",
    "digits",
    "digits_32x32",
    "from_fixed",
    "generator",
    "lenet5_weights",
    "pad",
    "photograph",
    "random_filters",
    "random_ifmap",
    "requantize",
    "to_fixed",
]
