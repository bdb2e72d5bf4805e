"""The exercises of notebook 07_memory_is_the_bottleneck."""

from dataclasses import replace
from itertools import permutations

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n07 import NOTEBOOK, OPENS

from . import answers

# Sizes are distinct, so that a swapped axis or a forgotten group changes the answer.
LAYERS = (
    {"N": 1, "M": 96, "C": 3, "H": 227, "R": 11, "U": 4, "P": 0, "G": 1},
    {"N": 3, "M": 10, "C": 6, "H": 13, "R": 5, "U": 1, "P": 2, "G": 2},
    {"N": 4, "M": 500, "C": 7, "H": 2, "R": 2, "U": 1, "P": 0, "G": 1},
)
OTHER_LAYERS = (
    {"N": 2, "M": 15, "C": 9, "H": 11, "R": 3, "U": 2, "P": 1, "G": 3},
    {"N": 1, "M": 4, "C": 5, "H": 8, "R": 1, "U": 2, "P": 0, "G": 1},
)
TILES = (
    {"m": 8, "c": 2, "e": 5, "f": 7, "R": 3, "S": 4, "U": 1},
    {"m": 3, "c": 5, "e": 4, "f": 6, "R": 7, "S": 2, "U": 2},
    {"m": 2, "c": 3, "e": 7, "f": 5, "R": 1, "S": 4, "U": 3},
)
OTHER_TILES = (
    {"m": 5, "c": 1, "e": 9, "f": 2, "R": 2, "S": 1, "U": 4},
    {"m": 7, "c": 4, "e": 1, "f": 3, "R": 5, "S": 6, "U": 2},
)
ORDERS = (
    {"order": "MCEFRS", "M": 3, "C": 2, "E": 4, "F": 5, "R": 2, "S": 1},
    {"order": "MCRSEF", "M": 3, "C": 2, "E": 4, "F": 5, "R": 2, "S": 3},
    {"order": "EMCRSF", "M": 2, "C": 3, "E": 5, "F": 7, "R": 1, "S": 2},
    {"order": "FRSEMC", "M": 4, "C": 1, "E": 3, "F": 2, "R": 3, "S": 1},
)
OTHER_ORDERS = (
    {"order": "SFRECM", "M": 5, "C": 2, "E": 3, "F": 4, "R": 2, "S": 3},
    {"order": "EFMCRS", "M": 1, "C": 1, "E": 5, "F": 7, "R": 1, "S": 1},
    {"order": "CEMRFS", "M": 2, "C": 4, "E": 3, "F": 5, "R": 3, "S": 1},
)
_SLIDE_35 = {"dram": 200, "glb": 6, "noc": 2, "rf": 1}
_OTHER_COSTS = {"dram": 320, "glb": 25, "noc": 3, "rf": 2}
VALUES = (
    {"value": "input", "a": 1, "b": 2, "c": 3, "d": 4, **_SLIDE_35},
    {"value": "psum", "a": 2, "b": 3, "c": 3, "d": 2, **_SLIDE_35},
    {"value": "psum", "a": 1, "b": 5, "c": 2, "d": 7, **_OTHER_COSTS},
    {"value": "input", "a": 3, "b": 1, "c": 7, "d": 2, **_OTHER_COSTS},
)
OTHER_VALUES = (
    {"value": "psum", "a": 3, "b": 2, "c": 5, "d": 4, **_OTHER_COSTS},
    {"value": "input", "a": 2, "b": 5, "c": 4, "d": 3, **_SLIDE_35},
)

