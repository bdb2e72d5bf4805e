"""Fit row-stationary PE sets on an array: strips, folding, replication, and how many PEs that keeps busy."""

from collections.abc import Iterator
from dataclasses import dataclass

from cnnhw.dataflows.sizes import chunks
from cnnhw.errors import ShapeError
from cnnhw.machine import CapacityError, Machine
from cnnhw.nest import Nest
from cnnhw.nest.touched import sizes
from cnnhw.shape import LayerShape


@dataclass(frozen=True)
class Fit:
    """One way to place the R x e sets of a layer on an array.

    shape          the layer
    rows, cols     PEs of the array
    e              ofmap rows in a strip: PE columns of a set, before it is folded
    r, t           sets that work on different channels, and on different filters
    r_axis, t_axis whether these sets stand on top of each other, "ROWS", or side by side, "COLS"
    """

    shape: LayerShape
    rows: int
    cols: int
    e: int
    r: int
    t: int
    r_axis: str
    t_axis: str

    @property
    def folds(self) -> int:
        """Parts that a set is cut into, because it is wider than the array: ceil(e / cols)."""
        return chunks(self.e, self.cols)

    @property
    def active_pes(self) -> int:
        """PEs at work in a full strip: R * e * r * t."""
        return self.shape.R * self.e * self.r * self.t

    @property
    def cycles(self) -> int:
        """Steps of the layer: N * G * F * S * ceil(E/e) * ceil(C/r) * ceil(M/t), M and C of one group."""
        size = sizes(self.shape)
        rest = size["N"] * size["G"] * size["F"] * size["S"]
        return rest * chunks(size["E"], self.e) * chunks(size["C"], self.r) * chunks(size["M"], self.t)

    @property
    def mean_active_pes(self) -> float:
        """PEs at work on average, the clipped strips and chunks included: macs / cycles."""
        return self.shape.macs / self.cycles

    @property
    def utilisation(self) -> float:
        """The part of the array that works, on average: mean_active_pes / (rows * cols)."""
        return self.mean_active_pes / (self.rows * self.cols)

    def interleaved(self, filter_words: int = 224, ifmap_words: int = 12, psum_words: int = 24):
        """Choose how many filters and channels take turns in a PE.

        filter_words, ifmap_words, psum_words  room in each PE; Eyeriss' to begin with
        returns  (p, q): first the most channels with q*S <= ifmap_words, then the most filters with
                 p*q*S <= filter_words and p <= psum_words; never so many that a clipped chunk costs cycles
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
        """Give the nest: strips, filters and channels at DRAM, images and ofmap columns at the GLB.

        p, q     filters and channels that take turns in a PE
        returns  Nest; with p and q from interleaved() its counts have the cycles of this Fit
        """
        fold = [("E", self.cols, "ROWS")] if self.folds > 1 else []
        return Nest(
            self.shape,
            [
                ("G", 1, "DRAM"), ("E", self.e, "DRAM"), ("M", p * self.t, "DRAM"), ("C", q * self.r, "DRAM"),
                ("N", 1, "GLB"), ("F", 1, "GLB"),
                ("M", p, self.t_axis), ("C", q, self.r_axis), *fold, ("R", 1, "ROWS"), ("E", 1, "COLS"),
                ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF"),
            ],
        )  # fmt: skip


def best_fit(shape: LayerShape, machine: Machine, e: int | None = None) -> Fit:
    """Find the sets that keep most PEs of an array busy.

    shape    any LayerShape; groups follow one after another
    machine  whose rows and cols count
    e        ofmap rows in a strip; left out, every useful one is tried
    returns  the Fit with the fewest cycles, so the highest utilisation; of equals the one with the fewest
             strips, then with the fewest PEs in use, then with most sets on channels
    raises   CapacityError if no set fits, because the array is not high enough; ShapeError if e is not one of
             1 to E

    >>> from cnnhw.networks import alexnet
    >>> fit = best_fit(alexnet().layers["CONV2"], Machine(12, 14))
    >>> fit.e, fit.folds, fit.active_pes                 # 5 x 27 as 5 x 14 on top of 5 x 13
    (27, 2, 135)
    """
    size = sizes(shape)
    if e is not None and e not in range(1, size["E"] + 1):
        raise ShapeError(
            "a strip has 1 to E ofmap rows", f"e={e!r} and E={size['E']}", "use an e from this range"
        )
    fits = [
        Fit(shape, machine.rows, machine.cols, width, r, t, r_axis, t_axis)
        for width in (_useful(size["E"], size["E"]) if e is None else [e])
        for r, t, r_axis, t_axis in _replicas(size, width, machine.rows, machine.cols)
    ]
    if not fits:
        raise _too_high(shape.R, 1 if e is None else e, machine)
    return min(fits, key=lambda fit: (fit.cycles, -fit.e, fit.active_pes, -fit.r))


def _replicas(size: dict[str, int], e: int, rows: int, cols: int) -> Iterator[tuple[int, int, str, str]]:
    """List (r, t, r_axis, t_axis) for sets of width e; with each r the smallest of the best t."""
    down, across = rows // (size["R"] * chunks(e, cols)), cols // min(e, cols)
    there = {"ROWS": down, "COLS": across}
    if not down:
        return
    for r_axis, most in there.items():
        for r in _useful(size["C"], most):
            for t_axis in there:
                left = there[t_axis] // r if t_axis == r_axis else there[t_axis]
                yield r, chunks(size["M"], chunks(size["M"], min(left, size["M"]))), r_axis, t_axis


def _too_high(R: int, e: int, machine: Machine) -> CapacityError:
    folds = chunks(e, machine.cols)
    return CapacityError(
        "a set is as high as the filter, R PEs, for each part that it is folded into",
        f"R={R} and e={e}, so {R} x {folds} PE rows on an array of {machine.rows} x {machine.cols}",
        "use a smaller e" if folds > 1 else "use an array with more rows, or a loop over R at the GLB",
    )


def _useful(size: int, most: int) -> list[int]:
    """List the chunk sizes up to `most` that no smaller one matches: ceil(size / k), without repeats.

    >>> _useful(55, 14)                 # 14 makes four strips; so do 15, 16, 17 and 18, with more PEs
    [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 14]
    """
    values = {chunks(size, pieces) for pieces in range(1, size + 1)}
    return sorted(value for value in values if value <= most)


def _most(size: int, sets: int, most: int) -> int:
    """The most turns a PE may take, `sets` PEs side by side, without a cycle more than ceil(size / sets)."""

    def steps(turns: int) -> int:
        full, rest = divmod(size, turns * sets)
        return full * turns + min(turns, rest)

    return max(turns for turns in range(1, max(1, most) + 1) if steps(turns) == chunks(size, sets))
