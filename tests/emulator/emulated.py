"""Seeded words for a layer, and what must agree between two runs of it."""

import numpy as np
from hypothesis import strategies as st

from cnnhw.conv import conv_windows
from cnnhw.counts import count
from cnnhw.emulator import run


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


def a_window_and_its_whole(nest, machine, data):
    """Draw a window of a run; give its trace, the whole run's, and the whole's events of these cycles."""
    ifmap, filters, bias = words(nest.shape)
    whole = run(nest, machine, ifmap, filters, bias, trace=True).trace
    first = data.draw(st.integers(0, whole.cycles - 1))
    last = data.draw(st.integers(first, whole.cycles - 1))
    window = run(nest, machine, ifmap, filters, bias, trace=(first, last)).trace
    cycles = whole.events["cycle"]
    assert window.window == (first, last)
    return window, whole, whole.events[(cycles >= first) & (cycles <= last)]
