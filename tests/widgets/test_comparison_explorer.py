"""The explorer of dataflows, moved by Python: its numbers are the mapper's; what does not fit says why."""

import itertools

import pytest

from cnnhw.experiments.isca2016 import BATCHES, PES, bars
from cnnhw.widgets import explore_dataflows


@pytest.fixture(scope="module")
def explorer():
    return explore_dataflows()


def choose(explorer, layer, pes, N):
    with explorer.together():
        explorer.layer.value = dict(explorer.layer.options)[layer]
        explorer.pes.value, explorer.N.value = pes, N
    return explorer.view.value


def test_every_control_is_labelled(explorer):
    controls = [child for child in explorer.children if child is not explorer.view]
    assert [control.description for control in controls] == ["layer", "PEs", "N, batch"]


@pytest.mark.parametrize(("kind", "layer"), [(0, "all CONV layers"), (1, "all FC layers")])
def test_the_bars_are_those_of_isca2016(explorer, kind, layer):
    view = choose(explorer, layer, 256, 16)
    for name, energy in bars(256, 16)[kind].energy_per_mac.items():
        assert f"{name} {energy:.2f}".rstrip("0").rstrip(".") + " = DRAM" in view
    assert "RS needs least" in view


def test_what_does_not_fit_says_why(explorer):
    view = choose(explorer, "CONV1", 256, 64)
    assert "WS: does not fit" in view
    assert "got 193600 needed at the least, with every parameter 1, and 171146 there." in view
    assert "does not fit" not in choose(explorer, "CONV1", 512, 64)


def test_every_choice_is_a_picture(explorer):
    layers = [label for label, _ in explorer.layer.options]
    assert layers[:3] == ["all CONV layers", "all FC layers", "CONV1"] and len(layers) == 10
    for layer, pes, N in itertools.product(("CONV1", "FC8"), PES, BATCHES):
        assert "<figure" in choose(explorer, layer, pes, N)
