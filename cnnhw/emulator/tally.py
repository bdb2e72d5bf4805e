"""Tally: what an engine has seen move so far, and the Counts it amounts to."""

from collections import Counter

from cnnhw.counts import Access, Counts, Noc
from cnnhw.emulator.memory import TENSORS
from cnnhw.machine import Machine

SIDES = ("reads", "updates", "fills", "drains")


class Tally(Counter):
    """Numbers of events: tally["GLB", "psum", "reads"], tally["NoC", "psum", "hops"], tally["macs"] ...

    gated  MACs with an ifmap word of zero
    """

    def counts(self, machine: Machine) -> Counts:
        """Give the numbers as Counts.

        machine  whose stores_padding and first_psum they were counted under
        """
        by = {
            (level, tensor): Access(*(self[level, tensor, side] for side in SIDES))
            for level in ("DRAM", "GLB", "RF")
            for tensor in TENSORS
        }
        noc = {
            tensor: Noc(self["NoC", tensor, "deliveries"], self["NoC", tensor, "hops"]) for tensor in TENSORS
        }
        return Counts(
            by=by, noc=noc, macs=self["macs"], cycles=self["cycles"], active_pes=self["active_pes"],
            stores_padding=machine.stores_padding, first_psum=machine.first_psum,
        )  # fmt: skip
