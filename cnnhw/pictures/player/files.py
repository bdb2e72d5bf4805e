"""What lies in every register file of a trace, and when: one pass over the events for all PEs together."""

from itertools import chain
from typing import NamedTuple

from cnnhw.emulator.trace import Event, Trace, spelled
from cnnhw.pictures.player.cycle import PE, Word, word_of


class Stay(NamedTuple):
    """A word in the register file of a PE, with one value, after the MACs of the cycles first to last."""

    word: Word
    first: int
    last: int


def stays(trace: Trace) -> dict[PE, list[Stay]]:
    """Say what lies in every register file, and when.

    trace    a Trace
    returns  (row, column) -> Stays in the order in which they begin; those of one psum follow each other.
             Those that have cycle t between first and last are register_files(trace, row, col)[t]
    """
    nest, (first, last) = trace.nest, trace.window
    files = {(row, col): _File(first) for row in range(nest.rows) for col in range(nest.cols)}
    for event in chain(spelled(trace.held), trace):
        if event.row >= 0 and event.tensor in nest.keeps["RF"]:
            files[event.row, event.col].take(event)
    return {pe: file.ended(last) for pe, file in files.items()}


class _File:
    """One register file: the stays that have ended, and those that go on."""

    def __init__(self, first: int):
        self.first, self.done, self.open = first, [], {}

    def take(self, event: Event) -> None:
        """Follow one event."""
        word, key = word_of(event), (event.tensor, event.index)
        if event.what in ("deliver", "mac"):
            self._end(key, event.cycle - 1)
            self.open[key] = (word, max(event.cycle, self.first))
        elif event.what == "hop" and key in self.open:
            # Added at the end of the cycle. To a piece that is not here yet it waits at the adder.
            before = self.open[key][0]
            self._end(key, event.cycle)
            self.open[key] = (before._replace(value=before.value + word.value), event.cycle + 1)
        elif event.what in ("drain", "drop"):
            self._end(key, event.cycle)

    def ended(self, last: int) -> list[Stay]:
        """Give all stays; those that go on end with the window."""
        for key in list(self.open):
            self._end(key, last)
        return sorted(self.done, key=lambda stay: stay.first)

    def _end(self, key, last: int) -> None:
        word, first = self.open.pop(key, (None, last + 1))
        if first <= last:
            self.done.append(Stay(word, first, last))
