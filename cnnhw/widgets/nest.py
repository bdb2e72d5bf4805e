"""A loop nest under the reader's hands: move loops, change chunks and places, say who keeps what."""

import html
from functools import lru_cache

import ipywidgets

from cnnhw.counts import count
from cnnhw.energy import Energy, energy
from cnnhw.errors import CourseError
from cnnhw.machine import Level, Machine
from cnnhw.nest import DIMS, Loop, Nest
from cnnhw.nest.loop import place_name
from cnnhw.nest.touched import sizes
from cnnhw.pictures import Picture
from cnnhw.pictures.arrays.nest_card import nest_card
from cnnhw.shape import LayerShape
from cnnhw.widgets.live import Explorer, as_three_lines, dropdown, slider, wide
from cnnhw.widgets.nest_best import best_known, keepers
from cnnhw.widgets.nest_play import played
from cnnhw.widgets.nest_starts import LAYERS, STARTS, start_loops
from cnnhw.widgets.nest_told import code, line, pes, score, told

# Chosen for teaching: small enough that a tile that does not fit is soon met.
MACHINE = Machine(3, 4, (Level("RF", 16), Level("GLB", 450)), name="toy")
TENSORS = ("ifmap", "filter", "psum")


def explore_nest(layer: LayerShape | None = None, machine: Machine = MACHINE) -> "NestExplorer":
    """Reorder the loops of a nest, change their chunks and places; watch words, energy and errors.

    layer    any layer, to stand first in the list; None for the small ones alone
    machine  what the nests run on: any levels and arrays
    returns  a widget: a layer and a dataflow to start from, the list of loops, what the levels keep, the nest
             as code, its score against the best known, and a player. Undo takes back any change
    raises   CourseError if it is no layer or no machine
    """
    if not isinstance(layer, LayerShape | None) or not isinstance(machine, Machine):
        raise CourseError(
            "an explorer of nests takes a LayerShape and a Machine",
            f"{type(layer).__name__} and {type(machine).__name__}",
            "call explore_nest(LayerShape(M=4, C=3, H=8, R=3), Machine(3, 4))",
        )
    return NestExplorer(layer, machine)


