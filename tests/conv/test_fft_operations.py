"""The counts of conv_fft: numbers that count themselves, the orders of TALK slide 26, the crossover."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import CourseError, LayerShape
from cnnhw.checks.counted import Counted, Tally, values
from cnnhw.conv import conv_windows
from cnnhw.conv.fft import (
    PlainTransform,
    conv_fft,
    crossover,
    fft_operations,
    fft_words,
    fft_words_operations,
    keep,
    smooth,
    tiling,
)
from cnnhw.conv.fft.kept import transformed
from cnnhw.conv.fft.words import _unit
from cnnhw.conv.loops import loops_operations

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
TILES = st.one_of(st.none(), st.integers(2, 5))


def counting(tally):
    """Make the plain transform calculate with numbers of this tally."""
    return PlainTransform(lambda word: word if isinstance(word, Counted) else Counted(word, tally))


@settings(max_examples=40, deadline=None)
@given(layer_shapes(largest=6, channels=2, batch=2, groups=2, stride=3), seeds, TILES,
       st.sampled_from(["direct", "gauss"]))  # fmt: skip
def test_numbers_that_count_agree_with_the_closed_form(shape, seed, tile, product):
    ifmap, filters = (words.astype(float) for words in whole_numbers(shape, seed, magnitude=9))
    tally = Tally()
    kept = transformed(filters, shape, tile, product, counting(tally))
    said = fft_operations(shape, tile, product)
    assert (tally.multiplications, tally.additions) == (said.filter_multiplications, said.filter_additions)

    tally.multiplications = tally.additions = 0
    ofmap = conv_fft(ifmap, kept, shape.U, shape.P, shape.G)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    exact = conv_windows(ifmap, filters, shape.U, shape.P, shape.G)
    np.testing.assert_allclose(values(ofmap).astype(float), exact, atol=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 8, 9, 12, 15, 16, 20, 25, 27, 30, 32, 45, 64, 75])
def test_plain_transform_is_the_dft_and_does_what_it_says(n):
    random, tally = np.random.default_rng(n), Tally()
    words = random.uniform(-1, 1, n) + 1j * random.uniform(-1, 1, n)
    parts = tally.words(words.real), tally.words(words.imag)
    real, imaginary = fft_words(parts, lambda constant: Counted(constant, tally))
    spectrum = values(real).astype(float) + 1j * values(imaginary).astype(float)
    np.testing.assert_allclose(spectrum, np.fft.fft(words), atol=1e-12)
    said = fft_words_operations(n)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)


@pytest.mark.parametrize("n", [8, 12, 15, 25, 32])
def test_unit_roots_are_right_to_the_last_digit(n):
    for q in range(-n, 2 * n):
        exact = [float(part) for part in _exact_root(q, n)]
        np.testing.assert_allclose(_unit(q, n), exact, rtol=0, atol=3 * 2.0**-53)


def _exact_root(q, n):
    """Cosine and sine by their series in 60 digits."""
    with localcontext() as digits:
        digits.prec = 60
        angle = 2 * PI * (q % n) / n
        term, sums = Decimal(1), [Decimal(0), Decimal(0)]
        for power in range(60):
            sums[power % 2] += term * (-1) ** (power // 2)
            term *= angle / (power + 1)
        return sums


@pytest.mark.parametrize(("n", "stuck", "larger"), [(7, 7, 8), (22, 11, 12)])
def test_plain_transform_refuses_other_primes(n, stuck, larger):
    with pytest.raises(CourseError) as refused:
        fft_words((np.zeros(n), np.zeros(n)))
    assert str(refused.value) == (
        "fft_words splits sizes whose only prime factors are 2, 3 and 5\n"
        f"  got {stuck} points\n"
        f"  fill up with zeros to {larger}"
    )


@pytest.mark.parametrize("t", range(2, 13))
def test_plain_transform_is_near_the_split_radix_record(t):
    """4 n log2 n - 6n + 8 (Yavne 1968) at n = 2**t; it turns by -i as by any other angle."""
    n = 2**t
    record = 4 * n * t - 6 * n + 8
    assert 1 <= fft_words_operations(n).total / record < 1.31


@pytest.mark.parametrize("points", [(6, 5), (4, 8), (15, 9), (12, 16)])
def test_plain_spectra_are_numpys_doubled(points):
    words = np.random.default_rng(0).uniform(-1, 1, (3, 4, 2))
    real, imaginary = PlainTransform().of_ifmap(words, points)
    expected = 2 * np.fft.rfft2(words, s=points, axes=(0, 1))
    np.testing.assert_allclose(real + 1j * imaginary, expected, atol=1e-12)


def test_slide_26_fft_order():
    """O(No^2 Nf^2) -> O(No^2 log2 No): the second ratio stays put while No and R = No / 8 grow."""
    ratios, loops = [], []
    for No in (64, 128, 256, 512, 1024):
        shape = LayerShape(M=1, C=1, H=No + No // 8 - 1, R=No // 8)
        assert shape.E == No
        ratios.append(fft_operations(shape).total / (No**2 * math.log2(No)))
        loops.append(loops_operations(shape).total / (No**2 * (No // 8) ** 2))
    assert loops == [2] * 5
    assert max(ratios) / min(ratios) < 1.35


def test_whole_image_count_hardly_depends_on_the_filter():
    counts = [fft_operations(LayerShape(M=8, C=8, H=54, R=R, P=R // 2)).total for R in (3, 5, 7, 9, 11)]
    assert max(counts) / min(counts) < 1.25
    loops = [loops_operations(LayerShape(M=8, C=8, H=54, R=R, P=R // 2)).total for R in (3, 11)]
    assert loops[1] / loops[0] == 121 / 9


@settings(max_examples=50, deadline=None)
@given(layer_shapes(), TILES)
def test_gauss_multiplies_three_quarters_in_the_product(shape, tile):
    direct, gauss = (fft_operations(shape, tile, product) for product in ("direct", "gauss"))
    complex_products = (
        tiling(shape, tile).frequencies * tiling(shape, tile).tiles * shape.N * shape.M * shape.C
    )
    assert direct.multiplications - gauss.multiplications == complex_products // shape.G
    assert gauss.filter_words * 2 == direct.filter_words * 3


@settings(max_examples=30, deadline=None)
@given(layer_shapes(largest=8, channels=2), st.sampled_from(["direct", "gauss"]))
def test_filter_words_are_what_keep_stores(shape, product):
    _, filters = whole_numbers(shape, 0)
    kept = keep(filters, shape.H, shape.W, shape.P, shape.G, product=product).spectra
    parts = [kept] * 2 if product == "direct" else [kept.real, kept.difference, kept.total]
    assert fft_operations(shape, product=product).filter_words == sum(part.size for part in parts)


def test_spectra_of_small_filters_are_far_larger_than_the_filters():
    """VGG-16 CONV5: 9 words become 14 + 1 -> 15 rows x 8 frequencies x 2 words; in tiles of 6, 8 x 5 x 2."""
    shape = LayerShape(M=512, C=512, H=14, R=3, P=1)
    assert fft_operations(shape).filter_words == shape.filter_words * 240 / 9
    assert fft_operations(shape, tile=6).filter_words == shape.filter_words * 80 / 9


@pytest.mark.parametrize("least", range(1, 400))
def test_smooth_sizes_are_those_of_scipy(least):
    from scipy.fft import next_fast_len

    assert smooth(least) == next_fast_len(least, real=True)


def test_crossover():
    """One plane needs a large filter to pay for its transforms; 64 channels share them."""
    assert crossover(56) == 7
    assert crossover(56, M=64, C=64) == 3
    assert crossover(3) is None
    assert crossover(12, M=16, C=16, tile=8) == 5
    assert crossover(12, M=16, C=16, tile=8, product="gauss") == 3  # three multiplications, not four
    R = crossover(112, M=4, C=4)
    for size, wins in ((R - 2, False), (R, True)):
        shape = LayerShape(M=4, C=4, H=112, R=size, P=size // 2)
        assert (fft_operations(shape).total < 2 * shape.macs) == wins
