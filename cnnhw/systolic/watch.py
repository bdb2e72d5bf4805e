"""What is seen of the array while it runs: PEs at work in each cycle, words over the edges, registers."""

from dataclasses import dataclass

import numpy as np

from cnnhw.errors import CourseError

# Three registers a PE: 2**24 words of 8 bytes are 128 MiB; chosen for teaching.
MOST_TRACE_WORDS = 2**24


@dataclass(frozen=True)
class Trace:
    """The registers of every PE in each cycle of a window.

    cycles         range of the cycles kept; the first axis of the others
    ifmap, filter  (cycles, rows, cols) words that the PE holds, 0 where it holds none
    psum           (cycles, rows, cols) after the MACs of the cycle: what a PE keeps, or passes down next
    at_work        (cycles, rows, cols) whether it did a MAC
    """

    cycles: range
    ifmap: np.ndarray
    filter: np.ndarray
    psum: np.ndarray
    at_work: np.ndarray


def window(trace: bool | tuple[int, int], cycles: int, pes: tuple[int, int]) -> range:
    """Say which cycles a trace keeps.

    trace    False for none, True for all, or (first, last)
    cycles   of the whole run
    pes      rows and columns of the array
    returns  range of the cycles; empty for none
    raises   CourseError if `trace` is none of these, or would fill the memory
    """
    if trace is False:
        return range(0)
    first, last = (0, cycles - 1) if trace is True else _pair(trace, cycles)
    kept = range(first, min(last + 1, cycles))
    words = 3 * len(kept) * pes[0] * pes[1]
    if words > MOST_TRACE_WORDS:
        fits = MOST_TRACE_WORDS // (3 * pes[0] * pes[1])
        change = f"trace {fits:,} cycles, as in trace=({first}, {first + fits - 1})"
        raise CourseError(
            f"a trace may keep {MOST_TRACE_WORDS:,} words",
            f"3 registers of {pes[0]} x {pes[1]} PEs in {len(kept):,} cycles: {words:,} words",
            change if fits else "use a smaller array",
        )
    return kept


def _pair(trace, cycles: int) -> tuple[int, int]:
    is_pair = isinstance(trace, tuple) and len(trace) == 2 and all(isinstance(end, int) for end in trace)
    if not is_pair or not 0 <= trace[0] <= trace[1] or trace[0] >= cycles:
        raise CourseError(
            f"a window is a first and a last of the {cycles:,} cycles",
            f"trace={trace!r}",
            f"use trace=(0, {min(99, cycles - 1)}), or True for all of them",
        )
    return trace


class Recorder:
    """Keeps the registers of the cycles in a window, one fold after the other."""

    def __init__(self, kept: range, pes: tuple[int, int], dtype):
        self._kept, self._now = kept, 0
        self._arrays = [np.zeros((len(kept), *pes), kind) for kind in (dtype, dtype, dtype, bool)]

    def keep(self, *registers: np.ndarray) -> None:
        """Keep one cycle, if the window has it: the two words, the psum, and who is at work; (rows, cols)."""
        if self._now in self._kept:
            for array, words in zip(self._arrays, registers, strict=True):
                array[self._now - self._kept.start, : words.shape[0], : words.shape[1]] = words
        self._now += 1

    def trace(self, right_is_ifmap: bool) -> Trace:
        """Name the registers: the words that move right are the ifmap's, or the filters'."""
        right, other, psum, at_work = self._arrays
        ifmap, filters = (right, other) if right_is_ifmap else (other, right)
        return Trace(self._kept, ifmap, filters, psum, at_work)


class Watch:
    """Sees every cycle of the folds that run together.

    used      rows and columns that have work
    recorder  keeps the registers, of one fold only; None for none

    `active` holds the PEs at work in each cycle, of one fold; `counted` the words that moved right into the
    array, those that came from above, and those that left, of all folds.
    """

    def __init__(self, used: tuple[int, int], recorder: Recorder | None = None):
        self.active: list[int] = []
        self.counted = 0, 0, 0
        self._used, self._recorder = used, recorder

    def see(self, at_work: np.ndarray, right: np.ndarray, other: np.ndarray, psum: np.ndarray) -> None:
        """See a cycle: which PEs work, (rows, cols), and what they hold, (rows, cols, folds)."""
        rows, cols = self._used
        self.active.append(int(np.count_nonzero(at_work[:rows, :cols])))
        if self._recorder:
            used = np.zeros_like(at_work)
            used[:rows, :cols] = at_work[:rows, :cols]  # the bits pass idle PEs too
            self._recorder.keep(right[..., 0], other[..., 0], psum[..., 0], used)

    def count(self, right: int, other: int, out: int) -> None:
        """Be told the words over the edges."""
        self.counted = right, other, out
