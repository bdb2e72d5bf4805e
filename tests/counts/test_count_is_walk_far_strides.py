"""count and walk again, where a stride jumps over words, so that a tile is less than its bounding box."""

from drawn import cases
from drawn_nests import machines, nests, small_shapes
from hypothesis import given, settings

from cnnhw.counts import count, walk

CASES = cases(250)  # and 350 of any kind in test_count_is_walk.py


@settings(max_examples=CASES)
@given(nests(small_shapes(least_stride=2, largest_filter=2)), machines())
def test_count_equals_walk_when_windows_leave_gaps(nest, machine):
    assert count(nest, machine) == walk(nest, machine)
