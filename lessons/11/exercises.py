"""The exercises of notebook 11_which_dataflow_wins."""

from dataclasses import replace

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number, Value
from cnnhw.checks.opens.n11 import NOTEBOOK, OPENS

from . import answers

AREAS = ({"pes": 256, "rf_bytes": 98}, {"pes": 168, "rf_bytes": 10}, {"pes": 512, "rf_bytes": 300})
OTHER_AREAS = (
    {"pes": 1024, "rf_bytes": 0},
    {"pes": 333, "rf_bytes": 48},
    {"pes": 64, "rf_bytes": 1},
)
# Sizes are distinct; r, t and f divide nothing, so that rounding up matters.
WS_PLANS = (
    {"N": 2, "M": 11, "C": 7, "E": 13, "R": 3, "U": 1, "r": 4, "t": 5, "f": 6},
    {"N": 3, "M": 8, "C": 10, "E": 9, "R": 5, "U": 2, "r": 3, "t": 7, "f": 4},
    {"N": 1, "M": 13, "C": 3, "E": 11, "R": 4, "U": 3, "r": 2, "t": 6, "f": 5},
)
OTHER_WS_PLANS = (
    {"N": 4, "M": 384, "C": 256, "E": 13, "R": 3, "U": 1, "r": 5, "t": 14, "f": 13},
    {"N": 5, "M": 6, "C": 17, "E": 7, "R": 2, "U": 4, "r": 8, "t": 9, "f": 3},
)
SEARCHES = (
    {"N": 3, "M": 7, "C": 2, "R": 3, "E": 5, "Q": 130, "J": 11},
    {"N": 5, "M": 9, "C": 3, "R": 2, "E": 4, "Q": 100, "J": 14},
    {"N": 2, "M": 12, "C": 4, "R": 1, "E": 6, "Q": 40, "J": 29},
    {"N": 8, "M": 6, "C": 5, "R": 1, "E": 1, "Q": 70, "J": 13},
)
OTHER_SEARCHES = (
    {"N": 4, "M": 17, "C": 3, "R": 3, "E": 2, "Q": 400, "J": 19},
    {"N": 7, "M": 11, "C": 1, "R": 5, "E": 3, "Q": 300, "J": 23},
)

