"""Three engines, one result: which one runs a job, and what each gives."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.conv.arguments import largest_sum
from cnnhw.conv.words import magnitude
from cnnhw.emulator.arithmetic import FixedPoint
from cnnhw.emulator.door import Job
from cnnhw.emulator.fast.array import FastArray
from cnnhw.emulator.fast.passes import number_of_passes
from cnnhw.emulator.listed import ListedArray
from cnnhw.emulator.plain import PlainArray
from cnnhw.emulator.tally import Tally
from cnnhw.emulator.trace import Trace
from cnnhw.emulator.tracing import trace_all, trace_window, window
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import Nest, check_usual
from cnnhw.timing import Record

ENGINES = ("auto", "plain", "fast", "listed")
MOST_PASSES = 2_000_000  # a pass takes some 200 bytes
MOST_PLAIN_MACS = 5_000_000  # the plain engine does some 100,000 a second: a minute


@dataclass(frozen=True, eq=False)
class Done:
    """What an engine gives: psums in DRAM, what moved, by pass, the trace if asked for, the engine's name."""

    psums: np.ndarray
    tally: Tally
    record: Record
    trace: Trace | None
    engine: str


def run_job(job: Job, trace, run_length: bool, engine: str) -> Done:
    """Run a job on the engine that fits, and keep the events of a window.

    raises  CourseError if there is no such engine, it cannot do the job, or the trace is no window
    """
    if engine not in ENGINES:
        raise CourseError(f"an engine is one of {', '.join(ENGINES)}", f"engine={engine!r}", 'use "auto"')
    if engine == "listed" or not job.nest.is_usual:
        return _run_listed(job, trace, run_length, engine)
    bound = largest_psum(job)
    hindrance = _hindrance(job, bound, run_length)
    if hindrance and (engine == "fast" or (engine == "auto" and job.nest.shape.macs > MOST_PLAIN_MACS)):
        raise hindrance
    kept = None if trace is False or trace is None else window(job, trace)
    slow = engine == "plain" or hindrance is not None
    if kept is not None and (slow or kept.is_whole):
        array, events = trace_all(job, kept, run_length)
        return _done(array, array.ofmap(job.start), events, "plain")
    if slow:
        array = PlainArray(job, _nothing, run_length)
        array.run()
        return _done(array, array.ofmap(job.start), None, "plain")
    array = FastArray(job, bound, run_length)
    array.run()
    return _done(
        array, array.products.psums, None if kept is None else trace_window(job, kept, bound), "fast"
    )


def _run_listed(job: Job, trace, run_length: bool, engine: str) -> Done:
    """Run a job on any hierarchy."""
    if engine != "auto" and engine != "listed":
        check_usual(job.nest, f"the {engine} engine")
    if job.nest.shape.macs > MOST_PLAIN_MACS:
        raise CourseError(
            "the engine for any hierarchy moves one word at a time",
            f"{job.nest.shape.macs} MACs, at most {MOST_PLAIN_MACS}",
            "use a smaller layer; count knows large ones too",
        )
    if trace is False or trace is None:
        array, events = ListedArray(job, None, run_length), None
        array.run()
    else:
        array, events = trace_all(job, window(job, trace), run_length, ListedArray)
    return Done(array.ofmap(), array.tally, array.book.record(), events, "listed")


def largest_psum(job: Job) -> int | None:
    """Bound the magnitude of any psum in whatever order it is summed; None if the words are not whole.

    In fixed point the bound decides whether any sum can overflow, so there it is taken from the words
    themselves.
    """
    if job.start.dtype != np.int64:
        return None
    first = magnitude(job.start)
    bound = largest_sum(job.ifmap, job.filters, job.nest.shape) + first
    if isinstance(job.arithmetic, FixedPoint) and not job.arithmetic.fits(bound):
        shape = job.nest.shape
        sums = conv_windows(np.abs(job.ifmap), np.abs(job.filters), shape.U, shape.P, shape.G, shape.D)
        bound = magnitude(sums) + first
    return bound


def codes_every_step(nest: Nest) -> bool:
    """Whether every step fetches its ifmap words from DRAM: the fast engine does not see single steps."""
    return not any("ifmap" in nest.keeps[level] for level in USUAL.levels[1:])


def _hindrance(job: Job, bound: int | None, run_length: bool) -> CourseError | None:
    """Say why the fast engine cannot do a job, if it cannot."""
    if isinstance(job.arithmetic, FixedPoint) and not job.arithmetic.fits(bound):
        return CourseError(
            "where a psum can overflow, the order of its sums matters, and only the plain engine keeps it",
            f"psums of up to {bound} in {job.arithmetic.psum_bits} bits, {job.nest.shape.macs} MACs",
            'use more psum_bits, smaller words, or engine="plain" and patience',
        )
    if number_of_passes(job.nest) > MOST_PASSES:
        return CourseError(
            "the fast engine has all passes in memory at once",
            f"{number_of_passes(job.nest)} passes, room for {MOST_PASSES}",
            "move loops from DRAM and GLB to the array or the RF, or use a smaller layer",
        )
    if run_length and codes_every_step(job.nest):
        return CourseError(
            "the fast engine codes the ifmap words that GLB or RF keep",
            f"{job.nest.shape.macs} MACs that fetch each ifmap word from DRAM anew",
            'let the GLB keep the ifmap, or use engine="plain" and patience',
        )
    return None


def _done(array, psums: np.ndarray, trace: Trace | None, engine: str) -> Done:
    return Done(psums, array.tally, array.record(), trace, engine)


def _nothing(*event, **more) -> None:
    """Keep no event."""
