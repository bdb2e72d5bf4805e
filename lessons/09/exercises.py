"""The exercises of notebook 09_row_stationary."""

from dataclasses import replace

import numpy as np

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n09 import NOTEBOOK, OPENS

from . import answers

EXERCISES = (
    Number(
        name="deliveries_predicted",
        notebook=NOTEBOOK,
        points=1,
        rule="each PE of the set receives one whole ifmap row",
        formula="R * E * W",
        answer=answers.predicted_deliveries,
        unit="ifmap words delivered to PEs",
        mistakes={
            "every word is delivered once": 6 * 9,
            "a PE receives as many words as its ofmap row has": 2 * 5 * 6,
            "every PE row receives all ifmap rows": 2 * 6 * 9,
            "every MAC fetches its word": 2 * 5 * 6 * 4,
            "the filter row is what is delivered": 2 * 5 * 4,
        },
    ),
    Function(
        name="row_receivers",
        notebook=NOTEBOOK,
        points=2,
        rule="the PEs (r, e) whose ifmap row is h, from the first PE row to the last, e rising in each",
        formula="all (r, e) with r < R, e < E and U*e + r - P == h",
        reference=answers.row_receivers,
        cases=(
            {"h": 2, "R": 3, "E": 4, "U": 1, "P": 0},
            {"h": 4, "R": 5, "E": 3, "U": 2, "P": 1},
            {"h": 0, "R": 3, "E": 7, "U": 1, "P": 2},
            {"h": 3, "R": 2, "E": 5, "U": 4, "P": 0},
        ),
        hidden=(
            {"h": 7, "R": 11, "E": 5, "U": 3, "P": 2},
            {"h": 1, "R": 2, "E": 3, "U": 3, "P": 1},
        ),
        worked=((2, 3, 4, 1, 0),),
        domain=Domain(
            {"h": range(11), "R": range(1, 6), "E": range(1, 7), "U": range(1, 7), "P": range(4)}
        ),
        mistakes={
            "the stride is ignored": lambda h, R, E, U, P: answers.row_receivers(h, R, E, 1, P),
            "the padding is ignored": lambda h, R, E, U, P: answers.row_receivers(h, R, E, U, 0),
            "the diagonal runs the other way": lambda h, R, E, U, P: [
                (r, e) for r in range(R) for e in range(E) if U * e - r + P == h
            ],
            "rows and columns are swapped": lambda h, R, E, U, P: [
                (e, r) for r, e in answers.row_receivers(h, R, E, U, P)
            ],
            "columns come first in the list": lambda h, R, E, U, P: sorted(
                answers.row_receivers(h, R, E, U, P), key=lambda pe: pe[1]
            ),
        },
    ),
    Function(
        name="rf_words",
        notebook=NOTEBOOK,
        points=2,
        rule="p*q filter rows, q windows for each image, and a psum for each filter and image",
        formula="p*q*S + n*q*S + n*p",
        reference=answers.rf_words,
        cases=(
            {"S": 3, "p": 4, "q": 2, "n": 1},
            {"S": 5, "p": 2, "q": 3, "n": 4},
            {"S": 11, "p": 16, "q": 1, "n": 1},
        ),
        hidden=({"S": 2, "p": 5, "q": 7, "n": 3}, {"S": 7, "p": 1, "q": 2, "n": 5}),
        worked=((3, 1, 1, 1), (3, 4, 4, 4)),
        domain=Domain(dict.fromkeys("Spqn", range(1, 8))),
        mistakes={
            "each filter has windows of its own": lambda S, p, q, n: p * q * S + n * p * q * S + n * p,
            "psums take no room": lambda S, p, q, n: p * q * S + n * q * S,
            "one psum is enough": lambda S, p, q, n: p * q * S + n * q * S + 1,
            "each channel has psums of its own": lambda S, p, q, n: p * q * S + n * q * S + n * p * q,
            "the images are forgotten": lambda S, p, q, n: p * q * S + q * S + p,
        },
    ),
    Function(
        name="own_pe",
        notebook=NOTEBOOK,
        points=3,
        rule="with room for filter row, window and psum the window stays; with less, each MAC fetches "
        "its pixel",
        formula="the window stays if rf_words >= 2S + 1; it then fetches S, and min(U, S) for each step",
        reference=answers.own_pe,
        draw=answers.row_of_ones,
        cases=(
            {"W": 5, "S": 3, "U": 1, "rf_words": 7},
            {"W": 5, "S": 3, "U": 1, "rf_words": 6},
            {"W": 13, "S": 4, "U": 2, "rf_words": 11},
            {"W": 12, "S": 2, "U": 3, "rf_words": 5},
        ),
        hidden=(
            {"W": 17, "S": 5, "U": 3, "rf_words": 10},
            {"W": 16, "S": 7, "U": 2, "rf_words": 15},
            {"W": 9, "S": 2, "U": 2, "rf_words": 4},
        ),
        worked=tuple((np.arange(1, 6), np.array([100, 10, 1]), 1, words) for words in (7, 6)),
        domain=Domain(
            {"W": range(1, 10), "S": range(1, 6), "U": range(1, 7), "rf_words": range(2, 13)},
            where=lambda W, S, U, rf_words: S <= W and rf_words > S,
        ),
        counts=lambda ifmap_row, filter_row, U, rf_words: {
            "MACs": len(filter_row) * ((len(ifmap_row) - len(filter_row)) // U + 1),
            "GLB reads": answers.own_pe(ifmap_row, filter_row, U, rf_words)[1],
        },
        mistakes={
            "the window is kept, however small the RF": answers.pe_always_slides,
            "the window never stays": answers.pe_never_slides,
            "the psum needs no room": answers.pe_no_room_for_psum,
            "each window is fetched anew": answers.pe_new_window,
            "the whole ifmap row is fetched": answers.pe_whole_row,
            "the first MAC reads a psum": answers.pe_first_psum_read,
            "what arrives in the RF is not written there": answers.pe_fills_free,
            "the filter is turned round": lambda ifmap_row, filter_row, U, rf_words: answers.own_pe(
                ifmap_row, filter_row[::-1], U, rf_words
            ),
            "the stride is ignored": lambda ifmap_row, filter_row, U, rf_words: answers.own_pe(
                ifmap_row, filter_row, 1, rf_words
            ),
        },
    ),
    Function(
        name="set_moved",
        notebook=NOTEBOOK,
        points=3,
        rule="(ifmap words read from the GLB, delivered, hops, psums that come back), as in count",
        formula="g = ceil(M/p), k = ceil(C/q), psums = M*E*(W - S + 1): (g*C*(E + R - 1)*W, g*C*R*E*W, "
        "psums*k*(R - 1), psums*(k - 1))",
        reference=answers.set_moved,
        cases=(
            {"M": 2, "C": 3, "W": 11, "R": 3, "E": 4, "S": 2, "p": 1, "q": 1},
            {"M": 5, "C": 4, "W": 9, "R": 2, "E": 3, "S": 3, "p": 2, "q": 2},
            {"M": 6, "C": 7, "W": 13, "R": 5, "E": 2, "S": 4, "p": 4, "q": 3},
        ),
        hidden=(
            {"M": 11, "C": 5, "W": 17, "R": 4, "E": 7, "S": 5, "p": 3, "q": 5},
            {"M": 3, "C": 8, "W": 10, "R": 7, "E": 5, "S": 2, "p": 4, "q": 5},
        ),
        worked=((2, 3, 11, 3, 4, 2, 1, 1),),
        domain=Domain(
            {
                "M": range(1, 8),
                "C": range(1, 8),
                "W": range(1, 9),
                "R": range(1, 5),
                "E": range(1, 6),
                "S": range(1, 5),
                "p": range(1, 6),
                "q": range(1, 6),
            },
            where=lambda S, W, **others: S <= W,
        ),
        mistakes={
            "every filter fetches the ifmap": lambda M, C, W, R, E, S, p, q: answers.set_moved(
                M, C, W, R, E, S, 1, q
            ),
            "no psum waits for the next channel": lambda M, C, W, R, E, S, p, q: answers.set_moved(
                M, C, W, R, E, S, p, 1
            ),
            "p and q are swapped": lambda M, C, W, R, E, S, p, q: answers.set_moved(M, C, W, R, E, S, q, p),
            "clipped chunks are forgotten": answers.moved_floored,
            "a psum of R PEs makes R hops": answers.moved_hop_of_first,
            "a row has F words": lambda M, C, W, R, E, S, p, q: (
                *(words // W * (W - S + 1) for words in answers.set_moved(M, C, W, R, E, S, p, q)[:2]),
                *answers.set_moved(M, C, W, R, E, S, p, q)[2:],
            ),
        },
    ),
    replace(
 OPENS[0],
 definition=answers.set_by_hand,
 nearby=lambda: [
            answers.own_set(p, q, n, channels=sets)
            for p in (1, 3) for q in (1, 2) for n in (1, 2) for sets in (1, 2)
        ],
 mistakes={
            "filters are on the PE rows, and r there in name only": answers.set_in_name(),
            "one set only": answers.own_set(6, 1, 2),
            "two sets, nothing folded into a PE": answers.own_set(1, 1, 1, channels=2),
            "the RF is too small": answers.own_set(3, 4, 1, filters=2),
            "only images are folded": answers.own_set(1, 1, 2, filters=2),
        },
),
)  # fmt: skip