EXERCISES = (
    Number(
        name="mac_energy_predicted",
        notebook=NOTEBOOK,
        points=1,
        rule="a word read: its memory, and 2 for the NoC unless that is the RF; a psum written: its memory; "
        "and the MAC",
        answer=412,
        unit="times the energy of a MAC",
        mistakes={
            "the NoC is forgotten": 408,
            "the psum is not read": 210,
            "the psum is not written": 212,
            "the MAC is forgotten": 411,
            "the NoC carries every word, to the MAC and back": 416,
            "everything is in DRAM": 807,
        },
    ),
    Function(
        name="possible_reuse",
        notebook=NOTEBOOK,
        points=2,
        rule="two reads for each MAC, over the layer's filter words and ifmap words, padding left out",
        formula="2 * MACs / (filter words + ifmap words)",
        reference=answers.possible_reuse,
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        worked=((1, 96, 3, 227, 11, 4, 0, 1),),
        domain=Domain(
            {
                "N": range(1, 5),
                "M": range(1, 9),
                "C": range(1, 9),
                "H": range(1, 10),
                "R": range(1, 6),
                "U": range(1, 7),
                "P": range(4),
                "G": range(1, 5),
            },
            where=lambda N, M, C, H, R, U, P, G: M % G == 0 and C % G == 0 and R <= H + 2 * P,
        ),
        tolerance=1e-9,
        mistakes={
            "the psums are reads as well": answers.reuse_with(reads=3),
            "the ofmap is read too": answers.reuse_with(ofmaps=1),
            "only the filters are read": answers.reuse_with(ifmaps=0),
            "the groups are forgotten": answers.reuse_with(groups=False),
            "the batch is one image": answers.reuse_with(batch=False),
        },
    ),
    Function(
        name="tile_sizes",
        notebook=NOTEBOOK,
        points=2,
        rule="the ifmap words that some window of the chunk touches, each once; the chunk's weights; "
        "its psums",
        formula="c * rows * columns, rows = how many different U*i + r with i < e, r < R; m*c*R*S; m*e*f",
        reference=answers.tile_sizes,
        cases=TILES,
        hidden=OTHER_TILES,
        worked=((8, 2, 5, 7, 3, 4, 1),),
        domain=Domain({**dict.fromkeys("mc", range(1, 6)), **dict.fromkeys("efRSU", range(1, 7))}),
        mistakes={
            "the windows stop at the end of the chunk": answers.tiles_without_halo,
            "the stride is forgotten": answers.tiles_of_stride_one,
            "words that no window touches are counted": answers.tiles_bounding_box,
            "overlapping windows count a word twice": answers.tiles_with_overlap,
            "the filter is taken for R x R": lambda m, c, e, f, R, S, U: answers.tile_sizes(
                m, c, e, f, R, R, U
            ),
            "one channel of the ifmap is counted": lambda m, c, e, f, R, S, U: (
                answers.tile_sizes(m, 1, e, f, R, S, U)[0],
                *answers.tile_sizes(m, c, e, f, R, S, U)[1:],
            ),
        },
    ),
    Function(
        name="register_reads",
        notebook=NOTEBOOK,
        points=3,
        rule="go through the MACs in loop order; a read whenever (m, c, r, s) is not that of the last MAC",
        reference=answers.register_reads,
        cases=ORDERS,
        hidden=OTHER_ORDERS,
        worked=(("MCEFRS", 3, 2, 4, 5, 2, 1), ("MCRSEF", 3, 2, 4, 5, 2, 1)),
        domain=Domain(
            {
                "order": tuple(map("".join, permutations("MCEFRS"))),
                **dict.fromkeys("MCEFRS", range(1, 4)),
            }
        ),
        counts=lambda order, M, C, E, F, R, S: {"MACs": M * C * E * F * R * S, "filter words": M * C * R * S},
        mistakes={
            "every MAC reads": lambda order, M, C, E, F, R, S: M * C * E * F * R * S,
            "every word is read once": lambda order, M, C, E, F, R, S: M * C * R * S,
            "the loops are always m c e f r s": lambda order, *sizes: answers.register_reads(
                "MCEFRS", *sizes
            ),
            "the order is read from the inside out": lambda order, *sizes: answers.register_reads(
                order[::-1], *sizes
            ),
            "a loop of one iteration is taken for one that changes the word": answers.register_by_letters,
            "the first MAC reads nothing": lambda *given: answers.register_reads(*given) - 1,
            "it is the ifmap word that is kept": answers.register_of_ifmap,
        },
    ),
    Function(
        name="value_energy",
        notebook=NOTEBOOK,
        points=3,
        rule="an input is read at each level as often as the levels outside it are, times its own number; "
        "a psum has the accesses that the exercise lists; each access at its level's cost",
        formula="input: a*dram + ab*glb + abc*noc + abcd*rf; "
        "psum: (2a-1)*dram + 2a(b-1)*glb + ab(c-1)*noc + 2abc(d-1)*rf",
        reference=answers.value_energy,
        cases=VALUES,
        hidden=OTHER_VALUES,
        worked=(("input", 1, 2, 3, 4, 200, 6, 2, 1), ("psum", 2, 3, 3, 2, 200, 6, 2, 1)),
        domain=Domain(
            {
                "value": ("input", "psum"),
                **dict.fromkeys("abcd", range(1, 6)),
                "dram": (0, 1, 200, 320),
                "glb": (0, 1, 6, 25),
                "noc": (0, 1, 2, 3),
                "rf": (0, 1, 2),
            }
        ),
        mistakes={
            "a psum is charged as an input": answers.energy_always_input,
            "b, c and d are totals": answers.energy_numbers_not_multiplied,
            "the first psum is read from DRAM": answers.energy_first_psum_read,
            "a psum is only written": answers.energy_psums_go_one_way,
            "a psum's first visit to GLB and RF is charged too": answers.energy_without_first_visits,
            "an input is charged as a psum": lambda value, *numbers: answers.value_energy("psum", *numbers),
        },
    ),
    replace(
        OPENS[0],
        definition=answers.cuts_by_hand,
        nearby=lambda: [
            [("M", 8), ("C", 2)],
            [("M", 8), ("C", 1), ("E", 9)],
            [("M", 8), ("C", 2), ("C", 1)],
            [("M", 10), ("C", 1)],
            [("M", 24), ("M", 8), ("C", 1)],
            [("C", 1), ("E", 3)],
        ],
        mistakes={
            "nothing is cut": [],
            "everything is cut to single words": [("M", 1), ("C", 1), ("E", 1), ("F", 1)],
            "channels outside, filters inside": [("C", 8), ("M", 1)],
            "channels are cut outside: psums come and go": [("C", 1), ("M", 8)],
            "the ofmap is cut into strips": [("E", 3), ("M", 1)],
            "filters are cut too finely": [("M", 6), ("C", 1)],
            "the tile is too large": [("M", 12), ("C", 1)],
            "the dim is not one": [("H", 3)],
            "steps are words": [("M", "8")],
            "triples": [("M", 8, "DRAM"), ("C", 1, "DRAM")],
        },
    ),
)
