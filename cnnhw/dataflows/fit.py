"""Fit row-stationary PE sets on an array: strips, folding, replication, and how many PEs that keeps busy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import prod

from cnnhw.dataflows.sizes import chunks
from cnnhw.errors import ShapeError
from cnnhw.machine import CapacityError, Machine
from cnnhw.nest import Nest
from cnnhw.nest.touched import sizes
from cnnhw.shape import LayerShape

REPLICAS = "NGFMC"  # the dims that sets of PEs share out; R and E are inside a set, S inside a PE


@dataclass(frozen=True)
class Fit:
    """One way to spread a layer over an array; each PE slides filter rows of S weights along ifmap rows.

    shape       the layer
    rows, cols  PEs of the array
    at_once     dim -> how much of it is worked on at once, 1 if left out; the rest follows in turn
    across      dim -> how much of that stands side by side, on PE columns, 1 if left out; the rest stands on
                top of each other. For R: the parts side by side that its rows are cut into
    rows_high   filter rows on top of each other, where that is more than ceil(rows at once / parts): 3 for
                4 rows cut into 3 and 1
    """

    shape: LayerShape
    rows: int
    cols: int
    at_once: Mapping[str, int] = field(default_factory=dict)
    across: Mapping[str, int] = field(default_factory=dict)
    rows_high: int | None = None

    @property
    def e(self) -> int:
        """Ofmap rows in a strip: PE columns of a set, before it is folded."""
        return self.at_once.get("E", 1)

    @property
    def height(self) -> int:
        """Filter rows on top of each other: PE rows of a set, before it is folded."""
        return self.down("R")

    @property
    def r(self) -> int:
        """Sets that work on different channels."""
        return self.at_once.get("C", 1)

    @property
    def t(self) -> int:
        """Sets that work on different filters."""
        return self.at_once.get("M", 1)

    @property
    def sets(self) -> int:
        """Sets at work at once: r * t, times those on other images, groups and ofmap columns."""
        return prod(self.at_once.get(dim, 1) for dim in REPLICAS)

    @property
    def folds(self) -> int:
        """Parts on top of each other that a strip is cut into: ceil(e / its part across)."""
        return self.down("E")

    @property
    def active_pes(self) -> int:
        """PEs at work in the fullest step: the product of what is done at once."""
        return prod(self.at_once.values())

    @property
    def cycles(self) -> int:
        """Steps of the layer: S times the product, over the other dims, of ceil(size / done at once)."""
        size = sizes(self.shape)
        turns = (chunks(size[dim], self.at_once.get(dim, 1)) for dim in (*REPLICAS, "R", "E"))
        return size["S"] * prod(turns)

    @property
    def mean_active_pes(self) -> float:
        """PEs at work on average, the clipped strips and chunks included: macs / cycles."""
        return self.shape.macs / self.cycles

    @property
    def utilisation(self) -> float:
        """The part of the array that works, on average: mean_active_pes / (rows * cols)."""
        return self.mean_active_pes / (self.rows * self.cols)

    def down(self, dim: str) -> int:
        """Give the PE rows that a dim takes: ceil(at_once / across), or rows_high for R."""
        if dim == "R" and self.rows_high is not None:
            return self.rows_high
        return chunks(self.at_once.get(dim, 1), self.across.get(dim, 1))

    def interleaved(self, filter_words: int = 224, ifmap_words: int = 12, psum_words: int = 24):
        """Choose how many filters and channels take turns in a PE.

        filter_words, ifmap_words, psum_words  room in each PE; Eyeriss' to begin with
        returns  (p, q): first the most channels with q*S <= ifmap_words, then the most filters with
                 p*q*S <= filter_words and p <= psum_words; never so many that a clipped chunk costs cycles,
                 nor more than there are: q <= ceil(C / r) and p <= ceil(M / t), of one group
        raises   CapacityError if not even one row of one filter fits
        """
        size, S = sizes(self.shape), self.shape.S
        if S > min(ifmap_words, filter_words) or not psum_words:
            raise CapacityError(
                "a PE holds a row of a filter, as many ifmap words, and a psum",
                f"S={S} with room for {filter_words}, {ifmap_words} and {psum_words} words",
                "use larger register files, or a narrower filter",
            )
        q = _most(size["C"], self.r, ifmap_words // S)
        return _most(size["M"], self.t, min(psum_words, filter_words // (q * S))), q

    def nest(self, p: int = 1, q: int = 1) -> Nest:
        """Give the nest: strips, filters, channels and parts of R at DRAM, images and columns at the GLB.

        p, q     filters and channels that take turns in a PE
        returns  Nest; with p and q from interleaved() its counts have the cycles of this Fit
        """
        turns = {"M": p, "C": q}
        in_time = [
            (dim, self.at_once.get(dim, 1) * turns.get(dim, 1), "GLB" if dim in "NF" else "DRAM")
            for dim in "GEMCRNF"
        ]
        on_array = [loop for dim in REPLICAS for loop in self._replicas(dim, turns.get(dim, 1))]
        if self.folds > 1:
            on_array.append(("E", self.across.get("E", 1), "ROWS"))
        if self.across.get("R", 1) > 1:
            on_array.append(("R", self.height, "COLS"))
        inside = [("R", 1, "ROWS"), ("E", 1, "COLS"), ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF")]
        return Nest(self.shape, [*in_time, *on_array, *inside])

    def _replicas(self, dim: str, turns: int) -> Iterator[tuple[str, int, str]]:
        if self.down(dim) > 1:
            yield dim, turns * self.across.get(dim, 1), "ROWS"
        if self.across.get(dim, 1) > 1:
            yield dim, turns, "COLS"


def best_fit(shape: LayerShape, machine: Machine, e: int | None = None, height: int | None = None) -> Fit:
    """Find the sets that keep most PEs of an array busy.

    shape    any LayerShape
    machine  whose rows and cols count
    e        ofmap rows in a strip; left out, every useful one is tried
    height   filter rows on top of each other in a set; left out, every useful one is tried. Less than R: the
             others stand beside them, or follow in turn
    returns  the Fit with the fewest cycles, so the highest utilisation, of all that spread N, G, M, C, E, F
             and R over PE rows and PE columns; S stays inside a PE. Of equals the one that cuts R least, then
             with fewest strips, PEs in use and loops on the array, then with most sets on channels and images
    raises   CapacityError if no set of this e and height fits; ShapeError if e is not one of 1 to E, height
             not one of 1 to R, or the machine has no limit to its rows and cols

    >>> from cnnhw.networks import alexnet
    >>> fit = best_fit(alexnet().layers["CONV2"], Machine(12, 14), e=27, height=5)
    >>> fit.e, fit.folds, fit.active_pes                 # 5 x 27 as 5 x 14 on top of 5 x 13
    (27, 2, 135)
    >>> conv1 = LayerShape(M=64, C=3, H=224, R=7, U=2, P=3)                   # ResNet-50's
    >>> [best_fit(conv1, Machine(12, 14), height=height).utilisation for height in (4, 1)]  # 4 + 3; 1 by 1
    [0.875, 1.0]
    """
    size = sizes(shape)
    if None in (machine.rows, machine.cols):
        raise ShapeError(
            "sets are fitted on an array of a given size",
            f"{machine.rows} rows and {machine.cols} columns",
            "use a machine with both, such as Machine(12, 14)",
        )
    _check(e, size["E"], "a strip has 1 to E ofmap rows", "e={!r} and E={}", "use an e from this range")
    _check(
        height, size["R"], "a set has 1 to R filter rows", "height={!r} and R={}",
        "use a height from this range",
    )  # fmt: skip
    spread = _fewest_cycles(tuple(size.items()), machine.rows, machine.cols, e, height)
    if spread is None:
        raise _too_large(shape, machine, e, height)
    at_once = {dim: once for dim, once, _ in spread}
    across = {dim: parts for dim, _, parts in spread}
    return Fit(shape, machine.rows, machine.cols, at_once, across, height)


def _check(value: int | None, size: int, rule: str, got: str, cure: str) -> None:
    if value is not None and value not in range(1, size + 1):
        raise ShapeError(rule, got.format(value, size), cure)


def _too_large(shape: LayerShape, machine: Machine, e: int | None, height: int | None) -> CapacityError:
    asked = [f"{name}={value}" for name, value in (("e", e), ("height", height)) if value is not None]
    return CapacityError(
        "a set takes height PE rows for each part that its strip is folded into",
        f"{', '.join(asked)} on an array of {machine.rows} x {machine.cols}, for R={shape.R} and E={shape.E}",
        f"use {'a smaller e' if (height or 1) <= machine.rows else 'a smaller height'}, or a larger array",
    )


@cache
def _fewest_cycles(
    size: tuple[tuple[str, int], ...], rows: int, cols: int, e: int | None, height: int | None
) -> tuple[tuple[str, int, int], ...] | None:
    """Give (dim, at once, across) for each dim: the best of all spreads; None if there is none.

    Some dims leave rows // (PE rows they take) by cols // (PE columns) of the array, however they take them.
    So the best of the other dims is asked for again and again, and found once.
    """
    length = dict(size)
    fixed = {"E": e, "R": height}

    @cache
    def best(dims: str, rows: int, cols: int):
        if not dims:
            return (1, 0, 0, 1, 0, 0), ()
        dim, found = dims[0], None
        others = prod(length[other] for other in dims[1:])
        for once, down, across in _spreads(dim, length[dim], rows, cols, fixed.get(dim)):
            rank, left = _rank(dim, length[dim], once, down, across), (rows // down, cols // across)
            if found and rank[0] * chunks(others, prod(left)) > found[0][0]:
                continue  # not even a full array would do
            rest = best(dims[1:], *left)
            if rest and (not found or _joined(rank, rest[0]) < found[0]):
                found = _joined(rank, rest[0]), ((dim, once, across), *rest[1])
        return found

    found = best("ERCMGNF", rows, cols)
    return found and found[1]


def _spreads(dim: str, size: int, rows: int, cols: int, fixed: int | None) -> Iterator[tuple[int, int, int]]:
    """List (at once, PE rows, PE columns) for one dim, without those that do nothing more with more PEs."""
    high = [fixed] if dim == "R" and fixed else range(min(rows, size), 0, -1)
    for down in (one for one in high if one <= rows):
        for across in range(min(cols, chunks(size, down)), 0, -1):
            once = chunks(size, chunks(size, down * across))
            if fixed is not None:
                once = fixed if dim == "E" else min(size, down * across)
            # Rows of a filter that are cut at a height asked for may leave a lower part: 4 as 3 + 1.
            as_asked = dim == "R" and fixed is not None
            if (as_asked or chunks(once, across) == down) and chunks(once, down) == across:
                yield once, down, across


def _rank(dim: str, size: int, once: int, down: int, across: int) -> tuple[int, ...]:
    """Give cycles, parts of R, strips, PEs, loops on the array, and less for sets on channels and images."""
    turns = chunks(size, once)
    loops = (down > 1) + (across > 1) + (across > 1 if dim == "R" else down > 1 if dim == "E" else 0)
    return (
        turns, chunks(size, down) if dim == "R" else 0, turns if dim == "E" else 0,
        once, loops, -once if dim in "CN" else 0,
    )  # fmt: skip


def _joined(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Cycles and PEs multiply, the rest adds up."""
    pairs = enumerate(zip(one, other, strict=True))
    return tuple(mine * its if place in (0, 3) else mine + its for place, (mine, its) in pairs)


def _most(size: int, sets: int, most: int) -> int:
    """The most turns a PE may take, `sets` PEs side by side, without a cycle more than ceil(size / sets)."""

    def steps(turns: int) -> int:
        full, rest = divmod(size, turns * sets)
        return full * turns + min(turns, rest)

    least = chunks(size, sets)
    return max(turns for turns in range(1, max(1, min(most, least)) + 1) if steps(turns) == least)
