"""The exercises of notebook 12_the_eyeriss_chip."""

from dataclasses import replace

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n12 import NOTEBOOK, OPENS

from . import answers

# Sizes are distinct; m, n and e divide nothing, so that rounding up and the last strip matter.
LAYERS = (
    {"N": 5, "M": 11, "C": 3, "E": 13, "R": 4, "U": 2, "m": 6, "n": 2, "e": 7},
    {"N": 3, "M": 10, "C": 7, "E": 9, "R": 5, "U": 1, "m": 4, "n": 2, "e": 2},
    {"N": 7, "M": 8, "C": 2, "E": 11, "R": 3, "U": 3, "m": 5, "n": 4, "e": 6},
)
OTHER_LAYERS = (
    {"N": 4, "M": 96, "C": 3, "E": 55, "R": 11, "U": 4, "m": 96, "n": 1, "e": 7},
    {"N": 2, "M": 13, "C": 6, "E": 17, "R": 1, "U": 4, "m": 3, "n": 5, "e": 5},
)
VALUES = (
    {"size": 5, "scale": 0.7, "bits": 8, "exact": 0},
    {"size": 8, "scale": 9.5, "bits": 6, "exact": 0},
    {"size": 11, "scale": 130.0, "bits": 7, "exact": 0},
)
OTHER_VALUES = (
    {"size": 7, "scale": 25.3, "bits": 16, "exact": 0},
    {"size": 6, "scale": 0.011, "bits": 9, "exact": 0},
    {"size": 4, "scale": 4000.0, "bits": 10, "exact": 0},
)
STREAMS = (
    {"length": 11, "zeros": 60, "end": 0},
    {"length": 17, "zeros": 70, "end": 3},
    {"length": 90, "zeros": 97, "end": 5},
    {"length": 3, "zeros": 40, "end": 80},
)
OTHER_STREAMS = (
    {"length": 200, "zeros": 98, "end": 1},
    {"length": 1, "zeros": 0, "end": 32},
    {"length": 2, "zeros": 0, "end": 31},
    {"length": 0, "zeros": 0, "end": 64},
)

