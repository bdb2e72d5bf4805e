"""The exercises of notebook 10_fitting_a_layer."""

from dataclasses import replace

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n10 import NOTEBOOK, OPENS

from . import answers

# Sizes are distinct. Some sets are folded, some stand side by side, one leaves the array almost empty.
SETS = (
    {"R": 5, "e": 27, "rows": 12, "cols": 14},
    {"R": 3, "e": 7, "rows": 13, "cols": 16},
    {"R": 2, "e": 25, "rows": 17, "cols": 8},
    {"R": 7, "e": 4, "rows": 10, "cols": 11},
)
OTHER_SETS = (
    {"R": 3, "e": 56, "rows": 12, "cols": 14},
    {"R": 1, "e": 6, "rows": 5, "cols": 32},
    {"R": 11, "e": 13, "rows": 10, "cols": 14},  # nothing fits
)
STRIPS = (
    {"M": 10, "C": 7, "E": 23, "R": 3, "e": 9, "r": 2, "t": 4},
    {"M": 6, "C": 5, "E": 13, "R": 2, "e": 4, "r": 3, "t": 1},
    {"M": 96, "C": 3, "E": 55, "R": 11, "e": 7, "r": 1, "t": 2},
    {"M": 7, "C": 11, "E": 12, "R": 5, "e": 6, "r": 4, "t": 3},
)
OTHER_STRIPS = (
    {"M": 1000, "C": 512, "E": 1, "R": 7, "e": 1, "r": 3, "t": 6},
    {"M": 13, "C": 9, "E": 31, "R": 4, "e": 8, "r": 2, "t": 5},
)
FILES = (
    {"S": 3, "M": 40, "C": 30, "filter_words": 224, "ifmap_words": 12, "psum_words": 24},
    {"S": 5, "M": 9, "C": 13, "filter_words": 100, "ifmap_words": 22, "psum_words": 7},
    {"S": 2, "M": 12, "C": 6, "filter_words": 48, "ifmap_words": 20, "psum_words": 15},
    {"S": 7, "M": 20, "C": 3, "filter_words": 90, "ifmap_words": 25, "psum_words": 6},
)
OTHER_FILES = (
    {"S": 11, "M": 96, "C": 3, "filter_words": 224, "ifmap_words": 12, "psum_words": 24},
    {"S": 4, "M": 17, "C": 5, "filter_words": 64, "ifmap_words": 3, "psum_words": 30},  # no row fits
    {"S": 1, "M": 60, "C": 50, "filter_words": 61, "ifmap_words": 13, "psum_words": 29},
)
_LETTERS = ("N", "M", "C", "E", "F", "W", "R", "U", "n", "e", "channels", "filters")
PASSES = tuple(
    dict(zip(_LETTERS, sizes, strict=True))
    for sizes in (
        (5, 14, 6, 11, 9, 19, 3, 2, 2, 4, 4, 3),
        (3, 10, 7, 8, 12, 16, 4, 1, 2, 5, 3, 6),
        (4, 9, 5, 13, 6, 31, 7, 4, 3, 6, 2, 4),
    )
)
OTHER_PASSES = tuple(
    dict(zip(_LETTERS, sizes, strict=True))
    for sizes in (
        (4, 96, 3, 55, 53, 227, 11, 4, 1, 7, 1, 32),
        (6, 20, 11, 17, 14, 16, 3, 1, 4, 7, 5, 8),
    )
)

