"""conv_winograd against the reference: exactly on whole numbers and Fractions, within its bound on floats."""

from fractions import Fraction

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.conv import conv_loops, conv_windows
from cnnhw.conv.winograd import conv_winograd, keep, winograd_error_bound

ALEXNET_LIKE = LayerShape(N=2, M=3, C=3, H=23, W=19, R=11, S=7, U=4)
RAGGED = LayerShape(N=2, M=6, C=4, H=13, W=11, R=3, S=5, P=1, G=2)
sizes = st.integers(1, 5) | st.tuples(st.integers(1, 5), st.integers(1, 5))


@settings(max_examples=150, deadline=None)
@given(layer_shapes(), seeds, sizes)
@example(ALEXNET_LIKE, 0, 2)
@example(RAGGED, 0, (4, 3))
def test_whole_numbers_are_exact(shape, seed, m):
    ifmap, filters = whole_numbers(shape, seed)
    arguments = shape.U, shape.P, shape.G
    expected = conv_windows(ifmap, filters, *arguments)
    for given_filters in (filters, keep(filters, shape.U, m=m)):
        ofmap = conv_winograd(ifmap, given_filters, *arguments, m=m)
        assert ofmap.dtype == np.int64
        assert np.array_equal(ofmap, expected)


@settings(max_examples=30, deadline=None)
@given(layer_shapes(largest=7, channels=2, batch=1), seeds, sizes)
def test_whole_numbers_past_float64_stay_exact(shape, seed, m):
    ifmap, filters = whole_numbers(shape, seed, magnitude=2**28)
    arguments = shape.U, shape.P, shape.G
    expected = conv_windows(ifmap, filters, *arguments)  # up to 2**62, and transformed words far past it
    assert np.array_equal(conv_winograd(ifmap, filters, *arguments, m=m), expected)


@settings(max_examples=30, deadline=None)
@given(layer_shapes(largest=5, channels=2, batch=2), seeds, sizes)
def test_fractions_are_exact(shape, seed, m):
    ifmap, filters = (np.vectorize(lambda word: Fraction(int(word), 7), otypes=[object])(a)
                      for a in whole_numbers(shape, seed))  # fmt: skip
    arguments = ifmap, filters, shape.U, shape.P, shape.G
    assert np.array_equal(conv_winograd(*arguments, m=m), conv_windows(*arguments))


@settings(max_examples=100, deadline=None)
@given(layer_shapes(largest=13), seeds, sizes, st.sampled_from(["float32", "float64"]))
@example(RAGGED, 0, (4, 3), "float32")
def test_floats_stay_within_the_bound(shape, seed, m, dtype):
    ifmap, filters = (words.astype(dtype) for words in whole_numbers(shape, seed, magnitude=99))
    arguments = shape.U, shape.P, shape.G
    exact = conv_windows(ifmap.astype(np.int64), filters.astype(np.int64), *arguments)
    bound = winograd_error_bound(shape, m, ifmap=99, filters=99, dtype=dtype)
    for given_filters in (filters, keep(filters, shape.U, m=m)):
        ofmap = conv_winograd(ifmap, given_filters, *arguments, m=m)
        assert ofmap.dtype == dtype and ofmap.shape == exact.shape
        assert np.max(abs(ofmap - exact)) <= bound


def test_blocks_and_images_of_a_large_layer_meet():
    shape = LayerShape(N=2, M=6, C=4, H=131, W=37, R=3, P=1, G=2)  # several blocks, ragged both ways
    ifmap, filters = whole_numbers(shape, 5, magnitude=9)
    expected = conv_windows(ifmap, filters, 1, 1, 2)
    for m in (1, 2, (2, 5), 4, 6):
        ofmap = conv_winograd(ifmap.astype(np.float32), filters.astype(np.float32), 1, 1, 2, m=m)
        assert np.array_equal(np.round(ofmap), expected)


def test_many_channels_are_cut_into_small_products():
    shape = LayerShape(M=2, C=601, H=30, R=3)  # 601 is prime: 49 tiles make the pieces
    ifmap, filters = whole_numbers(shape, 5, magnitude=3)
    ofmap = conv_winograd(ifmap.astype(float), filters.astype(float), m=4)
    assert np.array_equal(np.round(ofmap), conv_windows(ifmap, filters))


def test_complex_words():
    ifmap, filters = whole_numbers(RAGGED, 1), whole_numbers(RAGGED, 2)
    ifmap, filters = (a + 1j * b for a, b in zip(ifmap, filters, strict=True))
    expected = conv_loops(ifmap, filters, 1, 1, 2)
    assert np.allclose(conv_winograd(ifmap, filters, 1, 1, 2, m=3), expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize("points", [(0, 1, -1, 2), (5, -3, Fraction(7, 2), Fraction(-1, 9)), range(9)])
def test_points_change_the_way_not_the_result(points):
    ifmap, filters = whole_numbers(RAGGED, 1)
    expected = conv_windows(ifmap, filters, 1, 1, 2)
    assert np.array_equal(conv_winograd(ifmap, filters, 1, 1, 2, m=(3, 1), points=points), expected)


def test_kept_filters_bring_their_own_m_and_points():
    ifmap, filters = whole_numbers(RAGGED, 1)
    kept = keep(filters, m=(3, 1), points=(3, 4, 5, 6))
    assert kept.words == 6 * 2 * 5 * 5  # F(3, 3) down has 5 words, F(1, 5) across too
    expected = conv_windows(ifmap, filters, 1, 1, 2)
    assert np.array_equal(conv_winograd(ifmap, kept, 1, 1, 2, m=7), expected)


def test_float16_is_widened_and_arguments_are_left_alone():
    ifmap, filters = (words.astype(np.float16) for words in whole_numbers(RAGGED, 3, magnitude=9))
    before = ifmap.copy(), filters.copy()
    assert conv_winograd(ifmap, filters, 1, 1, 2).dtype == np.float32
    assert np.array_equal(ifmap, before[0]) and np.array_equal(filters, before[1])
