"""The least that a dataflow needs: four names and its loops, here on a machine of two arrays."""

from cnnhw.dataflows import Dataflow


class FiltersInTiles(Dataflow):
    """Tiles share the filters, lanes the channels; each tile keeps its filters in its own memory."""

    name = "FIT"
    title = "filters in tiles"
    account = "A tile keeps m filters until all pixels have passed; its lanes add up c channels at once."
    parameters = {"m": "filters in a tile", "c": "channels on the lanes at once"}

    def loops(self, z, room, *, m, c):
        loops = [
            ("M", m * 4, "memory"), ("C", c, "memory"), ("M", m, ("tiles", "COLS")), ("N", 1, "store"),
            ("E", 1, "store"), ("F", 1, "store"), ("R", 1, "store"), ("S", 1, "store"), ("M", 1, "store"),
            ("C", 1, ("lanes", "COLS")),
        ]  # fmt: skip
        return loops, {"store": {"filter", "psum"}}
