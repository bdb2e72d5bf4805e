"""What zero gating and run-length coding save is counted from the words themselves."""

import numpy as np
import pytest
from emulator.emulated import words

from cnnhw import LayerShape, Machine, Nest
from cnnhw.emulator import Saved, run, run_length_bits, run_length_decode, run_length_encode

SHAPE = LayerShape(M=3, C=2, H=5, W=7, R=3, S=2, P=1)
LOOPS = [
    ("C", 1, "DRAM"),
    ("M", 1, "GLB"),
    ("F", 1, "GLB"),
    ("R", 1, "ROWS"),
    ("E", 1, "COLS"),
    ("S", 1, "RF"),
]
ENGINES = ("plain", "fast")
ANY = Machine.unbounded()


def test_the_example_of_the_eyeriss_paper():
    stream = [0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22]
    assert run_length_encode(stream) == [(2, 12), (4, 53), (2, 22)]
    assert run_length_bits(stream) == 64


@pytest.mark.parametrize("zeros", [0, 1, 30, 31, 32, 33, 63, 64, 65, 96])
@pytest.mark.parametrize("end", [[], [7], [7, 0]])
def test_long_runs_of_zeros_take_several_pairs(zeros, end):
    stream = [0] * zeros + end
    pairs = run_length_encode(stream)
    assert run_length_decode(pairs) == stream
    assert max((run for run, _ in pairs), default=0) <= 31
    assert run_length_bits(stream) == 64 * -(-len(pairs) // 3)


def test_streams_come_back_whatever_they_hold():
    random = np.random.default_rng(40)
    for _ in range(300):
        stream = random.integers(1, 9, random.integers(1, 200)) * (random.random() ** 3 > random.random())
        assert run_length_decode(run_length_encode(stream)) == stream.tolist()
        assert run_length_bits(stream) == 64 * -(-len(run_length_encode(stream)) // 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_gated_macs_are_those_with_an_ifmap_word_of_zero(engine):
    ifmap, filters, _ = words(SHAPE)
    saved = run(Nest(SHAPE, LOOPS), ANY, ifmap, filters, zero_gating=True, engine=engine).saved
    padded = np.pad(ifmap, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 2), axis=(2, 3))
    zeros = SHAPE.M * int((windows == 0).sum())
    assert saved == Saved(gated_macs=zeros, filter_reads=zeros)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_filter_read_is_saved_where_the_rf_keeps_no_filter(engine):
    ifmap, filters, _ = words(SHAPE)
    nest = Nest(SHAPE, LOOPS, {"RF": {"psum"}})
    saved = run(nest, ANY, ifmap, filters, zero_gating=True, engine=engine).saved
    assert saved.gated_macs > 0
    assert saved.filter_reads == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("stores_padding", [False, True])
def test_coded_bits_of_an_ifmap_that_is_read_once_per_channel(engine, stores_padding):
    ifmap, filters, _ = words(SHAPE, zeros=0.8)
    machine = Machine.unbounded(stores_padding=stores_padding)
    done = run(Nest(SHAPE, LOOPS), machine, ifmap, filters, run_length=True, engine=engine)
    stored = np.pad(ifmap, ((0, 0), (0, 0), (1, 1), (1, 1))) if stores_padding else ifmap
    assert done.saved.ifmap_bits == 16 * stored.size
    assert done.saved.ifmap_coded_bits == sum(run_length_bits(stored[:, c]) for c in range(SHAPE.C))
    assert done.saved.ofmap_bits == 16 * SHAPE.ofmap_words
    assert done.saved.ofmap_coded_bits == run_length_bits(done.ofmap)


def test_switches_that_are_off_count_nothing():
    assert run(Nest(SHAPE, LOOPS), ANY, *words(SHAPE)[:2]).saved == Saved()


def test_passes_of_padding_alone_code_no_words():
    """The first windows lie in the padding on one side, the last on the other: nothing is read for them."""
    shape = LayerShape(M=1, C=1, H=3, W=7, R=2, S=3, P=3)
    nest = Nest(shape, [(dim, 1, "DRAM") for dim in "EFRS"], {"RF": {"ifmap"}})
    arrays = np.ones((1, 1, 3, 7), int), np.ones((1, 1, 2, 3), int)
    saved = [run(nest, ANY, *arrays, run_length=True, engine=engine).saved for engine in ENGINES]
    assert saved[0] == saved[1] and saved[0].ifmap_bits == 126 * 16
