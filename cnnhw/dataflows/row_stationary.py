"""Row stationary: each PE slides a row of a filter along a row of an ifmap (Eyeriss)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnhw.dataflows import row_differences
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Constraint, Dataflow, Layout, there
from cnnhw.dataflows.grids import Grid, fewest, pairs, up_to
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes, chunks


@dataclass(frozen=True, repr=False)
class RowStationary(Dataflow):
    """Row stationary, RS.

    ISCA 2016 writes f for the parameter e and cuts the ofmap into strips of columns; the paper on the
    Eyeriss chip (JSSC 2017) cuts strips of rows and calls them e, as here. For square layers it is the same.
    Where the layer is not square, a strip is e rows high and F columns wide, a PE holds rows of S weights,
    and R of them stand on top of each other.
    """

    name = "RS"
    title = "row stationary"
    account = (
        "A PE keeps a row of a filter in its register file and slides it along a row of an ifmap, so that "
        "weights stay, a window of ifmap words stays, and a row of psums is finished in place. R PEs above "
        "each other make the rows of one filter, and their psums run up the column; e columns make e rows "
        "of the ofmap. A filter row goes to a whole row of PEs, an ifmap row along a diagonal. What room is "
        "left in the register file takes p filters and q channels; what room is left on the array takes r "
        "and t such sets. Every kind of reuse gets some room, none gets all."
    )
    parameters = {
        "m": "filters whose psums are in the buffer at once",
        "n": "images in the buffer at once",
        "e": "ofmap rows in a strip, which are PE columns of a set",
        "p": "filters that take turns in a PE",
        "q": "channels that take turns in a PE",
        "r": "PE sets that work on different channels",
        "t": "PE sets that work on different filters",
    }
    rf_bytes = 512

    def moved(self, z: Sizes, *, m, n, e, p, q, r, t) -> dict:
        batches, channels = chunks(z.N, n), chunks(z.C, q)
        strips = z.ifmap_planes * z.rows_moved(e) * z.W
        passes = chunks(z.C, q * r)
        return {
            ("DRAM", FILTER): z.filter_words * batches * chunks(z.E, e),
            ("DRAM", IFMAP): strips * chunks(z.M, m),
            ("DRAM", PSUM): z.ofmap_words,
            ("GLB", IFMAP): strips * chunks(z.M, p * t),
            ("GLB", PSUM): 2 * z.ofmap_words * (passes - 1),
            ("NoC", FILTER): z.filter_words * batches * z.E,
            ("NoC", IFMAP): z.ifmap_planes * z.R * z.E * z.W * chunks(z.M, p),
            ("NoC", PSUM): z.ofmap_words * (channels * z.R - passes),
            ("RF", FILTER): z.macs,
            ("RF", IFMAP): z.macs,
            ("RF", PSUM): 2 * z.ofmap_words * (z.C * z.R * z.S - channels * z.R),
        }

    def limits(self, z: Sizes, room: Room, *, m, n, e, p, q, r, t) -> tuple[Constraint, ...]:
        buffered = n * m * e * z.F + n * q * r * z.strip_rows(e) * z.W
        return (
            Constraint("n*m*e*F + n*q*r*h*W words fit the buffer", buffered, room.glb_words),
            Constraint(
                "p*q*S + q*S + p words fit the register file", p * q * z.S + q * z.S + p, room.rf_words
            ),
            Constraint("R*e*r*t PEs are there", z.R * e * r * t, room.pes),
            Constraint("q*r channels are there", q * r, z.C),
            Constraint("p*t filters are among the m", p * t, m),
            *there(z, m=m, n=n, e=e),
        )

    def working(self, z: Sizes, *, m, n, e, p, q, r, t):
        return z.R * e * r * t

    def loops(self, z: Sizes, room: Room, *, m, n, e, p, q, r, t) -> Layout:
        """RS: t by r sets of R PEs on top of each other, e columns; a PE has p filters and q channels."""
        loops = [
            ("N", n, "DRAM"), ("E", e, "DRAM"), ("M", m, "DRAM"), ("C", q * r, "DRAM"),
            ("M", p * t, "GLB"), ("N", 1, "GLB"), ("F", 1, "GLB"),
            ("M", p, "ROWS"), ("C", q, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"),
            ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF"),
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, PSUM}, "RF": {IFMAP, FILTER, PSUM}}

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        for e in range(1, min(z.E, room.pes // z.R) + 1):
            sets = room.pes // (z.R * e)
            q, r = pairs(up_to(min(z.C, room.rf_words)), z.C, sets)
            n, q, r = (values.ravel() for values in np.broadcast_arrays(fewest(z.N)[:, None], q, r))
            m = (room.glb_words - n * q * r * z.strip_rows(e) * z.W) // (n * e * z.F)
            p = (room.rf_words - q * z.S) // (q * z.S + 1)
            possible = (m > 0) & (p > 0)
            n, q, r, m, p = (values[possible] for values in (n, q, r, m, p))
            m, p = np.minimum(m, z.M), np.minimum(p, z.M)
            t, index = _sets(m, p, np.minimum(sets // r, m))
            n, q, r, m, p = (values[index] for values in (n, q, r, m, p))
            yield {"m": m, "n": n, "e": np.array(e), "p": np.minimum(p, m // t), "q": q, "r": r, "t": t}

    def reasons(self, z: Sizes, room: Room, **parameters) -> Iterator[Reason]:
        return row_differences.reasons(z, **parameters)


def _sets(m: np.ndarray, p: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the t to try for each m and p, the largest p of the register file; and which of them each is for.

    Up to t = m // p that p stays, and larger t is better: so the largest of these. Beyond it p must shrink,
    so each t up to `most` is tried.
    """
    first = np.clip(m // p, 1, most)
    often = most - first + 1
    index = np.repeat(np.arange(len(m)), often)
    return np.arange(len(index)) - np.repeat(np.cumsum(often) - often, often) + first[index], index
