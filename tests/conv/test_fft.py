"""conv_fft against conv_windows on drawn shapes: exact for whole numbers, within its bound for floats."""

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnhw import CourseError, LayerShape, ShapeError
from cnnhw.conv import conv_windows
from cnnhw.conv.fft import PlainTransform, conv_fft, convolution, error_bound, keep

ALEXNET_LIKE = LayerShape(N=2, M=3, C=3, H=23, W=19, R=11, S=7, U=4)
TILES = st.one_of(st.none(), st.integers(1, 13), st.tuples(st.integers(1, 13), st.integers(1, 13)))
PRODUCTS = st.sampled_from(["direct", "gauss"])
TRANSFORMS = st.sampled_from([None, PlainTransform()])


@settings(max_examples=200, deadline=None)
@given(layer_shapes(), seeds, TILES, PRODUCTS, TRANSFORMS)
@example(ALEXNET_LIKE, 0, 5, "gauss", None)
@example(LayerShape(M=1, C=1, H=1, R=5, P=2), 0, None, "direct", None)  # a filter larger than the ifmap
@example(LayerShape(M=1, C=1, H=3, R=2, P=3), 0, 1, "direct", None)  # psums of padding alone
@example(LayerShape(M=1, C=1, H=9, R=1, U=4), 0, 2, "direct", None)  # a stride that steps over tiles
def test_whole_numbers_come_out_exact(shape, seed, tile, product, transform):
    ifmap, filters = whole_numbers(shape, seed)
    sizes = shape.U, shape.P, shape.G
    ofmap = conv_fft(ifmap, filters, *sizes, tile=tile, product=product, transform=transform)
    assert ofmap.dtype == np.int64
    assert np.array_equal(ofmap, conv_windows(ifmap, filters, *sizes))


@settings(max_examples=200, deadline=None)
@given(layer_shapes(), seeds, TILES, PRODUCTS, TRANSFORMS)
def test_float32_stays_float32_and_within_the_bound(shape, seed, tile, product, transform):
    ifmap, filters = (words.astype(np.float32) / 7 for words in whole_numbers(shape, seed))
    sizes = shape.U, shape.P, shape.G
    ofmap = conv_fft(ifmap, filters, *sizes, tile=tile, product=product, transform=transform)
    exact = conv_windows(ifmap.astype(float), filters.astype(float), *sizes)
    assert ofmap.dtype == np.float32 and ofmap.shape == exact.shape
    assert np.all(abs(ofmap - exact) <= error_bound(ifmap, filters, *sizes, tile=tile))


@pytest.mark.parametrize("tile", [None, 4])
@pytest.mark.parametrize("product", ["direct", "gauss"])
def test_the_bound_is_within_four_digits_of_the_error(tile, product):
    """Filters that are the ifmap: a psum as large as the norms allow, so the bound is not idle."""
    ifmap = np.random.default_rng(3).uniform(-1, 1, (1, 16, 11, 13)).astype(np.float32)
    ofmap = conv_fft(ifmap, ifmap, tile=tile, product=product)
    exact = conv_windows(ifmap.astype(float), ifmap.astype(float))
    bound = error_bound(ifmap, ifmap, tile=tile)
    assert bound / 10_000 < abs(ofmap - exact).max() < bound


def test_tiles_kept_once_serve_ifmaps_of_any_larger_size():
    shape = LayerShape(M=2, C=3, H=9, R=3, P=1)
    kept = keep(whole_numbers(shape, 1)[1], H=9, P=1, tile=4)
    for H in (5, 9, 30):
        ifmap, _ = whole_numbers(LayerShape(M=2, C=3, H=H, R=3, P=1), 2)
        assert np.array_equal(conv_fft(ifmap, kept, P=1), conv_windows(ifmap, kept.filters, P=1))


@settings(max_examples=50, deadline=None)
@given(layer_shapes(), seeds, TILES, PRODUCTS)
def test_kept_spectra_give_the_same(shape, seed, tile, product):
    ifmap, filters = whole_numbers(shape, seed)
    kept = keep(filters, shape.H, shape.W, shape.P, shape.G, tile=tile, product=product)
    ofmap = conv_fft(ifmap, kept, shape.U, shape.P, shape.G)
    assert np.array_equal(ofmap, conv_windows(ifmap, filters, shape.U, shape.P, shape.G))


def test_a_batch_goes_through_in_blocks_with_the_same_result(monkeypatch):
    shape = LayerShape(N=5, M=2, C=3, H=7, R=3, P=1)
    ifmap, filters = whole_numbers(shape, 1)
    monkeypatch.setattr(convolution, "BLOCK_WORDS", 2 * 2 * 8 * 5 * 3)  # two images
    assert np.array_equal(conv_fft(ifmap, filters, P=1), conv_windows(ifmap, filters, P=1))


@pytest.mark.parametrize(
    ("ifmap_type", "filter_type", "ofmap_type"),
    [("uint8", "int8", "int64"), ("float16", "float16", "float32"), ("int16", "float64", "float64")],
)
def test_dtypes_are_those_of_the_reference(ifmap_type, filter_type, ofmap_type):
    ifmap, filters = np.ones((1, 2, 3, 4), ifmap_type), np.ones((1, 2, 2, 2), filter_type)
    ofmap = conv_fft(ifmap, filters)
    assert ofmap.dtype == ofmap_type
    np.testing.assert_allclose(ofmap, 8, rtol=1e-5)


