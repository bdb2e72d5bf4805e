"""Weight stationary: each PE holds one weight until every pixel that needs it has passed."""

from dataclasses import dataclass

from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Constraint, Dataflow, Layout, Room
from cnnhw.dataflows.sizes import Sizes, chunks


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
        waiting = r * t * z.U * (f - 1) * (z.R - 1)
        psums = z.N * t * z.E * z.F
        return (
            Constraint("N*t*E*F + r*t*U*(f-1)*(R-1) words fit the buffer", psums + waiting, room.glb_words),
            Constraint("R*S*r*t PEs are there", z.R * z.S * r * t, room.pes),
            Constraint("1 word fits the register file", 1, room.rf_words),
            Constraint("r channels are there", r, z.C),
            Constraint("t filters are there", t, z.M),
            Constraint("f ofmap columns are there", f, z.F),
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


def images_in_buffer(z: Sizes, room: Room, r: int, t: int) -> int:
    """Give how many images fit the buffer with r ifmap channels and the psums of t filters; 0 if not one."""
    return min(z.N, room.glb_words // (t * z.E * z.F + r * z.H * z.W))
