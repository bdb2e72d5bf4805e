"""No local reuse: PEs without memory, and all the room in the buffer they share."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Constraint, Dataflow, Layout, there
from cnnhw.dataflows.grids import Grid, axis, between, fewest, up_to
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.dataflows.strips import shared_words, strip_sum
from cnnhw.nest.cuts import pieces


@dataclass(frozen=True, repr=False)
class NoLocalReuse(Dataflow):
    """No local reuse, NLR. Where the layer is not square, e and h are rows, f and w columns."""

    name = "NLR"
    title = "no local reuse"
    account = (
        "The PEs keep nothing. Every cycle a PE gets a weight and a pixel from the buffer, and its product "
        "joins those of the other channels on the way back. p filters share a pixel and q channels share a "
        "psum. All the area goes to the buffer, which is then large enough to spare most trips to DRAM, but "
        "each MAC pays for a word from that large buffer."
    )
    parameters = {
        "n": "images in the buffer at once",
        "m": "filters in the buffer at once",
        "p": "filters on the array at once",
        "q": "channels on the array at once",
        "e": "ofmap rows in a tile",
        "f": "ofmap columns in a tile",
    }
    rf_bytes = 0

    def moved(self, z: Sizes, *, n, m, p, q, e, f) -> dict:
        refills = chunks(z.N, n) * chunks(z.E, e) * chunks(z.F, f)
        entries = chunks(z.C, q) * z.R * z.S  # times that a psum enters the array
        tiles = z.ifmap_planes * z.rows_moved(e) * z.columns_moved(f)
        pixels = z.ifmap_planes * z.R * z.S * z.E * z.F  # read when no PE keeps one: I * R*S * a**2
        return {
            ("DRAM", FILTER): z.filter_words * refills,
            ("DRAM", IFMAP): tiles * chunks(z.M, m),
            ("DRAM", PSUM): z.ofmap_words,
            ("GLB", FILTER): z.macs,
            ("GLB", IFMAP): pixels * chunks(z.M, p),
            ("GLB", PSUM): 2 * z.ofmap_words * (entries - 1),
            ("NoC", IFMAP): z.macs,
            ("NoC", PSUM): z.ofmap_words * (z.C * z.R * z.S - entries),
        }

    def limits(self, z: Sizes, room: Room, *, n, m, p, q, e, f) -> tuple[Constraint, ...]:
        buffered = n * q * z.strip_rows(e) * z.strip_columns(f) + m * q * z.R * z.S + n * m * e * f
        return (
            Constraint("n*q*h*w + m*q*R*S + n*m*e*f words fit the buffer", buffered, room.glb_words),
            Constraint("p*q PEs are there", p * q, room.pes),
            Constraint("p filters are among the m", p, m),
            *there(z, m=m, n=n, q=q, e=e, f=f),
        )

    def working(self, z: Sizes, *, n, m, p, q, e, f):
        return p * q

    def loops(self, z: Sizes, room: Room, *, n, m, p, q, e, f) -> Layout:
        """NLR: p filters on columns, q channels on rows, all else one after the other at the buffer."""
        loops = [
            ("N", n, "DRAM"), ("E", e, "DRAM"), ("F", f, "DRAM"), ("M", m, "DRAM"), ("C", q, "DRAM"),
            ("M", p, "GLB"), ("R", 1, "GLB"), ("S", 1, "GLB"),
            ("N", 1, "GLB"), ("E", 1, "GLB"), ("F", 1, "GLB"),
            ("C", 1, "ROWS"), ("M", 1, "COLS"),
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, FILTER, PSUM}, "RF": set()}

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        n, q = axis(fewest(z.N), 3, 0), axis(up_to(min(z.C, room.pes)), 3, 1)
        f = axis(up_to(z.F), 3, 2)
        for e in range(1, z.E + 1):
            tile = n * q * z.strip_rows(e) * z.strip_columns(f)
            m = between((room.glb_words - tile) // (q * z.R * z.S + n * e * f), z.M)
            yield {"n": n, "m": m, "p": np.minimum(room.pes // q, m), "q": q, "e": np.array(e), "f": f}

    def reasons(self, z: Sizes, room: Room, *, n, m, p, q, e, f) -> Iterator[Reason]:
        o, fetches, passes = z.ofmap_words, chunks(z.M, m), chunks(z.C, q)
        entries, refills = passes * z.R * z.S, chunks(z.N, n) * chunks(z.E, e) * chunks(z.F, f)
        tiles = z.ifmap_planes * strip_sum(z.E, e, z.R, z.R, z.rows) * strip_sum(z.F, f, z.S, z.S, z.columns)
        paper = z.ifmap_planes * z.rows_moved(e) * z.columns_moved(f)
        yield Reason("DRAM", IFMAP, (tiles - paper) * fetches, why.STRIPS)
        if passes == 1:
            yield Reason("DRAM", IFMAP, -tiles * (fetches - 1), why.STAYS)
            shared, _ = shared_words((z.E, e, z.rows), (z.F, f, z.columns))
            yield Reason("DRAM", IFMAP, -z.ifmap_planes * shared, why.SLIDES)
        if passes * fetches == 1:
            yield Reason("DRAM", FILTER, -z.filter_words * (refills - 1), why.STAYS)
        windows = z.ifmap_planes * z.R * z.S * z.E * z.F
        yield Reason("GLB", IFMAP, windows * (pieces(z.M, [m, p]) - chunks(z.M, p)), why.NESTED)
        yield Reason("GLB", PSUM, o, why.THROUGH)
        yield Reason("NoC", FILTER, z.macs, why.DELIVERED)
        yield Reason("NoC", PSUM, o * (entries - 1), why.RETURNS)
