"""The six dataflows under the reader's hands: a layer, an array and a batch; energy by level and tensor."""

from functools import cached_property

import ipywidgets

from cnnhw.dataflows import DATAFLOWS
from cnnhw.errors import CourseError
from cnnhw.experiments.isca2016 import BATCHES, PES, plans
from cnnhw.mapper import Plan
from cnnhw.networks import alexnet
from cnnhw.pictures import Picture
from cnnhw.pictures.energy.comparison import energy_of_plans
from cnnhw.widgets.live import Explorer, dropdown, slider


def explore_dataflows() -> "DataflowExplorer":
    """Choose a layer of AlexNet, an array and a batch; see all six dataflows by level and by tensor.

    returns  a widget with a list of layers and sliders for PEs and N. It searches all 432 plans
             before it opens, some 4 seconds on a quiet machine, or half a second where they are on disk
    """
    return DataflowExplorer()


class DataflowExplorer(Explorer):
    """A list and two sliders above the bars of energy_of_plans."""

    def __init__(self):
        self._found = {(pes, N): _all_plans(pes, N) for pes in PES for N in BATCHES}
        self.layer = dropdown("layer", self._layers)
        self.pes = _choice("PEs", PES, PES[0])
        self.N = _choice("N, batch", BATCHES, 16)
        super().__init__([self.layer, self.pes, self.N])

    def picture(self) -> tuple[Picture, str]:
        """Draw the six bars, and name the best, the worst, and what does not fit."""
        there = {name: self._plans_of(name) for name in DATAFLOWS}
        drawing = energy_of_plans(there)
        energy = {name: _energy_per_mac(some) for name, some in there.items() if some is not None}
        best, worst = min(energy, key=energy.get), max(energy, key=energy.get)
        working = max(plan.active_pes for plan in there[best])
        note = (
            f"{best} needs least, {energy[best]:.2f} per MAC, with up to {working} of {self.pes.value} PEs "
            f"at work; {worst} needs {energy[worst] / energy[best]:.2f} times as much."
        )
        return drawing, " ".join([note, *self._refusals()])

    @cached_property
    def _layers(self) -> list[tuple[str, tuple[str, ...]]]:
        network = alexnet()
        together = [("all CONV layers", tuple(network.conv)), ("all FC layers", tuple(network.fc))]
        return together + [(name, (name,)) for name in network.layers]

    def _chosen(self, dataflow: str) -> list[Plan | CourseError]:
        found = self._found[self.pes.value, self.N.value][dataflow]
        return [found[layer] for layer in self.layer.value]

    def _plans_of(self, dataflow: str) -> list[Plan] | None:
        chosen = self._chosen(dataflow)
        return chosen if all(isinstance(plan, Plan) for plan in chosen) else None

    def _refusals(self) -> list[str]:
        """Why a dataflow does not fit: the rule and the values of its error, for the first such layer."""
        refused = []
        for name in DATAFLOWS:
            errors = [plan for plan in self._chosen(name) if isinstance(plan, CourseError)]
            if errors:
                rule, got, _ = str(errors[0]).split("\n")
                refused.append(f"{rule}; {got.strip()}.")
        return refused


def _all_plans(pes: int, N: int) -> dict[str, dict[str, Plan | CourseError]]:
    network = alexnet().with_batch(N)
    return {name: plans(name, network, pes) for name in DATAFLOWS}


def _energy_per_mac(some: list[Plan]) -> float:
    return sum(plan.published_energy for plan in some) / sum(plan.shape.macs for plan in some)


def _choice(description: str, values: tuple[int, ...], first: int) -> ipywidgets.SelectionSlider:
    """A slider over a few values; it looks like the sliders of other explorers."""
    like = slider(description, 0, 0, 1)
    return ipywidgets.SelectionSlider(
        options=values, value=first, description=description, style=like.style, layout=like.layout
    )
