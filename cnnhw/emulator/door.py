"""The door of run: its arrays and options are checked here once, with errors a reader can act on."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv.arguments import checked, largest_sum
from cnnhw.conv.words import INT64_LIMIT, common_dtype, magnitude
from cnnhw.emulator.arithmetic import AsGiven, FixedPoint
from cnnhw.errors import CourseError, ShapeError
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.tensors.checked import check_words
from cnnhw.timing import Timing


@dataclass(frozen=True, eq=False)
class Job:
    """All that an engine needs: what runs, on what, and on which words.

    nest, machine   the machine reads first psums if there are biases
    ifmap, filters  arrays of one dtype
    start           psums in DRAM before the run (N, M, E, F)
    arithmetic      AsGiven or FixedPoint
    """

    nest: Nest
    machine: Machine
    ifmap: np.ndarray
    filters: np.ndarray
    start: np.ndarray
    arithmetic: object

    @property
    def zero(self):
        """A zero of the words' kind; exact whole numbers are plain Python ones."""
        return 0 if self.start.dtype.kind in "iO" else self.start.dtype.type(0)


def checked_options(timing, machine: Machine, engine: str, **switches) -> tuple[Timing, str]:
    """Check the options of a run that are no words.

    returns  Timing, the machine's own if it is None; and the engine, "listed" where only that one knows it
    raises   CourseError that names the option
    """
    timing = Timing.of(machine) if timing is None else timing
    if not isinstance(timing, Timing):
        raise CourseError(
            "words take no time, or as Timing says",
            f"timing={timing!r}",
            'use Timing(words_per_cycle={"GLB": 4})',
        )
    timing.check(machine.hierarchy)
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise CourseError(
                "a switch is True or False", f"{name}={value!r}", f"use {name}=True to count what it saves"
            )
    inside = sorted(set(timing.words_per_cycle) - {"DRAM", "GLB"})
    if inside and engine in ("plain", "fast"):
        raise CourseError(
            f"the {engine} engine knows the time of words that leave DRAM and GLB",
            f"words per cycle for {', '.join(inside)}",
            'use engine="auto", or "listed"',
        )
    return timing, "listed" if inside and engine == "auto" else engine


def checked_job(nest: Nest, machine: Machine, ifmap, filters, bias, arithmetic) -> Job:
    """Check what run was given.

    returns  Job
    raises   MappingError if the nest's places are not the machine's; ShapeError if the arrays are not its
    """
    _check_kinds(nest, machine, arithmetic)
    nest = nest.on(machine)
    shape = nest.shape
    ifmap, filters, found = checked(ifmap, filters, shape.U, shape.P, shape.G, shape.D)
    if found != shape:
        raise ShapeError(
            "the arrays must have the sizes of the nest's layer",
            f"ifmap {ifmap.shape} and filters {filters.shape}",
            f"give ifmap {(shape.N, shape.C, shape.H, shape.W)} and "
            f"filters {(shape.M, shape.seen, shape.R, shape.S)}",
        )
    arithmetic = AsGiven() if arithmetic is None else arithmetic
    arithmetic.check(ifmap, filters)
    start = _first_psums(bias, ifmap, filters, shape)
    if bias is not None:
        machine = machine.with_(first_psum="read")
    return Job(nest, machine, ifmap, filters, start, arithmetic)


def _check_kinds(nest, machine, arithmetic) -> None:
    for value, kind in ((nest, Nest), (machine, Machine)):
        if not isinstance(value, kind):
            raise CourseError(
                "a nest runs on a machine",
                f"{type(value).__name__} in place of a {kind.__name__}",
                "call run(nest, machine, ifmap, filters); Machine.unbounded() has room for everything",
            )
    if arithmetic is not None and not isinstance(arithmetic, FixedPoint):
        raise CourseError(
            "numbers are taken as they are, or as fixed point",
            f"arithmetic={arithmetic!r}",
            "use None, or FixedPoint(bits=16, ...)",
        )


def _first_psums(bias, ifmap, filters, shape) -> np.ndarray:
    """Give the psums that lie in DRAM before the run: the biases, or zeros."""
    dtype = ifmap.dtype
    if bias is not None:
        bias = np.asarray(bias)
        if bias.shape != (shape.M,):
            raise ShapeError(
                "a layer has one bias for each filter",
                f"{shape.M} filters but a bias of shape {bias.shape}",
                f"give a bias of shape ({shape.M},), or None",
            )
        check_words("bias", bias, "running")
        dtype = common_dtype(ifmap, bias)
        _check_sums_fit(largest_sum(ifmap, filters, shape) + magnitude(bias) if dtype == np.int64 else 0)
    start = np.zeros((shape.N, shape.M, shape.E, shape.F), dtype)
    if bias is not None:
        start += bias.astype(dtype)[:, None, None]
    return start


def _check_sums_fit(bound: int) -> None:
    if bound >= INT64_LIMIT:
        raise ShapeError(
            "every psum of whole numbers must fit a signed 64-bit word",
            f"products and bias that may add up to {bound}",
            "use smaller words, or astype(object) for exact Python integers",
        )
