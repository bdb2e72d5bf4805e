"""Strassen's product: proved, exact on whole numbers, counted, its rounding bounded, bad input refused."""

import tracemalloc
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnhw import CourseError, LayerShape, ShapeError
from cnnhw.checks.counted import Tally, values
from cnnhw.conv import conv_loops, conv_windows
from cnnhw.conv.operations import Operations
from cnnhw.conv.strassen import (
    STRASSEN,
    WINOGRAD,
    classical_operations,
    conv_strassen,
    error_bound,
    error_growth,
    strassen,
    strassen_level_operations,
    strassen_levels,
    strassen_matmul_operations,
    strassen_operations,
)
from cnnhw.conv.strassen.levels import padded_sizes

sizes = st.integers(1, 23)
leaves = st.integers(1, 9)
variants = st.sampled_from(["strassen", "winograd"])
oddities = st.sampled_from(["peel", "pad"])


def matrices(M, K, N, seed, magnitude=99):
    random = np.random.default_rng(seed)
    return (random.integers(-magnitude, magnitude + 1, size) for size in ((M, K), (K, N)))


@pytest.mark.parametrize("scheme", [STRASSEN, WINOGRAD], ids=lambda scheme: scheme.name)
def test_the_seven_products_add_up_to_the_definition(scheme):
    operands = {step.name: (step.first, step.second) for step in scheme.products}
    assert list(operands) == ["M1", "M2", "M3", "M4", "M5", "M6", "M7"]
    for i, j in product("12", "12"):
        terms = {}
        for name, sign in scheme.expanded[f"C{i}{j}"].items():
            left, right = (scheme.expanded[operand] for operand in operands[name])
            for a, b in product(left, right):
                terms[a, b] = terms.get((a, b), 0) + sign * left[a] * right[b]
        assert {pair: term for pair, term in terms.items() if term} == {
            (f"A{i}1", f"B1{j}"): 1,
            (f"A{i}2", f"B2{j}"): 1,
        }


def test_slide_26_and_facts_section_5_strassen():
    assert sum(STRASSEN.sums) == 18 and sum(WINOGRAD.sums) == 15
    for levels in range(6):
        size = 3 * 2**levels
        said = strassen_matmul_operations(size, size, size, leaf=3)
        assert strassen_levels(size, size, size, leaf=3) == levels
        assert Fraction(said.multiplications, size**3) == Fraction(7, 8) ** levels
    assert round(np.log2(7), 3) == 2.807


@settings(max_examples=150, deadline=None)
@given(sizes, sizes, sizes, leaves, variants, oddities, seeds)
@example(1, 23, 17, 1, "strassen", "peel", 0)
@example(16, 16, 16, 1, "winograd", "pad", 0)
def test_whole_numbers_are_exact(M, K, N, leaf, variant, odd, seed):
    a, b = matrices(M, K, N, seed)
    before = a.copy(), b.copy()
    c = strassen(a, b, leaf=leaf, variant=variant, odd=odd)
    assert c.dtype == np.int64 and np.array_equal(c, a @ b)
    assert np.array_equal(a, before[0]) and np.array_equal(b, before[1])


@settings(max_examples=40, deadline=None)
@given(sizes, sizes, sizes, leaves, variants, seeds)
def test_it_does_exactly_the_operations_it_says(M, K, N, leaf, variant, seed):
    a, b = matrices(M, K, N, seed)
    tally = Tally()
    c = strassen(tally.words(a), tally.words(b), leaf=leaf, variant=variant)
    said = strassen_matmul_operations(M, K, N, leaf=leaf, variant=variant)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    assert np.array_equal(values(c), a @ b)


@settings(max_examples=30, deadline=None)
@given(sizes, sizes, sizes, leaves, variants, seeds)
def test_padding_costs_what_the_larger_matrices_cost(M, K, N, leaf, variant, seed):
    # The padding's zeros are words too: here they are counted ones, put there by hand.
    options = {"leaf": leaf, "variant": variant, "odd": "pad"}
    a, b = matrices(M, K, N, seed)
    rows, inner, columns = padded_sizes((M, K, N), strassen_levels(M, K, N, leaf=leaf, odd="pad"))
    tally = Tally()
    left = tally.words(np.pad(a, ((0, rows - M), (0, inner - K))))
    right = tally.words(np.pad(b, ((0, inner - K), (0, columns - N))))
    strassen(left, right, **options)
    said = strassen_matmul_operations(M, K, N, **options)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)


