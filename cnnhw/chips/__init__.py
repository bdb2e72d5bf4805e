"""The accelerators the course names: what they are, how they were mapped, and what was printed about them."""

from cnnhw.chips.chip import Chip
from cnnhw.chips.compared import Compared, eyeriss_table
from cnnhw.chips.emulated import emulate_alexnet
from cnnhw.chips.eyeriss import eyeriss
from cnnhw.chips.isca16 import isca16
from cnnhw.chips.lenet5_on_eyeriss import lenet5_on_eyeriss
from cnnhw.chips.systems import System, systems

__all__ = [
    "Chip", "Compared", "System", "emulate_alexnet", "eyeriss", "eyeriss_table", "isca16",
    "lenet5_on_eyeriss", "systems",
]  # fmt: skip
