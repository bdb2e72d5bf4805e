"""count and walk agree in every number on any hierarchy: levels and arrays in any order, arrays in arrays."""

from drawn import cases
from drawn_hierarchies import placed
from drawn_nests import machines, nests
from hypothesis import given, settings

from cnnhw.counts import count, stages, walk

CASES = cases(200)  # CNNHW_CASES=20 draws more than five thousand


@settings(max_examples=CASES)
@given(placed())
def test_count_equals_walk(drawn):
    assert count(*drawn) == walk(*drawn)


@settings(max_examples=cases(80))
@given(nests(), machines())
def test_both_ways_to_sum_agree(nest, machine):
    """What is summed over lists of positions, for loops in any mix, is what the usual machine's sums give."""
    sums = count(nest, machine)
    is_flat, stages._is_flat = stages._is_flat, lambda nest, level: False
    try:
        assert count(nest, machine) == sums
    finally:
        stages._is_flat = is_flat
