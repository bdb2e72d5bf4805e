"""Weight stationary: each PE holds one weight until every pixel that needs it has passed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Constraint, Dataflow, Layout, there
from cnnhw.dataflows.grids import Grid, between, pairs, up_to
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.dataflows.strips import positions


@dataclass(frozen=True, repr=False)
class WeightStationary(Dataflow):
    """Weight stationary, WS.

    The paper's w - S is U*(f - 1). Where the layer is not square, f and w are columns, and R - 1 in the room
    for waiting words are rows of the filter.
    """

    name = "WS"
    title = "weight stationary"
    account = (
        "A PE takes one weight from DRAM and keeps it until it has met every pixel of the batch, so each "
        "weight is fetched once and for all. Each pixel is sent to all PEs that want it, and psums move "
        "from PE to PE along the filter and through the buffer between its rows and channels. Because the "
        "weights never come back, the psums of t whole ofmaps for the whole batch must wait in the buffer: "
        "a large batch or ofmap may not fit at all."
    )
    parameters = {
        "r": "channels on the array at once",
        "t": "filters on the array at once",
        "f": "ofmap columns in a strip of the ifmap",
    }
    rf_bytes = 2

    def moved(self, z: Sizes, *, r, t, f) -> dict:
        entries = chunks(z.C, r) * z.R  # times that a psum enters the array
        return {
            ("DRAM", FILTER): z.filter_words,
            ("DRAM", IFMAP): z.ifmap_planes * z.rows_moved(z.E) * z.columns_moved(f) * chunks(z.M, t),
            ("DRAM", PSUM): z.ofmap_words,
            ("GLB", PSUM): 2 * z.ofmap_words * (entries - 1),
            ("NoC", IFMAP): z.macs,
            ("NoC", PSUM): z.ofmap_words * (z.C * z.R * z.S - entries),
            ("RF", FILTER): z.macs,
        }

    def limits(self, z: Sizes, room: Room, *, r, t, f) -> tuple[Constraint, ...]:
        waiting = r * t * z.columns.U * (f - 1) * (z.rows.window - 1)
        psums = z.N * t * z.E * z.F
        return (
            Constraint("N*t*E*F + r*t*U*(f-1)*(R-1) words fit the buffer", psums + waiting, room.glb_words),
            Constraint("R*S*r*t PEs are there", z.R * z.S * r * t, room.pes),
            Constraint("1 word fits the register file", 1, room.rf_words),
            *there(z, r=r, t=t, f=f),
        )

    def working(self, z: Sizes, *, r, t, f):
        return z.R * z.S * r * t

    def loops(self, z: Sizes, room: Room, *, r, t, f) -> Layout:
        """WS: one weight in each PE. n, below N, is how many images fit the buffer with their pixels.

        The paper reads pixels from DRAM once for each strip of f columns, and charges no reads of the buffer
        for them. In a nest every PE works on the same psum's products in a step, and a pixel that other psums
        want later must be kept somewhere: in the buffer, whole ifmaps at a time, so that f plays no part.
        """
        n = images_in_buffer(z, room, r, t)
        pixels = {IFMAP} if n else set()  # not even one image fits: every step fetches its pixels from DRAM
        loops = [
            ("M", t, "DRAM"), ("N", n or z.N, "DRAM"), ("C", r, "DRAM"),
            ("N", 1, "GLB"), ("E", 1, "GLB"), ("F", 1, "GLB"),
            ("C", 1, "ROWS"), ("R", 1, "ROWS"), ("M", 1, "COLS"), ("S", 1, "COLS"),
        ]  # fmt: skip
        return loops, {"GLB": {PSUM} | pixels, "RF": {FILTER}}

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        """A larger f moves fewer ifmap words, or more where U > S, and takes room: the largest and 1."""
        there = room.pes // (z.R * z.S)
        r, t = pairs(up_to(min(there, z.C)), there, z.M)
        room_left = room.glb_words - z.N * t * z.E * z.F
        # Words that wait for each further column; none if R = 1.
        a_column = r * t * z.columns.U * (z.rows.window - 1)
        widest = np.where(a_column > 0, room_left // np.maximum(a_column, 1) + 1, z.F)
        yield {"r": r, "t": t, "f": np.stack([between(widest, z.F), np.ones_like(r)])}

    def reasons(self, z: Sizes, room: Room, *, r, t, f) -> Iterator[Reason]:
        o, passes, fetches = z.ofmap_words, chunks(z.C, r), chunks(z.M, t)
        n = images_in_buffer(z, room, r, t)
        lots = chunks(z.N, n or z.N) if passes > 1 else 1
        image = positions(z.E, z.R, z.rows) * positions(z.F, z.S, z.columns)
        windows = z.ifmap_planes * z.E * z.F * z.R * z.S * fetches
        paper = z.ifmap_planes * z.rows_moved(z.E) * fetches
        whole = paper * z.columns_moved(z.F)
        yield Reason("DRAM", FILTER, z.filter_words * (lots - 1), why.BATCHES)
        yield Reason("NoC", FILTER, z.filter_words * lots, why.DELIVERED)
        yield Reason("DRAM", IFMAP, whole - paper * z.columns_moved(f), why.NO_STRIPS)
        if n:
            yield Reason("DRAM", IFMAP, z.ifmap_planes * image * fetches - whole, why.UNREACHED)
            if passes == 1 and n >= z.N:
                yield Reason("DRAM", IFMAP, -z.ifmap_planes * image * (fetches - 1), why.STAYS)
            yield Reason("GLB", IFMAP, windows, why.PIXELS)
        else:
            yield Reason("DRAM", IFMAP, windows - whole, why.NO_ROOM)
        yield Reason("GLB", PSUM, -2 * o * passes * (z.R - 1), why.ONE_STEP)
        yield Reason("GLB", PSUM, o, why.THROUGH)
        yield Reason("NoC", PSUM, o * passes * (z.R - 1), why.ONE_STEP)
        yield Reason("NoC", PSUM, o * (passes - 1), why.RETURNS)


def images_in_buffer(z: Sizes, room: Room, r: int, t: int) -> int:
    """Give how many images fit the buffer with r ifmap channels and the psums of t filters; 0 if not one."""
    return min(z.N, room.glb_words // (t * z.E * z.F + r * z.H * z.W))
