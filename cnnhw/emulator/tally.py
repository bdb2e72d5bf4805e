"""Tally: what an engine has seen move so far, and the Counts it amounts to."""

from collections import Counter

from cnnhw.counts import Access, Counts, Noc
from cnnhw.emulator.memory import TENSORS
from cnnhw.machine import Hierarchy, Machine

SIDES = ("reads", "updates", "fills", "drains")


class Tally(Counter):
    """Numbers of events: tally["GLB", "psum", "reads"], tally["NoC", "psum", "hops"], tally["macs"] ...

    gated  MACs with an ifmap word of zero
    """

    def counts(self, machine: Machine) -> Counts:
        """Give the numbers as Counts.

        machine  whose rules they were counted under, and whose array it was
        """
        by = {
            (level, tensor): Access(*(self[level, tensor, side] for side in SIDES))
            for level in machine.hierarchy.levels
            for tensor in TENSORS
        }
        arrays = {
            (array, tensor): Noc(
                *(self[link_of(machine.hierarchy, array), tensor, what] for what in ("deliveries", "hops"))
            )
            for array in machine.hierarchy.arrays
            for tensor in TENSORS
        }
        return Counts(
            by=by, arrays=arrays, macs=self["macs"], cycles=self["cycles"], active_pes=self["active_pes"],
            stores_padding=machine.stores_padding, first_psum=machine.first_visits,
        )  # fmt: skip


def link_of(order: Hierarchy, array: str) -> str:
    """Give the name under which an array's network is tallied: "NoC" on the usual machine."""
    return "NoC" if order.usual else array
