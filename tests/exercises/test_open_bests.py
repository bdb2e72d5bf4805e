"""The best known answers to the open exercises of lessons 01 to 06: they pass, no search finds better."""

from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pytest

from cnnhw import LayerShape
from cnnhw.checks import judge
from cnnhw.checks.judge import picture
from cnnhw.checks.opens import n05 as opens05
from cnnhw.conv.winograd import transforms
from cnnhw.networks import from_layers
from cnnhw.roofline import P100
from cnnhw_grading import lessons
from cnnhw_grading.lessons import find

answers05 = lessons.answers("05")
answers06 = lessons.answers("06")
AT, BT, G = answers06.AT, answers06.BT, answers06.G

BESTS = {
    "exactly_one": (np.ones((2, 4)), [0, -1], [[1, -2]], [0]),
    "small_network": from_layers(
        "least",
        [
            LayerShape(M=1, C=1, H=32, R=4, U=4),
            LayerShape(M=1, C=1, H=1, R=3, P=1),
            LayerShape.fc(M=10, C=1),
        ],
    ),
    "designed": LayerShape(M=12, C=3, H=52, W=42, R=5, U=2, P=1, G=3),
    "no_repeats": LayerShape(M=61, C=1, H=3, W=19 * 41_000, R=3, S=19, U=19),
    "odd_product": (993, 73, 997),
    "own_f32": (AT, G, BT),
}


@pytest.mark.parametrize("name", BESTS)
def test_the_best_known_answer_passes_and_has_its_score(name):
    exercise = find(name)
    verdict = judge(exercise, BESTS[name])
    assert verdict.right, verdict.text
    assert exercise.score(BESTS[name]) == exercise.best[0]


@pytest.mark.parametrize("name", [name for name in BESTS if find(name).draw])
def test_an_answer_is_drawn(name):
    assert str(picture(find(name), BESTS[name]))


def test_fewer_filter_words_leave_a_p100_waiting():
    # Without repeats a byte does less than 2*a*M / (4 * (a + M)) with a = C*R*S, however large the ofmap.
    windows = {C * R * S for R, S in product(range(3, 40), repeat=2) for C in range(1, 40)}
    fed = [a * M for a in windows for M in range(1, 400) if 2 * a * M / (4 * (a + M)) > P100.ridge()]
    assert min(fed) == find("no_repeats").best[0]


def test_no_three_odd_sizes_take_fewer_multiplications():
    # Two levels need sides from 67 on, and the error leaves an inner side of at most 73; one level saves 1/8.
    assert opens05.stays_precise((67, 73, 69)) and not opens05.stays_precise((67, 75, 69))
    best, sides, found = BESTS["odd_product"], np.arange(67, 1000, 2), []
    for K in range(67, 75, 2):
        M, N = np.meshgrid(sides, sides)
        share = two_levels(M, K, N) / (M * K * N)
        better = (share < find("odd_product").best[0] / 100 - 1e-12) & (M != N) & (M != K) & (N != K)
        found += [(int(m), K, int(n)) for m, n in zip(M[better], N[better], strict=True)]
    assert not [sizes for sizes in found if answers05.is_odd_product(sizes)]
    assert opens05.percentage(best) == 100 * two_levels(*best) / np.prod(best)


def two_levels(M, K, N, levels=2):
    if not levels:
        return M * K * N
    m, k, n = M // 2, K // 2, N // 2
    return 7 * two_levels(m, k, n, levels - 1) + M * K * N - 8 * m * k * n


def test_no_small_points_need_fewer_other_numbers():
    points = [Fraction(number) for number in ("0", "1", "-1", "2", "-2", "1/2", "-1/2", "3", "-3")]
    least = min(others(transforms(3, 2, chosen)) for chosen in combinations(points, 3))
    assert least == find("own_f32").best[0]


def others(matrices) -> int:
    """The fewest numbers other than 0, 1 and -1, when the rows of a product may be scaled."""
    columns = zip(*matrices.AT, strict=True)
    return sum(map(least_of_product, zip(matrices.G, matrices.BT, columns, strict=True)))


def least_of_product(rows) -> int:
    counts = []
    for first, second, third in permutations([[Fraction(number) for number in row] for row in rows]):
        for a, b in product({abs(x) for x in first if x}, {abs(x) for x in second if x}):
            scaled = [x / a for x in first] + [x / b for x in second] + [x * a * b for x in third]
            counts.append(sum(abs(number) not in (0, 1) for number in scaled))
    return min(counts)
