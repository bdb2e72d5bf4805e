"""The systolic array: emulation, closed form and NumPy's product agree for every size and option."""

import numpy as np
import pytest
from drawn import layer_shapes, seeds, whole_numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.conv import conv_loops
from cnnhw.shape import LayerShape
from cnnhw.systolic import Dataflow, Drain, Ragged, convolve, multiply, plan
from cnnhw.systolic.edges import Tokens

sizes = st.integers(1, 9)


@st.composite
def products(draw):
    """Draw two matrices of whole numbers, an array of any shape, and options that go together."""
    windows, inner, filters = draw(sizes), draw(sizes), draw(sizes)
    random = np.random.default_rng(draw(seeds))
    largest = draw(st.sampled_from([99, 5000, 2**28]))  # sums exact in a float32, a float64, only in an int64
    ifmap = random.integers(-largest, largest + 1, (windows, inner))
    words = ifmap, random.integers(-largest, largest + 1, (inner, filters))
    dataflow = draw(st.sampled_from(Dataflow))
    drain = draw(st.sampled_from(Drain)) if dataflow == Dataflow.OUTPUT else Drain.SHIFT
    options = {"drain": drain, "ragged": draw(st.sampled_from(Ragged))}
    return *words, draw(sizes), draw(sizes), dataflow, options


@settings(max_examples=400, deadline=None)
@given(products())
def test_emulation_is_closed_form_is_product(drawn):
    ifmap, filters, rows, cols, dataflow, options = drawn
    run = multiply(ifmap, filters, rows, cols, dataflow, **options)
    assert np.array_equal(run.product, ifmap @ filters)
    assert run.product.dtype == np.int64
    assert run.cycles == len(run.active) == run.plan.cycles
    assert run.words == run.plan.words
    assert run.macs == run.plan.macs == ifmap.size * filters.shape[1]
    assert run.mean_active_pes == run.plan.mean_active_pes
    assert run.active.max() <= rows * cols


@settings(max_examples=150, deadline=None)
@given(products())
def test_a_trace_changes_nothing_and_gives_the_product_again(drawn):
    ifmap, filters, rows, cols, dataflow, options = drawn
    plain = multiply(ifmap, filters, rows, cols, dataflow, **options)
    run = multiply(ifmap, filters, rows, cols, dataflow, trace=True, **options)
    assert np.array_equal(run.product, plain.product)
    assert np.array_equal(run.active, plain.active)
    assert run.words == plain.words
    trace = run.trace
    assert {trace.ifmap.dtype, trace.filter.dtype, trace.psum.dtype} == {ifmap.dtype}
    assert trace.cycles == range(run.cycles)
    assert np.array_equal(trace.at_work.sum(axis=(1, 2)), run.active)
    if dataflow == Dataflow.OUTPUT and rows >= len(ifmap) and cols >= filters.shape[1]:
        macs = (trace.ifmap * trace.filter * trace.at_work).sum(axis=0)  # all that each PE ever adds up
        assert np.array_equal(macs[: len(ifmap), : filters.shape[1]], ifmap @ filters)


@settings(max_examples=100, deadline=None)
@given(products(), st.data())
def test_a_window_of_a_trace_is_a_part_of_it(drawn, data):
    ifmap, filters, rows, cols, dataflow, options = drawn
    whole = multiply(ifmap, filters, rows, cols, dataflow, trace=True, **options).trace
    first = data.draw(st.integers(0, len(whole.cycles) - 1))
    last = first + data.draw(st.integers(0, 30))
    part = multiply(ifmap, filters, rows, cols, dataflow, trace=(first, last), **options).trace
    for name in ("ifmap", "filter", "psum", "at_work"):
        assert np.array_equal(getattr(part, name), getattr(whole, name)[first : last + 1])


@settings(max_examples=60, deadline=None)
@given(
    layer_shapes(largest=8, batch=2, channels=2), seeds, sizes, sizes, st.sampled_from(Dataflow)
)  # fmt: skip
def test_layers_equal_conv_loops(shape, seed, rows, cols, dataflow):
    ifmap, filters = whole_numbers(shape, seed)
    run = convolve(ifmap, filters, rows, cols, dataflow, U=shape.U, P=shape.P, G=shape.G)
    assert np.array_equal(run.ofmap, conv_loops(ifmap, filters, shape.U, shape.P, shape.G))
    assert run.macs == shape.macs
    one_group = plan(shape, rows, cols, dataflow)
    assert run.cycles == shape.G * one_group.cycles
    assert run.words == {name: shape.G * words for name, words in one_group.words.items()}


@pytest.mark.parametrize("dataflow", Dataflow)
def test_one_pe_does_one_product_at_a_time(dataflow):
    run = multiply([[3]], [[5]], rows=1, cols=1, dataflow=dataflow)
    assert run.product.tolist() == [[15]]
    assert run.cycles == 2  # 2*1 + 1 + 1 - 2: the MAC, and a cycle that loads the word or lets the psum out