@given(sizes, sizes, sizes, leaves, variants, oddities)
def test_levels_add_up(M, K, N, leaf, variant, odd):
    options = {"leaf": leaf, "variant": variant, "odd": odd}
    found = strassen_level_operations(M, K, N, **options)
    assert len(found) == strassen_levels(M, K, N, leaf=leaf, odd=odd) + 1
    total = strassen_matmul_operations(M, K, N, **options)
    assert replace(total, workspace_words=0) == sum(found, Operations())
    if len(found) == 1:
        assert found == (classical_operations(M, K, N),)


@pytest.mark.parametrize("odd", ["peel", "pad"])
@pytest.mark.parametrize("variant", ["strassen", "winograd"])
def test_it_holds_no_more_words_than_it_says(variant, odd):
    random = np.random.default_rng(7)
    a, b = random.uniform(-1, 1, (301, 207)), random.uniform(-1, 1, (207, 255))
    strassen(a, b)  # so that nothing is measured that is made once
    tracemalloc.start()
    strassen(a, b, leaf=32, variant=variant, odd=odd)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    said = strassen_matmul_operations(301, 207, 255, leaf=32, variant=variant, odd=odd).workspace_words
    buffers = 2 * np.getbufsize()  # words that NumPy's += holds for arrays with gaps
    assert said <= peak / 8 <= 1.02 * said + buffers


@settings(max_examples=60, deadline=None)
@given(sizes, sizes, sizes, leaves, variants, oddities, st.sampled_from([np.float32, np.float64]), seeds)
def test_floats_stay_within_the_bound_and_keep_their_type(M, K, N, leaf, variant, odd, dtype, seed):
    random = np.random.default_rng(seed)
    a, b = (random.uniform(-1, 1, size).astype(dtype) for size in ((M, K), (K, N)))
    options = {"leaf": leaf, "variant": variant, "odd": odd}
    c = strassen(a, b, **options)
    exactly = np.vectorize(lambda word: Fraction(float(word)), otypes=[object])
    error = abs(exactly(c) - exactly(a) @ exactly(b)).max()
    u = 2.0**-24 if dtype == np.float32 else 2.0**-53
    bound = error_bound(M, K, N, **options) * u * float(abs(a).max()) * float(abs(b).max())
    assert c.dtype == dtype
    assert error <= bound * (1 + 1e-3)  # the bound leaves terms in u*u out


def test_the_bound_is_highams_closed_form():
    # Theorems 23.2 and 23.3: (n/n0)**log2(12) * (n0**2 + 5*n0) - 5*n, and 18 and 6 for the variant.
    for levels in range(5):
        n0, n = 8, 8 * 2**levels
        assert error_bound(n, n, n, leaf=n0) == 12**levels * (n0**2 + 5 * n0) - 5 * n
        assert error_bound(n, n, n, leaf=n0, variant="winograd") == 18**levels * (n0**2 + 6 * n0) - 6 * n


@pytest.mark.parametrize("variant", ["strassen", "winograd"])
def test_each_level_rounds_more_but_far_less_than_the_bound(variant):
    growth = error_growth(64, 5, variant=variant)
    bounds = [error_bound(64, 64, 64, leaf=64 >> level, variant=variant) for level in range(6)]
    assert all(low < high for low, high in zip(growth, growth[1:], strict=False))
    assert all(error < bound / 50 for error, bound in zip(growth, bounds, strict=True))


