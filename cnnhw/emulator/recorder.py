"""Recorder: keeps the events of a window, and gives up before they fill the memory."""

import numpy as np

from cnnhw.emulator.trace import MOST_EVENTS, TENSORS, WHATS, event_dtype
from cnnhw.errors import CourseError

_WHAT = {name: code for code, name in enumerate(WHATS)}
_TENSOR = {name: code for code, name in enumerate(TENSORS)}
_BLOCK = 100_000  # events collected as tuples before they become an array; chosen for memory


class Recorder:
    """Collects events.

    first, last  the cycles to keep
    words        dtype of the values
    levels       what the codes of levels stand for (see levels_of)
    most         events to keep at most

    snapshot, a function set later, gives the words inside the array; it is called when the window begins, and
    held has what it gave.
    """

    def __init__(
        self, first: int, last: int, words: np.dtype, levels: tuple[str, ...], most: int | None = None
    ):
        self.first, self.last = first, last
        self.most = MOST_EVENTS if most is None else most
        self.dtype, self._level = event_dtype(words), {name: code for code, name in enumerate(levels)}
        self._arrays, self._tuples, self._kept = [], [], 0
        self.snapshot, self.held = None, np.empty(0, self.dtype)

    def add(self, cycle, what, tensor, index, value, level, pe=(-1, -1), source="", origin=(-1, -1)) -> None:
        """Keep an event if its cycle is in the window.

        raises  CourseError if there are too many
        """
        if not self.first <= cycle <= self.last:
            return
        if not self._kept:
            self.held = np.array(list(self._held_before()), dtype=self.dtype)
        self._kept += 1
        if self._kept > self.most:
            raise too_many(self.most, self.first, cycle - 1)
        codes, levels = (_WHAT[what], _TENSOR[tensor]), (self._level[level], self._level[source])
        self._tuples.append((cycle, *pe, *codes, index, value, *levels, *origin))
        if len(self._tuples) == _BLOCK:
            self._pack()

    def events(self) -> np.ndarray:
        """Give the events as one array."""
        self._pack()
        return np.concatenate(self._arrays)

    def _held_before(self):
        for level, pe, tensor, index, value in self.snapshot() if self.first else ():
            yield (
                self.first - 1, *pe, _WHAT["deliver"], _TENSOR[tensor], index, value,
                self._level[level], self._level[""], -1, -1,
            )  # fmt: skip

    def _pack(self) -> None:
        self._arrays.append(np.array(self._tuples, dtype=self.dtype))
        self._tuples = []


def too_many(most: int, first: int, last: int) -> CourseError:
    """Give the error of a trace that is too large to keep, with a window that is not."""
    return CourseError(
        "a trace must fit into memory",
        f"more than {most} events",
        f"keep a window of its cycles, such as trace=({first}, {max(first, last)})",
    )
