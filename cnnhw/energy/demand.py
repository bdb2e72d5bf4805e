"""What a nest asks of DRAM: words for each MAC, and bytes for each second."""

from cnnhw.counts import Counts
from cnnhw.errors import positive


def dram_words(counts: Counts) -> int:
    """Give the words that cross between DRAM, the outermost level, and chip: reads + updates of all tensors.

    counts  Counts of a layer, or of several added up
    """
    dram = counts.levels[0]
    return sum(words for (level, _), words in counts.accesses("transfer").items() if level == dram)


def dram_accesses_per_mac(counts: Counts) -> float:
    """Give the DRAM accesses for each MAC: 4 in the worst case of slide 29, a few thousandths on a good chip.

    counts   Counts of a layer, or of several added up
    returns  words read from DRAM and written to it / macs
    source   TALK slide 29; Chen et al., JSSC 2017, give 0.0029 for Eyeriss, with compression

    >>> from cnnhw import LayerShape, Machine, Nest, count
    >>> nest = Nest(LayerShape(M=1, C=1, H=1, W=5, R=1, S=3), [("F", 1, "GLB"), ("S", 1, "RF")])
    >>> dram_accesses_per_mac(count(nest, Machine.unbounded()))   # 5 ifmap + 3 filter + 3 psum words, 9 MACs
    1.2222222222222223
    """
    return dram_words(counts) / counts.macs


def dram_bandwidth(
    counts: Counts, cycles: int | None = None, clock_hz: float = 200e6, word_bytes: float = 2
) -> float:
    """Give the bandwidth DRAM must have, so that the array never waits for it on average.

    counts      Counts of a layer, or of several added up
    cycles      that the layer takes; by default counts.cycles, the fewest that are possible
    clock_hz    cycles per second; 200e6 is Eyeriss' clock
    word_bytes  bytes in a word
    returns     bytes per second, on average: words * word_bytes * clock_hz / cycles
    raises      CourseError if a number is not above 0

    >>> from cnnhw import LayerShape, Machine, Nest, count
    >>> nest = Nest(LayerShape(M=1, C=1, H=1, W=5, R=1, S=3), [("F", 1, "GLB"), ("S", 1, "RF")])
    >>> dram_bandwidth(count(nest, Machine.unbounded()), clock_hz=9)   # 11 words of 2 bytes in 9 cycles
    22.0
    """
    cycles = counts.cycles if cycles is None else cycles
    rule = "bandwidth follows from cycles, a clock and the size of a word, all above 0"
    for name, value in (("cycles", cycles), ("clock_hz", clock_hz), ("word_bytes", word_bytes)):
        positive(rule, name, value)
    return dram_words(counts) * word_bytes * clock_hz / cycles
