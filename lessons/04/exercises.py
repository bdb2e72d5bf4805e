"""The exercises of notebook 04_matrix_product."""

from dataclasses import replace
from functools import partial

import numpy as np

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Value
from cnnhw.checks.opens.n04 import NOTEBOOK, OPENS
from cnnhw.shape import LayerShape

from . import answers

# Sizes are distinct, so that a swapped axis or a forgotten stride changes the answer.
PLACES = (
    {"h": 1, "w": 2, "H": 6, "W": 5, "R": 3, "S": 2, "U": 1, "P": 0},  # near the upper edge
    {"h": 4, "w": 0, "H": 7, "W": 9, "R": 5, "S": 3, "U": 2, "P": 1},
    {"h": 5, "w": 3, "H": 6, "W": 8, "R": 2, "S": 4, "U": 1, "P": 0},  # the last row
    {"h": 2, "w": 4, "H": 8, "W": 7, "R": 2, "S": 3, "U": 3, "P": 0},  # between two windows: no copy
    {"h": 6, "w": 5, "H": 13, "W": 11, "R": 4, "S": 3, "U": 1, "P": 2},  # the middle: R * S
)
OTHER_PLACES = (
    {"h": 10, "w": 3, "H": 11, "W": 6, "R": 4, "S": 5, "U": 2, "P": 0},
    {"h": 0, "w": 7, "H": 5, "W": 8, "R": 3, "S": 2, "U": 1, "P": 2},
    {"h": 113, "w": 226, "H": 227, "W": 229, "R": 11, "S": 7, "U": 4, "P": 0},
)
PLANES = (
    {"C": 2, "H": 5, "W": 7, "R": 3, "S": 2, "U": 1, "P": 0},
    {"C": 3, "H": 8, "W": 6, "R": 2, "S": 4, "U": 2, "P": 1},
    {"C": 4, "H": 3, "W": 9, "R": 5, "S": 3, "U": 3, "P": 2},
)
OTHER_PLANES = (
    {"C": 5, "H": 9, "W": 4, "R": 4, "S": 2, "U": 2, "P": 3},
    {"C": 2, "H": 6, "W": 11, "R": 1, "S": 5, "U": 4, "P": 1},
)
PRODUCTS = (
    {"N": 2, "M": 3, "E": 4, "F": 5},
    {"N": 5, "M": 2, "E": 3, "F": 7},
    {"N": 3, "M": 5, "E": 7, "F": 2},
)
OTHER_PRODUCTS = ({"N": 4, "M": 7, "E": 2, "F": 3}, {"N": 1, "M": 3, "E": 5, "F": 2})
# peak in FLOPS, bandwidth in bytes a second: some machines wait for memory, some do not
MACHINES = (
    {"N": 1, "M": 96, "C": 3, "H": 227, "R": 11, "U": 4, "P": 0, "peak": 10.6e12, "bandwidth": 720e9},
    {"N": 1, "M": 4096, "C": 256, "H": 6, "R": 6, "U": 1, "P": 0, "peak": 10.6e12, "bandwidth": 720e9},
    {"N": 7, "M": 48, "C": 32, "H": 13, "R": 3, "U": 2, "P": 1, "peak": 3.1e12, "bandwidth": 50e9},
)
OTHER_MACHINES = (
    {"N": 5, "M": 11, "C": 64, "H": 17, "R": 5, "U": 3, "P": 2, "peak": 6.9e12, "bandwidth": 90e9},
    {"N": 256, "M": 1000, "C": 4096, "H": 1, "R": 1, "U": 1, "P": 0, "peak": 5.0e12, "bandwidth": 100e9},
)
GOOD_LAYER = LayerShape(M=256, C=64, H=48, R=3, U=3)


def _draw_plane(rng, C, H, W, R, S, U, P):
    return rng.integers(-9, 10, (C, H, W)), R, S, U, P


def _draw_product(rng, N, M, E, F):
    return rng.integers(-99, 100, (M, N * E * F)), N, E, F


