"""What a nest runs on: memories, an array of PEs, and what each access costs."""

from cnnhw.machine.costs import SLIDE_35, Costs
from cnnhw.machine.level import CapacityError, Level
from cnnhw.machine.machine import Machine

__all__ = ["SLIDE_35", "CapacityError", "Costs", "Level", "Machine"]
