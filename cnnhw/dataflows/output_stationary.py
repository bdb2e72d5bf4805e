"""Output stationary: each PE keeps the psum of one ofmap word until it is finished. Three kinds of it."""

from dataclasses import dataclass
from typing import NamedTuple

from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Constraint, Dataflow, Layout, Room
from cnnhw.dataflows.sizes import Sizes, chunks


@dataclass(frozen=True, repr=False)
class OneChannelManyPixels(Dataflow):
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

    def moved(self, z: Sizes, *, m, n, e, f) -> dict:
        tiles = z.ifmap_planes * z.rows_moved(e) * z.columns_moved(f)
        refills = chunks(z.N, n) * chunks(z.E, e) * chunks(z.F, f)
        return _stationary(z) | {
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
            Constraint("m filters are there", m, z.M),
            Constraint("n images are there", n, z.N),
            Constraint("e ofmap rows are there", e, z.E),
            Constraint("f ofmap columns are there", f, z.F),
        )

    def working(self, z: Sizes, *, m, n, e, f):
        return n * e * f

    def loops(self, z: Sizes, room: Room, *, m, n, e, f) -> Layout:
        """OS_A: rows of pixels on ROWS, columns on COLS; as much of a window stays in the PE as fits."""
        window = _window(z, room)
        loops = [
            ("M", m, "DRAM"), ("N", n, "DRAM"), ("E", e, "DRAM"), ("F", f, "DRAM"),
            ("M", 1, "GLB"), ("C", 1, "GLB"), *window.outside,
            ("N", 1, "ROWS"), ("E", 1, "ROWS"), ("F", 1, "COLS"), *window.inside,
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, FILTER}, "RF": window.keeps}


@dataclass(frozen=True, repr=False)
class ManyChannelsManyPixels(Dataflow):
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

    def moved(self, z: Sizes, *, m, n, p, f) -> dict:
        rows = z.ifmap_planes * z.R * z.E * z.columns_moved(f)
        return _stationary(z) | {
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
            Constraint("m filters are there", m, z.M),
            Constraint("n images are there", n, z.N),
            Constraint("f ofmap columns are there", f, z.F),
        )

    def working(self, z: Sizes, *, m, n, p, f):
        return n * p * f

    def loops(self, z: Sizes, room: Room, *, m, n, p, f) -> Layout:
        """OS_B: filters and images on ROWS, columns of pixels on COLS; as many of S pixels stay as fit."""
        window = _row_of_window(z, room)
        loops = [
            ("M", m, "DRAM"), ("N", n, "DRAM"), ("E", 1, "DRAM"), ("F", f, "DRAM"),
            ("M", p, "GLB"), ("C", 1, "GLB"), ("R", 1, "GLB"), *window.outside,
            ("N", 1, "ROWS"), ("M", 1, "ROWS"), ("F", 1, "COLS"), *window.inside,
        ]  # fmt: skip
        return loops, {"GLB": {IFMAP, FILTER}, "RF": window.keeps}


@dataclass(frozen=True, repr=False)
class ManyChannelsOnePixel(Dataflow):
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

    def moved(self, z: Sizes, *, m, n, p) -> dict:
        windows = z.ifmap_planes * z.R * z.S * z.E * z.F  # every window is fetched whole
        return _stationary(z) | {
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
            Constraint("m filters are there", m, z.M),
            Constraint("n images are there", n, z.N),
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


def _stationary(z: Sizes) -> dict:
    """What all three have in common: psums never leave their PE, and every MAC's operands come by NoC."""
    return {
        ("DRAM", FILTER): z.filter_words,
        ("DRAM", PSUM): z.ofmap_words,
        ("NoC", FILTER): z.macs,
        ("NoC", IFMAP): z.macs,
        ("RF", PSUM): 2 * z.ofmap_words * (z.C * z.R * z.S - 1),
    }


class Window(NamedTuple):
    """How much of a window of pixels a PE keeps beside its psum: loops outside and inside the RF."""

    outside: tuple
    inside: tuple
    keeps: frozenset


def window_chunk(z: Sizes, room: Room) -> tuple[int, int]:
    """Give the rows and columns of a window that fit an RF beside the psum; (0, 0) if no word does.

    Whole rows of S where one fits, else a part of one row.
    """
    words = room.rf_words - 1
    return (min(z.R, words // z.S), z.S) if words >= z.S else (min(1, words), words)


def row_chunk(z: Sizes, room: Room) -> int:
    """Give the columns of one row of a window that fit an RF beside the psum."""
    return min(z.S, room.rf_words - 1)


def _window(z: Sizes, room: Room) -> Window:
    rows, columns = window_chunk(z, room)
    if not rows:
        return Window((("R", 1, "GLB"), ("S", 1, "GLB")), (), frozenset({PSUM}))
    outside = (("R", rows, "GLB"), ("S", columns, "GLB"))
    return Window(outside, (("R", 1, "RF"), ("S", 1, "RF")), frozenset({PSUM, IFMAP}))


def _row_of_window(z: Sizes, room: Room) -> Window:
    columns = row_chunk(z, room)
    if not columns:
        return Window((("S", 1, "GLB"),), (), frozenset({PSUM}))
    return Window((("S", columns, "GLB"),), (("S", 1, "RF"),), frozenset({PSUM, IFMAP}))
