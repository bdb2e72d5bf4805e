"""Run-length coding: a stream of words with many zeros, in fewer bits. The code of the Eyeriss chip."""

from collections.abc import Iterable

import numpy as np

MOST_ZEROS = 31  # a run has 5 bits (Chen et al., JSSC 2017)
PAIRS, CODE_BITS = 3, 64  # 3 pairs of 5 + 16 bits and 1 end bit (same source)


def run_length_encode(words: Iterable) -> list[tuple[int, int]]:
    """Code a stream of words.

    words    any iterable, in the order in which they are sent
    returns  pairs (zeros, level): so many zeros, then the word `level`. A level of 0 stands where 31 zeros
             were not enough, and at the end of a stream that ends in zeros
    source   Chen et al., JSSC 2017; the stream in the example is theirs

    >>> run_length_encode([0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22])
    [(2, 12), (4, 53), (2, 22)]
    """
    pairs, zeros, words = [], 0, list(words)
    for place, word in enumerate(words):
        if word != 0 or zeros == MOST_ZEROS or place == len(words) - 1:
            pairs.append((zeros, word))
            zeros = 0
        else:
            zeros += 1
    return pairs


def run_length_decode(pairs: Iterable[tuple[int, int]]) -> list:
    """Give the words that were coded.

    pairs    as run_length_encode gives them
    returns  the stream, zeros and all

    >>> run_length_decode([(2, 12), (0, 7)])
    [0, 0, 12, 7]
    """
    return [word for zeros, level in pairs for word in [0] * zeros + [level]]


def run_length_bits(words: np.ndarray) -> int:
    """Give the bits of a coded stream.

    words    the stream, any shape, read in C order
    returns  64 * ceil(pairs / 3). A word that is not zero closes a pair, and so does every 32nd zero in a row
    source   as run_length_encode

    >>> run_length_bits([0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22])      # 3 pairs; plain: 11 * 16 = 176 bits
    64
    """
    stream = np.asarray(words).ravel()
    if not stream.size:
        return 0
    levels = np.flatnonzero(stream)
    ends = np.append(levels, stream.size)
    zeros = np.diff(ends, prepend=-1) - 1
    pairs = len(levels) + (zeros // (MOST_ZEROS + 1)).sum() + (zeros[-1] % (MOST_ZEROS + 1) > 0)
    return CODE_BITS * -(-int(pairs) // PAIRS)
