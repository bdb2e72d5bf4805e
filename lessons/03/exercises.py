"""The exercises of notebook 03_convolution."""

from dataclasses import replace

import numpy as np

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Value
from cnnhw.checks.opens.n03 import NOTEBOOK, OPENS
from cnnhw.shape import LayerShape

from . import answers

_PREDICTED = LayerShape(N=2, M=3, C=4, H=13, W=8, R=5, S=2, U=2, P=3)

# Sizes are distinct, so that a swapped axis or a forgotten stride changes the answer.
ROWS = (
    {"H": 12, "R": 3, "U": 4, "P": 0},  # gaps between windows, and a row below the last
    {"H": 11, "R": 5, "U": 2, "P": 0},  # nothing left over
    {"H": 14, "R": 4, "U": 5, "P": 2},
    {"H": 4, "R": 1, "U": 3, "P": 3},  # gaps that lie in the padding
)
OTHER_ROWS = (
    {"H": 224, "R": 11, "U": 4, "P": 0},
    {"H": 9, "R": 1, "U": 2, "P": 3},
    {"H": 7, "R": 6, "U": 9, "P": 1},
)
WINDOWS = (
    {"H": 7, "W": 5, "R": 3, "S": 2, "U": 1},
    {"H": 8, "W": 11, "R": 2, "S": 5, "U": 3},
    {"H": 4, "W": 9, "R": 4, "S": 1, "U": 2},
    {"H": 5, "W": 6, "R": 2, "S": 2, "U": 1},  # a square filter
)
OTHER_WINDOWS = ({"H": 13, "W": 6, "R": 5, "S": 3, "U": 2}, {"H": 5, "W": 12, "R": 1, "S": 7, "U": 4})
LAYERS = (
    {"N": 2, "M": 4, "C": 3, "H": 7, "W": 5, "R": 3, "S": 2, "U": 1, "P": 0},
    {"N": 3, "M": 5, "C": 2, "H": 8, "W": 6, "R": 2, "S": 3, "U": 3, "P": 1},
    {"N": 1, "M": 2, "C": 5, "H": 4, "W": 7, "R": 5, "S": 3, "U": 2, "P": 2},
)
OTHER_LAYERS = (
    {"N": 2, "M": 3, "C": 4, "H": 9, "W": 11, "R": 4, "S": 5, "U": 2, "P": 3},
    {"N": 4, "M": 1, "C": 7, "H": 3, "W": 5, "R": 3, "S": 5, "U": 1, "P": 0},
)
GROUPS = (
    {"N": 2, "M": 4, "C": 6, "H": 7, "W": 5, "R": 3, "S": 2, "U": 2, "P": 1, "G": 2},
    {"N": 1, "M": 6, "C": 9, "H": 4, "W": 7, "R": 2, "S": 5, "U": 1, "P": 0, "G": 3},
    {"N": 3, "M": 5, "C": 2, "H": 5, "W": 6, "R": 1, "S": 3, "U": 1, "P": 2, "G": 1},
)
OTHER_GROUPS = (
    {"N": 2, "M": 10, "C": 5, "H": 8, "W": 6, "R": 3, "S": 4, "U": 3, "P": 2, "G": 5},
    {"N": 1, "M": 3, "C": 12, "H": 6, "W": 9, "R": 4, "S": 2, "U": 1, "P": 1, "G": 3},
)

_PLANE = {"H": range(1, 7), "W": range(1, 7), "R": range(1, 5), "S": range(1, 5)}
_PLANE |= {"U": range(1, 5), "P": range(0, 3)}


def _guess(E, F, N=_PREDICTED.N, C=_PREDICTED.C):
    return E, F, N * _PREDICTED.M * E * F * C * _PREDICTED.R * _PREDICTED.S


def _words(rng, *sizes):
    return rng.integers(-9, 10, sizes)


def _draw_window(rng, H, W, R, S, U):
    return _words(rng, H, W), _words(rng, R, S), U


def _draw_layer(rng, N, M, C, H, W, R, S, U, P):
    return _words(rng, N, C, H, W), _words(rng, M, C, R, S), U, P


