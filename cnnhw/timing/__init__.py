"""How long a nest takes: Timing says how fast words move, Record what moves by pass."""

from cnnhw.timing.cycles import cycles
from cnnhw.timing.record import Book, Changes, Record
from cnnhw.timing.timing import Timing

__all__ = ["Book", "Changes", "Record", "Timing", "cycles"]
