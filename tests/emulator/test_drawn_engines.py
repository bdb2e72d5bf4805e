"""Both engines agree in everything that a run can be asked for, whatever the nest."""

from drawn import cases
from drawn_nests import machines, nests, small_shapes
from emulator.emulated import assert_right, assert_same, expected, words
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw.emulator import Timing, run
from cnnhw.emulator.engines import codes_every_step

CASES = cases(200)
BUSES = st.one_of(
    st.integers(1, 5),
    st.fixed_dictionaries(
        {"ifmap": st.integers(1, 3), "filter": st.integers(1, 5), "psum": st.integers(1, 4)}
    ),
)


@st.composite
def timings(draw):
    """Draw how fast words move."""
    speeds = draw(st.dictionaries(st.sampled_from(["DRAM", "GLB"]), BUSES, min_size=1))
    return Timing(
        words_per_cycle=speeds, double_buffered=tuple(draw(st.sets(st.sampled_from(["GLB", "RF"]))))
    )


@settings(max_examples=CASES)
@given(nests(small_shapes(most_macs=150)), machines(), timings(), st.booleans())
def test_engines_agree_with_every_option(nest, machine, timing, biased):
    ifmap, filters, bias = words(nest.shape)
    bias = bias if biased else None
    asked = {"timing": timing, "zero_gating": True, "run_length": not codes_every_step(nest)}
    fast, plain = (
        run(nest, machine, ifmap, filters, bias, engine=engine, **asked) for engine in ("fast", "plain")
    )
    assert_same(fast, plain)
    counted_on = machine.with_(first_psum="read") if biased else machine
    assert_right(fast, nest, counted_on, expected(nest.shape, ifmap, filters, bias))
