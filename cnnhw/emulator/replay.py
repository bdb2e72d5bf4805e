"""replay: a run done once more, from nothing but its trace."""

from collections import defaultdict

import numpy as np

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
    return trace.arithmetic.finish(player.memory["DRAM"])


class _Player:
    """Where each psum lies. Its methods are named after what happens in an event."""

    def __init__(self, trace: Trace):
        self.arithmetic, self.kept = trace.arithmetic, trace.nest.keeps["RF"]
        self.memory = {"DRAM": trace.start.copy(), "GLB": np.zeros_like(trace.start)}
        self.operands = {}  # (PE, tensor) -> what its next MAC multiplies
        self.pieces = defaultdict(dict)  # PE -> psums that it accumulates
        self.leaving = defaultdict(dict)  # PE or GLB -> psums on their way out

    def read(self, event: Event, pe):
        if event.level == "RF":
            self.operands[pe, event.tensor] = event.value

    def fill(self, event: Event, pe):
        if event.tensor == "psum":
            self.memory["GLB"][event.index] = self.memory["DRAM"][event.index]

    def deliver(self, event: Event, pe):
        if event.tensor == "psum":
            self.pieces[pe][event.index] = self.memory[event.source][event.index]
        elif event.tensor not in self.kept:
            self.operands[pe, event.tensor] = event.value

    def mac(self, event: Event, pe):
        # Padding that is not stored was neither read nor delivered: it is zero.
        product = self.operands.pop((pe, "ifmap"), 0) * self.operands.pop((pe, "filter"))
        psum = self.pieces[pe].get(event.index, 0)
        self.pieces[pe][event.index] = self.arithmetic.add(psum, product)

    def drain(self, event: Event, pe):
        value = self.memory["GLB"][event.index] if event.level == "GLB" else self.pieces[pe].pop(event.index)
        self.leaving[pe][event.index] = value

    def hop(self, event: Event, pe):
        value = self.leaving[event.from_row, event.from_col].pop(event.index)
        pieces = self.leaving[pe] if event.index in self.leaving[pe] else self.pieces[pe]
        # Added as the run adds them: what is in the PE, then what arrives.
        pieces[event.index] = (
            self.arithmetic.add(pieces[event.index], value) if event.index in pieces else value
        )

    def update(self, event: Event, pe):
        source = (event.from_row, event.from_col)  # (-1, -1) is the GLB
        self.memory[event.level][event.index] = self.leaving[source].pop(event.index)

    def drop(self, event: Event, pe):
        """A word that is forgotten changes no psum."""
