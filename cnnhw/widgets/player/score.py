"""The score that the player plays from: a trace as plain lists, with everything counted already.

Keys:
rows, cols, first, last   the grid of PEs, and the cycles of the window
words    [place in TENSORS, index as text] of every word; elsewhere a word is its place in this list
stays    for each PE, row after row: [word, first cycle, last cycle, value] of what its MAC finds in the PE
own      names of the tensors that are found there
memories names of the levels outside all arrays, outermost first; keeps: level -> tensors
bands    levels between arrays: [{name, rows, cols, stays of each instance}]; further: such of PEs
cycles   for each cycle what moves, as the keys of _cycle say; and sums: psums after others have hopped in
said     for each cycle a sentence
spent    level, array or MAC -> accesses up to and with each cycle, under the convention "transfer"
costs    the same -> energy of one access, in `unit`; energy: where accesses differ in price, energy so far
inks     tensor -> colours, letter; colours: the palette's others; levels: those of the levels
"""

import json
from functools import partial

import numpy as np

from cnnhw.emulator.trace import TENSORS, Trace
from cnnhw.errors import CourseError
from cnnhw.machine import Costs, Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import number
from cnnhw.pictures.marks.levels import level_inks
from cnnhw.pictures.player.cycle import PE, Cycle, Word, cycles
from cnnhw.pictures.player.files import Stay, further_stays, stays, sums
from cnnhw.pictures.player.words import cycle_words
from cnnhw.shape import Tensor
from cnnhw.widgets.player.spent import prices, spent_so_far

# About 20 bytes of score an event: a page of 1 MB, which a browser scrubs through without a pause.
MOST_EVENTS = 40_000


def score(trace: Trace, costs: Costs | Machine) -> dict:
    """Give a trace as plain lists, dictionaries, text and numbers.

    trace    a Trace
    costs    what an access costs, or the machine that knows
    returns  the score; the head of this file says what is in it
    raises   CourseError if there are too many events for a page
    """
    check_size(trace)
    order, seats, paid = trace.nest.order, trace.seats, prices(trace, costs)
    rows, cols = seats.size(MAC)
    book, told, summed = _Book(trace), cycles(trace), sums(trace)
    spent, energy = spent_so_far(trace, paid)
    further = {level: _memory(trace, level, files, book) for level, files in further_stays(trace).items()}
    return {
        "rows": rows, "cols": cols, "first": trace.window[0], "last": trace.window[1],
        "stays": [book.file(kept) for _, kept in sorted(stays(trace).items())],
        "own": [name for name in TENSORS if trace.is_kept(name)], "memories": seats.outside,
        "keeps": {
            level: [name for name in TENSORS if name in kept] for level, kept in trace.nest.keeps.items()
        },
        "bands": [further.get(level) or _memory(trace, level, {}, book) for level in seats.between],
        "further": [memory for level, memory in further.items() if level not in seats.between],
        "cycles": [_cycle(cycle, summed.get(cycle.number, {}), book) for cycle in told],
        "said": [cycle_words(cycle) for cycle in told],
        "words": list(book.places),  # all that stays and cycles have met
        "spent": {name: so_far.tolist() for name, so_far in spent.items()},
        "costs": {name: price for name, (price, _) in paid.by.items()}, "unit": paid.unit,
        "energy": {name: so_far.tolist() for name, so_far in energy.items()},
        **_colours((*order.names, MAC)),
    }  # fmt: skip


def check_size(trace: Trace) -> None:
    """Refuse a trace that would make the page slow.

    raises  CourseError that names a window that is small enough
    """
    if len(trace) > MOST_EVENTS:
        raise CourseError(
            f"a player shows at most {MOST_EVENTS} events",
            f"{len(trace)} events in cycles {trace.window[0]} to {trace.window[1]}",
            f"keep a window of the cycles, such as run(..., trace={_window_that_fits(trace)})",
        )


def _window_that_fits(trace: Trace) -> tuple[int, int]:
    """Give the first cycles that fit. The very first may not: it fills the whole GLB."""
    first = trace.window[0]
    events = np.bincount(trace.events["cycle"] - first)
    start = int(np.argmax(events <= MOST_EVENTS))
    length = int(np.searchsorted(np.cumsum(events[start:]), MOST_EVENTS, side="right"))
    return first + start, first + start + max(length, 1) - 1


