"""What a reader can do wrong with the systolic array: three lines each."""

import numpy as np
import pytest

from cnnhw.errors import CourseError
from cnnhw.systolic import convolve, multiply

A, B = np.ones((3, 4), int), np.ones((4, 2), int)


def message(*args, **options) -> str:
    with pytest.raises(CourseError) as raised:
        multiply(*args, **options)
    assert str(raised.value).count("\n") == 2
    return str(raised.value)


def test_matrices_that_do_not_fit():
    assert message(A, B.T, 2, 2) == (
        "the ifmap's columns must be as many as the filters' rows: both count products\n"
        "  got ifmap (3, 4), filters (2, 4)\n"
        "  transpose one of them; the product is ifmap @ filters"
    )


@pytest.mark.parametrize("wrong", [np.ones(4), np.ones((2, 2, 2)), np.ones((0, 4)), [[1, 2], [3]]])
def test_not_a_matrix(wrong):
    assert "ifmap must be a matrix (windows, products)" in message(wrong, B, 2, 2)


def test_a_matrix_has_two_axes_and_a_word():
    for wrong in (np.ones((2, 2, 2)), np.ones((4, 0))):
        assert message(A, wrong, 2, 2) == (
            "filters must be a matrix (products, filters) with at least one word\n"
            f"  got shape {wrong.shape}\n"
            "  give two axes, or call convolve for a layer"
        )


@pytest.mark.parametrize("wrong", [A.astype(complex), A.astype(str), A.astype(object)])
def test_not_numbers_of_a_chip(wrong):
    assert "ifmap must hold whole numbers or floats" in message(wrong, B, 2, 2)


def test_not_finite():
    assert "nan at filters[0, 0]" in message(A, np.full((4, 2), np.nan), 2, 2)


def test_sums_past_64_bits():
    assert message(A * 2**40, B * 2**40, 2, 2) == (
        "every psum of whole numbers must fit a signed 64-bit word\n"
        f"  got 4 products that may add up to {2**82}\n"
        "  use smaller words, or floats"
    )


@pytest.mark.parametrize("rows", [0, -1, 2.5, "3", True, None])
def test_an_array_without_pes(rows):
    assert message(A, B, rows, 2) == (
        f"an array needs at least one PE in its rows\n  got rows={rows!r}\n  use rows >= 1"
    )


def test_an_unknown_dataflow():
    assert message(A, B, 2, 2, "row_stationary") == (
        "dataflow must be one of its names\n"
        "  got 'row_stationary'\n"
        "  use 'output_stationary', 'weight_stationary', 'input_stationary'"
    )


def test_unknown_options():
    assert message(A, B, 2, 2, drain="pipe") == (
        "drain must be one of its names\n  got 'pipe'\n  use 'shift', 'bus'"
    )
    assert message(A, B, 2, 2, ragged=True) == (
        "ragged must be one of its names\n  got True\n  use 'array', 'clipped'"
    )


def test_a_bus_for_psums_that_do_not_stay():
    assert message(A, B, 2, 2, "weight_stationary", drain="bus") == (
        "only psums that stay in their PEs need a way out\n"
        "  got drain='bus' with dataflow='weight_stationary'\n"
        '  leave drain out, or use dataflow="output_stationary"'
    )


def test_a_trace_too_large_says_what_fits():
    large = np.ones((3000, 400), int), np.ones((400, 200), int)
    # 94 * 7 folds of 2*32 + 32 + 400 - 2 cycles; 2**24 // (3 * 32*32) fit
    assert message(*large, 32, 32, trace=True) == (
        "a trace may keep 16,777,216 words\n"
        "  got 3 registers of 32 x 32 PEs in 325,052 cycles: 998,559,744 words\n"
        "  trace 5,461 cycles, as in trace=(0, 5460)"
    )
    assert len(multiply(A, B, 2, 2, trace=(3, 4)).trace.cycles) == 2
    assert message(A, B, 9999, 9999, trace=True).splitlines()[2] == "  use a smaller array"


@pytest.mark.parametrize("trace", [1, "all", (0,), (5, 4), (-1, 3), (0, 2.5), (16, 17), None])
def test_not_a_window(trace):
    assert message(A, B, 2, 2, trace=trace) == (
        f"a window is a first and a last of the 16 cycles\n"
        f"  got trace={trace!r}\n"
        "  use trace=(0, 15), or True for all of them"
    )


def test_a_layer_enters_by_the_door_of_convolutions():
    with pytest.raises(CourseError, match="each filter must see C / G channels"):
        convolve(np.ones((1, 3, 4, 4)), np.ones((2, 2, 3, 3)), 2, 2)
