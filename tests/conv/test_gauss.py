"""Gauss's complex product: exact on whole numbers, counted, its error bounded, its bad input refused."""

from fractions import Fraction

import numpy as np
import pytest
from drawn import seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import ShapeError
from cnnhw.checks.counted import Tally, values
from cnnhw.conv.gauss import direct_operations, gauss_matmul, gauss_operations, gauss_product, keep

sizes = st.integers(1, 7)


def pair(random, *shape, magnitude=99):
    return tuple(random.integers(-magnitude, magnitude + 1, shape) for _ in range(2))


def direct(a, b, multiply=np.matmul):
    return multiply(a[0], b[0]) - multiply(a[1], b[1]), multiply(a[0], b[1]) + multiply(a[1], b[0])


def same(left, right):
    return all(np.array_equal(one, other) for one, other in zip(left, right, strict=True))


@settings(max_examples=50)
@given(sizes, sizes, sizes, seeds)
def test_whole_numbers_are_exact_whichever_operand_is_kept(M, K, N, seed):
    random = np.random.default_rng(seed)
    a, b = pair(random, M, K), pair(random, K, N)
    for left, right in ((a, b), (keep(a), b), (a, keep(b))):
        assert same(gauss_matmul(left, right), direct(a, b))
    a, b = pair(random, 3, M, K), pair(random, 3, K, N)  # a stack of matrices, as the FFT multiplies
    assert same(gauss_matmul(a, b), direct(a, b))


@settings(max_examples=50)
@given(sizes, sizes, seeds)
def test_products_word_by_word_are_exact(rows, columns, seed):
    random = np.random.default_rng(seed)
    a, b = pair(random, rows, columns), pair(random, columns)  # b is broadcast
    assert same(gauss_product(a, b), direct(a, b, np.multiply))
    assert same(gauss_product(keep(a), b), direct(a, b, np.multiply))


def test_fractions_are_exact():
    third, half = (np.array([[Fraction(1, n)]], dtype=object) for n in (3, 2))
    assert same(gauss_matmul((third, half), (half, third)), ([[0]], [[Fraction(1, 9) + Fraction(1, 4)]]))


@settings(max_examples=40)
@given(sizes, sizes, sizes, st.booleans(), seeds)
def test_it_does_exactly_the_operations_it_says(M, K, N, kept, seed):
    random = np.random.default_rng(seed)
    a, b = pair(random, M, K), pair(random, K, N)
    tally, said = Tally(), gauss_operations(M, K, N, kept=kept)
    right = tuple(tally.words(part) for part in b)
    if kept:
        right = keep(right)
        assert (tally.multiplications, tally.additions) == (0, said.filter_additions)
        tally.additions = 0
    product = gauss_matmul(tuple(tally.words(part) for part in a), right)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    assert same(map(values, product), direct(a, b))


@given(sizes, sizes, sizes)
def test_the_direct_form_is_counted_too(M, K, N):
    random, tally = np.random.default_rng(1), Tally()
    direct(*(tuple(tally.words(part) for part in pair(random, *size)) for size in ((M, K), (K, N))))
    said = direct_operations(M, K, N)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)


def test_slide_27_prints_three_additions_for_the_direct_form():
    assert (direct_operations().multiplications, direct_operations().additions) == (4, 2)
    assert (gauss_operations().multiplications, gauss_operations().additions) == (3, 5)
    assert gauss_operations(kept=True).additions == 3


@settings(max_examples=50)
@given(sizes, sizes, sizes, st.sampled_from([np.complex64, np.complex128]), seeds)
def test_floats_stay_within_the_bound(M, K, N, dtype, seed):
    random = np.random.default_rng(seed)
    # Parts of very different size, where the sums cancel most.
    a, b = (
        (
            random.uniform(-1, 1, size) + 1j * random.uniform(-1, 1, size) * 10.0 ** random.integers(-9, 9)
        ).astype(dtype)
        for size in ((M, K), (K, N))
    )
    product = gauss_matmul(a, b)
    exact = direct(*(tuple(exactly(part) for part in (words.real, words.imag)) for words in (a, b)))
    u = 2.0**-24 if dtype is np.complex64 else 2.0**-53
    g = (K + 2) * u / (1 - (K + 2) * u)
    a, b = a.astype(complex), b.astype(complex)
    bound = 2 * g * ((abs(a.real) + abs(a.imag)) @ (abs(b.real) + abs(b.imag)))
    assert product.dtype == dtype
    for part, right in zip((product.real, product.imag), exact, strict=True):
        errors = abs(exactly(part) - right)
        assert np.all(errors <= bound * (1 + 1e-9) + 1e-300)


def exactly(words):
    return np.vectorize(lambda word: Fraction(float(word)), otypes=[object])(words)


def test_a_small_part_is_lost_to_cancellation():
    word = np.complex64(1 + 1e-8j)
    assert (word * word).imag == np.float32(2e-8)
    assert gauss_product(word, word).imag == 0


def test_only_the_result_has_to_fit_64_bits():
    most = 2**31
    a = b = (np.array([[most]]), np.array([[most - 1]]))  # a + b and c + d take 33 bits, their product 65
    assert same(gauss_matmul(a, b), direct(*[tuple(part.astype(object) for part in a)] * 2))
    with pytest.raises(ShapeError) as error:
        gauss_matmul((np.array([[2**32]]), np.array([[0]])), (np.array([[2**31]]), np.array([[0]])))
    assert str(error.value) == (
        "every sum of whole numbers must fit a signed 64-bit word\n"
        f"  got 2 products that may add up to {2**63}\n"
        "  use smaller words, or astype(object) for exact Python integers"
    )


ONE = np.ones((2, 3), complex)
SHARED = "matrices (M, K) and (K, N) must share K"
TWO_KEPT = "one operand of Gauss's product may be kept, the other is multiplied as it is"
FITS = "every sum of whole numbers must fit a signed 64-bit word"
COMPLEX = "complex words are a complex array, or a pair (real, imaginary) of number arrays of one shape"


@pytest.mark.parametrize(
    ("a", "b", "rule", "got"),
    [
        (ONE, ONE, SHARED, "shapes (2, 3) and (2, 3)"),
        (ONE[0], ONE.T, SHARED, "shapes (3,) and (3, 2)"),
        (keep(ONE), keep(ONE.T), TWO_KEPT, "two operands that went through keep()"),
        (ONE, (np.ones((3, 2)), np.ones((3, 1))), COMPLEX, "a tuple that is neither, or is empty"),
        (ONE, np.full((3, 2), "1"), COMPLEX, "a ndarray that is neither, or is empty"),
        (ONE[:0], ONE.T, COMPLEX, "a ndarray that is neither, or is empty"),
        (ONE, (np.full((3, 2), 2**63, np.uint64),) * 2, FITS, f"1 products that may add up to {2**63}"),
    ],
)
def test_bad_operands(a, b, rule, got):
    with pytest.raises(ShapeError) as error:
        gauss_matmul(a, b)
    lines = str(error.value).splitlines()
    assert lines[:2] == [rule, f"  got {got}"] and len(lines) == 3


@pytest.mark.parametrize("multiply", [gauss_product, gauss_matmul])
def test_stacks_that_do_not_match(multiply):
    with pytest.raises(ShapeError) as error:
        multiply(np.ones((2, 3, 3), complex), np.ones((5, 3, 3), complex))
    assert str(error.value).startswith(
        "axes that are multiplied one by one must be of equal size, or of size 1"
    )
