"""conv_loops and conv_windows against each other, SciPy and PyTorch on drawn shapes, exactly."""

from fractions import Fraction

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import example, given, settings
from scipy.signal import correlate

from cnnhw import LayerShape
from cnnhw.checks.counted import Tally, values
from cnnhw.conv import conv_loops, conv_windows
from cnnhw.conv.loops import loops_operations

ALEXNET_LIKE = LayerShape(N=2, M=3, C=3, H=23, W=19, R=11, S=7, U=4)


def with_scipy(ifmap, filters, shape):
    """SciPy knows one plane, stride 1, no groups: the rest is spelled out here."""
    P, U, seen, made = shape.P, shape.U, shape.seen, shape.made
    padded = np.pad(ifmap, ((0, 0), (0, 0), (P, P), (P, P)))
    ofmap = np.zeros((shape.N, shape.M, shape.E, shape.F), dtype=ifmap.dtype)
    for n, m, c in np.ndindex(shape.N, shape.M, seen):
        plane = padded[n, m // made * seen + c]
        ofmap[n, m] += correlate(plane, filters[m, c], mode="valid", method="direct")[::U, ::U]
    return ofmap


@settings(max_examples=200)
@given(layer_shapes(), seeds)
@example(ALEXNET_LIKE, 0)
def test_loops_and_windows_equal_scipy_exactly(shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    expected = with_scipy(ifmap, filters, shape)
    for conv in (conv_windows, conv_loops):
        ofmap = conv(ifmap, filters, U=shape.U, P=shape.P, G=shape.G)
        assert ofmap.dtype == np.int64
        assert np.array_equal(ofmap, expected)
        if shape.macs > 20_000:  # the loops take their time; the small shapes have shown them equal
            break


@settings(max_examples=200)
@given(layer_shapes(largest=17, channels=5), seeds)
@example(ALEXNET_LIKE, 0)
def test_windows_equal_pytorch_exactly(shape, seed):
    torch = pytest.importorskip("torch", reason="PyTorch's CPU build is not installed")
    ifmap, filters = whole_numbers(shape, seed)
    ofmap = conv_windows(ifmap, filters, U=shape.U, P=shape.P, G=shape.G)
    arrays = (torch.from_numpy(a.astype(np.float64)) for a in (ifmap, filters))  # exact below 2**53
    expected = torch.nn.functional.conv2d(*arrays, stride=shape.U, padding=shape.P, groups=shape.G)
    assert ofmap.shape == tuple(expected.shape)
    assert np.array_equal(ofmap, expected.numpy().astype(np.int64))


@settings(max_examples=50)
@given(layer_shapes(), seeds)
def test_float32_stays_within_the_rounding_of_its_sums(shape, seed):
    ifmap, filters = (a.astype(np.float32) / 100 for a in whole_numbers(shape, seed))
    sizes = shape.U, shape.P, shape.G
    ofmap = conv_windows(ifmap, filters, *sizes)
    exact = conv_windows(ifmap.astype(float), filters.astype(float), *sizes)
    # Higham 2002, eq. 3.5: K products summed in any order err by at most K*u / (1 - K*u) * sum |a*b|.
    K, u = shape.ofmap_reuse + 1, 2.0**-24
    magnitudes = conv_windows(abs(ifmap).astype(float), abs(filters).astype(float), *sizes)
    assert ofmap.dtype == np.float32
    assert np.all(abs(ofmap - exact) <= K * u / (1 - K * u) * magnitudes)


@settings(max_examples=30)
@given(layer_shapes(largest=7, channels=2), seeds)
def test_whole_numbers_past_float64_stay_exact(shape, seed):
    ifmap, filters = whole_numbers(shape, seed, magnitude=2**28)
    expected = with_scipy(ifmap, filters, shape)  # sums reach 2**62: past float64, within int64
    assert np.array_equal(conv_windows(ifmap, filters, shape.U, shape.P, shape.G), expected)


@settings(max_examples=30)
@given(layer_shapes(largest=5, channels=2, batch=1), seeds)
def test_fractions_stay_exact(shape, seed):
    ifmap, filters = (np.vectorize(lambda word: Fraction(int(word), 7), otypes=[object])(a)
                      for a in whole_numbers(shape, seed))  # fmt: skip
    arguments = (ifmap, filters, shape.U, shape.P, shape.G)
    assert np.array_equal(conv_loops(*arguments), conv_windows(*arguments))


@settings(max_examples=30)
@given(layer_shapes(largest=5, channels=2, batch=2), seeds)
def test_loops_do_exactly_the_operations_they_say(shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    tally = Tally()
    ofmap = conv_loops(tally.words(ifmap), tally.words(filters), shape.U, shape.P, shape.G)
    said = loops_operations(shape)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    assert said.multiplications == shape.macs
    assert np.array_equal(values(ofmap), conv_windows(ifmap, filters, shape.U, shape.P, shape.G))


@given(layer_shapes(largest=7, channels=2), seeds)
@settings(max_examples=30)
def test_convolution_is_linear_in_the_ifmap(shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    other, _ = whole_numbers(shape, seed + 1)
    conv = lambda words: conv_windows(words, filters, shape.U, shape.P, shape.G)  # noqa: E731
    assert np.array_equal(conv(3 * ifmap - other), 3 * conv(ifmap) - conv(other))


@pytest.mark.parametrize(
    ("ifmap_type", "filter_type", "ofmap_type"),
    [
        ("bool", "int8", "int64"),
        ("uint64", "int8", "int64"),
        ("float16", "float16", "float32"),
        ("float32", "float32", "float32"),
        ("int16", "float64", "float64"),
        ("complex64", "float32", "complex64"),
    ],
)
def test_dtypes_never_narrow_a_sum(ifmap_type, filter_type, ofmap_type):
    ifmap, filters = np.ones((1, 2, 3, 4), ifmap_type), np.ones((1, 2, 2, 2), filter_type)
    for conv in (conv_loops, conv_windows):
        ofmap = conv(ifmap, filters)
        assert ofmap.dtype == ofmap_type and np.all(ofmap == 8)


def test_arguments_are_left_alone():
    ifmap, filters = whole_numbers(ALEXNET_LIKE, 3)
    before = ifmap.copy(), filters.copy()
    conv_windows(ifmap, filters, U=4)
    assert np.array_equal(ifmap, before[0]) and np.array_equal(filters, before[1])
