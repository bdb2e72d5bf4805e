"""count and walk agree in every number, for any layer, nest, bypass and machine that can be drawn."""

from drawn import cases
from drawn_nests import machines, nests
from hypothesis import given, settings

from cnnhw.counts import count, walk

CASES = cases(350)  # and 250 more in test_count_is_walk_far_strides.py, which another worker runs


@settings(max_examples=CASES)
@given(nests(), machines())
def test_count_equals_walk(nest, machine):
    assert count(nest, machine) == walk(nest, machine)
