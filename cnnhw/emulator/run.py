"""run: a nest on a machine, cycle by cycle, with real words."""

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from cnnhw.counts import Counts
from cnnhw.counts.fits import fitted
from cnnhw.emulator.arithmetic import FixedPoint
from cnnhw.emulator.door import Job, checked_job, checked_options
from cnnhw.emulator.engines import Done, run_job
from cnnhw.emulator.run_length import run_length_bits
from cnnhw.emulator.trace import Trace
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import Nest
from cnnhw.timing import Timing


@dataclass(frozen=True)
class Saved:
    """What the two switches save. The Counts stay those of a machine without them.

    gated_macs         MACs with an ifmap word of zero, padding included, that zero gating leaves out
    filter_reads       reads of a filter word in the PE's own memory that these MACs leave out
    ifmap_bits         bits of the ifmap words that were read in DRAM, or whatever level is outermost; 0 if
                       run-length coding is off
    ifmap_coded_bits   the same words coded, each transfer a stream of its own
    ofmap_bits         bits of the finished ofmap
    ofmap_coded_bits   the same words coded as one stream
    """

    gated_macs: int = 0
    filter_reads: int = 0
    ifmap_bits: int = 0
    ifmap_coded_bits: int = 0
    ofmap_bits: int = 0
    ofmap_coded_bits: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """What a run gives.

    ofmap    (N, M, E, F); words of fixed point if the run had them
    counts   Counts, of words that moved
    cycles   steps, or more where Timing makes words take time
    trace    Trace, or None
    saved    Saved
    options  what the run was asked for: arithmetic, timing, zero_gating, run_length, engine
    """

    ofmap: np.ndarray
    counts: Counts
    cycles: int
    trace: Trace | None
    saved: Saved
    options: MappingProxyType

    def __repr__(self) -> str:
        asked = ", ".join(f"{name}={value}" for name, value in self.options.items())
        return f"Run of {self.counts.macs} MACs in {self.cycles} cycles ({self.counts.cycles} steps); {asked}"


def run(
    nest: Nest,
    machine: Machine,
    ifmap: np.ndarray,
    filters: np.ndarray,
    bias: np.ndarray | None = None,
    trace: bool | tuple[int, int] = False,
    *,
    arithmetic: FixedPoint | None = None,
    timing: Timing | None = None,
    zero_gating: bool = False,
    run_length: bool = False,
    engine: str = "auto",
) -> Run:
    """Run a layer on an array of PEs, moving every word.

    nest         the mapping of the layer
    machine      what it runs on; its capacities hold
    ifmap        (N, C, H, W)
    filters      (M, C/G, R, S)
    bias         (M,), or None. Psums start from it: the first visit of each reads it in DRAM
    trace        True keeps every event; (first, last) those of a window of cycles
    arithmetic   None: numbers as given, whole ones exactly; or FixedPoint
    timing       Timing, or None: by the bandwidths of the machine's levels and arrays; without any, words
                 move in no time, and cycles are steps
    zero_gating  count the MACs that an ifmap word of zero makes idle
    run_length   count the bits of DRAM traffic in the code of the Eyeriss chip
    engine       "plain" moves one word at a time, "fast" arrays of them, "listed" one at a time through any
                 levels and arrays; "auto" takes the one that fits; they agree
    returns      Run. Its ofmap is conv_loops' (plus bias), its counts are count(nest, machine)
    raises       CapacityError if PEs or tiles do not fit; ShapeError if the arrays are not the layer's;
                 CourseError if an option is none, or a trace is too large to keep
    source       docs/design.md, "What is counted" and "The emulator"

    A cycle is one step of the nest. In it, in this order:
    1. fill: before the first step of a pass, words come from DRAM into the GLB
    2. deliver: a word that PEs want and have not got is read once at the GLB, or DRAM, and delivered to each
       of them; a psum that was accumulated before goes to one of them. What an RF does not keep is delivered
       in every cycle
    3. MAC: every PE with work reads filter, ifmap and psum, multiplies, adds and writes the psum
    4. drain: psum pieces that their PEs do not need next leave; they hop from PE to PE, each adding its own,
       to a PE that still wants the psum, or the last one's sum is written (update) to the GLB or DRAM
    5. drop: ifmap and filter words that are not needed next are forgotten; the GLB's psums go to DRAM

    >>> from cnnhw import LayerShape
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])     # a window that slides over one row
    >>> done = run(nest, Machine.unbounded(), np.array([[[[1, 2, 3, 4, 5]]]]), np.array([[[[100, 10, 1]]]]))
    >>> done.ofmap, done.cycles, done.counts["GLB", "ifmap"].reads
    (array([[[[123, 234, 345]]]]), 9, 5)
    """
    job = checked_job(nest, machine, ifmap, filters, bias, arithmetic)
    timing, engine = checked_options(timing, machine, engine, zero_gating=zero_gating, run_length=run_length)
    fitted(job.nest, machine)
    done = run_job(job, trace, run_length, engine)
    counts, ofmap = done.tally.counts(job.machine), job.arithmetic.finish(done.psums)
    options = {
        "arithmetic": job.arithmetic, "timing": timing, "zero_gating": zero_gating,
        "run_length": run_length, "engine": done.engine,
    }  # fmt: skip
    saved = Saved()
    if zero_gating:
        saved = replace(saved, **_gated(job.nest, done))
    if run_length:
        saved = replace(saved, **_coded(job, done, ofmap))
    cycles = counts.cycles if timing.ideal else timing.cycles(done.record, machine.share)
    return Run(ofmap, counts, cycles, done.trace, saved, MappingProxyType(options))


def _gated(nest: Nest, done: Done) -> dict[str, int]:
    gated, own = done.tally["gated"], nest.keeper(MAC, "filter") in nest.order.of_pe
    return {"gated_macs": gated, "filter_reads": gated if own else 0}


def _coded(job: Job, done: Done, ofmap: np.ndarray) -> dict[str, int]:
    word_bits = job.machine.bits("ifmap")
    return {
        "ifmap_bits": done.tally[job.nest.order.outermost, "ifmap", "reads"] * word_bits,
        "ifmap_coded_bits": done.tally["coded_bits"],
        "ofmap_bits": ofmap.size * word_bits,
        "ofmap_coded_bits": run_length_bits(ofmap),
    }
