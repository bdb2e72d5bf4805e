"""Rounding: the bound's numbers, and the order of Lavin and Gray's table 4."""

from fractions import Fraction

import numpy as np
import pytest

from cnnhw import LayerShape
from cnnhw.conv import conv_loops
from cnnhw.conv.winograd import amplification, max_errors, transforms, winograd_error_bound
from cnnhw.conv.winograd.error import one_after_the_other

# VGG-16's CONV1_2 and CONV5, their images or filters fewer so that the test is short.
CONV1_2 = LayerShape(M=4, C=64, H=56, R=3, P=1)
CONV5 = LayerShape(M=16, C=512, H=14, R=3, P=1)


@pytest.mark.parametrize("shape", [CONV1_2, CONV5], ids=["1.2", "5"])
@pytest.mark.parametrize("seed", [1, 2])
def test_lavin_table_4_order(shape, seed):
    """F2 < direct < F4 << fp16. The direct sum is the paper's plain one.

    A BLAS adds in blocks and comes out below it, in CONV5 below F(2) as well: max_errors gives both.
    """
    errors = max_errors(shape, seed)
    assert errors["F(2)"] < errors["direct"] < errors["F(4)"]
    assert errors["fp16 words"] > 10 * errors["F(4)"]
    assert errors["direct, BLAS"] < errors["direct"]


def test_every_error_is_within_its_bound_and_the_bounds_grow():
    errors = max_errors(CONV1_2, 3, ms=(1, 2, 3, 4, 6))
    bounds = [winograd_error_bound(CONV1_2, m) for m in (2, 3, 4, 6)]
    assert all(errors[f"F({m})"] < bound for m, bound in zip((2, 3, 4, 6), bounds, strict=True))
    assert bounds == sorted(bounds)


def test_amplification_by_hand():
    # F(2, 3): row sums of |G| are 1, 3/2, 3/2, 1, of |BT| 2, 2, 2, 2; each row of AT adds three of them.
    assert amplification(transforms(2, 3)) == 2 + 3 + 3
    assert amplification(transforms(4, 3)) == 48
    # Points further out are worse, which is why the default ones stay near 1.
    far = transforms(4, 3, (0, 3, -3, Fraction(9), -9))
    assert amplification(far) > amplification(transforms(4, 3))


def test_one_after_the_other_rounds_as_the_loops_do():
    shape = LayerShape(N=2, M=4, C=6, H=7, W=5, R=3, S=2, U=2, P=1, G=2)
    random = np.random.default_rng(4)
    ifmap = random.uniform(-1, 1, (2, 6, 7, 5)).astype(np.float32)
    filters = random.uniform(-1, 1, (4, 3, 3, 2)).astype(np.float32)
    expected = conv_loops(ifmap, filters, 2, 1, 2)
    assert np.array_equal(one_after_the_other(ifmap, filters, shape), expected)


@pytest.mark.parametrize(
    "shape, m, tile, others",
    [
        (LayerShape(M=1, C=8, H=10, R=3), 2, 4, 9 + 2 + 8),
        (LayerShape(M=2, C=6, H=10, R=3, G=2), 4, 6, 9 + 2 + 3),
    ],
    ids=["F(2)", "F(4) in two groups"],
)
def test_the_bound_is_its_formula(shape, m, tile, others):
    """k roundings, u = 2**-24: k*u / (1 - k*u) for each of C/G channels and the amplification squared."""
    k, seen = 2 * (tile + 1 + tile + 1) + others, shape.seen
    exact = Fraction(k, 2**24 - k) * seen * amplification(transforms(m, 3)) ** 2
    assert winograd_error_bound(shape, m) == pytest.approx(float(exact), rel=1e-14, abs=0)
    assert winograd_error_bound(shape, m, ifmap=3, filters=5) == pytest.approx(
        15 * float(exact), rel=1e-14, abs=0
    )
