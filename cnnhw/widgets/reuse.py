"""Reuse under the reader's hands: how often a value is used at each level, and what it costs."""

from math import prod

from cnnhw.energy import value_accesses
from cnnhw.machine import SLIDE_35
from cnnhw.pictures import Picture
from cnnhw.pictures.energy.reuse import reuse_energy
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.widgets.live import Explorer, dropdown, slider

_MOST = 8  # of each of a, b, c and d; chosen for teaching
_VALUES = (("input: an ifmap or filter word", "input"), ("psum", "psum"))


def explore_reuse() -> "ReuseExplorer":
    """Choose how often a value is used at each level; see the accesses and the energy by level.

    returns  a widget with a list for the kind of value and sliders for a, b, c and d
    """
    return ReuseExplorer()


class ReuseExplorer(Explorer):
    """A list and four sliders above the bars of reuse_energy."""

    # One slider more than other explorers have: each equation has four letters, one a level.
    def __init__(self):
        self.value = dropdown("value", _VALUES)
        self.a = slider("a, uses from DRAM", 1, 1, _MOST)
        self.b = slider("b, uses from the GLB", 2, 1, _MOST)
        self.c = slider("c, PEs in the array", 3, 1, _MOST)
        self.d = slider("d, uses from the RF", 4, 1, _MOST)
        super().__init__([self.value, self.a, self.b, self.c, self.d])

    def picture(self) -> tuple[Picture, str]:
        """Draw the energy by level, and compare it with fetching the value from DRAM for every MAC."""
        value, uses = self.value.value, [slider.value for slider in (self.a, self.b, self.c, self.d)]
        macs = prod(uses)
        energy, alone = _energy(value, *uses), _energy(value, macs, 1, 1, 1)
        note = (
            f"With a trip to DRAM for each of the {macs} MACs: {short(alone)}, "
            f"{alone / energy:.1f} times as much."
        )
        return reuse_energy(value, *uses), note


def _energy(value: str, a: int, b: int, c: int, d: int) -> float:
    return sum(words * SLIDE_35[place] for place, words in value_accesses(value, a, b, c, d).items())
