"""What the open exercises of nests demand, told a second way: slow, and from the words of the rules.

`cnnhw exercises --mutants` compares these with what check() looks at. Small layers are walked MAC by MAC with
the words in hand; larger ones are counted, and all that follows from the counts is added up here.
"""

from itertools import product

from cnnhw.counts import Counts, count, walk
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.nest import Nest

_SMALL = 10_000  # MACs that walk may take; chosen so that a nest takes a tenth of a second


def moved(nest: Nest, machine: Machine) -> Counts | None:
    """What a nest moves; None where it does not fit the machine, or is of another list of levels."""
    if nest.hierarchy not in (None, machine.hierarchy):
        return None
    try:
        return walk(nest, machine) if nest.shape.macs <= _SMALL else count(nest, machine)
    except CourseError:
        return None


def price(counts: Counts, machine: Machine) -> float:
    """Energy per MAC: every word that moves at what it costs there, and the MACs."""
    costs, total = machine.costs, counts.macs * machine.costs.MAC
    for (level, _), access in counts.by.items():
        total += (access.reads + access.updates) * costs[level]
    for words in counts.noc.values():
        total += (words.deliveries + words.hops) * costs.NoC
    return total / counts.macs


def made(loops, shape) -> Nest | None:
    """The nest of a list of at most 24 triples (dim, step, where); None where there is none."""
    try:
        return Nest(shape, [(dim, step, where) for dim, step, where in loops]) if len(loops) <= 24 else None
    except (CourseError, ValueError, TypeError):
        return None


def dims_across(nest: Nest) -> tuple[set, set]:
    """The dims whose index differs between two PEs of a column, and of a row."""
    left, across = dict(nest.sizes), {"ROWS": set(), "COLS": set()}
    for loop in nest.loops:
        if loop.where in across and loop.step < left[loop.dim]:
            across[str(loop.where)].add(loop.dim)
        left[loop.dim] = min(left[loop.dim], loop.step)
    return across["ROWS"], across["COLS"]


def accesses_of_cuts(cuts, sizes: dict[str, int], words: int) -> int | None:
    """DRAM accesses of cuts at DRAM, with tiles of words in hand; None where the tiles are too large.

    sizes  M, C, E, F of a layer with 3 x 3 filters, stride 1 and a padding of 1
    words  room for the tiles of ifmap, filters and psums together
    """
    held = {name: set() for name in ("ifmap", "filter", "psum")}
    written, accesses = set(), 0
    for m, c, e, f in tiles(cuts, {dim: range(size) for dim, size in sizes.items()}):
        rows, columns = (
            {place + tap - 1 for place in part for tap in range(3)} & set(range(sizes[dim]))
            for part, dim in ((e, "E"), (f, "F"))
        )
        now = {"ifmap": set(product(c, rows, columns)), "filter": set(product(m, c, range(9)))}
        now["psum"] = set(product(m, e, f))
        if sum(map(len, now.values())) > words:
            return None
        gone, new = held["psum"] - now["psum"], now["psum"] - held["psum"]
        written |= gone
        accesses += len(gone) + len(new & written)
        accesses += sum(len(now[name] - held[name]) for name in ("ifmap", "filter"))
        held = now
    return accesses + len(held["psum"])


def tiles(cuts, ranges: dict[str, range]):
    """Yield the ranges of m, c, e and f in each iteration of the cuts."""
    if not cuts:
        yield tuple(ranges[dim] for dim in "MCEF")
        return
    (dim, step), whole = cuts[0], ranges[cuts[0][0]]
    for start in whole[::step]:
        part = range(start, min(start + step, whole.stop))
        yield from tiles(cuts[1:], ranges | {dim: part})
