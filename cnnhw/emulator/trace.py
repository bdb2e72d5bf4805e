"""Trace: every event of a run, as data. Pictures and players are views of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cnnhw.emulator.seats import Seats
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import MAC, Hierarchy
from cnnhw.nest import Nest

WHATS = ("fill", "read", "deliver", "mac", "hop", "drain", "update", "drop")
TENSORS = ("ifmap", "filter", "psum")
# An event takes 52 bytes as data, some 500 while the last 100,000 are collected. Chosen for memory: 104 MB.
MOST_EVENTS = 2_000_000


class Event(NamedTuple):
    """One event. The fields are the columns of a Trace, with the codes spelled out."""

    cycle: int
    row: int
    col: int
    what: str
    tensor: str
    index: tuple[int, int, int, int]
    value: object
    level: str
    source: str
    from_row: int
    from_col: int


def event_dtype(words: np.dtype) -> np.dtype:
    """Give the dtype of a Trace's events whose words have a dtype."""
    return np.dtype(
        [
            ("cycle", np.int64), ("row", np.int32), ("col", np.int32),
            ("what", np.uint8), ("tensor", np.uint8),
            ("index", np.int32, (4,)), ("value", words), ("level", np.uint8), ("source", np.uint8),
            ("from_row", np.int32), ("from_col", np.int32),
        ]
    )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """The events of a run in the order in which they happened.

    events  structured array. cycle; row, col of the PE, or of the instance of a level inside an array, -1
            outside; what, tensor, level, source as places in WHATS, TENSORS, trace.levels; index of the word
            in ifmap (n, c, h, w), filters (m, c, r, s) or ofmap (n, m, e, f); value of the word after the
            event; from_row, from_col where it comes from likewise, or -1
    nest    the mapping that ran
    window  first and last cycle that were kept
    cycles  of the whole run
    start   psums in DRAM before the first cycle (N, M, E, F): zeros or biases
    held    words that were inside the array when the window began, as deliver events of the cycle before
    arithmetic  how psums were added

    What happens, and where:
    read     at DRAM or GLB: a word is read there once, for however many PEs; at a PE: a MAC reads its RF, and
             from_row, from_col are that PE
    fill     a word arrives in the GLB
    deliver  a word arrives in a PE over the NoC
    mac      a PE has multiplied and added; index and value are the psum's
    hop      a piece of a psum arrives in a PE from another (from_row, from_col), to be added there
    drain    a piece of a psum leaves its PE, or a psum the GLB
    update   a psum is written at GLB or DRAM; from_row, from_col say which PE had the last piece
    drop     a PE or the GLB forgets an ifmap or filter word

    On another hierarchy the same is told of its own levels: what passes an array is delivered, what does not
    is filled. Arrays inside one another are one grid of PEs, and an instance of a level between them has the
    row and column that it has among its like (see Seats).
    """

    events: np.ndarray
    nest: Nest
    window: tuple[int, int]
    cycles: int
    start: np.ndarray
    held: np.ndarray
    arithmetic: object

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[Event]:
        return self.spelled(self.events)

    def __repr__(self) -> str:
        (first, last), (rows, cols) = self.window, self.seats.size(MAC)
        return f"Trace of cycles {first} to {last} on {rows} x {cols} PEs: {len(self)} events"

    @property
    def levels(self) -> tuple[str, ...]:
        """What the codes of level and source stand for: "" for none, then the levels from the outside in."""
        return levels_of(self.nest.order)

    @cached_property
    def seats(self) -> Seats:
        """Where PEs and instances of levels stand."""
        return Seats(self.nest)

    @property
    def is_whole(self) -> bool:
        """Whether it holds all cycles of its run."""
        return self.window == (0, self.cycles - 1)

    def is_kept(self, tensor: str) -> bool:
        """Whether a PE keeps a tensor in a memory of its own; else its words are there for one cycle."""
        return self.nest.keeper(MAC, tensor) in self.nest.order.of_pe

    def level_of(self, tensor: str) -> str:
        """Name the level at which a PE's MAC finds a tensor: a memory of its own, or else the PE itself."""
        return self.nest.keeper(MAC, tensor) if self.is_kept(tensor) else self.nest.order.pe

    @property
    def what(self) -> np.ndarray:
        """What happened, as text, one for each event."""
        return np.array(WHATS)[self.events["what"]]

    @property
    def tensor(self) -> np.ndarray:
        """The tensor of each event, as text."""
        return np.array(TENSORS)[self.events["tensor"]]

    @property
    def level(self) -> np.ndarray:
        """Where each event happened, as text: DRAM, GLB or RF."""
        return np.array(self.levels)[self.events["level"]]

    def select(self, **wanted) -> np.ndarray:
        """Give the events with some fields, such as select(what="mac", row=0).

        wanted   field -> value; what, tensor, level and source as text
        returns  structured array like events
        raises   CourseError if there is no such field or name
        """
        keep = np.ones(len(self.events), bool)
        for name, value in wanted.items():
            column = self._column(name)
            keep &= (column == self._code(name, value)) if column.ndim == 1 else (column == value).all(axis=1)
        return self.events[keep]

    def _column(self, name: str) -> np.ndarray:
        if name not in self.events.dtype.names:
            raise CourseError(
                f"an event has {', '.join(self.events.dtype.names)}",
                f"{name!r}",
                'use select(what="mac", row=0)',
            )
        return self.events[name]

    def spelled(self, events: np.ndarray) -> Iterator[Event]:
        """Yield some of its events, or of held, with their codes spelled out and plain Python numbers."""
        levels = self.levels
        for cycle, row, col, what, tensor, index, value, level, source, from_row, from_col in events.tolist():
            yield Event(
                cycle, row, col, WHATS[what], TENSORS[tensor], tuple(index.tolist()), value,
                levels[level], levels[source], from_row, from_col,
            )  # fmt: skip

    def _code(self, name: str, value):
        names = {"what": WHATS, "tensor": TENSORS, "level": self.levels, "source": self.levels}
        if name not in names:
            return value
        if value not in names[name]:
            raise CourseError(
                f"{name} is one of {', '.join(filter(None, names[name]))}",
                f"{value!r}",
                "use one of these names",
            )
        return names[name].index(value)


def levels_of(order: Hierarchy) -> tuple[str, ...]:
    """Give what the codes of levels stand for in the events of a hierarchy."""
    return ("", *dict.fromkeys((*order.levels, order.pe)))