EXERCISES = (
    Number(
        name="largest_batch",
        notebook=NOTEBOOK,
        points=1,
        rule="with r = t = f = 1 the psums of one channel, N*E*F words, must fit the GLB",
        answer=answers.largest_batch,
        unit="images",
        mistakes={
            "bytes are taken for words": 171_146 * 2 // 55**2,
            "the psums of all 96 channels must fit": 0,
            "the ifmap's planes must fit, not the psums": 171_146 // 227**2,
            "one row of psums is enough": 171_146 // 55,
            "the batch that does not fit any more is given": 57,
        },
    ),
    Function(
        name="glb_bytes",
        notebook=NOTEBOOK,
        points=2,
        rule="the area of J RFs of 512 bytes and a GLB of J * 512 bytes, without J of your RFs, at "
        "12.70 a byte",
        formula="(J * area(512) + area(J * 512) - J * area(rf_bytes)) / 12.70 with area(b) = b * um2 per "
        "byte",
        reference=answers.glb_bytes,
        cases=AREAS,
        hidden=OTHER_AREAS,
        worked=((256, 0),),
        domain=Domain(
            {
                "pes": (8, 32, 100, 168, 256, 333, 512, 1024),
                "rf_bytes": (0, 1, 2, 3, 5, 8, 10, 48, 98, 128, 300, 511, 512, 700),
            },
            where=lambda pes, rf_bytes: answers.glb_bytes(pes, rf_bytes) >= 4096,
        ),
        tolerance=1e-9,
        mistakes={
            "one RF's area is taken for all of them": answers.glb_one_rf,
            "a byte less in the RFs is a byte more in the GLB": answers.glb_byte_for_byte,
            "areas are interpolated, not areas per byte": answers.glb_areas_interpolated,
            "the RFs are added to what the GLB had": answers.glb_without_budget,
        },
    ),
    Value(
        name="outside_the_claim",
        notebook=NOTEBOOK,
        points=2,
        rule="every (PEs, N) at which a CONV ratio, rounded to two digits, is below 1.40 or above 2.50",
        answer=answers.outside_the_claim,
        mistakes={
            "only what is too small counts": ((1024, 1), (1024, 64)),
            "only what is too large counts": ((256, 1),),
            "ratios are not rounded": ((256, 1), (1024, 1), (1024, 16), (1024, 64)),
            "ratios are rounded to one digit": (),
            "N=16 with 1024 PEs is taken, where it is 1.40": ((256, 1), (1024, 1), (1024, 16)),
            "N stands before the PEs": ((1, 256), (1, 1024), (64, 1024)),
        },
    ),
    Function(
        name="ws_words",
        notebook=NOTEBOOK,
        points=3,
        rule="DRAM ifmap, filter, psum; GLB psum; NoC ifmap, psum; RF filter, by the formula of WS",
        formula="(N*C*H*(E/f)*w*ceil(M/t), M*C*R*R, O, 2*O*(k - 1), O*C*R*R, O*(C*R*R - k), O*C*R*R), O "
        "= N*M*E*E, "
        "k = ceil(C/r)*R",
        reference=answers.ws_words,
        cases=WS_PLANS,
        hidden=OTHER_WS_PLANS,
        worked=((1, 2, 3, 4, 2, 1, 2, 1, 2),),
        domain=Domain(
            {
                "N": range(1, 5),
                **dict.fromkeys("MCE", range(1, 8)),
                **dict.fromkeys("RU", range(1, 5)),
                **dict.fromkeys("rt", range(1, 6)),
                "f": range(1, 8),
            },
            where=lambda E, f, **others: f <= E,
        ),
        tolerance=1e-9,
        mistakes={
            "C/r and M/t are not rounded up": answers.ws_fractions,
            "a strip has no halo": answers.ws_no_halo,
            "r and t are swapped": answers.ws_swapped,
            "a psum is read from the GLB and never written": answers.ws_read_only,
            "every product takes a hop": answers.ws_all_hops,
        },
    ),
    Function(
        name="best_os_c",
        notebook=NOTEBOOK,
        points=3,
        rule="of all choices that fit GLB and array, the least energy, and the most PEs that go with it",
        formula="least energy over all m, n, p with (m+n)*C*R*R <= Q, n*p <= J, p <= m; then the most n*p",
        reference=answers.best_os_c,
        cases=SEARCHES,
        hidden=OTHER_SEARCHES,
        worked=((2, 3, 1, 2, 2, 20, 5),),
        domain=Domain(
            {
                "N": range(1, 5),
                "M": range(1, 6),
                **dict.fromkeys("CRE", range(1, 4)),
                "Q": range(2, 81),
                "J": range(1, 13),
            },
            where=lambda C, R, Q, **others: 2 * C * R * R <= Q,
        ),
        mistakes={
            "of equal plans the one with the fewest PEs is taken": answers.best_of_the_first,
            "there are as many PEs as one likes": answers.best_without_pes,
            "the windows take no room in the GLB": answers.best_without_windows,
            "p may be larger than m": answers.best_with_free_p,
            "the most PEs come first, then the energy": answers.best_most_pes,
        },
    ),
    replace(
 OPENS[0],
 definition=answers.fc7_by_hand,
 mistakes={
            "the plan of RS": [
                ("M", 3840, "DRAM"), ("C", 256, "DRAM"), ("M", 168, "GLB"), ("N", 1, "GLB"),
                ("M", 84, "ROWS"), ("C", 2, "ROWS"), ("C", 1, "RF"), ("M", 1, "RF"),
            ],
            "8 x 16 psums in an RF": [
                ("M", 2048, "DRAM"), ("C", 2, "DRAM"), ("M", 8, "ROWS"),
                ("C", 1, "RF"), ("M", 1, "RF"), ("N", 1, "RF"),
            ],
            "16 x 16 psums and no room for words": [
                ("C", 1, "DRAM"), ("M", 16, "ROWS"), ("M", 1, "RF"), ("N", 1, "RF"),
            ],
            "more PEs than there are": [
                ("C", 1, "DRAM"), ("M", 8, "ROWS"), ("M", 1, "RF"), ("N", 1, "RF"),
            ],
            "a loop is missing": [("M", 2058, "DRAM"), ("M", 14, "ROWS"), ("M", 1, "RF"), ("N", 1, "RF")],
        },
),
)  # fmt: skip
