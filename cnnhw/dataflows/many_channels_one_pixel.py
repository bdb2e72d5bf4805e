"""Output stationary, many ofmap channels and one pixel of each: OS_C."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Constraint, Layout, there
from cnnhw.dataflows.grids import Grid, between, up_to
from cnnhw.dataflows.output_stationary import OutputStationary, psum_in_place, slides
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.nest.cuts import pieces


@dataclass(frozen=True, repr=False)
class ManyChannelsOnePixel(OutputStationary):
    """OS_C: many ofmap channels, one pixel of each (MOC-SOP)."""

    name = "OS_C"
    title = "output stationary, many channels and one pixel"
    account = (
        "The PEs hold the psums of one pixel in p ofmap channels. An ifmap word is shared by all of them; "
        "a weight is used once and fetched again for the next pixel. It suits fully connected layers, "
        "where a weight has nothing but the batch to be shared by. Peemen's accelerator is of this kind."
    )
    parameters = {
        "m": "filters in the buffer at once",
        "n": "images on the array at once",
        "p": "filters on the array at once",
    }
    rf_bytes = 2

    def moved(self, z: Sizes, *, m, n, p) -> dict:
        windows = z.ifmap_planes * z.R * z.S * z.E * z.F  # every window is fetched whole
        return super().moved(z) | {
            ("DRAM", IFMAP): windows * chunks(z.M, m),
            ("GLB", FILTER): z.filter_words * chunks(z.N, n) * z.E * z.F,
            ("GLB", IFMAP): windows * chunks(z.M, p),
        }

    def limits(self, z: Sizes, room: Room, *, m, n, p) -> tuple[Constraint, ...]:
        buffered = (m + n) * z.C * z.R * z.S
        return (
            Constraint("(m + n)*C*R*S words fit the buffer", buffered, room.glb_words),
            Constraint("n*p PEs are there", n * p, room.pes),
            Constraint("1 word fits the register file", 1, room.rf_words),
            Constraint("p filters are among the m", p, m),
            *there(z, m=m, n=n),
        )

    def working(self, z: Sizes, *, m, n, p):
        return n * p

    def loops(self, z: Sizes, room: Room, *, m, n, p) -> Layout:
        """OS_C: images on ROWS, filters on COLS; a pixel is shared by the filters and not kept."""
        loops = [
            ("M", m, "DRAM"), ("N", n, "DRAM"), ("E", 1, "DRAM"), ("F", 1, "DRAM"),
            ("M", p, "GLB"), ("C", 1, "GLB"), ("R", 1, "GLB"), ("S", 1, "GLB"),
            ("N", 1, "ROWS"), ("M", 1, "COLS"),
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, FILTER}, "RF": {PSUM}}

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        n = up_to(min(z.N, room.pes))
        m = between(room.glb_words // (z.C * z.R * z.S) - n, z.M)
        yield {"m": m, "n": n, "p": np.minimum(room.pes // n, m)}

    def reasons(self, z: Sizes, room: Room, *, m, n, p) -> Iterator[Reason]:
        yield from slides(z, 1, 1, n, chunks(z.M, m), z.E * z.R * z.F * z.S)
        windows = z.ifmap_planes * z.R * z.S * z.E * z.F
        yield Reason("GLB", IFMAP, windows * (pieces(z.M, [m, p]) - chunks(z.M, p)), why.NESTED)
        yield from psum_in_place(z, keeps_pixels=False)
