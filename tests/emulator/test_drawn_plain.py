"""The plain engine, word by word, agrees with count and with the definition of a convolution."""

from drawn import cases
from drawn_nests import machines, nests, small_shapes
from emulator.emulated import assert_right, words
from hypothesis import given, settings

from cnnhw.conv import conv_loops
from cnnhw.emulator import run

CASES = cases(250)


@settings(max_examples=CASES)
@given(nests(small_shapes(most_macs=200)), machines())
def test_plain_run_equals_count_and_loops(nest, machine):
    shape = nest.shape
    ifmap, filters, _ = words(shape)
    done = run(nest, machine, ifmap, filters, engine="plain")
    assert_right(done, nest, machine, conv_loops(ifmap, filters, shape.U, shape.P, shape.G, shape.D))
