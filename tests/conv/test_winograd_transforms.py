"""The matrices of F(m, r): the printed ones, and a proof for many m, r and points."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.conv.winograd import default_points, saving, transforms

# Lavin and Gray, CVPR 2016, sections 4.1 and 4.2, as printed.
F23_BT = "1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1"
F23_G = "1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1"
F23_AT = "1 1 1 0; 0 1 -1 -1"
F43_BT = (
    "4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1"
)  # fmt: skip
F43_G = "1/4 0 0; -1/6 -1/6 -1/6; -1/6 1/6 -1/6; 1/24 1/12 1/6; 1/24 -1/12 1/6; 0 0 1"
F43_AT = "1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1"


def printed(text):
    return tuple(tuple(Fraction(word) for word in row.split()) for row in text.split(";"))


def proves(t):
    """Whether AT [(G g) * (BT d)] is the correlation, as polynomials in the words of g and d.

    Both sides are sums of products g[k] * d[h], so they are the same polynomial exactly when the
    coefficient of every g[k] * d[h] in every ofmap word i is: 1 where h = i + k, 0 elsewhere.
    """
    return all(
        sum(t.AT[i][j] * t.G[j][k] * t.BT[j][h] for j in range(t.T)) == (h == i + k)
        for i, k, h in product(range(t.m), range(t.r), range(t.T))
    )


def test_lavin_f23_sign_for_sign():
    t = transforms(2, 3)
    assert (t.BT, t.G, t.AT) == (printed(F23_BT), printed(F23_G), printed(F23_AT))


def test_lavin_f43_sign_for_sign():
    t = transforms(4, 3)
    assert (t.BT, t.G, t.AT) == (printed(F43_BT), printed(F43_G), printed(F43_AT))


@pytest.mark.parametrize(("m", "r"), list(product(range(1, 9), range(1, 8))))
def test_the_default_points_give_the_correlation(m, r):
    assert proves(transforms(m, r))


exact_points = st.fractions(min_value=-9, max_value=9, max_denominator=7)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.lists(exact_points, min_size=10, max_size=10, unique=True))
def test_any_points_give_the_correlation(m, r, points):
    t = transforms(m, r, points)
    assert proves(t)
    assert t.points == tuple(points[: m + r - 2])


def test_one_wrong_word_is_no_proof():
    t = transforms(2, 3)
    object.__setattr__(t, "G", (*t.G[:3], (Fraction(0), Fraction(1), Fraction(1))))
    assert not proves(t)


@pytest.mark.parametrize(("m", "r"), list(product(range(1, 8), range(1, 6))))
def test_only_G_has_fractions(m, r):
    t = transforms(m, r)
    assert all(word.denominator == 1 for row in t.AT + t.BT for word in row)
    assert (len(t.AT), len(t.G), len(t.BT)) == (m, m + r - 1, m + r - 1)


def test_default_points_are_all_different():
    assert len(set(default_points(60))) == 60


@pytest.mark.parametrize(
    ("m", "macs", "products", "times"),
    [(2, 36, 16, "2.25"), (3, 81, 25, "3.24"), (4, 144, 36, "4"), (6, 324, 64, "5.0625")],
)
def test_lavin_multiplications_saved(m, macs, products, times):
    t = transforms(m, 3)
    assert (m * m * 3 * 3, t.T**2) == (macs, products)
    assert saving(m, 3) == Fraction(macs, products) == Fraction(times)
