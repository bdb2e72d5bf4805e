"""Whether a call has changed what it was given."""

import numpy as np
import pytest

from cnnhw.checks.plain import same


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.array([1, 2]), np.array([1.0, 2.0]), False),
        (np.array([[1, 2]]), np.array([1, 2]), False),
        (np.array([10**400, 2], object), np.array([10**400, 2], object), True),
        (np.array([10**400, 2], object), np.array([10**400, 3], object), False),
        ([1, (2, [3])], [1, (2, [3])], True),
        ([1, 2], (1, 2), False),
        ([1, 2], [1, 2, 3], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ({"a": [1]}, {"a": [2]}, False),
        (1, True, False),
    ],
)
def test_what_a_call_has_changed(before, after, wanted):
    assert same(before, after) == wanted
