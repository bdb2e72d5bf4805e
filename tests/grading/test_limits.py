"""When time that ran out is called memory: by what was held and where the time went."""

import pytest

from cnnhw_grading.inside import limits

_ALL = limits.MEMORY_BYTES


@pytest.mark.parametrize(
    ("memory", "user", "system", "filling"),
    [
        (_ALL * 0.9, 1.0, 4.0, True),
        (_ALL * 0.9, 4.0, 1.0, True),  # where a page's cost is called the user's
        (_ALL * 0.2, 1.0, 4.0, True),  # a fresh virtual machine: little came in five seconds
        (_ALL * 0.2, 4.0, 1.0, False),  # a long computation on a large array
        (_ALL * 0.05, 0.1, 4.9, False),  # a loop of system calls
        (_ALL * 0.05, 4.9, 0.1, False),
    ],
)
def test_time_that_went_into_taking_memory_is_told_from_time_spent(memory, user, system, filling):
    assert limits.filling(memory, user, system) == filling
