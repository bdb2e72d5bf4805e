"""The fast engine agrees with count and with a convolution, for any nest that can be drawn."""

from drawn import cases
from drawn_nests import machines, nests
from emulator.emulated import assert_right, expected, words
from hypothesis import given, settings

from cnnhw.emulator import run

CASES = cases(400)


@settings(max_examples=CASES)
@given(nests(), machines())
def test_fast_run_equals_count_and_convolution(nest, machine):
    ifmap, filters, _ = words(nest.shape)
    done = run(nest, machine, ifmap, filters, engine="fast")
    assert_right(done, nest, machine, expected(nest.shape, ifmap, filters))
