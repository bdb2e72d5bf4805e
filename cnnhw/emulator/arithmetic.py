"""What numbers the PEs work on: exact whole numbers, floats, or fixed point with a psum of its own width."""

from dataclasses import dataclass

import numpy as np

from cnnhw.errors import CourseError, ShapeError, whole_number
from cnnhw.tensors.fixed_point import requantize

MOST_PSUM_BITS = 62  # one product more must still fit the int64 that holds the psum


@dataclass(frozen=True)
class AsGiven:
    """The numbers as they are given: int64 and objects exactly, floats in their own precision."""

    def check(self, ifmap: np.ndarray, filters: np.ndarray) -> None:
        """Accept any numbers; conv's own door has looked at them."""

    def add(self, psum, other):
        """Add two psums."""
        return psum + other

    def finish(self, psums: np.ndarray) -> np.ndarray:
        """Give the ofmap: the psums as they are."""
        return psums


@dataclass(frozen=True, kw_only=True)
class FixedPoint:
    """Words of a few bits, psums of more, and a rounding where a psum becomes an ofmap word.

    bits             of an ifmap, filter and ofmap word
    ifmap_fraction   fraction bits of the ifmap's words
    filter_fraction  fraction bits of the filters'; a psum and a bias have the sum of both
    ofmap_fraction   fraction bits of the ofmap's
    psum_bits        bits of the accumulator, of a psum in the RF, on the NoC and in the memories
    saturate         True: what does not fit becomes the largest or smallest word; False: its low bits stay
    rounding         "nearest_even" or "stochastic", where a finished psum loses fraction bits
    seed             of the stochastic rounding
    raises           CourseError if a number of bits is none

    The run takes words, such as tensors.to_fixed gives, and returns words. 32 bits
    for a psum are chosen for teaching.

    >>> FixedPoint(bits=4, psum_bits=6).add(30, 5), FixedPoint(bits=4, psum_bits=6, saturate=False).add(30, 5)
    (31, -29)
    """

    bits: int = 16
    ifmap_fraction: int = 8
    filter_fraction: int = 8
    ofmap_fraction: int = 8
    psum_bits: int = 32
    saturate: bool = True
    rounding: str = "nearest_even"
    seed: int = 0

    def __post_init__(self):
        for name in ("ifmap_fraction", "filter_fraction", "ofmap_fraction"):
            if whole_number(getattr(self, name), least=None) is None:
                raise CourseError(
                    f"{name} is a whole number", f"{name}={getattr(self, name)!r}", "give it as an int"
                )
        self.finish(np.zeros(1, np.int64))  # its own checks of bits, fractions and rounding
        if whole_number(self.psum_bits) is None or not self.bits <= self.psum_bits <= MOST_PSUM_BITS:
            raise CourseError(
                f"a psum has at least the bits of a word and at most {MOST_PSUM_BITS}",
                f"psum_bits={self.psum_bits!r}, bits={self.bits}",
                "use psum_bits=32, or twice the bits of a word",
            )

    def check(self, ifmap: np.ndarray, filters: np.ndarray) -> None:
        """Refuse words that are not whole or do not fit the bits.

        raises  ShapeError that names the word
        """
        half = 2 ** (self.bits - 1)
        for name, words in (("ifmap", ifmap), ("filters", filters)):
            if words.dtype.kind not in "iu":
                raise ShapeError(
                    "fixed-point words are whole numbers",
                    f"{name} of {words.dtype}",
                    f"use tensors.to_fixed({name}, bits={self.bits}, fraction_bits=...) first",
                )
            if words.min() < -half or words.max() >= half:
                raise ShapeError(
                    f"words of {self.bits} bits lie from {-half} to {half - 1}",
                    f"{name} from {words.min()} to {words.max()}",
                    "use fewer fraction bits in tensors.to_fixed, or more bits",
                )

    def add(self, psum: int, other: int) -> int:
        """Add two psums, or a psum and a product, in psum_bits."""
        half, total = 2 ** (self.psum_bits - 1), psum + other
        if self.saturate:
            return max(-half, min(half - 1, total))
        return (total + half) % (2 * half) - half

    def fits(self, magnitude: int) -> bool:
        """Whether no psum of up to this magnitude overflows."""
        return magnitude < 2 ** (self.psum_bits - 1)

    def finish(self, psums: np.ndarray) -> np.ndarray:
        """Give the ofmap's words: psums rounded to ofmap_fraction bits and brought into a word."""
        return requantize(
            psums, self.ifmap_fraction + self.filter_fraction, self.bits, self.ofmap_fraction,
            self.saturate, self.rounding, self.seed,
        )  # fmt: skip