EXERCISES = (
    Number(
        name="mean_predicted",
        notebook=NOTEBOOK,
        points=1,
        rule="a full strip fills 4 * 10 * 2 PEs; the last strip is not full and takes as long",
        answer=answers.predicted_mean,
        unit="PEs on average",
        mistakes={
            "every strip is full": 80,
            "one set is on the array": 36,
            "all PEs of the array work": 90,
            "only the last strip is counted": 56,
            "the first and the last strip are averaged": 68,
        },
    ),
    Function(
        name="placed_sets",
        notebook=NOTEBOOK,
        points=2,
        rule="(parts of a set, sets on top of each other, sets side by side, PEs at work in a full strip)",
        formula="folds = ceil(e/cols), down = floor(rows / (R*folds)), across = floor(cols/e) or 1, "
        "R*e*down*across",
        reference=answers.placed_sets,
        cases=SETS,
        hidden=OTHER_SETS,
        worked=((5, 27, 12, 14), (11, 7, 12, 14)),
        domain=Domain(
            {"R": range(1, 7), "e": range(1, 16), "rows": range(1, 13), "cols": range(1, 9)}
        ),
        mistakes={
            "wide sets are not folded": answers.sets_never_folded,
            "the parts of a folded set take no rows": answers.sets_folds_free,
            "no set stands beside another": answers.sets_one_column,
            "every part of a folded set is as wide as the array": answers.sets_full_parts,
        },
    ),
    Function(
        name="mean_active",
        notebook=NOTEBOOK,
        points=2,
        rule="the PE steps of all filter rows, ofmap rows, channels and filters, over the steps, "
        "clipped ones too",
        formula="R*E*C*M / (ceil(E/e) * ceil(C/r) * ceil(M/t))",
        reference=answers.mean_active,
        cases=STRIPS,
        hidden=OTHER_STRIPS,
        worked=((96, 3, 55, 11, 7, 1, 2),),
        domain=Domain(
            {**dict.fromkeys("MCE", range(1, 10)), "R": range(1, 6), **dict.fromkeys("ert", range(1, 7))}
        ),
        tolerance=1e-9,
        mistakes={
            "every chunk is full": answers.mean_of_full_steps,
            "only strips are clipped": answers.mean_strips_only,
            "clipped chunks take no time": answers.mean_floored,
            "a full strip and the last one count the same": answers.mean_of_both_ends,
        },
    ),
    Function(
        name="turns",
        notebook=NOTEBOOK,
        points=3,
        rule="of all pairs whose filter rows, windows and psums fit their rooms, the one with most "
        "filter rows; "
        "of equals the one with most channels",
        formula="the most p*q with p*q*S <= filter_words, q*S <= ifmap_words, p <= psum_words, p <= M, q "
        "<= C",
        reference=answers.turns,
        cases=FILES,
        hidden=OTHER_FILES,
        worked=((3, 40, 30, 224, 12, 24), (5, 9, 13, 100, 22, 7)),
        domain=Domain(
            {
                "S": range(1, 6),
                "M": range(1, 9),
                "C": range(1, 9),
                "filter_words": range(1, 41),
                "ifmap_words": range(1, 21),
                "psum_words": range(1, 11),
            }
        ),
        mistakes={
            "of equals the most filters are taken": answers.turns_fewest_channels,
            "psums take no room": answers.turns_any_psums,
            "all channels share one window": answers.turns_one_window,
            "as many channels as fit come first": answers.turns_channels_first,
        },
    ),
    Function(
        name="pass_words",
        notebook=NOTEBOOK,
        points=3,
        rule="(passes, ifmap words from the GLB, psums from and to the GLB), the last strip as high as it is",
        formula="k = ceil(C/channels), g = ceil(M/filters): (ceil(N/n) * strips * k * g, N*C*W*g * the "
        "sum over "
        "strips of U*(x - 1) + R, 2*N*M*E*F * k)",
        reference=answers.pass_words,
        cases=PASSES,
        hidden=OTHER_PASSES,
        worked=((4, 96, 3, 55, 55, 227, 11, 4, 1, 7, 1, 32),),
        domain=Domain(
            {
                **dict.fromkeys("NMC", range(1, 7)),
                "E": range(1, 8),
                "F": range(1, 5),
                "W": range(1, 9),
                **dict.fromkeys("RU", range(1, 5)),
                **dict.fromkeys(("n", "e", "channels", "filters"), range(1, 6)),
            }
        ),
        mistakes={
            "strips have no halo": answers.pass_words_no_halo,
            "the last strip is as high as the others": answers.pass_words_full_strips,
            "psums are written and not read": answers.pass_words_written_only,
            "every image has passes of its own": answers.pass_words_images,
        },
    ),
    replace(
 OPENS[0],
 definition=answers.conv3_by_hand,
 nearby=lambda: [
            answers.conv3_loops(m=64, n=n, e=13, p=16, q=4, r=r, t=t)
            for n in (2, 4) for r, t in ((1, 4), (2, 2), (4, 1))
        ],
 mistakes={
            "the chip's mapping": answers.conv3_loops(m=64, n=4, e=13, p=16, q=3, r=2, t=2),
            "the printed mapping": answers.conv3_loops(m=64, n=4, e=13, p=16, q=4, r=1, t=4),
            "one set alone": answers.conv3_loops(m=64, n=4, e=13, p=16, q=4, r=2, t=1),
            "more psums than the GLB holds": answers.conv3_loops(m=96, n=4, e=13, p=16, q=4, r=2, t=2),
            "more filters than an RF holds": answers.conv3_loops(m=64, n=4, e=13, p=20, q=4, r=2, t=2),
            "one image at a time": answers.conv3_loops(m=64, n=1, e=13, p=16, q=4, r=2, t=2),
        },
),
)  # fmt: skip
