"""The exercises of notebook 08_arrays_of_pes."""

from dataclasses import replace

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n08 import NOTEBOOK, OPENS

from . import answers

# Sizes are distinct; some divide, most do not, one is smaller than the array.
LAYERS = (
    {"M": 4, "C": 3, "E": 6, "F": 5, "R": 2, "S": 1, "rows": 3, "cols": 4},
    {"M": 7, "C": 5, "E": 11, "F": 8, "R": 3, "S": 2, "rows": 4, "cols": 3},
    {"M": 2, "C": 13, "E": 3, "F": 7, "R": 1, "S": 5, "rows": 6, "cols": 4},
    {"M": 9, "C": 1, "E": 8, "F": 2, "R": 5, "S": 3, "rows": 2, "cols": 7},
)
OTHER_LAYERS = (
    {"M": 384, "C": 256, "E": 13, "F": 11, "R": 3, "S": 5, "rows": 12, "cols": 14},
    {"M": 10, "C": 84, "E": 1, "F": 1, "R": 1, "S": 1, "rows": 16, "cols": 8},
)

ON_AN_ARRAY = Domain(
    {
        **dict.fromkeys("MCEF", range(1, 10)),
        **dict.fromkeys("RS", range(1, 4)),
        "rows": range(1, 6),
        "cols": range(1, 6),
    }
)

EXERCISES = (
    Number(
        name="os_reads_predicted",
        notebook=NOTEBOOK,
        points=1,
        rule="each weight is read once for every tile of ofmap pixels that the array holds",
        formula="ceil(E / 3) * ceil(F / 4) * M*C*R*S",
        answer=answers.predicted_reads,
        unit="weights read from the GLB",
        mistakes={
            "every weight is read once": 60,
            "the last rows of the ofmap are forgotten": 60 * 2,
            "7 / 3 of a tile is taken for 3 tiles": 60 * 7 // 3,
            "every pixel reads its own weights": 60 * 7 * 4,
            "ofmap rows are not shared out": 60 * 7,
        },
    ),
    Function(
        name="both_cycles",
        notebook=NOTEBOOK,
        points=2,
        rule="a cycle for each weight and pixel that the PEs take in turn; a clipped chunk takes as "
        "many as a full one",
        formula="WS: ceil(M/cols) * ceil(C/rows) * R*S*E*F; OS: M*C*R*S * ceil(E/rows) * ceil(F/cols)",
        reference=answers.both_cycles,
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        worked=((4, 3, 6, 5, 2, 1, 3, 4),),
        domain=ON_AN_ARRAY,
        mistakes={
            "all PEs always work": answers.cycles_divided,
            "clipped chunks are forgotten": answers.cycles_floored,
            "OS, too, has channels and filters on the array": answers.cycles_same_axes,
            "rows and cols are swapped": answers.cycles_axes_swapped,
            "OS comes first": lambda *sizes: answers.both_cycles(*sizes)[::-1],
        },
    ),
    Function(
        name="ws_moved",
        notebook=NOTEBOOK,
        points=3,
        rule="(weights delivered, ifmap words read from the GLB, hops, psums that come back), as in count",
        formula="(M*C*R*S, ceil(M/cols) * C*R*S*E*F, M*E*F * (C*R*S - v), M*E*F * (v - 1)), v = "
        "ceil(C/rows) * R*S",
        reference=answers.ws_moved,
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        worked=((4, 3, 6, 5, 2, 1, 3, 4),),
        domain=ON_AN_ARRAY,
        mistakes={
            "nobody shares an ifmap word": answers.words_for_each_column,
            "a clipped chunk of channels has as many hops as a full one": answers.words_full_columns,
            "the first visit reads a psum": answers.words_first_read,
            "a psum in k PEs makes k hops": answers.words_hop_in_each_pe,
            "rows and cols are swapped": lambda M, C, E, F, R, S, rows, cols: answers.ws_moved(
                M, C, E, F, R, S, cols, rows
            ),
            "each ofmap row fetches the weights": answers.words_weights_again,
        },
    ),
    replace(
 OPENS[0],
 definition=answers.turned_by_hand,
 nearby=lambda: [answers.turned(order) for order in ("FECRS", "EFRSC", "ERFCS", "EFCSR")],
 mistakes={
            "filter rows are on the PE rows, and channels there in name only": answers.turned_in_name(),
            "weights stay": answers.turned("CRSEF"),
            "channels are cut outside the pixels": answers.turned("CEFRS"),
            "the GLB keeps no weights": answers.turned("EFCRS", glb=("ifmap",)),
            "it is the lesson's OS": answers.os_nest(answers.TURNED),
        },
),
    replace(
 OPENS[1],
 definition=answers.own_by_hand,
 mistakes={
            "row stationary without thought": answers.own(
                ("E", 4, "DRAM"), ("M", 1, "GLB"), ("C", 1, "GLB"), ("F", 6, "GLB"),
                ("R", 1, "ROWS"), ("E", 1, "COLS"), ("F", 1, "RF"), ("S", 1, "RF"),
                glb=("ifmap", "psum"), rf=("ifmap", "filter", "psum"),
            ),
            "windows kept, weights fetched again for every strip": answers.own(
                ("M", 2, "DRAM"), ("E", 4, "DRAM"), ("F", 4, "GLB"), ("M", 1, "GLB"), ("C", 1, "GLB"),
                ("E", 1, "ROWS"), ("F", 1, "COLS"), ("R", 1, "RF"), ("S", 1, "RF"), rf=("psum", "ifmap"),
            ),
            "every weight is kept for one pixel only": answers.own(
                ("E", 2, "DRAM"), ("E", 1, "GLB"), ("F", 4, "GLB"), ("M", 4, "GLB"), ("C", 1, "GLB"),
                ("M", 1, "ROWS"), ("F", 1, "COLS"), ("R", 1, "RF"), ("S", 1, "RF"), rf=("psum", "ifmap"),
            ),
        },
),
)  # fmt: skip
