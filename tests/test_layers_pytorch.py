"""Every kind of layer against PyTorch, on drawn shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import layers, tensors
from cnnhw.layers.wordwise import LRN_ALPHA, LRN_BETA, LRN_CHANNELS, LRN_K

torch = pytest.importorskip("torch")
functional = torch.nn.functional

SIZES = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 12), st.integers(1, 12))


def drawn(sizes, seed=0):
    """Floats without ties or symmetry."""
    return tensors.generator(seed).standard_normal(sizes)


@st.composite
def poolings(draw):
    sizes = draw(SIZES)
    return drawn(sizes), draw(st.integers(1, min(sizes[2:]))), draw(st.integers(1, 5)), draw(st.booleans())


@given(poolings())
def test_max_pool_equals_pytorch(pooling):
    ofmap, R, U, ceil = pooling
    expected = functional.max_pool2d(torch.from_numpy(ofmap), R, U, ceil_mode=ceil).numpy()
    assert np.array_equal(layers.max_pool(ofmap, R, U, ceil=ceil), expected)


@given(poolings())
def test_avg_pool_equals_pytorch(pooling):
    ofmap, R, U, ceil = pooling
    expected = functional.avg_pool2d(torch.from_numpy(ofmap), R, U, ceil_mode=ceil).numpy()
    np.testing.assert_allclose(layers.avg_pool(ofmap, R, U, ceil=ceil), expected, rtol=1e-12, atol=1e-14)


@given(SIZES, st.integers(1, 6))
def test_fully_connected_equals_pytorch(sizes, M):
    ifmap, filters, bias = drawn(sizes, 1), drawn((M, *sizes[1:]), 2), drawn(M, 3)
    flat = [torch.from_numpy(array.reshape(len(array), -1)) for array in (ifmap, filters)]
    expected = functional.linear(*flat, torch.from_numpy(bias)).numpy()
    np.testing.assert_allclose(layers.fully_connected(ifmap, filters, bias), expected, rtol=1e-10, atol=1e-12)


@given(SIZES, st.integers(1, 5), st.integers(1, 3), st.integers(0, 2))
def test_conv_layer_equals_pytorch(sizes, M, U, P):
    ifmap, bias = drawn(sizes, 1), drawn(M, 3)
    filters = drawn((M, sizes[1], min(3, sizes[2]), min(2, sizes[3])), 2)
    expected = functional.conv2d(*map(torch.from_numpy, (ifmap, filters, bias)), stride=U, padding=P)
    ofmap = layers.conv_layer(ifmap, filters, bias, U, P)
    np.testing.assert_allclose(ofmap, expected.numpy(), rtol=1e-10, atol=1e-12)


@given(st.tuples(st.integers(1, 4), st.integers(1, 7)), st.sampled_from([1e-3, 1.0, 1e3]))
def test_softmax_equals_pytorch(sizes, spread):
    scores = drawn(sizes) * spread
    expected = torch.softmax(torch.from_numpy(scores), dim=-1).numpy()
    np.testing.assert_allclose(layers.softmax(scores), expected, rtol=1e-12, atol=1e-300)


@given(SIZES)
def test_lrn_equals_pytorch(sizes):
    ofmap = drawn(sizes) * 30
    # PyTorch divides alpha by the number of channels in reach, the paper does not.
    expected = functional.local_response_norm(
        torch.from_numpy(ofmap), LRN_CHANNELS, alpha=LRN_ALPHA * LRN_CHANNELS, beta=LRN_BETA, k=LRN_K
    )
    np.testing.assert_allclose(layers.lrn(ofmap), expected.numpy(), rtol=1e-10)