def test_sums_on_the_way_may_pass_64_bits_but_not_the_result():
    most = 2**31  # K = 1 product of 2**62 fits; M1 is a sum of two, times a sum of two: 2**64
    a, b = np.full((2, 2), most - 1), np.array([[most - 1, 1 - most], [1, -1]])
    with np.errstate(all="raise"):
        c = strassen(a, b // 2, leaf=1)
    assert np.array_equal(c, (a.astype(object) @ (b // 2).astype(object)))
    with pytest.raises(ShapeError) as error:
        strassen(a + 1, a + 1, leaf=1)
    assert str(error.value) == (
        "every sum of whole numbers must fit a signed 64-bit word\n"
        f"  got 2 products that may add up to {2**63}\n"
        "  use smaller words, or astype(object) for exact Python integers"
    )


@settings(max_examples=30, deadline=None)
@given(sizes, sizes, sizes, leaves, variants, oddities, seeds)
def test_whole_numbers_past_float64_are_exact(M, K, N, leaf, variant, odd, seed):
    a, b = matrices(M, K, N, seed, magnitude=2**28)
    assert np.array_equal(strassen(a, b, leaf=leaf, variant=variant, odd=odd), a @ b)


@pytest.mark.parametrize(
    ("left", "right", "kept"),
    [
        ("bool", "int8", "int64"),
        ("float16", "float16", "float32"),
        ("float32", "float32", "float32"),
        ("int16", "float64", "float64"),
        ("complex64", "float32", "complex64"),
        ("object", "int64", "object"),
    ],
)
def test_dtypes_never_narrow_a_sum(left, right, kept):
    c = strassen(np.ones((5, 3), left), np.ones((3, 7), right), leaf=1)
    assert c.dtype == kept and np.all(c == 3)


@settings(max_examples=60, deadline=None)
@given(layer_shapes(), leaves, variants, oddities, seeds)
def test_convolution_equals_the_loops_exactly(shape, leaf, variant, odd, seed):
    ifmap, filters = whole_numbers(shape, seed)
    arguments = (ifmap, filters, shape.U, shape.P, shape.G)
    ofmap = conv_strassen(*arguments, leaf=leaf, variant=variant, odd=odd)
    expected = conv_loops(*arguments) if shape.macs < 5_000 else conv_windows(*arguments)
    assert ofmap.dtype == np.int64 and np.array_equal(ofmap, expected)


@settings(max_examples=25, deadline=None)
@given(layer_shapes(largest=5, channels=3, batch=2), leaves, variants, seeds)
@example(LayerShape(M=6, C=4, H=5, W=6, R=2, S=3, G=2), 1, "strassen", 0)
def test_convolution_does_exactly_the_operations_it_says(shape, leaf, variant, seed):
    ifmap, filters = whole_numbers(shape, seed)
    tally = Tally()
    # The padding's zeros are words too, so they are put there by hand.
    padded = tally.words(np.pad(ifmap, ((0, 0), (0, 0), (shape.P, shape.P), (shape.P, shape.P))))
    conv_strassen(padded, tally.words(filters), shape.U, 0, shape.G, leaf=leaf, variant=variant)
    said = strassen_operations(shape, leaf=leaf, variant=variant)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    assert said.filter_words == shape.filter_words


A = np.ones((3, 5))


@pytest.mark.parametrize(
    ("a", "b", "options", "rule", "got"),
    [
        (A, A, {}, "matrices (M, K) and (K, N) must share K", "shapes (3, 5) and (3, 5)"),
        (A[0], A.T, {}, "a must be a matrix with at least one row and one column", "shape (5,)"),
        (A, A.T[:, :0], {}, "b must be a matrix with at least one row and one column", "shape (5, 0)"),
        ([[1, 2], [3]], A, {}, "a must be a matrix with at least one row and one column", "shape (0,)"),
        (A, np.full((5, 2), "x"), {}, "b must hold numbers", "dtype <U1"),
        (A * np.nan, A.T, {}, "every word of a must be a finite number", "nan at a[0, 0]"),
        (A, A.T, {"leaf": 0}, "leaf, the side at which splitting stops, is a whole number of at least 1",
         "leaf=0"),
        (A, A.T, {"leaf": 1.5}, "leaf, the side at which splitting stops, is a whole number of at least 1",
         "leaf=1.5"),
        (A, A.T, {"variant": "fast"}, "variant is one of strassen, winograd", "'fast'"),
        (A, A.T, {"odd": "cut"}, "odd is 'peel' or 'pad'", "'cut'"),
        (A, A.T, {"matmul": 3}, "matmul must be a function of two matrices", "a int"),
    ],
)  # fmt: skip
def test_bad_operands_and_options(a, b, options, rule, got):
    with pytest.raises(CourseError) as error:
        strassen(a, b, **options)
    lines = str(error.value).splitlines()
    assert lines[:2] == [rule, f"  got {got}"] and len(lines) == 3
