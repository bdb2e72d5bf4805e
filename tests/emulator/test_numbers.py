"""What numbers a run can work on: whole ones of any size, floats, objects, fixed point."""

from fractions import Fraction

import numpy as np
import pytest
from emulator.emulated import assert_same, expected, words

from cnnhw import LayerShape, Machine, Nest
from cnnhw.conv import conv_loops
from cnnhw.emulator import FixedPoint, replay, run
from cnnhw.errors import CourseError
from cnnhw.tensors.fixed_point import requantize

SHAPE = LayerShape(N=2, M=3, C=2, H=5, W=7, R=3, S=2, P=1)
NEST = Nest(
    SHAPE,
    [("C", 1, "DRAM"), ("M", 2, "DRAM"), ("N", 1, "GLB"), ("F", 3, "GLB"), ("F", 1, "GLB"), ("R", 1, "ROWS")]
    + [("E", 2, "COLS"), ("M", 1, "RF"), ("E", 1, "RF"), ("S", 1, "RF")],
)
ANY = Machine.unbounded()
ENGINES = ("plain", "fast")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", [np.int8, np.uint16, bool, np.int64])
def test_whole_numbers_become_int64(engine, dtype):
    ifmap, filters = (np.abs(array).astype(dtype) for array in words(SHAPE)[:2])
    done = run(NEST, ANY, ifmap, filters, engine=engine)
    assert done.ofmap.dtype == np.int64
    assert np.array_equal(done.ofmap, expected(SHAPE, ifmap, filters))


@pytest.mark.parametrize("engine", ENGINES)
def test_whole_numbers_past_2_to_53_are_exact(engine):
    ifmap, filters, _ = words(SHAPE)
    ifmap = ifmap + 2**54
    assert np.array_equal(
        run(NEST, ANY, ifmap, filters, engine=engine).ofmap, conv_loops(ifmap, filters, P=1)
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [Fraction, lambda value: int(value) * 10**30])
def test_objects_are_exact(engine, number):
    shape = LayerShape(M=3, C=2, H=4, W=3, R=3, S=2)
    nest = Nest(
        shape,
        [
            ("C", 1, "DRAM"),
            ("M", 1, "GLB"),
            ("F", 1, "GLB"),
            ("E", 1, "COLS"),
            ("R", 1, "ROWS"),
            ("S", 1, "RF"),
        ],
    )
    ifmap, filters, bias = (np.vectorize(number, otypes=[object])(array) for array in words(shape))
    done = run(nest, ANY, ifmap, filters, bias, engine=engine)
    assert done.ofmap.dtype == object
    assert np.array_equal(done.ofmap, conv_loops(ifmap, filters) + bias[:, None, None])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float64, np.float64), (np.float32, np.float32), (np.float16, np.float32)]
)
def test_floats_keep_their_precision(engine, dtype, kept):
    ifmap, filters, bias = (array.astype(dtype) / 8 for array in words(SHAPE))
    done = run(NEST, ANY, ifmap.astype(dtype), filters.astype(dtype), bias.astype(dtype), engine=engine)
    assert done.ofmap.dtype == kept
    # Eighths of small numbers: every sum is exact in each of these precisions.
    assert np.array_equal(done.ofmap, expected(SHAPE, ifmap.astype(float), filters.astype(float), bias))


@pytest.mark.parametrize("engine", ENGINES)
def test_fixed_point_rounds_the_finished_psum(engine):
    ifmap, filters, bias = words(SHAPE)
    arithmetic = FixedPoint(bits=8, ifmap_fraction=3, filter_fraction=4, ofmap_fraction=5)
    done = run(NEST, ANY, ifmap, filters, bias, arithmetic=arithmetic, engine=engine)
    assert np.array_equal(done.ofmap, requantize(expected(SHAPE, ifmap, filters, bias), 7, 8, 5))
    assert done.options["arithmetic"] is arithmetic


@pytest.mark.parametrize("saturate", [True, False])
def test_narrow_psums_overflow_in_order(saturate):
    one = LayerShape(M=1, C=1, H=1, W=3, R=1, S=3)
    nest = Nest(one, [("S", 1, "RF")])
    arithmetic = FixedPoint(
        bits=4, psum_bits=6, ifmap_fraction=0, filter_fraction=0, ofmap_fraction=0, saturate=saturate
    )
    done = run(nest, ANY, [[[[5, 5, -5]]]], [[[[4, 4, 4]]]], arithmetic=arithmetic, trace=True)
    # 20, then 40: 31 at most, or 40 - 64; then 20 less: 11, or -24 - 20 = -44, which is 20 again in 6 bits.
    psums = done.trace.select(what="mac")["value"].tolist()
    assert psums == ([20, 31, 11] if saturate else [20, -24, 20])
    assert done.ofmap.item() == (7 if saturate else 4)
    assert np.array_equal(replay(done.trace, one), done.ofmap)
    assert done.options["engine"] == "plain"


