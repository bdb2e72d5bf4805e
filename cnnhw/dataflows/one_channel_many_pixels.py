"""Output stationary, one ofmap channel and many pixels of it: OS_A."""

from collections.abc import Iterator
from dataclasses import dataclass

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, Constraint, Layout, there
from cnnhw.dataflows.grids import Grid, axis, between, pairs, up_to
from cnnhw.dataflows.output_stationary import OutputStationary, Window, psum_in_place, slides
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.dataflows.strips import strip_sum


@dataclass(frozen=True, repr=False)
class OneChannelManyPixels(OutputStationary):
    """OS_A: one ofmap channel, many pixels of its plane (SOC-MOP). e and h are rows, f and w columns."""

    name = "OS_A"
    title = "output stationary, one channel and many pixels"
    account = (
        "The PEs hold the psums of a tile of one ofmap plane, of several images where the array is larger "
        "than the tile. Each cycle one weight goes to all of them, and ifmap words that neighbours share "
        "are passed on or kept. Good for large planes; a fully connected layer has planes of one word, so "
        "most of the array then has only the batch to work on. ShiDianNao is of this kind."
    )
    parameters = {
        "m": "filters in the buffer at once",
        "n": "images on the array at once",
        "e": "ofmap rows on the array at once",
        "f": "ofmap columns on the array at once",
    }
    rf_bytes = 98

    def moved(self, z: Sizes, *, m, n, e, f) -> dict:
        tiles = z.ifmap_planes * z.rows_moved(e) * z.columns_moved(f)
        refills = chunks(z.N, n) * chunks(z.E, e) * chunks(z.F, f)
        return super().moved(z) | {
            ("DRAM", IFMAP): tiles * chunks(z.M, m),
            ("GLB", FILTER): z.filter_words * refills,
            ("GLB", IFMAP): tiles * z.M,
        }

    def limits(self, z: Sizes, room: Room, *, m, n, e, f) -> tuple[Constraint, ...]:
        buffered = m * z.C * z.R * z.S + n * z.C * z.strip_rows(e) * z.strip_columns(f)
        return (
            Constraint("m*C*R*S + n*C*h*w words fit the buffer", buffered, room.glb_words),
            Constraint("n*e*f PEs are there", n * e * f, room.pes),
            Constraint("1 word fits the register file", 1, room.rf_words),
            *there(z, m=m, n=n, e=e, f=f),
        )

    def working(self, z: Sizes, *, m, n, e, f):
        return n * e * f

    def loops(self, z: Sizes, room: Room, *, m, n, e, f) -> Layout:
        """OS_A: rows of pixels on ROWS, columns on COLS; as much of a window stays in the PE as fits."""
        rows, columns = window_chunk(z, room)
        window = Window.of(R=rows, S=columns)
        loops = [
            ("M", m, "DRAM"), ("N", n, "DRAM"), ("E", e, "DRAM"), ("F", f, "DRAM"),
            ("M", 1, "GLB"), ("C", 1, "GLB"), *window.outside,
            ("N", 1, "ROWS"), ("E", 1, "ROWS"), ("F", 1, "COLS"), *window.inside,
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, FILTER}, "RF": window.keeps}

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        e, f = pairs(up_to(min(z.E, room.pes)), room.pes, z.F)
        n = axis(up_to(min(z.N, room.pes)), 2, 0)
        tile = n * z.C * z.strip_rows(e) * z.strip_columns(f)
        m = between((room.glb_words - tile) // (z.C * z.R * z.S), z.M)
        yield {"m": m, "n": n, "e": e, "f": f}

    def reasons(self, z: Sizes, room: Room, *, m, n, e, f) -> Iterator[Reason]:
        paper = z.rows_moved(e) * z.columns_moved(f)
        yield from slides(z, e, f, n, chunks(z.M, m), paper)
        rows, columns = (max(1, size) for size in window_chunk(z, room))
        tiles = strip_sum(z.E, e, z.R, z.R, z.rows) * strip_sum(z.F, f, z.S, z.S, z.columns)
        parts = strip_sum(z.E, e, z.R, rows, z.rows) * strip_sum(z.F, f, z.S, columns, z.columns)
        yield Reason("GLB", IFMAP, z.ifmap_planes * z.M * (tiles - paper), why.STRIPS)
        yield Reason("GLB", IFMAP, z.ifmap_planes * z.M * (parts - tiles), why.PARTS)
        if z.C == 1 and window_chunk(z, room) == (z.R, z.S):
            again = z.M - chunks(z.M, m)
            yield Reason("GLB", IFMAP, -z.ifmap_planes * parts * again, why.STAYS_IN_RF)
            yield Reason("NoC", IFMAP, -z.ifmap_planes * z.E * z.F * z.R * z.S * again, why.STAYS_IN_RF)
        yield from psum_in_place(z, keeps_pixels=room.rf_words > 1)


def window_chunk(z: Sizes, room: Room) -> tuple[int, int]:
    """Give the rows and columns of a window that fit an RF beside the psum; (0, 0) if no word does.

    Whole rows of S where one fits, else a part of one row.
    """
    words = room.rf_words - 1
    return (min(z.R, words // z.S), z.S) if words >= z.S else (min(1, words), words)
