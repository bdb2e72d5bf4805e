"""The dataflows of the course, with the parameters the search finds, run on both engines."""

import pytest
from emulator.emulated import assert_right, assert_same, expected, words

from cnnhw import LayerShape, Level, Machine
from cnnhw.dataflows import DATAFLOWS
from cnnhw.emulator import Timing, replay, run
from cnnhw.mapper import search

LAYERS = {
    "convolution": LayerShape(N=2, M=6, C=4, H=7, R=3, P=1, G=2),
    "stride": LayerShape(M=5, C=3, H=9, R=3, U=2),
    "fully connected": LayerShape.fc(N=3, M=7, C=2, H=3),
}
SMALL = Machine(4, 5, (Level("GLB", 900), Level("RF", 40)))
BUSES = Timing(
    words_per_cycle={"DRAM": 2, "GLB": {"ifmap": 1, "filter": 4, "psum": 4}}, double_buffered=("RF",)
)


@pytest.fixture(autouse=True)
def no_kept_answers(monkeypatch):
    monkeypatch.setenv("CNNHW_CACHE", "off")


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("name", DATAFLOWS)
def test_a_dataflow_runs_on_both_engines(name, layer):
    shape = LAYERS[layer]
    nest = DATAFLOWS[name].nest(shape, search(DATAFLOWS[name], shape, SMALL).parameters)
    ifmap, filters, bias = words(shape)
    machine = Machine.unbounded(first_psum="read")
    fast, plain = (
        run(nest, machine, ifmap, filters, bias, timing=BUSES, zero_gating=True, engine=engine)
        for engine in ("fast", "plain")
    )
    assert_same(fast, plain)
    assert_right(fast, nest, machine, expected(shape, ifmap, filters, bias))


@pytest.mark.parametrize("name", DATAFLOWS)
def test_a_dataflow_replays(name):
    shape = LAYERS["stride"]
    nest = DATAFLOWS[name].nest(shape, search(DATAFLOWS[name], shape, SMALL).parameters)
    ifmap, filters, _ = words(shape)
    done = run(nest, Machine.unbounded(), ifmap, filters, trace=True)
    assert (replay(done.trace, shape) == expected(shape, ifmap, filters)).all()
