"""What numbers a run can work on: whole ones of any size, floats, objects, fixed point."""

from fractions import Fraction

import numpy as np
import pytest
from emulator.emulated import assert_same, expected, words

from cnnhw import LayerShape, Machine, Nest
from cnnhw.conv import conv_loops
from cnnhw.emulator import FixedPoint, replay, run
from cnnhw.errors import CourseError, ShapeError
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


def test_engines_agree_where_psums_just_fit():
    ifmap, filters, _ = words(SHAPE)
    largest = int(expected(SHAPE, abs(ifmap), abs(filters)).max())
    narrow = FixedPoint(bits=8, psum_bits=largest.bit_length() + 1)
    assert_same(*(run(NEST, ANY, ifmap, filters, arithmetic=narrow, engine=engine) for engine in ENGINES))


def test_fast_engine_leaves_overflow_to_the_plain_one():
    ifmap, filters, _ = words(SHAPE)
    with pytest.raises(CourseError) as error:
        run(NEST, ANY, ifmap * 9, filters * 9, arithmetic=FixedPoint(bits=8, psum_bits=8), engine="fast")
    assert "the order of its sums matters" in str(error.value)
    assert len(str(error.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("ifmap", "told"),
    [(np.full((2, 2, 5, 7), 200), "words of 8 bits lie from -128 to 127"), (0.5, "are whole numbers")],
)
def test_words_that_are_no_words_of_the_format(ifmap, told):
    ifmap = np.broadcast_to(np.asarray(ifmap), (2, 2, 5, 7))
    with pytest.raises(ShapeError) as error:
        run(NEST, ANY, ifmap, words(SHAPE)[1], arithmetic=FixedPoint(bits=8))
    assert told in str(error.value)


@pytest.mark.parametrize(
    "options",
    [
        {"psum_bits": 8},
        {"psum_bits": 63},
        {"bits": 1},
        {"bits": "8"},
        {"rounding": "up"},
        {"ifmap_fraction": 0.5},
    ],
)
def test_a_format_that_cannot_be(options):
    with pytest.raises(CourseError) as error:
        FixedPoint(**options)
    assert len(str(error.value).splitlines()) == 3
