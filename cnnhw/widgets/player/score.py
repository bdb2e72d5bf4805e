"""The score that the player plays from: a trace as plain lists, with everything counted already.

Keys:
rows, cols, first, last   the array, and the cycles of the window
words    [place in TENSORS, index as text] of every word; elsewhere a word is its place in this list
stays    for each PE, row after row: [word, first cycle, last cycle, value] of what its register file holds
cycles   for each cycle what moves, as the keys of _cycle say; and sums: psums after others have hopped in
said     for each cycle a sentence
spent    level -> accesses up to and with each cycle, under the convention "transfer"
costs    level -> energy of one access, in `unit`
inks     tensor -> colours, letter; colours: the palette's others; levels: those of the levels
"""

import json

import numpy as np

from cnnhw.emulator.trace import LEVELS, TENSORS, WHATS, Trace
from cnnhw.errors import CourseError
from cnnhw.machine import Costs
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import number
from cnnhw.pictures.marks.levels import LEVEL
from cnnhw.pictures.player.cycle import PE, Cycle, Word, cycles
from cnnhw.pictures.player.files import Stay, stays, sums
from cnnhw.pictures.player.words import cycle_words
from cnnhw.shape import Tensor

# About 20 bytes of score an event: a page of 1 MB, which a browser scrubs through without a pause.
MOST_EVENTS = 40_000
_WHAT = {name: code for code, name in enumerate(WHATS)}
_LEVEL = {name: code for code, name in enumerate(LEVELS)}


def score(trace: Trace, costs: Costs) -> dict:
    """Give a trace as plain lists, dictionaries, text and numbers.

    trace    a Trace
    costs    what an access costs
    returns  the score; the head of this file says what is in it
    raises   CourseError if there are too many events for a page
    """
    check_size(trace)
    book, told, summed = _Book(trace.nest.cols), cycles(trace), sums(trace)
    return {
        "rows": trace.nest.rows, "cols": trace.nest.cols, "first": trace.window[0], "last": trace.window[1],
        "stays": [book.file(kept) for _, kept in sorted(stays(trace).items())],
        "cycles": [_cycle(cycle, summed.get(cycle.number, {}), book) for cycle in told],
        "said": [cycle_words(cycle) for cycle in told],
        "words": list(book.places),  # all that stays and cycles have met
        "spent": {level: spent.tolist() for level, spent in accesses_so_far(trace).items()},
        "costs": {level: costs[level] for level in LEVEL}, "unit": costs.unit,
        "keeps": {
            level: [name for name in TENSORS if name in kept] for level, kept in trace.nest.keeps.items()
        },
        **_colours(),
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


def accesses_so_far(trace: Trace) -> dict[str, np.ndarray]:
    """Count accesses cycle by cycle, as Counts.accesses("transfer") does for the whole run.

    trace    a Trace
    returns  level -> accesses from the first cycle of the window to each cycle, with it
    """
    events, (first, last) = trace.events, trace.window
    what = {name: events["what"] == code for name, code in _WHAT.items()}
    at = {name: events["level"] == code for name, code in _LEVEL.items()}
    outside = what["read"] | what["update"]
    moved = {
        "DRAM": outside & at["DRAM"],
        "GLB": outside & at["GLB"],
        "NoC": what["deliver"] | what["hop"],
        # A MAC writes its psum into the RF, if that keeps psums.
        "RF": (what["read"] & at["RF"]) | (what["mac"] & ("psum" in trace.nest.keeps["RF"])),
        "MAC": what["mac"],
    }
    return {
        level: np.cumsum(np.bincount(events["cycle"][words] - first, minlength=last - first + 1))
        for level, words in moved.items()
    }


def as_json(score: dict) -> str:
    """Write a score as JSON that can stand inside a <script> element."""
    return json.dumps(score, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")


class _Book:
    """Gives every word a number, the first time it is met; and every PE."""

    def __init__(self, cols: int):
        self.cols, self.places = cols, {}

    def word(self, word: Word | None) -> list:
        """Give [number of the word, its value as text]; [-1, "0"] for padding, which is no word."""
        if word is None:
            return [-1, "0"]
        key = (TENSORS.index(word.tensor), ", ".join(map(str, word.index)))
        return [self.places.setdefault(key, len(self.places)), number(word.value)]

    def pe(self, pe: PE) -> int:
        return pe[0] * self.cols + pe[1]

    def file(self, kept: list[Stay]) -> list[list]:
        """Give the stays of one PE, in the order in which a reader looks for words."""
        ordered = sorted(
            kept, key=lambda stay: (TENSORS.index(stay.word.tensor), stay.word.index, stay.first)
        )
        words = [self.word(stay.word) for stay in ordered]
        return [
            [place, stay.first, stay.last, value] for stay, (place, value) in zip(ordered, words, strict=True)
        ]


def _cycle(cycle: Cycle, summed: dict[PE, list[Word]], book: _Book) -> dict[str, list]:
    """Give what moves in a cycle, kind by kind; a word is two entries, its number and its value."""
    word, pe = book.word, book.pe
    moves = {
        "fills": [word(fill) for fill in cycle.fills],
        "deliveries": [[*word(d.word), d.level, [pe(to) for to in d.pes]] for d in cycle.deliveries],
        "macs": [[pe(mac.pe), *word(mac.ifmap), *word(mac.filter), *word(mac.psum)] for mac in cycle.macs],
        "hops": [[*word(hop.word), pe(hop.origin), pe(hop.pe)] for hop in cycle.hops],
        "exits": [[*word(exit.word), exit.level, pe(exit.pe)] for exit in cycle.exits],
        "sums": [[*word(psum), pe(at)] for at, psums in sorted(summed.items()) for psum in psums],
        "writes": [word(write) for write in cycle.writes],
    }
    return {kind: things for kind, things in moves.items() if things}


def _colours() -> dict:
    inks = [palette.TENSOR[Tensor(name)] for name in TENSORS]
    return {
        "inks": [
            {"name": name, "letter": ink.letter, "line": ink.line, "fill": ink.fill}
            for name, ink in zip(TENSORS, inks, strict=True)
        ],
        "levels": {
            name: {"fill": ink.fill, "text": ink.text, "line": ink.line} for name, ink in LEVEL.items()
        },
        "colours": {
            "text": palette.TEXT, "muted": palette.MUTED, "grid": palette.GRID, "paper": palette.PAPER,
            "highlight": palette.HIGHLIGHT,
        },
    }  # fmt: skip