def as_json(score: dict) -> str:
    """Write a score as JSON that can stand inside a <script> element."""
    return json.dumps(score, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")


class _Book:
    """Gives every word a number, the first time it is met; and every PE, and instance of a level."""

    def __init__(self, trace: Trace):
        self.seats, self.places, self.memories = trace.seats, {}, trace.seats.outside

    def word(self, word: Word | None) -> list:
        """Give [number of the word, its value as text]; [-1, "0"] for padding, which is no word."""
        if word is None:
            return [-1, "0"]
        key = (TENSORS.index(word.tensor), ", ".join(map(str, word.index)))
        return [self.places.setdefault(key, len(self.places)), number(word.value)]

    def pe(self, pe: PE, of: str = "") -> int:
        return pe[0] * self.seats.size(of or MAC)[1] + pe[1]

    def fill(self, fill) -> list:
        """Give a word, and the numbers of the memories that it goes from and to."""
        return [*self.word(fill.word), *(self.memories.index(name) for name in (fill.source, fill.level))]

    def file(self, kept: list[Stay]) -> list[list]:
        """Give the stays of one PE, in the order in which a reader looks for words."""
        ordered = sorted(
            kept, key=lambda stay: (TENSORS.index(stay.word.tensor), stay.word.index, stay.first)
        )
        words = [self.word(stay.word) for stay in ordered]
        return [
            [place, stay.first, stay.last, value] for stay, (place, value) in zip(ordered, words, strict=True)
        ]


def _memory(trace: Trace, level: str, files: dict[PE, list[Stay]], book: _Book) -> dict:
    """Give a level inside an array: its name, its instances, and what lies in each."""
    rows, cols = trace.seats.size(level)
    stays = [book.file(files.get((row, col), [])) for row in range(rows) for col in range(cols)]
    return {"name": level, "rows": rows, "cols": cols, "stays": stays}


def _cycle(cycle: Cycle, summed: dict[PE, list[Word]], book: _Book) -> dict:
    """Give what moves in a cycle, kind by kind; a word is two entries, its number and its value.

    What moves into and out of levels between arrays stands under bands: name -> the same kinds.
    """
    word, pe = book.word, book.pe
    moves = {
        "fills": [book.fill(fill) for fill in cycle.fills if fill.at is None],
        **_ways(cycle, "", book),
        "macs": [[pe(mac.pe), *word(mac.ifmap), *word(mac.filter), *word(mac.psum)] for mac in cycle.macs],
        "sums": [[*word(psum), pe(at)] for at, psums in sorted(summed.items()) for psum in psums],
        "writes": [book.fill(write) for write in cycle.writes],
        "bands": {
            name: {kind: things for kind, things in _ways(cycle, name, book).items() if things}
            for name in dict.fromkeys(
                [*(d.to for d in cycle.deliveries), *(move.of for move in [*cycle.hops, *cycle.exits])]
            )
            if name
        },
    }
    return {kind: things for kind, things in moves.items() if things}


def _ways(cycle: Cycle, of: str, book: _Book) -> dict[str, list]:
    """Give what comes to, passes between and leaves the instances of a level, or PEs for ""."""
    word, at = book.word, partial(book.pe, of=of)
    return {
        "deliveries": [
            [*word(d.word), d.level, [at(to) for to in d.pes]] for d in cycle.deliveries if d.to == of
        ],
        "hops": [[*word(hop.word), at(hop.origin), at(hop.pe)] for hop in cycle.hops if hop.of == of],
        "exits": [
            [*word(exit.word), exit.level, at(exit.pe)]
            for exit in cycle.exits
            if exit.of == of and not exit.inside
        ],
    }


def _colours(levels: tuple[str, ...]) -> dict:
    inks = [palette.TENSOR[Tensor(name)] for name in TENSORS]
    return {
        "inks": [
            {"name": name, "letter": ink.letter, "line": ink.line, "fill": ink.fill}
            for name, ink in zip(TENSORS, inks, strict=True)
        ],
        "levels": {
            name: {"fill": ink.fill, "text": ink.text, "line": ink.line}
            for name, ink in level_inks(levels).items()
        },
        "colours": {
            "text": palette.TEXT, "muted": palette.MUTED, "grid": palette.GRID, "paper": palette.PAPER,
            "highlight": palette.HIGHLIGHT,
        },
    }  # fmt: skip
