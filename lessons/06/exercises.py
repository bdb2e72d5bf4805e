"""The exercises of notebook 06_winograd_and_fft."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n06 import NOTEBOOK, OPENS
from cnnhw.networks import vgg16

from . import answers

# Sizes are distinct, so that a swapped axis or a forgotten channel changes the answer.
LAYERS = (
    {"M": 5, "C": 3, "E": 7, "F": 10, "m": 2, "r": 3},
    {"M": 2, "C": 7, "E": 14, "F": 11, "m": 6, "r": 3},
    {"M": 3, "C": 4, "E": 9, "F": 13, "m": 4, "r": 5},
)
OTHER_LAYERS = (
    {"M": 512, "C": 256, "E": 14, "F": 28, "m": 4, "r": 3},
    {"M": 11, "C": 2, "E": 5, "F": 23, "m": 3, "r": 7},
)
ROWS = ({"W": 7, "S": 2, "tile": 3}, {"W": 11, "S": 4, "tile": 5}, {"W": 8, "S": 3, "tile": 4})
OTHER_ROWS = ({"W": 13, "S": 5, "tile": 4}, {"W": 5, "S": 3, "tile": 9})
CROSSINGS = (
    {"E": 13, "C": 3, "M": 96},
    {"E": 4, "C": 2, "M": 5},  # a tie at R = 12: no win yet
    {"E": 1, "C": 16, "M": 17},  # never
    {"E": 5, "C": 1, "M": 3},  # late: R = 28
)
OTHER_CROSSINGS = (
    {"E": 112, "C": 128, "M": 64},
    {"E": 27, "C": 64, "M": 48},
    {"E": 12, "C": 5, "M": 2},  # a tie at R = 4
)


def _kept_words():
    return sum(layer.M * layer.C * (4 + layer.R - 1) ** 2 for layer in vgg16().conv.values())


def _draw_row(rng, W, S, tile):
    return rng.integers(-9, 10, W), rng.integers(-9, 10, S), tile


def _row_counts(row, weights, tile):
    return {"MACs": len(row) * len(weights), "tiles": -(-len(row) // tile)}


EXERCISES = (
    Number(
        name="saving",
        notebook=NOTEBOOK,
        points=1,
        rule="what a tile takes the direct way, divided by the words of a transformed tile",
        formula="(m*m * r*r) / (m + r - 1)^2",
        answer=6.25,
        unit="times fewer multiplications",
        tolerance=0.001,
        mistakes={
            "only one direction is counted": 2.5,
            "the tile has m + r words in a row": 400 / 81,
            "it is turned upside down": 0.16,
            "it is F(4x4, 3x3)": 4.0,
            "additions are counted too": 400 / 128,
        },
    ),
    Number(
        name="kept_words",
        notebook=NOTEBOOK,
        points=1,
        rule="each slice of a filter grows to the size of a transformed tile",
        formula="(m + r - 1)^2 words for each of a layer's M * C slices of a filter, summed over the layers",
        answer=_kept_words,
        unit="words",
        mistakes={
            "the filters are not transformed": 14_710_464,
            "the tile is that of F(2x2, 3x3)": 26_151_936,
            "the tile has m * m words": 26_151_936 // 16 * 4 * 4,
            "the tile has m + r words in a row": 80_090_304,
        },
    ),
    Function(
        name="winograd_layer",
        notebook=NOTEBOOK,
        points=2,
        rule="whole tiles cover each plane; a tile costs its transformed words, for each slice of a filter",
        formula="ceil(E/m) * ceil(F/m) tiles of (m + r - 1)^2 multiplications for each of M * C slices",
        reference=answers.winograd_layer,
        worked=((1, 2, 3, 4, 2, 3),),
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        domain=Domain(
            {"M": range(1, 5), "C": range(1, 5), "E": range(1, 10), "F": range(1, 10)}
            | {"m": range(1, 7), "r": range(1, 7)}
        ),
        without=("cnnhw.conv",),
        mistakes={
            "an exact division gets one tile more": lambda M, C, E, F, m, r: answers.winograd_layer(
                M, C, E // m * m + 1, F // m * m + 1, m, r
            ),
            "M is forgotten": lambda M, *sizes: answers.winograd_layer(1, *sizes),
            "the tiles of all M ofmap planes are counted": answers.tiles_of_all_planes,
            "E is used for both sides": lambda M, C, E, F, m, r: answers.winograd_layer(M, C, E, E, m, r),
            "a tile that sticks out is left out": answers.ragged_tiles_dropped,
            "tiles are counted by area": answers.tiles_by_area,
            "a tile has m * m products": answers.tile_of_m_by_m,
            "a tile costs as much as the direct way": answers.direct_products,
            "C is forgotten": answers.one_channel,
        },
    ),
    Function(
        name="tiles_alone",
        notebook=NOTEBOOK,
        points=2,
        rule="a tile alone reaches S - 1 words further than it is long; the rest of its line is 0",
        formula="line i, word start + k: sum over s of words[k - (S - 1) + s] * weights[s], start = i * tile",
        reference=answers.tiles_alone,
        worked=((np.array([1, 2, 3, 4]), np.array([10, 1]), 2),),
        draw=_draw_row,
        cases=ROWS,
        hidden=OTHER_ROWS,
        domain=Domain({"W": range(1, 9), "S": range(1, 6), "tile": range(1, 10)}),
        counts=_row_counts,
        without=("cnnhw.conv",),
        mistakes={
            "the weights are flipped": answers.tiles_flipped,
            "a tile keeps only as many words as it has": answers.tiles_cut_off,
            "the overlap wraps around to the tile's start": answers.tiles_wrapped,
            "a smaller last tile is left out": answers.last_tile_dropped,
            "the lines have W columns": lambda row, *rest: answers.tiles_alone(row, *rest)[:, : len(row)],
            "the tiles are added already": lambda *given: answers.tiles_alone(*given).sum(axis=0),
        },
    ),
    Function(
        name="first_win",
        notebook=NOTEBOOK,
        points=3,
        rule="the smallest R at which the FFT takes fewer operations than the direct way, else 0",
        formula="the smallest R from 1 to 64 with (C + M)*5*n*n*log2(n) + 4*C*M*n*n < 2*M*C*E*E*R*R, else 0",
        reference=answers.first_win,
        worked=((20, 2, 3),),
        cases=CROSSINGS,
        hidden=OTHER_CROSSINGS,
        domain=Domain({"E": range(1, 65), "C": range(1, 9), "M": range(1, 9)}),
        mistakes={
            "a tie is taken for a win": answers.win_or_tie,
            "n is not rounded up to a power of two": answers.win_of_any_size,
            "where there is no win it is 64": lambda *sizes: answers.first_win(*sizes) or answers.LARGEST_R,
            "it is the last R at which the direct way wins": answers.last_loss,
            "the filters' transforms are counted": answers.win_with_filters,
            "the transform has no room for the overlap": answers.win_without_padding,
            "the logarithm is forgotten": answers.win_without_logarithm,
            "the direct way's additions are forgotten": answers.win_on_multiplications,
        },
    ),
    replace(
        OPENS[0],
        definition=answers.is_own_f32,
        nearby=answers.nearby_matrices,
        mistakes={
            "the filter is flipped": (answers.AT, [row[::-1] for row in answers.G], answers.BT),
            "the point at infinity is missing": (answers.AT, [*answers.G[:3], [0, 0]], answers.BT),
            "BT is not transposed": (
                answers.AT,
                answers.G,
                [list(row) for row in zip(*answers.BT, strict=True)],
            ),
            "two matrices are swapped": (answers.AT, answers.BT, answers.G),
            "it multiplies six times": (
                [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]],
                [[1, 0], [0, 1]] * 3,
                [[int(column == word) for column in range(4)] for word in (0, 1, 1, 2, 2, 3)],
            ),
            "F(2, 3) is given": (
                [[1, 1, 1, 0], [0, 1, -1, -1]],
                [
                    [1, 0, 0],
                    [Fraction(1, 2), Fraction(1, 2), Fraction(1, 2)],
                    [Fraction(1, 2), -Fraction(1, 2), Fraction(1, 2)],
                    [0, 0, 1],
                ],
                answers.BT,
            ),
        },
    ),
)
