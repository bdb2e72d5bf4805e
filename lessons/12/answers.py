"""What notebook 12's exercises ask for, right and wrong in the ways that students get it wrong."""

from math import ceil

from cnnhw.checks import second_way
from cnnhw.chips import eyeriss
from cnnhw.networks import lenet5

MOST_ZEROS = 31


def predicted_words() -> int:
    """Right: words between GLB and array for CONV4 with q, r, t = 3, 1, 4."""
    return conv4_words(loads=ceil(192 / (16 * 4)), passes=192 // 3)


def conv4_words(loads: int, passes: int, height: int = 15, ways: int = 2) -> int:
    """Words for CONV4 at batch 4: its ifmap loaded so often, its psums in and out in so many passes."""
    return 4 * 384 * height * height * loads + ways * 4 * 384 * 13 * 13 * passes


def needed_zeros(pair_bits: float = 64 / 3, ifmap_share: float = 1.0) -> float:
    """Right: per cent of zeros in CONV1's ofmap with which 5.0 MB cross DRAM's pins."""
    ifmap, filters, ofmap = (2 * words for words in dram_words(4, 96, 3, 55, 11, 4, 96, 1, 7))
    return round(100 * (1 - (5.0e6 - filters - ifmap_share * ifmap) / ofmap * 16 / pair_bits), 2)


def dram_words(N, M, C, E, R, U, m, n, e):
    """Right: (ifmap, filter, ofmap) words between DRAM and a row-stationary chip."""
    rows = sum(U * (min(e, E - first) - 1) + R for first in range(0, E, e))
    width = U * (E - 1) + R
    ifmap = N * C * rows * width * ceil(M / m)
    return ifmap, M * C * R * R * ceil(N / n) * ceil(E / e), N * M * E * E


def dram_without_halo(N, M, C, E, R, U, m, n, e):
    """Wrong: strips share no ifmap rows."""
    width = U * (E - 1) + R
    return N * C * width * width * ceil(M / m), *dram_words(N, M, C, E, R, U, m, n, e)[1:]


def dram_full_strips(N, M, C, E, R, U, m, n, e):
    """Wrong: the last strip is as high as the others."""
    rows = ceil(E / e) * (U * (e - 1) + R)
    ifmap = N * C * rows * (U * (E - 1) + R) * ceil(M / m)
    return ifmap, *dram_words(N, M, C, E, R, U, m, n, e)[1:]


def dram_filters_once(N, M, C, E, R, U, m, n, e):
    """Wrong: filters are read once."""
    ifmap, _, ofmap = dram_words(N, M, C, E, R, U, m, n, e)
    return ifmap, M * C * R * R, ofmap


def dram_ifmap_once(N, M, C, E, R, U, m, n, e):
    """Wrong: the ifmap is read once, however many lots of filters there are."""
    return dram_words(N, M, C, E, R, U, M, n, e)


def most_fraction_bits(values, bits):
    """Right: the most fraction bits with which no value saturates, from -40 to 40."""
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    for fraction in range(40, -41, -1):
        if all(low <= round(float(value) * 2.0**fraction) <= high for value in values):
            return fraction
    return -40


def bits_without_sign(values, bits):
    """Wrong: no bit is set aside for the sign."""
    return most_fraction_bits(values, bits + 1)


def bits_of_positive(values, bits):
    """Wrong: negative values are not looked at."""
    return most_fraction_bits([max(float(value), 0) for value in values], bits)


def bits_one_too_many(values, bits):
    """Wrong: one fraction bit more, so that the largest value saturates."""
    return most_fraction_bits(values, bits) + 1


def bits_never_negative(values, bits):
    """Wrong: large values get 0 fraction bits, and saturate."""
    return max(0, most_fraction_bits(values, bits))


def run_pairs(words):
    """Right: pairs (zeros, level) of the chip's run-length code."""
    pairs, zeros = [], 0
    for place, word in enumerate(words):
        if word != 0 or zeros == MOST_ZEROS or place == len(words) - 1:
            pairs.append((zeros, int(word)))
            zeros = 0
        else:
            zeros += 1
    return pairs


def pairs_endless(words):
    """Wrong: a run may be longer than 31."""
    pairs, zeros = [], 0
    for place, word in enumerate(words):
        if word != 0 or place == len(words) - 1:
            pairs.append((zeros, int(word)))
            zeros = 0
        else:
            zeros += 1
    return pairs


def pairs_end_lost(words):
    """Wrong: zeros at the end of the stream are dropped."""
    kept = len(words)
    while kept and words[kept - 1] == 0:
        kept -= 1
    return run_pairs(words[:kept])


def pairs_without_level(words):
    """Wrong: the level of 0 after 31 zeros is taken for a further zero."""
    pairs, zeros = [], 0
    for place, word in enumerate(words):
        if zeros == MOST_ZEROS:
            pairs.append((zeros, 0))
            zeros = 0
        if word != 0 or place == len(words) - 1:
            pairs.append((zeros, int(word)))
            zeros = 0
        else:
            zeros += 1
    return pairs


def drawn_stream(rng, length, zeros, end):
    """Draw a stream of `length` words, about `zeros` per cent of them 0, and `end` zeros after them."""
    words = rng.integers(1, 100, length) * (rng.random(length) * 100 >= zeros)
    return ([*map(int, words)] + [0] * end,)


def drawn_values(rng, size, scale, bits, exact):
    """Draw values up to `scale`, or just below; the largest magnitude is negative when the size is odd."""
    values = rng.uniform(-0.6, 0.6, size) * scale
    values[size // 2] = scale * (-1 if size % 2 else 1) * (1 if exact else 0.99)
    return [float(value) for value in values], bits


def c3_by_hand(loops) -> bool:
    """The whole rule of c3_loops, from the counts alone."""
    machine = eyeriss().machine.with_(first_psum="read")  # the biases
    nest = second_way.made(loops, lenet5().with_batch(4).layers["C3"])
    counts = second_way.moved(nest, machine) if nest else None
    return counts is not None and counts.cycles <= 8_000 and second_way.price(counts, machine) <= 9.56
