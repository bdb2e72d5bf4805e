"""conv_toeplitz, both ways round, against the reference; its matrices and counts against plain counting."""

from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import example, given, settings

from cnnhw import LayerShape, ShapeError
from cnnhw.checks.counted import Tally, values
from cnnhw.conv import conv_loops, conv_windows
from cnnhw.conv.toeplitz import (
    conv_toeplitz,
    expansion,
    fold,
    repeats,
    strips,
    toeplitz_filters,
    toeplitz_ifmap,
    toeplitz_index,
    toeplitz_operations,
    word_at,
)

SLIDE_25 = LayerShape(M=1, C=1, H=3, R=2)
GROUPED = LayerShape(N=2, M=6, C=4, H=11, W=7, R=3, S=2, U=2, P=1, G=2)
STRIPS = LayerShape(N=2, M=2, C=3, H=61, W=67, R=3, S=5, P=2)  # 63 ofmap rows of 67: strips of 6, one of 3
POINTS = LayerShape(N=2, M=6, C=4, H=11, W=7, R=1, U=3, G=2)  # 1x1 filters: nothing to expand
WAYS = pytest.mark.parametrize("expand", ["ifmap", "filters"])


def test_slide_25_a_2x2_filter_on_a_3x3_ifmap():
    ifmap, filters = np.arange(1, 10).reshape(1, 1, 3, 3), np.array([[[[1, 2], [3, 4]]]])
    matrix = toeplitz_ifmap(ifmap, SLIDE_25)
    assert matrix.tolist() == [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]
    product = np.array([[1, 2, 3, 4]]) @ matrix  # [F1 F2 F3 F4] times the matrix
    assert product.tolist() == [[37, 47, 67, 77]]
    assert np.array_equal(fold(product, SLIDE_25), conv_loops(ifmap, filters))
    assert expansion(SLIDE_25).redundancy == 16 / 9
    grouped = repr(expansion(LayerShape(M=4, C=6, H=5, R=3, G=2, P=1), "filters"))
    assert grouped == "Expansion(rows=50, columns=75, entries=7500, words=2028, distinct=108)"


@WAYS
@settings(max_examples=100, deadline=None)
@given(shape=layer_shapes(), seed=seeds)
@example(shape=GROUPED, seed=0)
@example(shape=STRIPS, seed=0)
@example(shape=POINTS, seed=0)
def test_equals_the_reference_exactly(expand, shape, seed):
    if expand == "filters" and shape is STRIPS:
        return  # 2*63*67 rows of 3*61*67 words: 800 MB, and nothing new
    ifmap, filters = whole_numbers(shape, seed)
    expected = conv_windows(ifmap, filters, shape.U, shape.P, shape.G)
    for matmul in (np.matmul, np.dot):
        ofmap = conv_toeplitz(ifmap, filters, shape.U, shape.P, shape.G, expand=expand, matmul=matmul)
        assert ofmap.dtype == np.int64 and np.array_equal(ofmap, expected)


