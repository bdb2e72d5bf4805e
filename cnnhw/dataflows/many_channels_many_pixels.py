"""Output stationary, many ofmap channels and many pixels: OS_B."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, Constraint, Layout, there
from cnnhw.dataflows.grids import Grid, between, pairs, up_to
from cnnhw.dataflows.output_stationary import OutputStationary, Window, psum_in_place, slides
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.dataflows.strips import strip_sum
from cnnhw.nest.cuts import pieces


@dataclass(frozen=True, repr=False)
class ManyChannelsManyPixels(OutputStationary):
    """OS_B: many ofmap channels, many pixels (MOC-MOP). f and w are columns of one ofmap row."""

    name = "OS_B"
    title = "output stationary, many channels and many pixels"
    account = (
        "The PEs hold psums of p ofmap channels and of f pixels in one row of each. A weight is shared by "
        "the pixels, an ifmap word by the channels: it is how a systolic array multiplies two matrices. "
        "Both kinds of sharing are there, neither is as wide as it could be. Gupta's array is of this kind."
    )
    parameters = {
        "m": "filters in the buffer at once",
        "n": "images on the array at once",
        "p": "filters on the array at once",
        "f": "ofmap columns on the array at once",
    }
    rf_bytes = 10

    def moved(self, z: Sizes, *, m, n, p, f) -> dict:
        rows = z.ifmap_planes * z.R * z.E * z.columns_moved(f)
        return super().moved(z) | {
            ("DRAM", IFMAP): rows * chunks(z.M, m),
            ("GLB", FILTER): z.filter_words * chunks(z.N, n) * z.E * chunks(z.F, f),
            ("GLB", IFMAP): rows * chunks(z.M, p),
        }

    def limits(self, z: Sizes, room: Room, *, m, n, p, f) -> tuple[Constraint, ...]:
        buffered = m * z.C * z.R * z.S + n * z.C * z.R * z.strip_columns(f)
        return (
            Constraint("m*C*R*S + n*C*R*w words fit the buffer", buffered, room.glb_words),
            Constraint("n*p*f PEs are there", n * p * f, room.pes),
            Constraint("1 word fits the register file", 1, room.rf_words),
            Constraint("p filters are among the m", p, m),
            *there(z, m=m, n=n, f=f),
        )

    def working(self, z: Sizes, *, m, n, p, f):
        return n * p * f

    def loops(self, z: Sizes, room: Room, *, m, n, p, f) -> Layout:
        """OS_B: filters and images on ROWS, columns of pixels on COLS; as many of S pixels stay as fit."""
        window = Window.of(S=row_chunk(z, room))
        loops = [
            ("M", m, "DRAM"), ("N", n, "DRAM"), ("E", 1, "DRAM"), ("F", f, "DRAM"),
            ("M", p, "GLB"), ("C", 1, "GLB"), ("R", 1, "GLB"), *window.outside,
            ("N", 1, "ROWS"), ("M", 1, "ROWS"), ("F", 1, "COLS"), *window.inside,
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, FILTER}, "RF": window.keeps}

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        n, f = pairs(up_to(min(z.N, room.pes)), room.pes, z.F)
        tile = n * z.C * z.R * z.strip_columns(f)
        m = between((room.glb_words - tile) // (z.C * z.R * z.S), z.M)
        yield {"m": m, "n": n, "p": np.minimum(room.pes // (n * f), m), "f": f}

    def reasons(self, z: Sizes, room: Room, *, m, n, p, f) -> Iterator[Reason]:
        yield from slides(z, 1, f, n, chunks(z.M, m), z.E * z.R * z.columns_moved(f))
        planes, kept = z.ifmap_planes * z.R * z.E, max(1, row_chunk(z, room))
        whole, parts = (strip_sum(z.F, f, z.S, part, z.columns) for part in (z.S, kept))
        fetches = pieces(z.M, [m, p])
        yield Reason("GLB", IFMAP, planes * (whole - z.columns_moved(f)) * chunks(z.M, p), why.STRIPS)
        yield Reason("GLB", IFMAP, planes * whole * (fetches - chunks(z.M, p)), why.NESTED)
        yield Reason("GLB", IFMAP, planes * (parts - whole) * fetches, why.PARTS)
        yield from psum_in_place(z, keeps_pixels=room.rf_words > 1)


def row_chunk(z: Sizes, room: Room) -> int:
    """Give the columns of one row of a window that fit an RF beside the psum."""
    return min(z.S, room.rf_words - 1)