@pytest.mark.parametrize(
    "shape", [SHAPE, LayerShape(M=2, C=4, H=5, R=3, U=2, P=2), LayerShape(M=4, C=4, H=5, R=3, P=1, G=2)]
)
def test_engines_agree_where_psums_just_fit(shape):
    ifmap, filters, _ = words(shape)
    largest = int(expected(shape, abs(ifmap), abs(filters)).max())
    narrow = FixedPoint(bits=8, psum_bits=largest.bit_length() + 1)
    nest = Nest(shape, [(dim, 1, "RF") for dim in "NGMCEFRS"])
    assert_same(*(run(nest, ANY, ifmap, filters, arithmetic=narrow, engine=engine) for engine in ENGINES))


def test_fast_engine_leaves_overflow_to_the_plain_one():
    ifmap, filters, _ = words(SHAPE)
    with pytest.raises(CourseError) as error:
        run(NEST, ANY, ifmap * 9, filters * 9, arithmetic=FixedPoint(bits=8, psum_bits=8), engine="fast")
    most = int(expected(SHAPE, abs(ifmap * 9), abs(filters * 9)).max())
    assert str(error.value) == (
        "where a psum can overflow, the order of its sums matters, and only the plain engine keeps it\n"
        f"  got psums of up to {most} in 8 bits, {SHAPE.macs} MACs\n"
        '  use more psum_bits, smaller words, or engine="plain" and patience'
    )


@pytest.mark.parametrize(("bias", "engine"), [(7, "fast"), (8, "plain"), (-8, "plain")])
def test_the_bias_is_part_of_a_psum(bias, engine):
    """Words of +-1: sums of 2 * 3 * 4 = 24 products; 31 fits 6 bits, 32 does not."""
    shape = LayerShape(M=1, C=2, H=3, W=4, R=3, S=4)
    nest = Nest(shape, [("C", 1, "RF"), ("R", 1, "RF"), ("S", 1, "RF")])
    ones = np.ones((1, 2, 3, 4), int)
    narrow = FixedPoint(bits=4, psum_bits=6, ifmap_fraction=0, filter_fraction=0, ofmap_fraction=0)
    done = run(nest, ANY, ones, ones, np.array([bias]), arithmetic=narrow)
    assert done.options["engine"] == engine
    assert narrow.fits(31) and not narrow.fits(32)


def refused(wrong):
    with pytest.raises(CourseError) as error:
        wrong()
    return str(error.value)


@pytest.mark.parametrize(("bits", "low", "high"), [(8, -128, 127), (5, -16, 15)])
def test_words_of_the_format_lie_between_two_ends(bits, low, high):
    arithmetic, fits = FixedPoint(bits=bits), np.array([low, high])
    arithmetic.check(fits, fits)
    for name, ifmap, filters, words_ in (
        ("ifmap", fits + 1, fits, f"{low + 1} to {high + 1}"),
        ("filters", fits, fits - 1, f"{low - 1} to {high - 1}"),
    ):
        assert refused(lambda a=ifmap, b=filters: arithmetic.check(a, b)) == (
            f"words of {bits} bits lie from {low} to {high}\n  got {name} from {words_}\n"
            "  use fewer fraction bits in tensors.to_fixed, or more bits"
        )


def test_words_of_the_format_are_whole():
    ifmap, filters, _ = words(SHAPE)
    assert refused(lambda: run(NEST, ANY, ifmap / 2, filters, arithmetic=FixedPoint(bits=8))) == (
        "fixed-point words are whole numbers\n  got ifmap of float64\n"
        "  use tensors.to_fixed(ifmap, bits=8, fraction_bits=...) first"
    )


@pytest.mark.parametrize("options", [{"bits": 1}, {"bits": "8"}, {"rounding": "up"}])
def test_a_format_that_cannot_be(options):
    assert len(refused(lambda: FixedPoint(**options)).splitlines()) == 3


@pytest.mark.parametrize("psum_bits", [7, 63, 8.5, "32", None])
def test_a_psum_is_as_wide_as_a_word_and_fits_the_machine(psum_bits):
    assert FixedPoint(bits=8, psum_bits=8).psum_bits == 8 and FixedPoint(psum_bits=62).psum_bits == 62
    assert refused(lambda: FixedPoint(bits=8, psum_bits=psum_bits)) == (
        "a psum has at least the bits of a word and at most 62\n"
        f"  got psum_bits={psum_bits!r}, bits=8\n  use psum_bits=32, or twice the bits of a word"
    )


@pytest.mark.parametrize("name", ["ifmap_fraction", "filter_fraction", "ofmap_fraction"])
def test_fraction_bits_are_whole(name):
    assert refused(lambda: FixedPoint(**{name: 0.5})) == (
        f"{name} is a whole number\n  got {name}=0.5\n  give it as an int"
    )


def test_sums_of_fixed_point_at_the_ends():
    """6 bits hold -32 to 31; one past an end stays there, or comes back at the other end."""
    stay, wrap = (FixedPoint(bits=4, psum_bits=6, saturate=saturate) for saturate in (True, False))
    assert [stay.add(*pair) for pair in ((20, 11), (20, 12), (-20, -12), (-20, -13))] == [31, 31, -32, -32]
    assert [wrap.add(*pair) for pair in ((20, 11), (20, 12), (-20, -12), (-20, -13))] == [31, -32, -32, 31]