@settings(max_examples=150, deadline=None)
@given(layer_shapes(), seeds)
@example(LayerShape(M=1, C=2, H=1, W=7, R=1, P=3, U=2), 0)  # strips above and below the ifmap
def test_strips_of_few_rows_equal_the_reference_exactly(shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    expected = conv_windows(ifmap, filters, shape.U, shape.P, shape.G)
    for columns in (1, 2 * shape.F, 3 * shape.F):
        with patch.multiple(strips, _COLUMNS=columns, _COLUMNS_FEW=columns):
            ofmap = conv_toeplitz(ifmap, filters, shape.U, shape.P, shape.G)
        assert np.array_equal(ofmap, expected)


@WAYS
def test_whole_numbers_past_float64_and_fractions_stay_exact(expand):
    ifmap, filters = whole_numbers(GROUPED, 5, magnitude=2**28)
    sizes = GROUPED.U, GROUPED.P, GROUPED.G
    expected = conv_loops(ifmap, filters, *sizes)
    assert np.array_equal(conv_toeplitz(ifmap, filters, *sizes, expand=expand), expected)
    third = np.vectorize(lambda word: Fraction(int(word), 3), otypes=[object])
    sevenths = conv_toeplitz(third(ifmap), third(filters), *sizes, expand=expand)
    assert np.array_equal(sevenths * 9, expected)


@WAYS
@settings(max_examples=50, deadline=None)
@given(shape=layer_shapes(), seed=seeds)
def test_float32_stays_within_the_bound_of_its_docstring(expand, shape, seed):
    ifmap, filters = (words.astype(np.float32) / 100 for words in whole_numbers(shape, seed))
    sizes = shape.U, shape.P, shape.G
    ofmap = conv_toeplitz(ifmap, filters, *sizes, expand=expand)
    exact = conv_windows(ifmap.astype(float), filters.astype(float), *sizes)
    magnitudes = conv_windows(abs(ifmap).astype(float), abs(filters).astype(float), *sizes)
    # Products with the zeros of the expanded filters are exact and add nothing: K stays C/G*R*S.
    K, u = shape.ofmap_reuse, 2.0**-24
    assert ofmap.dtype == np.float32
    # The float64 comparison rounds too, by 2**-53: one part in 2**29 of this bound.
    assert np.all(abs(ofmap - exact) <= K * u / (1 - K * u) * magnitudes * (1 + 2**-20))


@WAYS
@settings(max_examples=30, deadline=None)
@given(shape=layer_shapes(largest=5, channels=2, batch=2), seed=seeds)
@example(shape=GROUPED, seed=1)
def test_does_exactly_the_operations_it_says(expand, shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    tally = Tally()
    words = tally.words(ifmap), tally.words(filters)
    ofmap = conv_toeplitz(*words, shape.U, shape.P, shape.G, expand=expand)
    said = toeplitz_operations(shape, expand)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    assert np.array_equal(values(ofmap), conv_windows(ifmap, filters, shape.U, shape.P, shape.G))


@settings(max_examples=100, deadline=None)
@given(layer_shapes(), seeds)
@example(GROUPED, 0)
def test_the_index_says_which_word_stands_where(shape, seed):
    ifmap, _ = whole_numbers(shape, seed)
    matrix, index = toeplitz_ifmap(ifmap, shape), toeplitz_index(shape)
    assert np.array_equal(matrix, np.where(index < 0, 0, ifmap.ravel()[index]))
    rows, columns = matrix.shape
    for row, column in ((0, 0), (rows - 1, columns // 2), (rows // 2, columns - 1)):
        word = word_at(shape, row, column)
        assert matrix[row, column] == (0 if word is None else ifmap[word])
        assert (word is None) == (index[row, column] < 0)


@settings(max_examples=200, deadline=None)
@given(layer_shapes())
@example(SLIDE_25)
@example(LayerShape(M=1, C=1, H=1, R=1, U=5, P=3))  # no window reaches the only word
def test_repeats_and_expansion_count_what_is_there(shape):
    index, made = toeplitz_index(shape), expansion(shape)
    counted = np.bincount(index[index >= 0], minlength=shape.ifmap_words)
    assert np.array_equal(counted.reshape(-1, shape.H, shape.W)[-1], repeats(shape))
    assert made.rows * made.columns * shape.G == made.entries == index.size
    assert made.words == np.count_nonzero(index >= 0) == shape.N * shape.C * repeats(shape).sum()
    assert made.distinct == np.count_nonzero(counted) == shape.ifmap_words_read
    assert made.zeros == np.count_nonzero(index < 0)


@settings(max_examples=100, deadline=None)
@given(layer_shapes(largest=7, channels=2), seeds)
@example(GROUPED, 0)
def test_expanded_filters_hold_what_expansion_says(shape, seed):
    names = np.arange(1, shape.filter_words + 1).reshape(shape.M, -1, shape.R, shape.S)
    matrix, made = toeplitz_filters(names, shape), expansion(shape, "filters")
    assert made.words == np.count_nonzero(matrix)
    assert made.distinct == len(np.setdiff1d(matrix, 0))
    assert made.entries * shape.G == matrix.size  # the whole matrix has zeros where the groups do not meet
    ifmap, filters = whole_numbers(shape, seed)
    ofmap = toeplitz_filters(filters, shape) @ ifmap.reshape(shape.N, -1).T
    expected = conv_windows(ifmap, filters, shape.U, shape.P, shape.G)
    assert np.array_equal(ofmap.T.reshape(expected.shape), expected)


@given(layer_shapes())
def test_what_is_stored_is_the_expanded_matrix(shape):
    ifmap, filters = expansion(shape), expansion(shape, "filters")
    assert toeplitz_operations(shape).workspace_words * shape.N == ifmap.rows * ifmap.columns
    assert toeplitz_operations(shape).filter_words == shape.filter_words
    assert toeplitz_operations(shape, "filters").filter_words == filters.entries


def test_redundancy_has_no_other_name_for_infinity():
    assert expansion(LayerShape(M=1, C=1, H=1, R=1, U=5, P=3)).redundancy == float("inf")


def test_each_group_is_a_run_of_rows():
    ifmap, filters = whole_numbers(GROUPED, 3)
    rows = toeplitz_ifmap(ifmap, GROUPED).reshape(2, -1, GROUPED.N * GROUPED.E * GROUPED.F)
    product = np.concatenate([filters[:3].reshape(3, -1) @ rows[0], filters[3:].reshape(3, -1) @ rows[1]])
    assert np.array_equal(fold(product, GROUPED), conv_windows(ifmap, filters, U=2, P=1, G=2))


def test_another_matmul_sees_one_new_matrix_for_each_image_and_group():
    seen = []

    def matmul(a, b):
        seen.append(b)
        return a @ b

    ifmap, filters = whole_numbers(GROUPED, 7)
    ofmap = conv_toeplitz(ifmap, filters, U=2, P=1, G=2, matmul=matmul)
    assert [b.shape for b in seen] == [(12, 6 * 4)] * 4
    assert np.array_equal(np.concatenate(seen[:2]), toeplitz_ifmap(ifmap, GROUPED)[:, :24])
    assert np.array_equal(ofmap, conv_windows(ifmap, filters, U=2, P=1, G=2))


ONE = np.ones((1, 1, 3, 3))
VGG = LayerShape(N=16, M=64, C=64, H=224, R=3, P=1)
REFUSED = {
    "expand": (
        lambda: conv_toeplitz(ONE, ONE, expand="both"),
        "one of the two tensors is expanded to a matrix\n  got expand='both'\n"
        '  use expand="ifmap" or expand="filters"',
    ),
    "matmul": (
        lambda: conv_toeplitz(ONE, ONE, matmul=3),
        "matmul must be a function of two matrices\n  got a int\n"
        "  give np.matmul, or a function that returns the product of its two arguments",
    ),
    "product": (
        lambda: conv_toeplitz(ONE, ONE[:, :, :2], matmul=lambda a, b: b),
        "matmul(a, b) must give as many rows as a and as many columns as b\n"
        "  got shape (6, 2) from (1, 6) and (6, 2)\n  make it return shape (1, 2), as np.matmul does",
    ),
    "ifmap of another shape": (
        lambda: toeplitz_ifmap(ONE, LayerShape(M=1, C=2, H=3, R=2)),
        "ifmap must have the axes that the layer's shape says\n"
        "  got shape (1, 1, 3, 3), where the layer has (1, 2, 3, 3)\n"
        "  make the LayerShape from ifmap, or reshape ifmap",
    ),
    "no such row": (
        lambda: word_at(SLIDE_25, 4, 0),
        "the row must be one of the expanded ifmap's\n  got row=4 of a 4 x 4 matrix\n  use 0 <= row <= 3",
    ),
    "too large": (
        lambda: toeplitz_index(VGG),
        "an expanded matrix made whole may have 268,435,456 words\n"
        "  got 576 x 802,816 = 462,422,016 words\n"
        "  use a smaller layer, or conv_toeplitz, which expands the ifmap a strip at a time",
    ),
}


@pytest.mark.parametrize("wrong, text", REFUSED.values(), ids=REFUSED)
def test_refusals_are_three_lines(wrong, text):
    with pytest.raises(ShapeError) as caught:
        wrong()
    assert str(caught.value) == text