@pytest.mark.parametrize(("rows", "cols"), [(1, 5), (5, 1)])
@pytest.mark.parametrize("dataflow", Dataflow)
def test_one_row_and_one_column(dataflow, rows, cols):
    ifmap, filters = np.arange(12).reshape(3, 4), np.arange(20).reshape(4, 5)
    run = multiply(ifmap, filters, rows, cols, dataflow)
    assert np.array_equal(run.product, ifmap @ filters)
    assert run.cycles == run.plan.cycles


def test_a_full_fold_takes_what_the_paper_says():
    random = np.random.default_rng(0)
    ifmap, filters = random.integers(0, 9, (4, 7)), random.integers(0, 9, (7, 3))
    assert multiply(ifmap, filters, 4, 3).cycles == 2 * 4 + 3 + 7 - 2
    assert multiply(ifmap, filters, 4, 3, drain="bus").cycles == 4 + 3 + 7 - 2
    assert multiply(ifmap, filters, 7, 3, "weight_stationary").cycles == 2 * 7 + 3 + 4 - 2
    assert multiply(ifmap, filters, 7, 4, "input_stationary").cycles == 2 * 7 + 4 + 3 - 2


def test_a_ragged_fold_takes_a_full_ones_time_unless_clipped():
    ifmap, filters = np.ones((5, 6), int), np.ones((6, 4), int)
    assert multiply(ifmap, filters, 3, 3).cycles == 4 * (2 * 3 + 3 + 6 - 2)
    clipped = multiply(ifmap, filters, 3, 3, ragged="clipped")
    assert clipped.cycles == sum(2 * rows + cols + 6 - 2 for rows in (3, 2) for cols in (3, 1))


@pytest.mark.parametrize(
    ("sizes", "pes", "printed"),
    [((6, 7, 5), (4, 3), (47, 59, 55)), ((100, 150, 16), (32, 32), (847, 969, 2199))],
)
def test_cycles_of_scale_sim(sizes, pes, printed):
    """What SCALE-Sim 3.0.0 reports for windows, products, filters: the index of the last cycle."""
    windows, inner, filters = sizes
    words = np.ones((windows, inner), int), np.ones((inner, filters), int)
    for dataflow, index in zip(Dataflow, printed, strict=True):
        drain = "bus" if dataflow == Dataflow.OUTPUT else "shift"  # its code lets no cycle pass for the drain
        assert multiply(*words, *pes, dataflow, drain=drain).cycles - 1 == index


def test_floats_are_close_and_wide_integers_exact():
    random = np.random.default_rng(0)
    ifmap, filters = random.normal(size=(9, 31)), random.normal(size=(31, 7))
    run = multiply(ifmap.astype(np.float32), filters.astype(np.float32), 4, 4)
    assert run.product.dtype == np.float32
    assert np.allclose(run.product, ifmap @ filters, atol=1e-5)
    large = np.array([[2**40 + 1, 3]])
    assert multiply(large, large.T // 2**20, 2, 2).product.tolist() == (large @ (large.T // 2**20)).tolist()


def test_large_layers_only_need_the_plan():
    shape = LayerShape(N=4, M=512, C=512, H=14, R=3, P=1)
    assert plan(shape, 128, 128, "weight_stationary").cycles == 36 * 4 * (2 * 128 + 128 + 4 * 196 - 2)


@pytest.mark.parametrize("dataflow", Dataflow)
def test_work_crosses_the_array_as_a_wave(dataflow):
    rows, cols, passing = 4, 3, 6
    windows, inner, filters = {
        Dataflow.OUTPUT: (rows, passing, cols),
        Dataflow.WEIGHT: (passing, rows, cols),
        Dataflow.INPUT: (cols, rows, passing),
    }[dataflow]
    words = np.ones((windows, inner), int), np.ones((inner, filters), int)
    at_work = multiply(*words, rows, cols, dataflow, trace=True).trace.at_work
    loading = 0 if dataflow == Dataflow.OUTPUT else rows
    for row, col in np.ndindex(rows, cols):
        first = loading + row + col
        assert np.flatnonzero(at_work[:, row, col]).tolist() == list(range(first, first + passing))


def test_the_bus_of_a_column_takes_one_word_a_cycle():
    tokens = Tokens(rows=5, cols=3, time=4)
    for cycle in range(5 + 3 + 4):
        _, last = tokens.shift(cycle)
        assert last.sum(axis=0).max() <= 1


def test_register_contents_by_hand():
    """The product of the docstring: 1*5 + 2*7 = 19 in the first PE, one wave of words behind the other."""
    trace = multiply([[1, 2], [3, 4]], [[5, 6], [7, 8]], rows=2, cols=2, trace=True).trace
    assert trace.ifmap[:4].tolist() == [
        [[1, 0], [0, 0]],
        [[2, 1], [3, 0]],
        [[0, 2], [4, 3]],
        [[0, 0], [0, 4]],
    ]
    assert trace.filter[:4].tolist() == [
        [[5, 0], [0, 0]],
        [[7, 6], [5, 0]],
        [[0, 8], [7, 6]],
        [[0, 0], [0, 8]],
    ]
    assert trace.psum[:5].tolist() == [
        [[5, 0], [0, 0]],
        [[19, 6], [15, 0]],
        [[19, 22], [43, 18]],
        [[19, 22], [43, 50]],
        [[0, 22], [19, 50]],  # 43 has left over the bottom edge, and 19 has come down
    ]
