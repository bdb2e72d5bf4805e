"""Fixed point: real numbers as whole words of a few bits, the way the hardware holds them.

A word q with f fraction bits stands for q / 2^f. A word of b bits is in two's complement:
-2^(b-1) .. 2^(b-1) - 1. All arithmetic here is exact; only rounding and the word's range lose anything.
"""

import numpy as np

from cnnhw.errors import CourseError, whole_number
from cnnhw.tensors.checked import as_array, check_words
from cnnhw.tensors.seeded import generator

# A float64 holds every word up to this size exactly; int64 has room for its sums. Limit of the format.
MAX_BITS = 53

_ROUNDINGS = ("nearest_even", "stochastic")


def to_fixed(
    x: np.ndarray,
    bits: int = 16,
    fraction_bits: int = 8,
    saturate: bool = True,
    rounding: str = "nearest_even",
    seed: int = 0,
) -> np.ndarray:
    """Turn real numbers into fixed-point words.

    x              any shape, finite reals
    bits           size of a word, sign included, 2 .. 53
    fraction_bits  bits behind the binary point; may exceed bits, or be negative
    saturate       True: what does not fit becomes the largest or smallest word; False: the word
                   keeps its low bits only, as a register without a check does
    rounding       "nearest_even": to the nearest word, a tie to the even one;
                   "stochastic": up with a probability equal to the fraction that would be cut off
    seed           of the stochastic rounding; 0 or more
    returns        int64, x's shape: round(x * 2^fraction_bits), brought into the word's range
    raises         CourseError if x is not real and finite, or an argument is out of range
    source         stochastic rounding: Gupta et al., ICML 2015

    >>> to_fixed([0.5, 0.625, -0.625, 9.0], bits=4, fraction_bits=2)      # x * 4 = 2, 2.5, -2.5, 36
    array([ 2,  2, -2,  7])
    >>> to_fixed([9.0], bits=4, fraction_bits=2, saturate=False)          # 36 mod 16
    array([4])
    """
    _check(bits, fraction_bits, rounding)
    scaled = np.ldexp(_real(x), fraction_bits)
    if rounding == "nearest_even":
        rounded = np.rint(scaled)
    else:
        rounded = np.floor(scaled)
        rounded += generator(seed).random_sample(scaled.shape) < scaled - rounded
    return _into_range(rounded, bits, saturate).astype(np.int64)


def from_fixed(words: np.ndarray, fraction_bits: int = 8) -> np.ndarray:
    """Turn fixed-point words back into real numbers.

    words          any shape, whole numbers of at most 53 bits
    fraction_bits  bits behind the binary point
    returns        float64, words / 2^fraction_bits, exact
    raises         CourseError if the words are not whole numbers

    >>> from_fixed([2, -3, 7], fraction_bits=2)
    array([ 0.5 , -0.75,  1.75])
    """
    return np.ldexp(_whole(words).astype(np.float64), -fraction_bits)


def requantize(
    psums: np.ndarray,
    psum_fraction_bits: int,
    bits: int = 16,
    fraction_bits: int = 8,
    saturate: bool = True,
    rounding: str = "nearest_even",
    seed: int = 0,
) -> np.ndarray:
    """Bring wide psums back to the word size of an ofmap, with integers only.

    psums               any shape, whole numbers; a product of words with f and g fraction bits
                        has f + g of them, and so has a sum of such products
    psum_fraction_bits  fraction bits of the psums, at least fraction_bits
    others              as in to_fixed
    returns             int64, psums' shape: round(psums / 2^(psum_fraction_bits - fraction_bits)),
                        brought into the word's range
    raises              CourseError as to_fixed does, or if the psums have too few fraction bits

    >>> requantize([24, 40, 41, 9000], 4, bits=8, fraction_bits=0)      # 1.5, 2.5, 2.5625, 562.5
    array([  2,   2,   3, 127])
    """
    _check(bits, fraction_bits, rounding)
    _check_whole("psum_fraction_bits", psum_fraction_bits)
    psums, cut = _whole(psums).astype(np.int64), psum_fraction_bits - fraction_bits
    if not 0 <= cut < 63:
        raise CourseError(
            "requantizing drops fraction bits, 0 to 62 of them",
            f"psum_fraction_bits={psum_fraction_bits}, fraction_bits={fraction_bits} ({cut} to drop)",
            f"use fraction_bits <= {psum_fraction_bits}, or multiply the psums by a power of two first",
        )
    floor = psums >> cut
    rest = psums - (floor << cut)
    if rounding == "stochastic":
        up = generator(seed).randint(0, 1 << cut, size=psums.shape, dtype=np.int64) < rest
    else:
        # Twice the rest against one whole: above rounds up, a tie rounds up only from an odd word.
        up = (rest > (1 << cut) - rest) | ((rest == (1 << cut) - rest) & (floor % 2 == 1))
    return _into_range(floor + up, bits, saturate)


def _into_range(words: np.ndarray, bits: int, saturate: bool) -> np.ndarray:
    half, span = 2 ** (bits - 1), 2**bits
    if saturate:
        return np.clip(words, -half, half - 1)
    low = np.fmod(words, span)  # exact on floats too, unlike a sum with half first
    return np.where(low >= half, low - span, np.where(low < -half, low + span, low))


def _real(x) -> np.ndarray:
    x = as_array(x, "x must be an array")
    check_words("x", x, "rounding")
    if x.dtype.kind == "c":
        raise CourseError(
            "fixed point holds real numbers", f"dtype {x.dtype}", "turn x.real and x.imag into words apart"
        )
    return x.astype(np.float64)


def _whole(words) -> np.ndarray:
    words = np.asarray(words)
    if not np.issubdtype(words.dtype, np.integer):
        raise CourseError(
            "fixed-point words are whole numbers",
            f"an array of {words.dtype}",
            "turn real numbers into words with to_fixed(x, bits, fraction_bits) first",
        )
    return words


def _check(bits, fraction_bits, rounding):
    if whole_number(bits) is None or not 2 <= bits <= MAX_BITS:
        raise CourseError(
            f"a word has 2 to {MAX_BITS} bits", f"bits={bits!r}", "use bits=16, as the Eyeriss chip does"
        )
    _check_whole("fraction_bits", fraction_bits)
    if rounding not in _ROUNDINGS:
        raise CourseError(
            "rounding must be one of " + ", ".join(map(repr, _ROUNDINGS)),
            f"rounding={rounding!r}",
            "use rounding='nearest_even' unless you study rounding itself",
        )


def _check_whole(name: str, value):
    if whole_number(value, least=None) is None:
        raise CourseError(f"{name} must be a whole number", f"{name}={value!r}", "give it as an int")
