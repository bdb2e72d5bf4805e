"""Padding and drawn tensors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import LayerShape, ShapeError, tensors

SHAPE = LayerShape(N=2, M=6, C=4, H=5, W=7, R=3, S=2, G=2)


@given(st.tuples(*[st.integers(1, 5)] * 4), st.integers(0, 4))
def test_pad_surrounds_the_ifmap_with_zeros(sizes, P):
    ifmap = np.arange(1, np.prod(sizes) + 1).reshape(sizes)
    padded = tensors.pad(ifmap, P)
    N, C, H, W = sizes
    assert padded.shape == (N, C, H + 2 * P, W + 2 * P)
    assert np.array_equal(padded[:, :, P : P + H, P : P + W], ifmap)
    assert padded.sum() == ifmap.sum()
    assert padded.dtype == ifmap.dtype


def test_pad_gives_a_new_array_even_without_padding():
    ifmap = np.ones((2, 3))
    assert not np.shares_memory(tensors.pad(ifmap, 0), ifmap)


@pytest.mark.parametrize("P", [-1, 1.0, "1", None, True])
def test_pad_refuses_a_padding_that_is_no_whole_number(P):
    with pytest.raises(ShapeError) as error:
        tensors.pad(np.ones((2, 3)), P)
    assert str(error.value) == (
        f"P must be a whole number, 0 or more\n  got P={P!r}\n  give P as an int, 0 for no padding"
    )


def test_pad_refuses_a_vector():
    with pytest.raises(ShapeError, match=r"padding needs rows and columns\n  got an array of shape \(3,\)"):
        tensors.pad(np.ones(3), 1)


def test_drawn_tensors_have_the_sizes_of_the_layer():
    assert tensors.random_ifmap(SHAPE, seed=3).shape == (2, 4, 5, 7)
    assert tensors.random_filters(SHAPE, seed=3).shape == (6, 2, 3, 2)


def test_drawn_words_are_small_whole_numbers_without_zero():
    words = tensors.random_ifmap(LayerShape(M=1, C=8, H=31, R=1), seed=0)
    assert words.dtype == np.int64
    assert set(np.unique(words)) == set(range(-9, 10)) - {0}


def test_a_seed_fixes_the_words_and_another_changes_them():
    assert np.array_equal(tensors.random_ifmap(SHAPE, seed=3), tensors.random_ifmap(SHAPE, seed=3))
    assert not np.array_equal(tensors.random_ifmap(SHAPE, seed=3), tensors.random_ifmap(SHAPE, seed=4))


def test_ifmap_and_filters_of_one_seed_are_unrelated():
    same = LayerShape(N=2, M=2, C=3, H=5, R=5)
    assert not np.array_equal(tensors.random_ifmap(same, 0), tensors.random_filters(same, 0))


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("R", [2, 3, 4, 5])
def test_a_drawn_square_equals_none_of_its_mirror_images(seed, R):
    square = tensors.random_filters(LayerShape(M=1, C=1, H=9, R=R), seed)[0, 0]
    mirrored = [square.T, square[::-1], square[:, ::-1], square[::-1, ::-1], np.rot90(square), square[::-1].T]
    assert not any(np.array_equal(square, other) for other in mirrored)


def test_padding_of_python_numbers_is_python_numbers():
    word = 2**70
    padded = tensors.pad(np.array([[word]], dtype=object), P=1)
    assert {type(value) for value in padded.flat} == {int}
    assert (padded * 3).max() == 3 * word
