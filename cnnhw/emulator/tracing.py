"""A run with a trace: which cycles are kept, whether they fit, and the passes that must run to show them."""

import operator
from dataclasses import dataclass
from math import prod

import numpy as np

from cnnhw.counts.times import steps_of
from cnnhw.emulator.door import Job
from cnnhw.emulator.earlier import earlier
from cnnhw.emulator.fast.passes import passes_of
from cnnhw.emulator.fast.step_moves import steps
from cnnhw.emulator.plain import PlainArray
from cnnhw.emulator.recorder import Recorder, too_many
from cnnhw.emulator.seats import Seats
from cnnhw.emulator.trace import MOST_EVENTS, Trace, levels_of
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import MAC

MAC_EVENTS = 4  # a MAC reads up to three words and writes one


@dataclass(frozen=True)
class Window:
    """The cycles of a run that are kept: first and last, of so many."""

    first: int
    last: int
    cycles: int

    @property
    def is_whole(self) -> bool:
        """Whether it is all of them."""
        return (self.first, self.last) == (0, self.cycles - 1)


def window(job: Job, trace) -> Window:
    """Give the window that is asked for.

    trace    True, or (first, last); a last cycle past the end means the end
    raises   CourseError if it is neither, or the MACs of the window alone are more events than a trace can
             keep
    """
    cycles = steps_of(job.nest)
    first, last = (0, cycles - 1) if trace is True else _pair(trace)
    if not 0 <= first <= last or first >= cycles:
        raise CourseError(
            "a trace is kept of all cycles, or from a first to a last one",
            f"trace={trace!r}, cycles 0 to {cycles - 1}",
            f"use trace=True, or a window such as trace=(0, {min(99, cycles - 1)})",
        )
    last = min(last, cycles - 1)
    if (last - first + 1) * job.nest.shape.macs > MOST_EVENTS * cycles:
        fits = max(1, MOST_EVENTS // (2 * MAC_EVENTS * prod(Seats(job.nest).size(MAC))))
        raise too_many(MOST_EVENTS, first, first + fits - 1)
    return Window(first, last, cycles)


def _pair(trace) -> tuple[int, int]:
    try:
        first, last = (operator.index(cycle) for cycle in trace)
    except (TypeError, ValueError):
        return 1, 0  # no window: the caller says so
    return first, last


def trace_all(job: Job, kept: Window, run_length: bool, kind=PlainArray):
    """Run everything word by word, keeping the events of a window.

    kind     of engine: PlainArray or ListedArray
    returns  the engine after the run, and the trace
    raises   CourseError if there are too many events
    """
    recorder = _recorder(job, kept)
    array = kind(job, recorder.add, run_length)
    recorder.snapshot = array.held_words
    array.run()
    return array, _trace(job, kept, recorder)


def trace_window(job: Job, kept: Window, bound: int | None) -> Trace:
    """Run only the passes that show a window of a large layer.

    bound    no psum passes this magnitude
    raises   CourseError if there are too many events
    """
    recorder = _recorder(job, kept)
    array = PlainArray(job, recorder.add)
    recorder.snapshot = array.held_words
    passes = passes_of(job.nest)
    ends = np.cumsum(steps(passes))
    first, last = (int(np.searchsorted(ends, cycle, side="right")) for cycle in (kept.first, kept.last))
    begin = earlier(job, passes, first, array, bound)
    array.memories.cycle = int(ends[begin - 1]) if begin else 0
    array.run(begin, last)
    return _trace(job, kept, recorder)


def _recorder(job: Job, kept: Window) -> Recorder:
    return Recorder(kept.first, kept.last, job.start.dtype, levels_of(job.nest.order))


def _trace(job: Job, kept: Window, recorder: Recorder) -> Trace:
    return Trace(
        recorder.events(), job.nest, (kept.first, kept.last), kept.cycles, job.start,
        recorder.held, job.arithmetic,
    )  # fmt: skip
