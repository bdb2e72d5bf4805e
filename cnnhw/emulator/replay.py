"""replay: a run done once more, from nothing but its trace."""

from collections import defaultdict

import numpy as np

from cnnhw.emulator.seats import NOWHERE
from cnnhw.emulator.trace import Event, Trace
from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape


def replay(trace: Trace, shape: LayerShape) -> np.ndarray:
    """Do a run once more from its events.

    trace    a Trace from the first cycle to the last
    shape    the layer
    returns  ofmap (N, M, E, F), equal to the run's. Of the events' values only those of ifmap and filter
             words are used; psums are multiplied, added, passed on and written anew
    raises   CourseError if the trace is of another layer, or a window of one
    """
    if trace.nest.shape != shape or not trace.is_whole:
        raise CourseError(
            "a replay needs the trace of all cycles of its layer",
            f"{trace!r}, of {trace.nest.shape}",
            "run this layer with trace=True",
        )
    player = _Player(trace)
    for event in trace:
        getattr(player, event.what)(event, (event.row, event.col))
    return trace.arithmetic.finish(player.ofmap())


class _Player:
    """Where each psum lies. Its methods are named after what happens in an event.

    A psum that is delivered or filled moves: what comes back later is added to what has met it meanwhile.
    """

    def __init__(self, trace: Trace):
        self.trace, self.arithmetic, self.order = trace, trace.arithmetic, trace.nest.order
        self.operands = {}  # (PE, tensor) -> what its next MAC multiplies
        self.lies = defaultdict(dict)  # (level, instance) -> psums that lie there
        self.leaving = defaultdict(dict)  # (level, instance) -> psums on their way out
        self.lies[self.order.outermost, NOWHERE] = dict(np.ndenumerate(trace.start))

    def ofmap(self) -> np.ndarray:
        """Give the psums at the outermost level, (N, M, E, F)."""
        found = np.empty_like(self.trace.start)
        for index, psum in self.lies[self.order.outermost, NOWHERE].items():
            found[index] = psum
        return found

    def read(self, event: Event, pe):
        if event.from_row >= 0:  # by the MAC of a PE
            self.operands[pe, event.tensor] = event.value

    def fill(self, event: Event, pe):
        if event.tensor == "psum":
            outside = event.source, self.trace.seats.around(pe, event.level, event.source)
            self.lies[event.level, pe][event.index] = self.lies[outside].pop(event.index, 0)
        elif event.level == self.order.pe and not self.trace.is_kept(event.tensor):
            self.operands[pe, event.tensor] = event.value

    deliver = fill

    def mac(self, event: Event, pe):
        # Padding that is not stored was neither read nor delivered: it is zero.
        product = self.operands.pop((pe, "ifmap"), 0) * self.operands.pop((pe, "filter"))
        self._add(self.lies[self.trace.level_of("psum"), pe], event.index, product)

    def drain(self, event: Event, pe):
        self.leaving[event.level, pe][event.index] = self.lies[event.level, pe].pop(event.index)

    def hop(self, event: Event, pe):
        value = self.leaving[event.level, (event.from_row, event.from_col)].pop(event.index)
        out = self.leaving[event.level, pe]
        self._add(out if event.index in out else self.lies[event.level, pe], event.index, value)

    def update(self, event: Event, pe):
        value = self.leaving[event.source, (event.from_row, event.from_col)].pop(event.index)
        self._add(self.lies[event.level, pe], event.index, value)

    def drop(self, event: Event, pe):
        """A word that is forgotten changes no psum."""

    def _add(self, psums: dict, index, value) -> None:
        # Added as the run adds them: what is there, then what arrives.
        psums[index] = self.arithmetic.add(psums[index], value) if index in psums else value
