"""DRAM: it keeps every word of the layer."""

import numpy as np


class Stored:
    """An array of the layer as a memory: stored[index] is a word, and words of the padding are zeros.

    words  ifmap or filters
    zero   of their kind
    """

    def __init__(self, words: np.ndarray, zero):
        self.words, self.zero = words, zero

    def __getitem__(self, index):
        inside = all(0 <= at < size for at, size in zip(index, self.words.shape, strict=True))
        return self.words[index] if inside else self.zero

    def __contains__(self, index) -> bool:
        return True


class FirstPsums:
    """Psums in DRAM: an array, and which of its words have been written.

    words  (N, M, E, F) at the start; kept as Python numbers where those are exact
    there  whether the run starts from them
    """

    def __init__(self, words: np.ndarray, there: bool):
        self.words, self.there = cells(words), np.full(words.shape, there)

    def __getitem__(self, index):
        return self.words[index]

    def __setitem__(self, index, value) -> None:
        self.words[index] = value
        self.there[index] = True

    def __contains__(self, index) -> bool:
        return bool(self.there[index])


def cells(array: np.ndarray) -> np.ndarray:
    """Give a copy whose words are plain Python numbers where those are exact; short floats stay short."""
    return array.astype(object) if array.dtype.kind in "iO" or array.dtype == np.float64 else array.copy()
