"""ReLU, pooling, fully connected layers, softmax, normalisation: by hand, and what they refuse."""

import numpy as np
import pytest

from cnnhw import ShapeError, layers


def test_max_pool_of_whole_numbers_is_whole():
    ofmap = np.array([[[[-3, -7, -2], [-9, -5, -4], [-8, -6, -1]]]], dtype=np.int8)
    pooled = layers.max_pool(ofmap, R=2, U=2, ceil=True)
    assert pooled.dtype == np.int8
    assert pooled.tolist() == [[[[-3, -2], [-6, -1]]]]


@pytest.mark.parametrize(("R", "U", "name"), [(0, 1, "R"), (2.0, 1, "R"), (2, 0, "U"), (2, True, "U")])
def test_pooling_refuses_a_window_that_is_no_whole_number(R, U, name):
    value = {"R": R, "U": U}[name]
    with pytest.raises(ShapeError) as error:
        layers.max_pool(np.ones((1, 1, 5, 7)), R, U)
    assert str(error.value) == (
        f"{name} of a pooling window must be a whole number, 1 or more\n  got {name}={value!r}\n"
        "  use for example R=2, U=2"
    )


@pytest.mark.parametrize("pool", [layers.max_pool, layers.avg_pool])
def test_pooling_refuses_a_window_larger_than_the_ofmap(pool):
    with pytest.raises(ShapeError) as error:
        pool(np.ones((2, 3, 5, 7)), R=6, U=1)
    assert str(error.value) == (
        "the pooling window must fit into the ofmap\n  got R=6 but an ofmap of shape (2, 3, 5, 7)\n"
        "  use a smaller R, or give an ofmap (N, M, E, F)"
    )


def test_fully_connected_of_whole_numbers_is_whole():
    ifmap, filters = np.array([[2, 3, 5]]), np.array([[7, 11, 13], [-1, 0, 1]])
    scores = layers.fully_connected(ifmap, filters, bias=np.array([1, 2]))
    assert scores.dtype == np.int64
    assert scores.tolist() == [[2 * 7 + 3 * 11 + 5 * 13 + 1, -2 + 5 + 2]]


def test_fully_connected_refuses_a_filter_of_another_size():
    with pytest.raises(ShapeError) as error:
        layers.fully_connected(np.ones((2, 3, 5, 7)), np.ones((11, 3, 5, 5)))
    assert str(error.value) == (
        "in a fully connected layer each filter is as large as the ifmap\n"
        "  got ifmap C, H, W = (3, 5, 7) but filters C, H, W = (3, 5, 5)\n"
        "  reshape the ifmap, or use conv_layer for a filter that slides"
    )


def test_fully_connected_refuses_a_single_vector():
    with pytest.raises(ShapeError, match=r"ifmap of a fully .*\n.*shape \(3,\)\n  give \(N, C, H, W\)"):
        layers.fully_connected(np.ones(3), np.ones((2, 3)))


def test_conv_layer_adds_one_bias_to_each_channel():
    ofmap = layers.conv_layer(np.ones((2, 1, 3, 5), int), np.ones((2, 1, 2, 2), int), np.array([10, 20]))
    assert ofmap.dtype == np.int64
    assert ofmap[:, 0].tolist() == np.full((2, 2, 4), 14).tolist()
    assert ofmap[:, 1].tolist() == np.full((2, 2, 4), 24).tolist()


@pytest.mark.parametrize("bias", [np.ones(3), np.ones((2, 1)), 1.0])
def test_conv_layer_refuses_a_bias_of_another_size(bias):
    with pytest.raises(ShapeError) as error:
        layers.conv_layer(np.ones((1, 1, 3, 5)), np.ones((2, 1, 2, 2)), bias)
    assert str(error.value) == (
        f"a layer has one bias for each filter\n  got 2 filters but a bias of shape {np.shape(bias)}\n"
        "  give a bias of shape (2,), or None"
    )


def test_softmax_ignores_a_number_added_to_every_score():
    scores = np.array([2, 3, 5, 7])
    np.testing.assert_allclose(layers.softmax(scores + 10_000), layers.softmax(scores))
    assert np.isclose(layers.softmax(scores).sum(), 1)


@pytest.mark.parametrize("scores", [3.0, np.ones((2, 0))])
def test_softmax_refuses_no_scores(scores):
    with pytest.raises(ShapeError, match=r"softmax needs at least one score\n  got .*\n  give \(N, M\) or"):
        layers.softmax(scores)


def test_lrn_refuses_an_ofmap_without_channels():
    with pytest.raises(ShapeError, match=r"an ofmap \(N, M, E, F\)\n  got .*\(5, 7\)\n  add the missing"):
        layers.lrn(np.ones((5, 7)))


def test_relu_keeps_the_dtype():
    words = layers.relu(np.array([-128, 0, 127], dtype=np.int8))
    assert words.dtype == np.int8
    assert words.tolist() == [0, 0, 127]
