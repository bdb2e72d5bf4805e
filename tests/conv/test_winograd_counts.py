"""The counts of winograd_operations are what conv_winograd does, and what Lavin and Gray print."""

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.checks.counted import Tally, values
from cnnhw.conv import conv_windows
from cnnhw.conv.winograd import conv_winograd, exact, keep, transform_operations, winograd_operations

sizes = st.integers(1, 4) | st.tuples(st.integers(1, 4), st.integers(1, 4))


@settings(max_examples=40, deadline=None)
@given(layer_shapes(largest=6, channels=2, batch=2), seeds, sizes)
def test_winograd_does_exactly_the_operations_it_says(shape, seed, m):
    ifmap, filters = whole_numbers(shape, seed)
    tally = Tally()
    with pytest.MonkeyPatch.context() as patch:
        # The zeros around the ifmap are words like any other: 0 - 0 between plain ints would go uncounted.
        patch.setattr(exact, "blank", lambda size, dtype: tally.words(np.zeros(size, int)))
        kept = keep(tally.words(filters), shape.U, m=m)
        said = winograd_operations(shape, m)
        assert (tally.multiplications, tally.additions) == (
            said.filter_multiplications,
            said.filter_additions,
        )
        assert kept.words == said.filter_words
        tally.multiplications = tally.additions = 0
        ofmap = conv_winograd(tally.words(ifmap), kept, shape.U, shape.P, shape.G)
    assert (tally.multiplications, tally.additions) == (said.multiplications, said.additions)
    assert np.array_equal(values(ofmap), conv_windows(ifmap, filters, shape.U, shape.P, shape.G))


@pytest.mark.parametrize(("m", "saved"), [(2, 2.25), (4, 4)])
def test_lavin_multiplications_of_a_vgg_layer(m, saved):
    """VGG-16's CONV4_2, 28 = 7 * 4 = 14 * 2: no ragged tile; the transforms' multiplications come on top."""
    shape = LayerShape(M=512, C=512, H=28, R=3, P=1)
    tiles = (28 // m) ** 2
    data, _ = transform_operations(m, 3)["data"]
    inverse, _ = transform_operations(m, 3)["inverse"]
    products = winograd_operations(shape, m).multiplications - tiles * 512 * (data + inverse)
    assert shape.macs / products == saved


def test_transforms_of_f2x2_3x3_as_their_matrices_are_written():
    """Reported of LAVIN, not verified: 32 for data, 28 for a filter with sums shared, 24 for an inverse."""
    assert transform_operations(2, 3) == {"data": (0, 32), "filter": (42, 28), "inverse": (0, 24)}


def test_a_rectangular_tile_has_two_different_ways():
    rows, columns = transform_operations((2, 4), (3, 1)), transform_operations((4, 2), (1, 3))
    assert rows.keys() == columns.keys()
    assert winograd_operations(LayerShape(M=1, C=1, H=4, W=6, R=3, S=1), (2, 4)).filter_words == 4 * 1


def test_ragged_tiles_are_computed_whole():
    whole, ragged = (winograd_operations(LayerShape(M=2, C=3, H=H, R=3), 4) for H in (10, 7))  # E = 8, 5
    assert whole == ragged


def test_an_1x1_filter_is_the_plain_product():
    shape = LayerShape(N=2, M=5, C=3, H=7, R=1)
    said = winograd_operations(shape, 4)
    assert (said.multiplications, said.filter_multiplications) == (shape.macs, 0)
    assert said.additions == shape.ofmap_words * (3 - 1)


def test_alexnet_conv1_is_16_parts_and_saves_at_stride_4():
    shape = LayerShape(M=96, C=3, H=227, R=11, U=4)
    said = winograd_operations(shape, 2)
    assert said.multiplications < shape.macs / 1.7
