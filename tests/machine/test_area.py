"""The area rule of ISCA 2016: its table of register files and buffers, and what follows for larger arrays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw.dataflows import DATAFLOWS
from cnnhw.errors import CourseError
from cnnhw.machine.area import AREA_PER_BYTE, equal_area, memory_area, memory_bytes

RF_BYTES = {name: dataflow.rf_bytes for name, dataflow in DATAFLOWS.items()}


def test_isca2016_buffers_of_256_pes():
    kilobytes = {name: round(equal_area(256, rf) / 1024, 1) for name, rf in RF_BYTES.items()}
    assert kilobytes == {"WS": 334.3, "OS_A": 243.9, "OS_B": 303.8, "OS_C": 334.3, "NLR": 338.3, "RS": 128.0}


@pytest.mark.parametrize("pes", [256, 512, 1024])
def test_the_area_is_the_same_for_all(pes):
    budget = pes * memory_area(512) + memory_area(pes * 512)
    for rf in RF_BYTES.values():
        assert pes * memory_area(rf) + memory_area(equal_area(pes, rf)) == pytest.approx(budget)
    assert equal_area(pes, 512) == pytest.approx(512 * pes)


@pytest.mark.parametrize("size", AREA_PER_BYTE)
def test_a_size_of_the_table_comes_back(size):
    assert memory_area(size) == size * AREA_PER_BYTE[size]
    assert memory_bytes(memory_area(size)) == pytest.approx(size)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_bytes_never_take_less_area(one, other):
    small, large = sorted((one, other))
    assert memory_area(small) <= memory_area(large) * (1 + 1e-12)
    assert memory_bytes(small) <= memory_bytes(large)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: memory_area(-1), "a memory has 0 bytes or more\n  got -1 bytes\n  give a number from 0 on"),
        (lambda: memory_bytes(-1), "a memory's area is 0 or more\n  got -1 um2\n  give a number from 0 on"),
    ],
)
def test_impossible_memories(call, message):
    with pytest.raises(CourseError) as error:
        call()
    assert str(error.value) == message


def test_register_files_past_the_area():
    """Of 4096 bytes in place of 512 each: 256 * (12.70 * 4096 - 20.87 * 512) - 12.70 * 128 kB of area."""
    with pytest.raises(CourseError) as error:
        equal_area(256, 4096)
    assert str(error.value) == (
        "the register files may not take more than the area for all memory\n"
        "  got 256 register files of 4096 bytes, 8916828 um2 too much\n"
        "  use smaller register files"
    )


def test_register_files_that_take_all_the_area_leave_no_buffer():
    """Without PEs there is no area, and no memory takes all of it."""
    assert equal_area(0, 512) == 0


def test_past_the_table_a_byte_costs_the_same():
    """12.70 um2 from 4096 bytes on, in both directions; below 2 bytes each has the area of one of 2."""
    assert memory_area(10_000) == pytest.approx(127_000)
    assert memory_bytes(127_000) == pytest.approx(10_000)
    assert memory_area(1) == 103.47 and memory_bytes(103.47) == pytest.approx(1)
    assert memory_area(3) == pytest.approx(3 * (103.47 + 172.07) / 2)
