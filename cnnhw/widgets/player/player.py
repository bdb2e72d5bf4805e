"""play: the one function of the player, and the value that notebooks and browsers show."""

import html
from dataclasses import dataclass

from cnnhw.emulator import Trace
from cnnhw.errors import CourseError
from cnnhw.machine import SLIDE_35, Costs, Machine
from cnnhw.pictures import Picture
from cnnhw.pictures.player.frame import array_cycle
from cnnhw.widgets.player.page import page, script
from cnnhw.widgets.player.score import score


@dataclass(frozen=True, repr=False)
class Player:
    """A trace that can be played wherever HTML with a script is shown.

    score     what the script plays, see cnnhw.widgets.player.score
    picture   the first cycle, for where no script runs
    """

    score: dict
    picture: Picture

    def __repr__(self) -> str:
        return self.picture.words

    def _repr_html_(self) -> str:
        return f'<div class="cnnhw-player">{self.picture._repr_html_()}</div>{script(self.score)}'

    def html(self, title: str = "An array of PEs") -> str:
        """Give a whole page with the player in it, which asks nothing of a network.

        title    of the page, and its heading
        returns  HTML; write it to a file with encoding="utf-8"
        """
        return page(html.escape(title), self._repr_html_())


def play(trace: Trace, costs: Costs | Machine = SLIDE_35) -> Player:
    """Play a trace: what lies in each register file, the words that move, and energy by level.

    trace    of a run, or a window of one
    costs    what an access at each level costs; or the machine that ran, on any hierarchy
    returns  a Player; as the last line of a cell it is shown. Space plays and pauses, arrow keys step, Home
             and End go to the ends, Tab goes from PE to PE. The PE under the mouse, or with the focus, shows
             its register file
    raises   CourseError if it is no trace, has too many events for a page, or a level without a price
    source   TALK slides 36-42

    >>> import numpy as np
    >>> from cnnhw import LayerShape, Machine, Nest
    >>> from cnnhw.emulator import run
    >>> nest = Nest(LayerShape(M=1, C=1, H=1, W=5, R=1, S=3), [("F", 1, "GLB"), ("S", 1, "RF")])
    >>> ifmap, filters = np.array([[[[1, 2, 3, 4, 5]]]]), np.array([[[[100, 10, 1]]]])
    >>> player = play(run(nest, Machine.unbounded(), ifmap, filters, trace=True).trace)
    >>> print(player.score["said"][1].replace(" and ", "\\nand "))
    cycle 1: PE (0, 0) multiplies ifmap[0, 0, 0, 1] = 2 with filter[0, 0, 0, 1] = 10
    and has psum[0, 0, 0, 0] = 120.
    """
    if not isinstance(trace, Trace) or not isinstance(costs, (Costs, Machine)):
        raise CourseError(
            "a player plays a Trace, and adds up Costs",
            f"{type(trace).__name__} and {type(costs).__name__}",
            "call play(run(nest, machine, ifmap, filters, trace=True).trace)",
        )
    return Player(score(trace, costs), array_cycle(trace, trace.window[0]))