def _expanded(ifmap, R, S, U, P):
    matrix = answers.expand_ifmap(ifmap, R, S, U, P)
    return {"ifmap words": ifmap.size, "matrix entries": matrix.size}


EXERCISES = (
    Value(
        name="matrix_size",
        notebook=NOTEBOOK,
        points=1,
        rule="a row for each word of a filter, a column for each window of the padded ifmap",
        formula="rows = C*R*S, columns = E*F, entries = rows * columns",
        answer=answers.matrix_size(),
        mistakes={
            "rows and columns are swapped": (*answers.matrix_size()[1::-1], answers.matrix_size()[2]),
            "the stride is ignored": answers.matrix_size(E=14, F=15),
            "the padding is ignored": answers.matrix_size(E=4, F=5),
            "the padding is added on one side only": answers.matrix_size(E=6, F=6),
            "the + 1 is left out": answers.matrix_size(E=6, F=7),
            "the channels are forgotten": answers.matrix_size(rows=10),
            "the rows are counted once for each filter": answers.matrix_size(rows=4 * 30),
            "there is a column for each ifmap word": answers.matrix_size(E=12, F=10),
        },
    ),
    Function(
        name="word_copies",
        notebook=NOTEBOOK,
        points=2,
        rule="a word stands in the matrix once for each window that covers it",
        formula="(how many e have 0 <= h + P - U*e < R) * (how many f have 0 <= w + P - U*f < S)",
        reference=answers.word_copies,
        worked=((0, 0, 3, 3, 2, 2, 1, 0), (1, 1, 3, 3, 2, 2, 1, 0)),
        cases=PLACES,
        hidden=OTHER_PLACES,
        domain=Domain(
            {"h": range(0, 8), "w": range(0, 8), "H": range(1, 9), "W": range(1, 9)}
            | {"R": range(1, 6), "S": range(1, 6), "U": range(1, 7), "P": range(0, 4)},
            where=lambda h, w, H, W, R, S, U, P: h < H and w < W and R <= H + 2 * P and S <= W + 2 * P,
        ),
        mistakes={
            "every word is copied as often as one in the middle": answers.copies_inside,
            "E and F are computed without the padding": answers.copies_small_ofmap,
            "rows and columns are added": answers.copies_added,
            "windows past the last one are counted": answers.copies_without_end,
            "the last row and column of windows are left out": answers.copies_off_by_one,
            "the padding is ignored": lambda h, w, H, W, R, S, U, P: answers.word_copies(
                h, w, H, W, R, S, U, 0
            ),
            "the stride is ignored": lambda h, w, H, W, R, S, U, P: answers.word_copies(
                h, w, H, W, R, S, 1, P
            ),
            "h and w are swapped": lambda h, w, *sizes: answers.word_copies(w, h, *sizes),
            "R and S are swapped": lambda h, w, H, W, R, S, U, P: answers.word_copies(h, w, H, W, S, R, U, P),
        },
    ),
    Function(
        name="expand_ifmap",
        notebook=NOTEBOOK,
        points=2,
        rule="each column is one window of the padded ifmap: channel by channel, in each row by row",
        formula="matrix[c*R*S + r*S + s, e*F + f] = padded[c, U*e + r, U*f + s]",
        reference=answers.expand_ifmap,
        worked=((np.arange(1, 10).reshape(1, 3, 3), 2, 2, 1, 0),),
        draw=_draw_plane,
        cases=PLANES,
        hidden=OTHER_PLANES,
        domain=Domain(
            {"C": range(1, 4), "H": range(1, 7), "W": range(1, 7)}
            | {"R": range(1, 5), "S": range(1, 5), "U": range(1, 6), "P": range(0, 3)},
            where=lambda C, H, W, R, S, U, P: R <= H + 2 * P and S <= W + 2 * P,
        ),
        counts=_expanded,
        without=("cnnhw.conv",),
        mistakes={
            "the matrix is transposed": answers.expand_transposed,
            "the stride is ignored": lambda ifmap, R, S, U, P: answers.expand_ifmap(ifmap, R, S, 1, P),
            "the padding is put below and right only": answers.expand_padded_after,
            "s runs before r": partial(answers.expand_ifmap, order="csref"),
            "the channels run last": partial(answers.expand_ifmap, order="rscef"),
            "f runs before e": partial(answers.expand_ifmap, order="crsfe"),
            "only the first channel is expanded": lambda ifmap, *sizes: answers.expand_ifmap(
                ifmap[:1], *sizes
            ),
            "the last window is left out": answers.expand_too_few,
        },
    ),
    Function(
        name="fold_ofmap",
        notebook=NOTEBOOK,
        points=2,
        rule="each row of the product holds one filter's ofmaps: image by image, in each row by row",
        formula="ofmap[n, m, e, f] = product[m, n*E*F + e*F + f]",
        reference=answers.fold_ofmap,
        worked=((np.arange(1, 9).reshape(2, 4), 2, 1, 2),),
        draw=_draw_product,
        cases=PRODUCTS,
        hidden=OTHER_PRODUCTS,
        domain=Domain({"N": range(1, 5), "M": range(1, 5), "E": range(1, 5), "F": range(1, 5)}),
        mistakes={
            "the words are read in order into (N, M, E, F)": answers.fold_at_once,
            "the transposed product is read in order": answers.fold_transposed,
            "the axes are (M, N, E, F)": answers.fold_unswapped,
            "f runs before e": answers.fold_columns_first,
            "the images run last": answers.fold_images_last,
            "the first image is repeated": lambda *a: answers.fold_ofmap(*a)[:1].repeat(a[1], axis=0),
        },
    ),
    Function(
        name="attainable_flops",
        notebook=NOTEBOOK,
        points=3,
        rule="the lower of two limits: the peak, and what memory lets through when every word moves once",
        formula="min(peak, bandwidth * 2*MACs / (4 bytes * (ifmap words read + filter + ofmap words)))",
        reference=answers.attainable_flops,
        worked=((1, 1, 1, 2, 2, 1, 0, 100, 9), (1, 1, 1, 2, 2, 1, 0, 1, 9)),
        cases=MACHINES,
        hidden=OTHER_MACHINES,
        domain=Domain(
            {"N": range(1, 6), "M": range(1, 7), "C": range(1, 7), "H": range(1, 9), "R": range(1, 5)}
            | {"U": range(1, 6), "P": range(0, 3), "peak": (1, 3, 10, 100), "bandwidth": (1, 7, 40)},
            where=lambda H, R, P, **_: R <= H + 2 * P,
        ),
        tolerance=1e-9,
        without=("cnnhw.roofline",),
        mistakes={
            "a MAC counts as one operation": answers.roof_from(flops_of_a_mac=1),
            "a word counts as one byte": answers.roof_from(bytes_of_a_word=1),
            "the larger of the two limits is taken": answers.roof_from(limit=max),
            "the peak is ignored": answers.roof_from(limit=lambda peak, memory: memory),
            "padding is moved too": answers.roof_from(padding_moves=True),
            "words that no window reads are moved too": answers.roof_from(unread_moves=True),
            "the ofmap is not moved": answers.roof_from(leave_out=("ofmap",)),
            "the filters are not moved": answers.roof_from(leave_out=("filters",)),
            "the filters are moved once for each image": answers.roof_from(filters_each_image=True),
        },
    ),
    replace(
        OPENS[0],
        definition=answers.is_without_repeats,
        nearby=answers.nearby_layers,
        mistakes={
            "the windows overlap": replace(GOOD_LAYER, U=1),
            "the stride is one short": replace(GOOD_LAYER, U=2),
            "only the last row of a window is read twice": LayerShape(M=80, C=30, H=72, R=9, U=8),
            "the filter is a single word": replace(GOOD_LAYER, R=1, S=1),
            "there is one word in each ofmap channel": LayerShape.fc(M=256, C=64, H=3),
            "there are too many filters": replace(GOOD_LAYER, M=1024),
            "too few filters use each word": replace(GOOD_LAYER, M=8),
        },
    ),
)
