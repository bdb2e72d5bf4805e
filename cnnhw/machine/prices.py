"""Prices that follow size: what a word costs in a memory of so many bytes, between cited numbers.

Slide 35 gives one price for each kind of memory, whatever its size. Here a word of 16 bits in a memory of B
bytes costs, in energies of a MAC, what lies on straight lines between these points, both axes logarithmic:

    0.5 and 1 kB    1     TALK slide 35, RF
    8 kB          1.7     Horowitz: 10 pJ for 64 bits, so 2.5 for 16; a MAC is 1.1 + 0.4 pJ
    32 kB         3.3     Horowitz: 20 pJ
    100 kB          6     TALK slide 35, the smaller end of its buffer
    1 MB         16.7     Horowitz: 100 pJ

The two sources agree well enough to share a line: between Horowitz' 32 kB and 1 MB, 100 kB would cost 5.7.
They disagree on the larger end of slide 35's buffer: 500 kB cost 6 there, and 12 here. Below 0.5 kB the line
from 1 to 8 kB goes on, and above 1 MB the last one: an assumption, not a source.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import exp, log

from cnnhw.errors import CourseError
from cnnhw.machine.costs import checked_cost
from cnnhw.machine.level import Level
from cnnhw.machine.machine import Machine

_MAC_PJ = 1.1 + 0.4
# Bytes -> energy of a 16-bit word over that of a MAC. Sources: TALK slide 35; Horowitz, ISSCC 2014.
ANCHORS = {
    512: 1.0,
    1024: 1.0,
    8 * 1024: 10 / 4 / _MAC_PJ,
    32 * 1024: 20 / 4 / _MAC_PJ,
    100 * 1024: 6.0,
    1024 * 1024: 100 / 4 / _MAC_PJ,
}


def price_by_size(size_bytes: float) -> float:
    """Give the energy of one 16-bit word in a memory of a size.

    size_bytes  bytes in the memory, 0 or more
    returns     energy over that of a MAC; 0 where there is no memory
    raises      CourseError if size_bytes is below 0
    source      TALK slide 35; Horowitz, ISSCC 2014; interpolated as this file says

    >>> price_by_size(512), price_by_size(100 * 1024), round(price_by_size(500 * 1024), 1)
    (1.0, 6.0, 12.2)
    """
    if not size_bytes >= 0:
        raise CourseError("a memory has 0 bytes or more", f"{size_bytes!r} bytes", "give a number from 0 on")
    if size_bytes == 0:
        return 0.0
    flat, rising, *lines = pairwise(ANCHORS.items())
    if size_bytes < flat[0][0]:
        return _between(size_bytes, rising[0], rising[1]) / _between(flat[0][0], rising[0], rising[1])
    fitting = (line for line in (flat, rising, *lines) if size_bytes <= line[1][0])
    return _between(size_bytes, *next(fitting, lines[-1]))


def priced(machine: Machine, price: Callable[[float], float] = price_by_size) -> Machine:
    """Give the same machine with prices that follow the sizes of its memories.

    machine  whose levels with a limit get a price, for reads and writes; DRAM, a level without a limit, the
             arrays and the MAC stay
    price    bytes of a level, all its memories together -> energy of a word over that of a MAC
    returns  Machine, in the unit of its costs
    raises   CourseError if a price is no number of 0 or more

    >>> chip = Machine(2, 2, (Level("GLB", 8 * 1024), Level("RF", 256)))
    >>> [round(priced(chip).cost(level), 2) for level in ("DRAM", "GLB", "NoC", "RF")]
    [200, 2.36, 2, 1.0]
    """
    outermost, *inner = machine.parts
    parts = [outermost, *(_priced(part, machine, price) for part in inner)]
    return replace(machine, parts=tuple(parts))


def _priced(part, machine: Machine, price: Callable[[float], float]):
    if not isinstance(part, Level) or part.total is None:
        return part
    cost = price(part.total * machine.word_bytes) * machine.costs.MAC
    checked_cost(part.name, cost, machine.costs.unit)
    return replace(part, cost=cost, write_cost=None)


def _between(size: float, low: tuple[float, float], high: tuple[float, float]) -> float:
    """Follow the straight line through two points of logarithms."""
    slope = log(high[1] / low[1]) / log(high[0] / low[0])
    return low[1] * exp(slope * log(size / low[0]))
