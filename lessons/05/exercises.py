"""The exercises of notebook 05_gauss_and_strassen."""

from dataclasses import replace

import numpy as np

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Value
from cnnhw.checks.opens.n05 import NOTEBOOK, OPENS

from . import answers

# Sizes are distinct, so that a swapped matrix or a forgotten transpose cannot pass.
MATRICES = ({"M": 2, "K": 3, "N": 5}, {"M": 4, "K": 1, "N": 3}, {"M": 5, "K": 7, "N": 2})
OTHER_MATRICES = ({"M": 3, "K": 5, "N": 7}, {"M": 7, "K": 2, "N": 1})
EVEN = ({"M": 2, "K": 4, "N": 6}, {"M": 4, "K": 6, "N": 2}, {"M": 6, "K": 4, "N": 10})
OTHER_EVEN = ({"M": 8, "K": 2, "N": 6}, {"M": 2, "K": 10, "N": 14})
SPLITS = (
    {"n": 8, "leaf": 1},
    {"n": 7, "leaf": 1},
    {"n": 7, "leaf": 3},  # 7 is odd, 3 is a leaf
    {"n": 26, "leaf": 6},  # 13 is odd on the second level
    {"n": 5, "leaf": 8},
)
OTHER_SPLITS = ({"n": 100, "leaf": 10}, {"n": 63, "leaf": 2}, {"n": 257, "leaf": 16})
# In tenths of a picojoule at 45 nm: 32-bit and 16-bit floats, 32-bit integers (Horowitz, ISSCC 2014).
ENERGIES = (
    {"mult": 37, "add": 9, "sums": 18},
    {"mult": 11, "add": 4, "sums": 18},
    {"mult": 31, "add": 1, "sums": 18},
    {"mult": 1, "add": 1, "sums": 18},  # counting operations, whatever they cost
    {"mult": 11, "add": 4, "sums": 15},
)
OTHER_ENERGIES = ({"mult": 2, "add": 3, "sums": 22}, {"mult": 1, "add": 1, "sums": 15})


def _words(rng, *sizes):
    return rng.integers(-9, 10, sizes)


def _draw_complex(rng, M, K, N):
    return _words(rng, M, K), _words(rng, M, K), _words(rng, K, N), _words(rng, K, N)


def _draw_even(rng, M, K, N):
    return _words(rng, M, K), _words(rng, K, N)


