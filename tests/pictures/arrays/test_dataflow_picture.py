"""The picture of a dataflow: what each tensor does, by the slides or read off any nest."""

from collections import Counter

import drawn_hierarchies
import pytest
from dataflows.seventh import InputStationary
from drawn import cases
from emulator.emulated import words
from hypothesis import given, settings

from cnnhw import LayerShape, run
from cnnhw.dataflows import DATAFLOWS
from cnnhw.pictures.arrays.dataflow import FLOWS, dataflow, flow_of
from cnnhw.shape import Tensor

PLANS = {
    "WS": {"r": 2, "t": 3, "f": 5},
    "NLR": {"n": 1, "m": 3, "p": 3, "q": 2, "e": 2, "f": 2},
}


def test_each_dataflow_names_what_every_tensor_does():
    assert dataflow("OS").words == (
        "Output stationary: psum words stay in the PEs, a filter word goes to all PEs at once, "
        "ifmaps move from PE to PE."
    )
    assert "nothing stays" in dataflow("NLR").words and "a filter word of its own" in dataflow("NLR").words
    assert all(len(set().union(*flow.roles.values())) == 3 for flow in FLOWS.values())


@settings(max_examples=cases(80))
@given(drawn_hierarchies.placed(most_macs=60))
def test_what_a_picture_says_of_a_nest_is_what_happens(drawn):
    """In the first cycle of a run: a word that goes to all PEs is in all, a word of its own in one."""
    nest, machine = drawn
    flow, data = flow_of(nest.on(machine)), words(nest.shape)[:2]
    trace = run(nest, machine, *data, trace=(0, 0)).trace
    macs = [event for event in trace if event.what == "mac"]
    for tensor in ("ifmap", "filter"):
        arrives, kept = ("deliver", "fill"), trace.is_kept(tensor)
        used = Counter(
            event.index
            for event in trace
            if (event.tensor, event.level) == (tensor, trace.level_of(tensor))
            and (event.from_row >= 0 if kept else event.what in arrives)
        )
        if tensor in flow.tensors("all"):
            assert list(used.values()) in ([len(macs)], [])  # none: all work on a zero of the padding
        if tensor in flow.tensors("own"):
            assert set(used.values()) <= {1}
    assert (Tensor.PSUM in flow.tensors("chain")) == (len({event.index for event in macs}) < len(macs))


@pytest.mark.parametrize("name", ["WS", "NLR"])
def test_a_nest_is_drawn_as_the_slide_draws_its_dataflow(name):
    nest = DATAFLOWS[name].nest(LayerShape(N=2, M=6, C=4, H=6, W=5, R=3, S=2), PLANS[name])
    flow, slide = flow_of(nest), FLOWS[name]
    assert [flow.tensors(role) for role in ("stays", "chain")] == [
        slide.tensors(role) for role in ("stays", "chain")
    ]


def test_a_dataflow_of_a_readers_own_is_drawn():
    nest = InputStationary().nest(LayerShape(N=4, M=4, C=4, H=5, R=2), {"c": 2, "n": 2})
    picture = dataflow(nest, title=InputStationary.title)
    assert picture.words == (
        "Input stationary: ifmap words stay in the PEs, a filter word goes to several PEs at once, "
        "psums move from PE to PE."
    )
    assert ">input stationary</text>" in picture.svg and "stays, one" not in picture.svg