def test_arguments_are_left_alone():
    ifmap, filters = whole_numbers(ALEXNET_LIKE, 3)
    before = ifmap.copy(), filters.copy()
    conv_fft(ifmap, filters, U=4, tile=6)
    assert np.array_equal(ifmap, before[0]) and np.array_equal(filters, before[1])


ONES = np.ones((1, 1, 6, 6)), np.ones((1, 1, 3, 3))


@pytest.mark.parametrize("tile", [0, -1, 2.5, True, (4,), (4, 0), "8", [4, 4]])
def test_a_tile_of_no_words_is_refused(tile):
    with pytest.raises(CourseError) as refused:
        conv_fft(*ONES, tile=tile)
    assert str(refused.value) == (
        "a tile is a whole number of ifmap words, 1 or more, or a pair (rows, columns) of them\n"
        f"  got tile={tile!r}\n"
        "  use a tile such as 8, or None for the whole ifmap"
    )


@pytest.mark.parametrize("product", ["Gauss", 3, []])
def test_an_unknown_product_is_refused(product):
    with pytest.raises(CourseError, match='the complex product is "direct" or "gauss"\n  got product='):
        conv_fft(*ONES, product=product or ["gauss"])


@pytest.mark.parametrize("dtype", [object, complex])
def test_numbers_that_are_not_real_are_refused(dtype):
    with pytest.raises(CourseError) as refused:
        conv_fft(ONES[0].astype(dtype), ONES[1])
    assert str(refused.value).splitlines()[1:] == [
        f"  got ifmap and filters of dtype {np.dtype(dtype)}",
        "  use conv_windows for complex or exact numbers, or convert them, as in words.astype(float)",
    ]


def test_whole_numbers_past_the_bound_are_refused():
    large = np.full((1, 1, 6, 6), 2**29)
    with pytest.raises(CourseError) as refused:
        conv_fft(large, np.full((1, 1, 3, 3), 2**29))
    assert str(refused.value).startswith(
        "whole numbers survive an FFT only if its error stays below one half\n"
        "  got words and sums so large that the error may reach "
    )
    assert str(refused.value).endswith("\n  use conv_windows, which is exact, or smaller words")


def test_kept_spectra_refuse_what_they_were_not_made_for():
    kept = keep(ONES[1], H=6)
    with pytest.raises(CourseError) as refused:
        conv_fft(np.ones((1, 1, 9, 9)), kept)
    assert str(refused.value) == (
        "kept spectra fit ifmaps of the size they were made for\n"
        "  got spectra of 6x6 points, and an ifmap that needs 9x9\n"
        "  call keep again with this H, W and P"
    )
    with pytest.raises(CourseError, match="kept spectra have their tile and product from keep\n  got tile=4"):
        conv_fft(ONES[0], kept, tile=4)
    with pytest.raises(CourseError, match="one type\n  got filters kept as float32, and .* float64\n  keep"):
        conv_fft(ONES[0], keep(ONES[1].astype(np.float32), H=6))


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ((ONES[0], ONES[1], 0), "U must be a whole number, 1 or more"),
        ((ONES[0], np.ones((1, 1, 7, 3))), "the filter must fit into the padded ifmap"),
        ((ONES[0], ONES[1], 1, 0, 2), "the groups must divide C evenly"),
        ((ONES[0] * np.nan, ONES[1]), "every word of ifmap must be a finite number"),
        ((np.ones((1, 1, 0, 6)), ONES[1]), "ifmap must have at least one word on each axis"),
        ((np.full((1, 1, 6, 6), "a"), ONES[1]), "ifmap must hold numbers"),
    ],
)
def test_the_door_is_that_of_every_convolution(arguments, rule):
    with pytest.raises(ShapeError) as refused:
        conv_fft(*arguments)
    assert refused.value.rule.startswith(rule)


def test_keep_checks_at_the_same_door():
    with pytest.raises(ShapeError, match="every word of filters must be a finite number"):
        keep(ONES[1] * np.inf, H=6)
    with pytest.raises(ShapeError, match="filters must have four axes"):
        keep(ONES[1][0], H=6)
    with pytest.raises(ShapeError, match="the filter must fit"):
        keep(ONES[1], H=2)
    wrong = {
        "H must be": {"H": 0},
        "G must be": {"G": 0},
        "P must be": {"P": -1},
        "the groups must": {"G": 2},
    }
    for rule, sizes in wrong.items():
        with pytest.raises(ShapeError, match=rule):
            keep(ONES[1], **{"H": 6, **sizes})
    with pytest.raises(ShapeError, match="filters must be an array with axes"):
        keep([[[[1, 2], [3]]]], H=6)
    with pytest.raises(ShapeError, match="filters must have at least one word"):
        keep(ONES[1][:0], H=6)
    with pytest.raises(CourseError, match="conv_fft convolves real numbers"):
        keep(ONES[1].astype(complex), H=6)
