"""A loop nest under the reader's hands: move loops, change chunks and places, say who keeps what."""

from functools import lru_cache

import ipywidgets

from cnnhw.counts import count
from cnnhw.energy import energy
from cnnhw.machine import Level, Machine
from cnnhw.nest import Loop, Nest, Where
from cnnhw.nest.touched import sizes
from cnnhw.pictures import Picture
from cnnhw.pictures.arrays.nest_card import nest_card
from cnnhw.shape import LayerShape
from cnnhw.widgets.live import Explorer, dropdown, slider
from cnnhw.widgets.nest_starts import LAYERS, STARTS, start_loops

# Chosen for teaching: small enough that a tile that does not fit is soon met.
MACHINE = Machine(3, 4, (Level("RF", 16), Level("GLB", 450)), name="toy")
TENSORS = ("ifmap", "filter", "psum")
KEEPERS = tuple((level, tensor) for level in ("GLB", "RF") for tensor in TENSORS)


def explore_nest() -> "NestExplorer":
    """Reorder the loops of a nest, change their chunks and places; watch words, energy and errors.

    returns  a widget: a layer and a dataflow to start from, the list of loops, and what GLB and RF keep
    """
    return NestExplorer()


class NestExplorer(Explorer):
    """A list of loops with the tools to change it, above the nest's card.

    The loops themselves are in `loops`, outermost first; the controls edit the one that is chosen.
    """

    def __init__(self):
        self.layer, self.start = dropdown("layer", LAYERS), dropdown("start from", list(STARTS))
        self.chosen = ipywidgets.Select(
            description="loops", rows=10, style={"description_width": "11em"},
            layout=ipywidgets.Layout(width="28em"),
        )  # fmt: skip
        self.step = slider("chunk of this loop", 1, 1, 1)
        self.where = dropdown("place of this loop", [str(where) for where in Where])
        self.keeps = {key: _toggle(*key) for key in KEEPERS}
        self.loops: list[Loop] = []
        # Changes that the explorer itself makes to the tools of the chosen loop must not edit that loop.
        self._loading = False
        controls = [self.step, self.where, *self.keeps.values()]
        super().__init__(controls, layout=self._layout())
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
        keeps = {level: {t for t in TENSORS if self.keeps[level, t].value} for level in ("GLB", "RF")}
        return Nest(self.shape, self.loops, keeps)

    def picture(self) -> tuple[Picture, str]:
        """Draw the nest's card below the start's energy, and say how busy the PEs are."""
        nest = self.nest()
        begun = _start(self.shape, self.start.value)
        counts = count(nest, MACHINE)
        card = nest_card(nest, MACHINE, {"start": begun})
        note = (
            f"{counts.macs:,} MACs in {counts.cycles:,} cycles, {counts.mean_active_pes:.1f} of "
            f"{MACHINE.pes} PEs busy on average. The machine: 3 x 4 PEs, "
            f"{MACHINE.words('RF')} words in each RF, {MACHINE.words('GLB')} in the GLB."
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

    def remove(self) -> None:
        """Take the chosen loop out; the last one stays."""
        if len(self.loops) > 1:
            here = self._here
            del self.loops[here]
            self._listed(min(here, len(self.loops) - 1))

    @property
    def _here(self) -> int:
        """Place of the chosen loop; the first if a browser chose none."""
        return self.chosen.index or 0

    def _layout(self) -> list[ipywidgets.Widget]:
        move = [
            _button("Out", "one line out: it runs less often", lambda: self.move(-1)),
            _button("In", "one line in: it runs more often", lambda: self.move(+1)),
            _button("Split", "one more loop over this dim", self.split),
            _button("Remove", "take this loop out", self.remove),
        ]
        keeps = [ipywidgets.HBox([self.keeps[level, t] for t in TENSORS]) for level in ("GLB", "RF")]
        left = ipywidgets.VBox([self.layer, self.start, self.step, self.where, *keeps])
        return [ipywidgets.HBox([left, ipywidgets.VBox([self.chosen, ipywidgets.HBox(move)])])]

    def _restarted(self, _change=None) -> None:
        """Take the loops and the keeps of the dataflow to start from."""
        loops, keeps = start_loops(self.start.value, self.shape, MACHINE)
        self.loops = [Loop(*loop) for loop in loops]
        with self.together():
            for (level, tensor), toggle in self.keeps.items():
                toggle.value = tensor in keeps[level]
            self._listed(0)

    def _listed(self, index: int) -> None:
        """List the loops anew, with one of them chosen."""
        self._loading = True
        self.chosen.options = [(_line(loop), number) for number, loop in enumerate(self.loops)]
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
        self.step.value, self.where.value = loop.step, str(loop.where)
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
        if self.loops:  # before the first start there is nothing to show
            super()._show()


def _line(loop: Loop) -> str:
    return f"{loop.where:<4}  {loop.dim.lower()} in chunks of {loop.step}"


def _toggle(level: str, tensor: str) -> ipywidgets.ToggleButton:
    return ipywidgets.ToggleButton(
        description=f"{level} keeps {tensor}", tooltip=f"whether {level} keeps {tensor} words",
        layout=ipywidgets.Layout(width="10.5em"),
    )  # fmt: skip


def _button(name: str, does: str, pressed) -> ipywidgets.Button:
    button = ipywidgets.Button(
        description=name, tooltip=f"{name}: {does}", layout=ipywidgets.Layout(width="6.5em")
    )
    button.on_click(lambda _button: pressed())
    return button


@lru_cache(maxsize=64)
def _start(shape: LayerShape, name: str):
    """The energy of the dataflow that the reader began with."""
    loops, keeps = start_loops(name, shape, MACHINE)
    return energy(count(Nest(shape, loops, keeps), MACHINE), MACHINE)