class NestExplorer(Explorer):
    """A list of loops with the tools to change it, above the nest's card.

    The loops themselves are in `loops`, outermost first; the controls edit the one that is chosen.
    """

    def __init__(self, layer: LayerShape | None, machine: Machine):
        self.machine = machine
        own = [("yours", layer)] if layer else []
        self.layer, self.start = dropdown("layer", [*own, *LAYERS]), dropdown("start from", list(STARTS))
        self.chosen = ipywidgets.Select(
            description="loops", rows=10, style={"description_width": "4em"}, layout=wide()
        )
        self.step = slider("chunk of this loop", 1, 1, 1)
        places = [(place_name(place), place) for place in machine.hierarchy.places]
        self.where = dropdown("place of this loop", places)
        self.dim = dropdown("dim of a new loop", list(DIMS))
        self.keeps = {key: _toggle(*key) for key in keepers(machine.hierarchy)}
        self.code, self.stage = ipywidgets.HTML(), ipywidgets.Output()
        self.loops: list[Loop] = []
        self._past, self._now = [], None
        # Changes that the explorer itself makes to the tools of the chosen loop must not edit that loop.
        self._loading = False
        controls = [self.step, self.where, *self.keeps.values()]
        super().__init__(controls, layout=self._layout())
        self.children = [*self.children, self.stage, self.code]
        for control in (self.layer, self.start):
            control.observe(self._restarted, names="value")
        self.chosen.observe(self._shown_tools, names="index")
        self._restarted()

    @property
    def shape(self) -> LayerShape:
        """The layer as chosen."""
        return self.layer.value

    def nest(self) -> Nest:
        """The nest as the controls stand.

        raises   MappingError if it is none
        """
        return Nest(self.shape, self.loops, self._kept(), self.machine.hierarchy)

    def picture(self) -> tuple[Picture, str]:
        """Draw the nest's card below the start's and the best energy, and say how busy the PEs are."""
        nest, machine = self.nest(), self.machine
        counts, best = count(nest, machine), best_known(self.shape, machine)
        others = {
            "start": _start(self.shape, self.start.value, machine),
            "best": best and _energy(best.nest, machine),
        }
        card = nest_card(nest, machine, {name: spent for name, spent in others.items() if spent})
        note = (
            f"{counts.macs:,} MACs in {counts.cycles:,} cycles, {counts.mean_active_pes:.1f} of "
            f"{pes(machine)} PEs busy on average. "
            f"{score(energy(counts, machine).per_mac, best)} The machine: {told(machine)}."
        )
        return card, note

    def move(self, by: int) -> None:
        """Move the chosen loop: -1 one line out, +1 one line in."""
        here, there = self._here, self._here + by
        if 0 <= there < len(self.loops):
            self.loops[here], self.loops[there] = self.loops[there], self.loops[here]
            self._listed(there)

    def split(self) -> None:
        """Put another loop over the same dim outside the chosen one, with chunks twice as large."""
        here, loop = self._here, self.loops[self._here]
        larger = min(2 * loop.step, self._size(loop.dim))
        self.loops.insert(here, Loop(loop.dim, larger, loop.where))
        self._listed(here)

    def add(self) -> None:
        """Put a loop over the dim that is named inside the chosen one, at its place, one by one."""
        here = self._here + 1
        self.loops.insert(here, Loop(self.dim.value, 1, self.loops[self._here].where))
        self._listed(here)

    def remove(self) -> None:
        """Take the chosen loop out; the last one stays."""
        if len(self.loops) > 1:
            here = self._here
            del self.loops[here]
            self._listed(min(here, len(self.loops) - 1))

    def undo(self) -> None:
        """Take back the last change, whatever it was."""
        if not self._past:
            return
        layer, start, self.loops, keeps, here = self._now = self._past.pop()
        self.loops, self._loading = list(self.loops), True
        self.layer.index, self.start.index = layer, start
        for key, toggle in self.keeps.items():
            toggle.value = key in keeps
        self._loading = False
        self._listed(here)

    def play(self) -> None:
        """Run the nest on random words, and show the first cycles in a player."""
        try:
            player = played(self.nest(), self.machine)
            shown = {"text/plain": repr(player), "text/html": player._repr_html_()}
        except CourseError as error:
            shown = {"text/plain": str(error), "text/html": as_three_lines(error)}
        self.stage.outputs = ({"output_type": "display_data", "data": shown, "metadata": {}},)

    def _kept(self) -> dict[str, set[str]]:
        return {
            level: {tensor for tensor in TENSORS if self.keeps[level, tensor].value}
            for level in self.machine.hierarchy.levels[1:]
        }

    def _noted(self) -> None:
        """Keep what there was before a change, for undo."""
        kept = frozenset(key for key, toggle in self.keeps.items() if toggle.value)
        now = (self.layer.index, self.start.index, tuple(self.loops), kept, self._here)
        if self._now and now[:4] != self._now[:4]:
            self._past.append(self._now)
        self._now = now

    @property
    def _here(self) -> int:
        """Place of the chosen loop; the first if a browser chose none."""
        return self.chosen.index or 0

    def _layout(self) -> list[ipywidgets.Widget]:
        move = [
            _button("Out", "one line out: it runs less often", lambda: self.move(-1)),
            _button("In", "one line in: it runs more often", lambda: self.move(+1)),
            _button("Split", "one more loop over this dim", self.split),
            _button("Add", "a loop over the new dim, inside this one", self.add),
            _button("Remove", "take this loop out", self.remove),
            _button("Undo", "take the last change back", self.undo),
            _button("Play", "run the first cycles in a player", self.play),
        ]
        levels = self.machine.hierarchy.levels[1:]
        keeps = [_wrapped([self.keeps[level, tensor] for tensor in TENSORS]) for level in levels]
        left = ipywidgets.VBox([self.layer, self.start, self.step, self.where, self.dim, *keeps])
        return [_wrapped([left, ipywidgets.VBox([self.chosen, _wrapped(move)])])]

    def _restarted(self, _change=None) -> None:
        """Take the loops and the keeps of the dataflow to start from."""
        if self._loading:
            return
        loops, keeps = start_loops(self.start.value, self.shape, self.machine)
        self.loops = [Loop(*loop) for loop in loops]
        with self.together():
            for (level, tensor), toggle in self.keeps.items():
                toggle.value = tensor in keeps[level]
            self._listed(0)

    def _listed(self, index: int) -> None:
        """List the loops anew, with one of them chosen."""
        self._loading = True
        self.chosen.options = [(line(loop), number) for number, loop in enumerate(self.loops)]
        self.chosen.index = index
        self._loading = False
        self._shown_tools()
        self._moved(None)

    def _shown_tools(self, _change=None) -> None:
        """Set chunk and place to those of the chosen loop."""
        if self._loading:
            return
        loop, self._loading = self.loops[self._here], True
        self.step.max = max(self._size(loop.dim), loop.step)
        self.step.value, self.where.value = loop.step, self.machine.hierarchy.place(loop.where)
        self._loading = False

    def _moved(self, change) -> None:
        if self._loading:
            return
        if change is not None and change["owner"] in (self.step, self.where):
            here = self._here
            self.loops[here] = Loop(self.loops[here].dim, self.step.value, self.where.value)
            self._listed(here)
        else:
            super()._moved(change)

    def _size(self, dim: str) -> int:
        return sizes(self.shape)[dim]

    def _show(self) -> None:
        if not self.loops:  # before the first start there is nothing to show
            return
        self._noted()
        self.stage.outputs = ()
        super()._show()
        written = html.escape(code(self.shape, self.loops, self._kept()))
        self.code.value = (
            f'<p>The nest as code:</p><pre tabindex="0" style="white-space:pre-wrap">{written}</pre>'
        )


def _toggle(level: str, tensor: str) -> ipywidgets.ToggleButton:
    return ipywidgets.ToggleButton(
        description=f"{level} keeps {tensor}", tooltip=f"whether {level} keeps {tensor} words",
        layout=ipywidgets.Layout(width=f"{max(10.5, 6 + 0.7 * len(level + tensor)):g}em"),
    )  # fmt: skip


def _button(name: str, does: str, pressed) -> ipywidgets.Button:
    button = ipywidgets.Button(
        description=name, tooltip=f"{name}: {does}", layout=ipywidgets.Layout(width="6.5em")
    )
    button.on_click(lambda _button: pressed())
    return button


def _wrapped(controls: list[ipywidgets.Widget]) -> ipywidgets.HBox:
    """Put controls beside each other, and on a narrow page below each other."""
    return ipywidgets.HBox(controls, layout=ipywidgets.Layout(flex_flow="row wrap"))


def _energy(nest: Nest, machine: Machine) -> Energy:
    return energy(count(nest, machine), machine)


@lru_cache(maxsize=64)
def _start(shape: LayerShape, name: str, machine: Machine) -> Energy | None:
    """The energy of the dataflow that the reader began with; None if it does not fit."""
    try:
        return _energy(Nest(shape, *start_loops(name, shape, machine)), machine)
    except CourseError:
        return None
