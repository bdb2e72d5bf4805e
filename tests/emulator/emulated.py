"""Seeded words for a layer, and what must agree between two runs of it."""

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.counts import count


def words(shape, seed=0, zeros=0.3):
    """Give small whole numbers for a layer, some of them zero, and biases."""
    random = np.random.default_rng(seed)
    ifmap = random.integers(-9, 10, (shape.N, shape.C, shape.H, shape.W))
    ifmap[random.random(ifmap.shape) < zeros] = 0
    filters = random.integers(-9, 10, (shape.M, shape.seen, shape.R, shape.S))
    return ifmap, filters, random.integers(-99, 100, shape.M)


def expected(shape, ifmap, filters, bias=None):
    """Give the ofmap by the reference."""
    ofmap = conv_windows(ifmap, filters, shape.U, shape.P, shape.G, shape.D)
    return ofmap if bias is None else ofmap + np.asarray(bias)[:, None, None]


def assert_right(done, nest, machine, ofmap):
    """Compare a run with the two references: count for what moved, a convolution for the ofmap."""
    assert np.array_equal(done.ofmap, ofmap)
    assert done.ofmap.dtype == ofmap.dtype
    assert done.counts == count(nest, machine)


def assert_same(one, other):
    """Compare the runs of two engines, number by number."""
    assert np.array_equal(one.ofmap, other.ofmap)
    assert one.counts == other.counts
    assert one.saved == other.saved
    assert one.cycles == other.cycles
