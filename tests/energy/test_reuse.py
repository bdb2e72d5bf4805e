"""Energy by four reuse factors: how often one value moves at each level, by hand, and what is refused."""

import pytest

from cnnhw import CourseError
from cnnhw.energy import value_accesses


def test_an_input_moves_a_ab_abc_abcd_times():
    assert value_accesses("input", 2, 3, 5, 7) == {"DRAM": 2, "GLB": 6, "NoC": 30, "RF": 210}


def test_a_psum_is_read_and_written_but_its_first_read_is_not_needed():
    """2*2 - 1; 2*2*(3 - 1); 2*3*(5 - 1); 2*2*3*5*(7 - 1)."""
    assert value_accesses("psum", 2, 3, 5, 7) == {"DRAM": 3, "GLB": 8, "NoC": 24, "RF": 360}
    assert value_accesses("psum", 1, 1, 1, 1) == {"DRAM": 1, "GLB": 0, "NoC": 0, "RF": 0}


@pytest.mark.parametrize("value", ["ofmap", None, "PSUM"])
def test_a_value_is_an_input_or_a_psum(value):
    with pytest.raises(CourseError) as refused:
        value_accesses(value, 1, 1, 1, 1)
    assert str(refused.value) == (
        f"a value is an input or a psum\n  got {value!r}\n"
        '  use "input" for a word of the ifmap or of a filter, "psum" for a word of the ofmap'
    )


@pytest.mark.parametrize("number", [0, -1, 1.5, "2", True])
@pytest.mark.parametrize("letter", range(4))
def test_a_level_uses_a_value_a_whole_number_of_times(letter, number):
    numbers = [2, 3, 5, 7]
    numbers[letter] = number
    with pytest.raises(CourseError) as refused:
        value_accesses("input", *numbers)
    assert str(refused.value) == (
        f"a level uses a value a whole number of times, 1 or more\n  got {'abcd'[letter]}={number!r}\n"
        "  1 is a level that only passes the value on"
    )