EXERCISES = (
    Number(
        name="conv4_words",
        notebook=NOTEBOOK,
        points=1,
        rule="ifmap once for each lot of p*t filters, psums in and out once for each lot of q*r channels",
        answer=answers.predicted_words,
        unit="words",
        mistakes={
            "the parameters are those of the chip, 3, 2, 2": answers.conv4_words(loads=6, passes=32),
            "the padding is not stored": answers.conv4_words(loads=3, passes=64, height=13),
            "psums only go out": answers.conv4_words(loads=3, passes=64, ways=1),
            "the groups are forgotten": answers.conv4_words(loads=6, passes=128),
            "the first pass reads no psums": answers.predicted_words() - 4 * 384 * 13 * 13,
            "bytes are given for words": 2 * answers.predicted_words(),
        },
    ),
    Number(
        name="needed_zeros",
        notebook=NOTEBOOK,
        points=1,
        rule="5.0 MB are ifmap, filters and coded ofmap; each of its words that is no zero takes 64/3 bits",
        answer=answers.needed_zeros,
        unit="per cent of zeros",
        tolerance=0.005,
        mistakes={
            "a pair takes 16 bits": answers.needed_zeros(pair_bits=16),
            "a pair takes 21 bits, and the end bit is forgotten": answers.needed_zeros(pair_bits=21),
            "the ifmap is coded too": answers.needed_zeros(ifmap_share=4 / 3),
            "the part that is not zero is given": 100 - answers.needed_zeros(),
            "a part of 1 is given": answers.needed_zeros() / 100,
        },
    ),
    Function(
        name="dram_words",
        notebook=NOTEBOOK,
        points=2,
        rule="ifmap: strips with halo, for each lot of m filters; filters: each strip and lot of n images",
        formula="(N*C * rows * (U*(E - 1) + R) * ceil(M/m), M*C*R*R * ceil(N/n) * ceil(E/e), N*M*E*E), "
        "rows = the sum "
        "over strips of U*(x - 1) + R",
        reference=answers.dram_words,
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        worked=((2, 5, 3, 9, 3, 1, 2, 1, 4),),
        domain=Domain(
            {
                "N": range(1, 6),
                "M": range(1, 8),
                "C": range(1, 5),
                "E": range(1, 10),
                **dict.fromkeys("RU", range(1, 6)),
                **dict.fromkeys("mne", range(1, 6)),
            }
        ),
        mistakes={
            "strips share no ifmap rows": answers.dram_without_halo,
            "the last strip is as high as the others": answers.dram_full_strips,
            "filters are read once": answers.dram_filters_once,
            "the ifmap is read once": answers.dram_ifmap_once,
        },
    ),
    Function(
        name="most_fraction_bits",
        notebook=NOTEBOOK,
        points=2,
        rule="the largest f at which every value, scaled and rounded, is still among the words there are",
        formula="the largest f with -2^(bits - 1) <= round(value * 2^f) <= 2^(bits - 1) - 1 for every value",
        reference=answers.most_fraction_bits,
        cases=VALUES,
        hidden=OTHER_VALUES,
        worked=(([9.5, 0.1], 8), ([0.3, -1.0], 4)),
        domain=Domain(
            {
                "size": range(1, 8),
                "scale": (0.011, 0.25, 0.7, 1.0, 9.5, 64.0, 130.0, 4000.0, 65536.0),
                "bits": range(2, 17),
                "exact": (0, 1),
            }
        ),
        draw=answers.drawn_values,
        mistakes={
            "no bit is set aside for the sign": answers.bits_without_sign,
            "negative values are not looked at": answers.bits_of_positive,
            "the largest value saturates": answers.bits_one_too_many,
            "large values get no negative number of bits": answers.bits_never_negative,
        },
    ),
    Function(
        name="run_pairs",
        notebook=NOTEBOOK,
        points=3,
        rule="pairs (zeros, level), 31 zeros at most; a level of 0 stands for one more zero",
        reference=answers.run_pairs,
        cases=STREAMS,
        hidden=OTHER_STREAMS,
        worked=(([0, 0, 12, 0, 7],), ([5, 0, 0],), ([0] * 33,)),
        domain=Domain(
            {
                "length": range(13),
                "zeros": (0, 40, 70, 97),
                "end": (0, 1, 2, 30, 31, 32, 33, 63, 64, 65),
            }
        ),
        draw=answers.drawn_stream,
        counts=lambda words: {"words": len(words), "pairs": len(answers.run_pairs(words))},
        mistakes={
            "a run may be longer than 31": answers.pairs_endless,
            "zeros at the end are dropped": answers.pairs_end_lost,
            "the level of 0 after 31 zeros stands for none": answers.pairs_without_level,
        },
    ),
    replace(
 OPENS[0],
 definition=answers.c3_by_hand,
 mistakes={
            "the lesson's mapping": [
                ("M", 16, "DRAM"), ("C", 4, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"), ("C", 2, "ROWS"),
                ("R", 1, "ROWS"), ("E", 1, "COLS"), ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF"),
            ],
            "two sets for filters and three for channels": [
                ("M", 16, "DRAM"), ("C", 6, "DRAM"), ("E", 4, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"),
                ("M", 8, "ROWS"), ("C", 2, "COLS"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("C", 1, "RF"),
                ("S", 1, "RF"), ("M", 1, "RF"),
            ],
            "all six channels side by side": [
                ("E", 2, "DRAM"), ("C", 6, "DRAM"), ("M", 16, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"),
                ("M", 8, "COLS"), ("C", 1, "ROWS"), ("R", 1, "COLS"), ("E", 1, "ROWS"), ("S", 1, "RF"),
                ("M", 1, "RF"), ("C", 1, "RF"),
            ],
        },
),
)  # fmt: skip
