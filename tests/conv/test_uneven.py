"""Strides, dilation and padding of their own along each axis: every algorithm against PyTorch and SciPy."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import cases, seeds, uneven_layers, whole_numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from cnnhw import LayerShape, ShapeError
from cnnhw.conv import (
    conv_fft,
    conv_loops,
    conv_strassen,
    conv_toeplitz,
    conv_windows,
    conv_winograd,
)  # fmt: skip
from cnnhw.conv.choose import choose
from cnnhw.conv.fft import keep
from cnnhw.conv.loops import loops_operations
from cnnhw.conv.toeplitz import expansion, repeats, toeplitz_filters, toeplitz_ifmap, toeplitz_index, word_at
from cnnhw.shape import sides
from cnnhw.tensors import pad

slide = ("U", "P", "G", "D")


def slides(shape: LayerShape) -> dict:
    return {name: getattr(shape, name) for name in slide}


def by_torch(ifmap, filters, shape: LayerShape) -> np.ndarray:
    padded = torch.from_numpy(pad(ifmap, shape.P)).double()
    rows, columns = shape.rows, shape.columns
    ofmap = torch.nn.functional.conv2d(
        padded, torch.from_numpy(filters).double(), stride=(rows.U, columns.U),
        dilation=(rows.D, columns.D), groups=shape.G,
    )  # fmt: skip
    return ofmap.numpy().astype(np.int64)


@settings(max_examples=cases(150))
@given(uneven_layers(), seeds, st.sampled_from([None, 3, (2, 5)]))
def test_every_algorithm_equals_pytorch(shape, seed, tile):
    ifmap, filters = whole_numbers(shape, seed)
    wanted = by_torch(ifmap, filters, shape)
    assert wanted.shape == (shape.N, shape.M, shape.E, shape.F)
    ofmaps = [
        conv_windows(ifmap, filters, **slides(shape)), conv_toeplitz(ifmap, filters, **slides(shape)),
        conv_toeplitz(ifmap, filters, **slides(shape), expand="filters"),
        conv_toeplitz(ifmap, filters, **slides(shape), matmul=np.dot),
        conv_strassen(ifmap, filters, **slides(shape), leaf=2),
        conv_fft(ifmap, filters, **slides(shape), tile=tile),
    ]  # fmt: skip
    if shape.macs < 2000:
        ofmaps.append(conv_loops(ifmap, filters, **slides(shape)))
    for ofmap in ofmaps:
        assert np.array_equal(ofmap, wanted)


@settings(max_examples=40)
@given(uneven_layers(batch=1, channels=1, groups=1), seeds)
def test_one_plane_equals_scipy(shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    rows, columns = shape.rows, shape.columns
    spread = np.zeros((rows.window, columns.window), int)
    spread[:: rows.D, :: columns.D] = filters[0, 0]
    every = correlate2d(pad(ifmap, shape.P)[0, 0], spread, mode="valid")
    assert np.array_equal(conv_windows(ifmap, filters, **slides(shape))[0, 0], every[:: rows.U, :: columns.U])


@settings(max_examples=40)
@given(uneven_layers(largest=6, channels=2, batch=1), seeds)
def test_the_matrices_and_what_is_said_of_them(shape, seed):
    ifmap, filters = whole_numbers(shape, seed)
    one = replace(shape, G=1, M=shape.made, C=shape.seen)
    planes = ifmap[:, : one.C]
    matrix, index = toeplitz_ifmap(planes, one), toeplitz_index(one)
    assert np.array_equal(np.where(index < 0, 0, planes.ravel()[index]), matrix)
    assert expansion(one).words == np.count_nonzero(index >= 0)
    assert expansion(one).distinct == len(set(index[index >= 0].tolist())) == one.ifmap_words_read
    assert np.array_equal(
        repeats(one).ravel(), np.bincount(index[index >= 0], minlength=one.C * one.H * one.W)[: one.H * one.W]
    )
    at = word_at(one, len(matrix) - 1, 0)
    assert (at is None) == (index[-1, 0] < 0)
    laid = toeplitz_filters(filters[: one.M], one) @ planes.reshape(-1)
    assert np.array_equal(laid.reshape(one.M, one.E, one.F), by_torch(planes, filters[: one.M], one)[0])


def test_numbers_that_are_the_same_are_one():
    sizes = {"M": 1, "C": 1, "H": 9, "R": 3}
    same = LayerShape(**sizes, U=(2, 2), P=((1, 1), (1, 1)), D=(1, 1))
    assert same == LayerShape(**sizes, U=2, P=1) and hash(same) == hash(LayerShape(**sizes, U=2, P=1))
    assert repr(same).endswith("U=2, P=1, G=1)") and repr(LayerShape(**sizes, D=2)).endswith("G=1, D=2)")
    assert LayerShape(**sizes, P=((1, 1), (0, 0))).P == LayerShape(**sizes, P=[1, 0]).P == (1, 0)
    assert LayerShape(**sizes, P=((0, 1), 2)).P == ((0, 1), (2, 2)) and sides((0, 2)) == ((0, 0), (2, 2))
    assert not LayerShape(**sizes, P=((0, 1), 2)).is_even and same.is_even


def test_a_row_of_words_is_a_layer_too():
    """WaveNet's kernels: two words, D apart, padded on the left alone so that nothing looks ahead."""
    audio, taps = np.arange(1, 9).reshape(1, 1, 1, 8), np.array([10, 1]).reshape(1, 1, 1, 2)
    ofmap = conv_windows(audio, taps, P=((0, 0), (4, 0)), D=(1, 4))
    assert ofmap.ravel().tolist() == [1, 2, 3, 4, 15, 26, 37, 48]