EXERCISES = (
    Value(
        name="strassen_predicted",
        notebook=NOTEBOOK,
        points=1,
        rule="each split makes seven products of half the size; a 3 x 3 leaf is multiplied by the definition",
        formula="(products of 3 x 3 leaves, multiplications in all), for 48 x 48 matrices split four times",
        answer=(7**4, 7**4 * 3**3),
        mistakes={
            "every level has eight products": (8**4, 8**4 * 3**3),
            "seven products are counted once for each level": (7 * 4, 7 * 4 * 3**3),
            "the levels go down to 1 x 1": (7**4, 7**4),
            "a leaf has 3 * 3 multiplications": (7**4, 7**4 * 3**2),
            "there are five levels": (7**5, 7**5 * 3**3),
            "one level saves 1/8 and the others nothing": (7**4, 7 * 48**3 // 8),
        },
    ),
    Function(
        name="gauss",
        notebook=NOTEBOOK,
        points=2,
        rule="three real products, and the two parts made of these three alone",
        formula="k1 = (a + b) @ c, k2 = a @ (d - c), k3 = b @ (c + d); real = k1 - k3, imaginary = k1 + k2",
        reference=answers.gauss,
        cost=lambda a, b, c, d: {"multiplications": 3 * a.size * c.shape[1]},
        without=("cnnhw.conv",),
        worked=(tuple(np.array([[part]]) for part in (1, 2, 3, 4)),),
        draw=_draw_complex,
        cases=MATRICES,
        hidden=OTHER_MATRICES,
        domain=Domain({"M": range(1, 5), "K": range(1, 5), "N": range(1, 5)}),
        counts=lambda a, b, c, d: {
            "real products": 3,
            "multiplications": 3 * a.size * c.shape[1],
            "multiplications of the direct form": 4 * a.size * c.shape[1],
        },
        mistakes={
            "k2 has c - d": answers.gauss_difference_turned,
            "the two parts are swapped": answers.gauss_parts_swapped,
            "the real part is k1 + k3": answers.gauss_sign_lost,
            "three other products are used: right parts, another k1, k2, k3": answers.gauss_of_others,
        },
    ),
    Function(
        name="one_level",
        notebook=NOTEBOOK,
        points=3,
        rule="seven products of sums of blocks, and the four blocks of c made of these seven alone",
        formula="M1 to M7 stacked (7, M/2, N/2), and C = [[M1+M4-M5+M7, M3+M5], [M2+M4, M1-M2+M3+M6]]",
        reference=answers.one_level,
        cost=lambda a, b: {"multiplications": 7 * a.size * b.shape[1] // 8},
        without=("cnnhw.conv",),
        worked=((np.array([[1, 2], [3, 4]]), np.array([[5, 6], [7, 8]])),),
        draw=_draw_even,
        cases=EVEN,
        hidden=OTHER_EVEN,
        domain=Domain({"M": range(2, 9, 2), "K": range(2, 9, 2), "N": range(2, 9, 2)}),
        counts=lambda a, b: {
            "multiplications": 7 * a.size * b.shape[1] // 8,
            "multiplications of the definition": a.size * b.shape[1],
        },
        mistakes={
            "M3 is A11 @ (B22 - B12)": answers.level_with(
                lambda M1, M2, M3, M4, M5, M6, M7: (M1, M2, -M3, M4, M5, M6, M7)
            ),
            "M4 is A22 @ (B11 - B21)": answers.level_with(
                lambda M1, M2, M3, M4, M5, M6, M7: (M1, M2, M3, -M4, M5, M6, M7)
            ),
            "M2 and M5 are swapped": answers.level_with(
                lambda M1, M2, M3, M4, M5, M6, M7: (M1, M5, M3, M4, M2, M6, M7)
            ),
            "M7 is forgotten in C11": answers.level_m7_forgotten,
            "C12 and C21 are swapped": answers.level_middle_swapped,
        },
    ),
    Function(
        name="peeled_multiplications",
        notebook=NOTEBOOK,
        points=3,
        rule="seven products of half the size, and for an odd size the three that are peeled off",
        formula="n**3 in a leaf; else 7 times that of n // 2, and m*m + n*n + n*m for odd n, m = n - 1",
        reference=answers.peeled,
        worked=((3, 1),),
        cases=SPLITS,
        hidden=OTHER_SPLITS,
        domain=Domain({"n": range(1, 41), "leaf": range(1, 13)}),
        without=("cnnhw.conv",),
        mistakes={
            "odd sizes are padded": answers.padded,
            "what is peeled off costs nothing": answers.peeled_free,
            "the edges are not counted in each of the seven products": answers.peeled_once,
            "a size equal to the leaf is split too": answers.peeled_below_the_leaf,
            "only the first level peels": answers.peeled_at_the_top,
            "each of the three edges costs n*n": answers.peeled_three_squares,
            "it is the definition": lambda n, leaf: n**3,
            "there are eight products": lambda n, leaf: (
                8 * answers.peeled(n // 2, leaf) if n > leaf else n**3
            ),
        },
    ),
    Function(
        name="smallest_win",
        notebook=NOTEBOOK,
        points=3,
        rule="the smallest even size at which seven halves and the sums take less than the definition",
        formula="the smallest even n with 7*direct(n/2) + sums*(n/2)**2*add < direct(n)",
        reference=answers.smallest_win,
        worked=((37, 9, 18),),
        cases=ENERGIES,
        hidden=OTHER_ENERGIES,
        domain=Domain({"mult": range(1, 13), "add": range(0, 13), "sums": range(0, 25)}),
        mistakes={
            "the additions inside the seven products are forgotten": answers.win_as_if(
                lambda n, mult, add, sums: 7 * (n // 2) ** 3 * mult + sums * (n // 2) ** 2 * add
            ),
            "a block sum is taken as one addition": answers.win_as_if(
                lambda n, mult, add, sums: 7 * answers.direct_energy(n // 2, mult, add) + sums * add
            ),
            "a tie is taken for a win": lambda mult, add, sums: answers.smallest_even(
                lambda n: answers.one_level_energy(n, mult, add, sums) <= answers.direct_energy(n, mult, add)
            ),
            "n doubles until it wins": answers.win_of_doubled_sizes,
            "a sum of n products has n additions": answers.win_with_n_additions,
            "there are always 18 sums": lambda mult, add, sums: answers.smallest_win(mult, add, 18),
            "multiplications and additions cost the same": lambda mult, add, sums: answers.smallest_win(
                1, 1, sums
            ),
            "it is the largest size that still loses": lambda mult, add, sums: (
                answers.smallest_win(mult, add, sums) - 2
            ),
        },
    ),
    replace(
        OPENS[0],
        definition=answers.is_odd_product,
        nearby=answers.nearby_sizes,
        mistakes={
            "even sizes": (136, 68, 144),
            "one level only": (55, 45, 51),
            "a long inner side": (137, 301, 145),
            "padding splits once more": (131, 65, 257),
        },
    ),
)