def _draw_groups(rng, N, M, C, H, W, R, S, U, P, G):
    return _words(rng, N, C, H, W), _words(rng, M, C // G, R, S), U, P, G


def _counts(ifmap, filters, U=1, P=0, G=1):
    ifmap, filters = (words.reshape((1,) * (4 - words.ndim) + words.shape) for words in (ifmap, filters))
    (N, C, H, W), (M, _, R, S) = ifmap.shape, filters.shape
    shape = LayerShape(N=N, M=M, C=C, H=H, W=W, R=R, S=S, U=U, P=P, G=G)
    return {"MACs": shape.macs, "filter words": shape.filter_words, "ofmap words": shape.ofmap_words}


_OWN_WORK = (
    "cnnhw.conv", "cnnhw.layers", "numpy.convolve", "numpy.correlate",
    "scipy.signal", "scipy.ndimage", "torch",
)  # fmt: skip

EXERCISES = (
    Value(
        name="predicted",
        notebook=NOTEBOOK,
        points=1,
        rule="a row for the first window, one for each whole stride after it; a MAC for each of its words",
        formula="(E, F, MACs) with E = floor((H + 2P - R) / U) + 1, F likewise, MACs = N*M*E*F * C*R*S",
        answer=(_PREDICTED.E, _PREDICTED.F, _PREDICTED.macs),
        mistakes={
            "the padding is ignored": _guess(5, 4),
            "the padding is added on one side only": _guess(6, 5),
            "the + 1 is left out": _guess(7, 6),
            "the stride is ignored": _guess(15, 13),
            "E and F are swapped": _guess(7, 8),
            "the channels are forgotten": _guess(8, 7, C=1),
            "the batch is forgotten": _guess(8, 7, N=1),
            "the stride divides the MACs too": (8, 7, _PREDICTED.macs // 4),
        },
    ),
    Function(
        name="rows_never_read",
        notebook=NOTEBOOK,
        points=2,
        rule="a row is read if any window covers it; rows of padding do not count",
        formula="the ifmap rows 0 to H - 1 that equal U*e + r - P for no e in 0 to E - 1 and r in 0 to R - 1",
        reference=answers.rows_never_read,
        worked=((6, 3, 2, 0),),
        cases=ROWS,
        hidden=OTHER_ROWS,
        domain=Domain(
            {"H": range(1, 13), "R": range(1, 6), "U": range(1, 8), "P": range(0, 4)},
            where=lambda H, R, U, P: R <= H + 2 * P,
        ),
        mistakes={
            "only rows below the last window are counted": answers.rows_below_the_last,
            "E is computed without the padding": answers.rows_with_a_small_E,
            "rows of padding are counted too": answers.rows_of_padding_too,
            "the padding is ignored": lambda H, R, U, P: answers.rows_never_read(H, R, U, 0),
            "the stride is ignored": lambda H, R, U, P: answers.rows_never_read(H, R, 1, P),
            "it is the remainder of (H + 2P - R) / U": lambda H, R, U, P: (H + 2 * P - R) % U,
            "the rows that are read are counted": lambda H, R, U, P: H - answers.rows_never_read(H, R, U, P),
        },
    ),
    Function(
        name="convolve_plane",
        notebook=NOTEBOOK,
        points=2,
        rule="each ofmap word is its window of the ifmap times the filter, word by word, added up",
        formula="ofmap[e, f] = sum over r, s of ifmap[U*e + r, U*f + s] * filters[r, s]",
        reference=answers.convolve_plane,
        worked=((np.array([[1, 2, 3, 4]]), np.array([[10, 1]]), 2),),
        draw=_draw_window,
        cases=WINDOWS,
        hidden=OTHER_WINDOWS,
        domain=Domain(
            {"H": range(1, 9), "W": range(1, 9), "R": range(1, 5), "S": range(1, 5), "U": range(1, 6)},
            where=lambda H, W, R, S, U: R <= H and S <= W,
        ),
        counts=_counts,
        without=_OWN_WORK,
        mistakes={
            "the stride is ignored": lambda ifmap, filters, U: answers.convolve_plane(ifmap, filters, 1),
            "the filter is flipped": lambda ifmap, filters, U: answers.convolve_plane(
                ifmap, filters[::-1, ::-1], U
            ),
            "the two axes of the ofmap are swapped": lambda ifmap, filters, U: (
                answers.convolve_plane(ifmap, filters, U).T
            ),
            "the last row and column are left out": lambda *a: answers.too_few_rows(
                answers.convolve_plane(*a)
            ),
            "products are subtracted": lambda ifmap, filters, U: -answers.convolve_plane(ifmap, filters, U),
        },
    ),
    Function(
        name="convolve_layer",
        notebook=NOTEBOOK,
        points=3,
        rule="an ofmap word is its window of the padded ifmap times a filter, added up over all channels",
        formula="ofmap[n, m, e, f] = sum over crs of padded[n, c, U*e + r, U*f + s] * filters[m, c, r, s]",
        reference=answers.convolve_layer,
        worked=((np.array([[[[1]], [[2]]]]), np.array([[[[10]], [[100]]]]), 1, 0),),
        draw=_draw_layer,
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        domain=Domain(
            {"N": range(1, 4), "M": range(1, 4), "C": range(1, 4), **_PLANE},
            where=lambda H, W, R, S, P, **_: R <= H + 2 * P and S <= W + 2 * P,
        ),
        counts=_counts,
        without=_OWN_WORK,
        mistakes={
            "the stride is ignored": lambda ifmap, filters, U, P: answers.convolve_layer(
                ifmap, filters, 1, P
            ),
            "only the first channel is added": answers.one_channel_only,
            "channels are added before they are multiplied": answers.channels_added_first,
            "every filter is the first": lambda i, w, U, P: answers.convolve_layer(
                i, w[:1].repeat(len(w), axis=0), U, P
            ),
            "the padding repeats the edge": answers.edge_repeated,
            "the padding is put below and right only": answers.padded_at_the_end,
            "every image is the first": answers.first_image_only,
            "the filters are flipped": lambda i, w, U, P: answers.convolve_layer(
                i, w[:, :, ::-1, ::-1], U, P
            ),
            "the axes are (M, N, E, F)": lambda i, w, U, P: answers.convolve_layer(i, w, U, P).swapaxes(0, 1),
            "the axes are (N, M, F, E)": lambda i, w, U, P: answers.convolve_layer(i, w, U, P).swapaxes(2, 3),
            "the last row and column are left out": lambda *a: answers.too_few_rows(
                answers.convolve_layer(*a)
            ),
        },
    ),
    Function(
        name="convolve_groups",
        notebook=NOTEBOOK,
        points=3,
        rule="filters and channels are cut into G blocks, in order; a filter sees its own block",
        formula="filter m sees group g = m // (M/G): the channels from g*C/G up to, but without, (g+1)*C/G",
        reference=answers.convolve_groups,
        worked=((np.array([[[[1]], [[2]]]]), np.array([[[[10]]], [[[100]]]]), 1, 0, 2),),
        draw=_draw_groups,
        cases=GROUPS,
        hidden=OTHER_GROUPS,
        domain=Domain(
            {"N": range(1, 4), "M": range(1, 7), "C": range(1, 7), **_PLANE, "G": range(1, 4)},
            where=lambda M, C, H, W, R, S, P, G, **_: (
                M % G == C % G == 0 and R <= H + 2 * P and S <= W + 2 * P
            ),
        ),
        counts=_counts,
        without=_OWN_WORK,
        mistakes={
            "every filter sees the first group": answers.first_group_only,
            "the groups take every G-th channel": answers.channels_interleaved,
            "filter m belongs to group m % G": answers.filters_interleaved,
            "the padding is ignored where the filter fits without it": answers.padding_where_needed,
            "the stride is ignored": lambda ifmap, filters, U, P, G: answers.convolve_groups(
                ifmap, filters, 1, P, G
            ),
            "the axes are (N, M, F, E)": lambda *a: answers.convolve_groups(*a).swapaxes(2, 3),
        },
    ),
    replace(
        OPENS[0],
        definition=answers.is_within_budgets,
        nearby=answers.nearby_layers,
        mistakes={
            "the stride is 1": LayerShape(M=12, C=3, H=52, W=42, R=5, P=2),
            "too few channels": LayerShape(M=6, C=3, H=52, W=42, R=5, U=2, P=2),
            "the filter is too small": LayerShape(M=12, C=3, H=52, W=42, R=3, U=2, P=1),
        },
    ),
)
