"""Trace: every event of a run, as data. Pictures and players are views of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import Nest

WHATS = ("fill", "read", "deliver", "mac", "hop", "drain", "update", "drop")
TENSORS = ("ifmap", "filter", "psum")
LEVELS = ("", *USUAL.levels)
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

    events  structured array. cycle; row, col of the PE, -1 outside the array; what, tensor, level, source as
            places in WHATS, TENSORS, LEVELS; index of the word in ifmap (n, c, h, w), filters (m, c, r, s) or
            ofmap (n, m, e, f); value of the word after the event; from_row, from_col the PE it comes from, or
            -1
    nest    the mapping that ran
    window  first and last cycle that were kept
    cycles  of the whole run
    start   psums in DRAM before the first cycle (N, M, E, F): zeros or biases
    held    words that were in the RFs when the window began, as deliver events of the cycle before
    arithmetic  how psums were added

    What happens, and where:
    read     at DRAM or GLB: a word is read there once, for however many PEs; at a PE: a MAC reads its RF
    fill     a word arrives in the GLB
    deliver  a word arrives in a PE over the NoC
    mac      a PE has multiplied and added; index and value are the psum's
    hop      a piece of a psum arrives in a PE from another (from_row, from_col), to be added there
    drain    a piece of a psum leaves its PE, or a psum the GLB
    update   a psum is written at GLB or DRAM; from_row, from_col say which PE had the last piece
    drop     a PE or the GLB forgets an ifmap or filter word
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
        return spelled(self.events)

    def __repr__(self) -> str:
        (first, last), pes = self.window, f"{self.nest.rows} x {self.nest.cols} PEs"
        return f"Trace of cycles {first} to {last} on {pes}: {len(self)} events"

    @property
    def is_whole(self) -> bool:
        """Whether it holds all cycles of its run."""
        return self.window == (0, self.cycles - 1)

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
        return np.array(LEVELS)[self.events["level"]]

    def select(self, **wanted) -> np.ndarray:
        """Give the events with some fields, such as select(what="mac", row=0).

        wanted   field -> value; what, tensor, level and source as text
        returns  structured array like events
        raises   CourseError if there is no such field or name
        """
        keep = np.ones(len(self.events), bool)
        for name, value in wanted.items():
            column = self._column(name)
            keep &= (column == _code(name, value)) if column.ndim == 1 else (column == value).all(axis=1)
        return self.events[keep]

    def _column(self, name: str) -> np.ndarray:
        if name not in self.events.dtype.names:
            raise CourseError(
                f"an event has {', '.join(self.events.dtype.names)}",
                f"{name!r}",
                'use select(what="mac", row=0)',
            )
        return self.events[name]


def spelled(events: np.ndarray) -> Iterator[Event]:
    """Yield events with their codes spelled out and plain Python numbers."""
    for cycle, row, col, what, tensor, index, value, level, source, from_row, from_col in events.tolist():
        yield Event(
            cycle, row, col, WHATS[what], TENSORS[tensor], tuple(index.tolist()), value,
            LEVELS[level], LEVELS[source], from_row, from_col,
        )  # fmt: skip


_NAMES = {"what": WHATS, "tensor": TENSORS, "level": LEVELS, "source": LEVELS}


def _code(name: str, value):
    if name not in _NAMES:
        return value
    if value not in _NAMES[name]:
        raise CourseError(
            f"{name} is one of {', '.join(filter(None, _NAMES[name]))}",
            f"{value!r}",
            "use one of these names",
        )
    return _NAMES[name].index(value)
