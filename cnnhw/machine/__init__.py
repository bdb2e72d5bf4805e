"""What a nest runs on: memories, an array of PEs, and what each access costs."""

from cnnhw.machine.array import Array
from cnnhw.machine.costs import SLIDE_35, Costs
from cnnhw.machine.hierarchy import Hierarchy
from cnnhw.machine.level import CapacityError, Level
from cnnhw.machine.machine import Machine
from cnnhw.machine.prices import price_by_size, priced

__all__ = [
    "SLIDE_35", "Array", "CapacityError", "Costs", "Hierarchy", "Level", "Machine", "price_by_size", "priced",
]  # fmt: skip
