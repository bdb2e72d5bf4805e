"""What lies in every memory inside an array, and when, and what hops make of psums: from the events."""

from itertools import chain
from typing import NamedTuple

from cnnhw.emulator.trace import TENSORS, Event, Trace
from cnnhw.machine.hierarchy import MAC
from cnnhw.pictures.player.cycle import PE, Word, word_of


class Stay(NamedTuple):
    """A word in a register file or another memory, with one value, after the MACs of cycles first to last."""

    word: Word
    first: int
    last: int


def sums(trace: Trace) -> dict[int, dict[PE, list[Word]]]:
    """Say what the psums of PEs have become at the end of each cycle in which others hopped to them.

    trace    a Trace
    returns  cycle -> (row, column) -> psums with all that hopped in. A piece that leaves in that cycle is
             handed on with this value; one that its PE has not begun yet waits at the adder
    """
    pieces, leaving, found = {}, {}, {}
    for event in chain(trace.spelled(trace.held), trace):
        pe, word = (event.row, event.col), word_of(event)
        if event.tensor != "psum" or event.level != trace.level_of("psum"):
            continue
        key = pe, word.index
        if event.what in ("deliver", "mac"):
            pieces[key] = word.value
        elif event.what == "drain":
            leaving[event.cycle, key] = pieces.pop(key, None)
        elif event.what == "hop":
            kept, place = (leaving, (event.cycle, key)) if (event.cycle, key) in leaving else (pieces, key)
            piece = kept.get(place)
            kept[place] = word.value if piece is None else trace.arithmetic.add(piece, word.value)
            found.setdefault(event.cycle, {}).setdefault(pe, {})[word.index] = kept[place]
    return {
        cycle: {pe: [Word("psum", *psum) for psum in psums.items()] for pe, psums in there.items()}
        for cycle, there in found.items()
    }


def stays(trace: Trace) -> dict[PE, list[Stay]]:
    """Say what lies in every register file, and when: the words that MACs read and write in their own PE.

    trace    a Trace
    returns  (row, column) -> Stays in the order in which they begin; those of one psum follow each other.
             Those that have cycle t between first and last are register_files(trace, row, col)[t]
    """
    own = {tensor: trace.level_of(tensor) for tensor in TENSORS if trace.is_kept(tensor)}
    return _files(trace, trace.seats.size(MAC), own)


def further_stays(trace: Trace) -> dict[str, dict[PE, list[Stay]]]:
    """Say what lies in other memories inside an array: of tiles, and of PEs that have a nearer one.

    trace    a Trace
    returns  level -> (row, column) of its instance -> Stays
    """
    found, nest = {}, trace.nest
    for level in nest.order.levels:
        kept = {
            tensor: level
            for tensor in sorted(nest.keeps.get(level, ()))
            if not (trace.is_kept(tensor) and trace.level_of(tensor) == level)
        }
        if kept and not trace.seats.is_outside(level):
            found[level] = _files(trace, trace.seats.size(level), kept)
    return found


def _files(trace: Trace, size: PE, levels: dict[str, str]) -> dict[PE, list[Stay]]:
    """Follow the words of some tensors, each at one level."""
    (rows, cols), (first, last) = size, trace.window
    files = {(row, col): _File(first, trace.arithmetic.add) for row in range(rows) for col in range(cols)}
    for event in chain(trace.spelled(trace.held), trace):
        if levels.get(event.tensor) == event.level and event.row >= 0:
            files[event.row, event.col].take(event)
    return {pe: file.ended(last) for pe, file in files.items()}


class _File:
    """One register file: the stays that have ended, and those that go on."""

    def __init__(self, first: int, add):
        self.first, self.add, self.done, self.open = first, add, [], {}

    def take(self, event: Event) -> None:
        """Follow one event."""
        word, key = word_of(event), (event.tensor, event.index)
        if event.what in ("deliver", "fill", "mac"):
            self._end(key, event.cycle - 1)
            self.open[key] = (word, max(event.cycle, self.first))
        elif event.what == "hop" and key in self.open:
            # Added at the end of the cycle. To a piece that is not here yet it waits at the adder.
            before = self.open[key][0]
            self._end(key, event.cycle)
            self.open[key] = (before._replace(value=self.add(before.value, word.value)), event.cycle + 1)
        elif event.what == "update":  # at the end of the cycle, by what is further in
            self._end(key, event.cycle)
            self.open[key] = (word, event.cycle + 1)
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
