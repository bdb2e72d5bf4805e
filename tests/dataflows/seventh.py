"""A dataflow of a reader's own, in one file: input stationary, a pixel in each PE."""

from cnnhw.dataflows import Constraint, Dataflow

IFMAP, FILTER, PSUM = "ifmap", "filter", "psum"


class InputStationary(Dataflow):
    """c channels on the PE rows, n images on the columns; filters stream by while the pixels stay."""

    name = "IS"
    title = "input stationary"
    account = "The PEs hold pixels. Filters go to all images at once, and psums add up over the channels."
    parameters = {"c": "channels on the array at once", "n": "images on the array at once"}
    rf_bytes = 2

    def moved(self, z, *, c, n):
        steps = z.macs / (z.C * z.N)  # for each channel of each image
        channels, images = -(-z.C // c), -(-z.N // n)
        return {
            ("DRAM", IFMAP): z.macs / z.M,
            ("DRAM", FILTER): steps * z.C * images,
            ("DRAM", PSUM): steps * z.N * (2 * channels) - z.ofmap_words,
            ("NoC", FILTER): z.macs,
            ("RF", IFMAP): z.macs,
        }

    def limits(self, z, room, *, c, n):
        return (
            Constraint("1 word fits the register file", 1, room.rf_words),
            Constraint("c*n PEs are there", c * n, room.pes),
            Constraint("c channels are there", c, z.C),
            Constraint("n images are there", n, z.N),
        )

    def working(self, z, *, c, n):
        return c * n

    def loops(self, z, room, *, c, n):
        loops = [
            ("N", n, "DRAM"), ("C", c, "DRAM"), ("E", 1, "DRAM"), ("F", 1, "DRAM"), ("R", 1, "DRAM"),
            ("S", 1, "DRAM"), ("C", 1, "ROWS"), ("N", 1, "COLS"), ("M", 1, "RF"),
        ]  # fmt: skip
        return loops, {"RF": {IFMAP}}
