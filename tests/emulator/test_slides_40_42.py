"""TALK slides 40-42: one PE slides a row of 3 weights over a row of 5 pixels."""

import numpy as np
import pytest

from cnnhw import LayerShape, Level, Machine, Nest
from cnnhw.emulator import register_files, replay, run

ROW = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)
NEST = Nest(ROW, [("F", 1, "GLB"), ("S", 1, "RF")])
PE = Machine(1, 1, (Level("RF", {"ifmap": 3, "filter": 3, "psum": 1}),))
PIXELS, WEIGHTS = [2, 3, 5, 7, 11], [100, 10, 1]


@pytest.fixture(scope="module")
def done():
    return run(NEST, PE, np.array([[[PIXELS]]]), np.array([[[WEIGHTS]]]), trace=True)


def plain(words):
    """Words of a row by their place in it."""
    return {index[3]: value for index, value in words.items()}


def test_register_file_after_each_step(done):
    files = register_files(done.trace)
    assert len(files) == done.cycles == 9
    sums = [
        200,
        230,
        235,
        300,
        350,
        357,
        500,
        570,
        581,
    ]  # 2*100, + 3*10, + 5*1; then from pixel 1, from pixel 2
    for step, file in enumerate(files):
        first = step // 3  # three MACs for each psum, then the window slides by one pixel
        assert plain(file["filter"]) == {0: 100, 1: 10, 2: 1}
        assert plain(file["ifmap"]) == {at: PIXELS[at] for at in range(first, first + 3)}
        assert plain(file["psum"]) == {first: sums[step]}


def test_each_slide_brings_one_pixel_and_takes_one(done):
    came = done.trace.select(what="deliver", tensor="ifmap")
    gone = done.trace.select(what="drop", tensor="ifmap", level="RF")
    assert [(e["cycle"], e["index"][3]) for e in came] == [(0, 0), (0, 1), (0, 2), (3, 3), (6, 4)]
    # At the end of cycle 2 pixel 0 makes room, at the end of cycle 5 pixel 1; then the row is done.
    assert [(e["cycle"], e["index"][3]) for e in gone] == [(2, 0), (5, 1), (8, 2), (8, 3), (8, 4)]


def test_weights_come_once_and_psums_leave_when_they_are_done(done):
    assert set(done.trace.select(what="deliver", tensor="filter")["cycle"]) == {0}
    left = done.trace.select(what="update", level="GLB")
    assert [(e["cycle"], e["value"]) for e in left] == [(2, 235), (5, 357), (8, 581)]
    assert done.ofmap.tolist() == [[[[235, 357, 581]]]]
    assert np.array_equal(replay(done.trace, ROW), done.ofmap)


def test_a_window_starts_with_the_words_that_lie_there(done):
    part = run(NEST, PE, np.array([[[PIXELS]]]), np.array([[[WEIGHTS]]]), trace=(4, 7)).trace
    assert register_files(part) == register_files(done.trace)[4:8]


def test_a_psum_is_what_its_own_pe_has_added_until_it_leaves():
    """Two rows of PEs: what the lower passes up is added when its psum leaves, after the snapshot."""
    layer = LayerShape(M=2, C=1, H=3, W=6, R=2, S=3)
    loops = [("M", 1, "GLB"), ("F", 1, "GLB"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")]
    rng = np.random.default_rng(1)
    ifmap, filters = rng.integers(1, 9, (1, 1, 3, 6)), rng.integers(1, 9, (2, 1, 2, 3))
    trace = run(Nest(layer, loops), Machine(2, 2), ifmap, filters, trace=True).trace
    assert any(event.what == "hop" for event in trace)
    for row, col in np.ndindex(2, 2):
        files = register_files(trace, row, col)
        done = [e for e in trace if e.what == "mac" and (e.row, e.col) == (row, col)]
        assert len(done) == 2 * 4 * 3
        for event in done:
            assert files[event.cycle]["psum"][event.index] == event.value