def test_operations_and_choice():
    shape = LayerShape(M=2, C=3, H=9, W=8, R=3, S=2, U=(2, 1), D=(1, 3), P=((1, 0), (2, 1)))
    assert loops_operations(shape).multiplications == shape.macs
    assert loops_operations(shape).workspace_words == 3 * 10 * 11
    labels = {row.label for row in choose(shape, "time", rounds=1)}
    assert "toeplitz" in labels and not any("winograd" in label for label in labels)


@settings(max_examples=40)
@given(uneven_layers(), seeds)
def test_winograd_takes_lopsided_padding_and_refuses_the_rest_by_name(shape, seed):
    ifmap, filters = whole_numbers(shape, seed, 9)
    even = replace(shape, U=1, D=1)
    assert np.array_equal(conv_winograd(ifmap, filters, P=even.P, G=even.G), by_torch(ifmap, filters, even))
    if isinstance(shape.U, tuple) or shape.D != 1:
        with pytest.raises(ShapeError, match="Winograd") as caught:
            conv_winograd(ifmap, filters, **slides(shape))
        assert len(str(caught.value).splitlines()) == 3


def test_kept_spectra_of_dilated_filters():
    shape = LayerShape(M=2, C=2, H=9, R=3, D=2, P=2)
    ifmap, filters = whole_numbers(shape, 1)
    kept = keep(filters, H=9, P=2, D=2)
    assert np.array_equal(conv_fft(ifmap, kept, P=2, D=2), by_torch(ifmap, filters, shape))


WRONG = [
    ({"U": (1, 2, 3)}, """U is one number, or one for each axis
  got U=(1, 2, 3)
  give U as an int, or as (down, across)"""),
    ({"D": (1, 0)}, """D must be a whole number, 1 or more
  got D=0
  give D as an int"""),
    ({"P": ((0, 1), (1, 2, 3))}, """P is one number, one for each axis, or two for each axis
  got P=((0, 1), (1, 2, 3))
  give P as an int, as (rows, columns), or as ((above, below), (left, right))"""),
    ({"P": ((0, 1), -1)}, """P must be a whole number, 0 or more
  got P=-1
  give P as an int, 0 for no padding"""),
    ({"D": 3}, """the filter must fit into the padded ifmap
  got R=3, 7 words apart with D=3, but H + 2P = 5 + 2*0 = 5
  use R <= 2, a larger H, or P >= 1"""),
    ({"R": 9, "P": ((1, 2), 0)}, """the filter must fit into the padded ifmap
  got R=9 but H + padding = 5 + 1 + 2 = 8
  use R <= 8, a larger H, or P >= 2"""),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_is_no_slide(wrong, said):
    with pytest.raises(ShapeError) as caught:
        LayerShape(**{"M": 1, "C": 1, "H": 5, "R": 3, **wrong})
    assert str(caught.value) == said
