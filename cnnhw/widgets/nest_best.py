"""The best nest known for a layer on a machine: what the reader's own nest is measured against."""

import math
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cnnhw.counts import count
from cnnhw.dataflows import DATAFLOWS
from cnnhw.energy import energy
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import Hierarchy
from cnnhw.mapper import search
from cnnhw.nest import Loop, Nest
from cnnhw.nest.touched import sizes
from cnnhw.shape import LayerShape
from cnnhw.widgets.nest_found import FOUND
from cnnhw.widgets.nest_starts import STARTS, start_loops

# Chosen for teaching: an explorer opens in about half a second. HEAT is what a change may cost at first, as a
# share of the start's energy.
CLIMBED_MACS, TRIES, HEAT = 100_000, 60, 0.04
KEPT = "a long climb, kept with the course"


class Known(NamedTuple):
    """A nest, its energy per MAC, and how it was found."""

    nest: Nest
    per_mac: float
    source: str


@lru_cache(maxsize=16)
def best_known(shape: LayerShape, machine: Machine) -> Known | None:
    """Give the nest of least energy among the starts, the mapper's plans, one found before, or a short climb.

    shape    the layer
    machine  what it runs on
    returns  Known, or None if nothing that was tried fits. It is no proof: another nest may be better.
             A layer of more than 100,000 MACs is not climbed from, since each try would take too long
    """
    found = [known for name, nest in _candidates(shape, machine) if (known := _weighed(nest, machine, name))]
    best = min(found, key=lambda known: known.per_mac, default=None)
    if best is None or best.source == KEPT or shape.macs > CLIMBED_MACS:
        return best
    return climbed(best, machine)


def _candidates(shape: LayerShape, machine: Machine) -> Iterator[tuple[str, Nest]]:
    if shape in FOUND:
        yield KEPT, Nest(shape, *FOUND[shape])
    for name in STARTS:
        try:
            yield f"the start {name}", Nest(shape, *start_loops(name, shape, machine))
        except CourseError:
            continue
    if not machine.hierarchy.usual or None in (machine.pes, machine.words("GLB"), machine.words("RF")):
        return  # the published forms know no other levels, and share out limited room
    for name, dataflow in DATAFLOWS.items():
        try:
            yield f"the mapper's search of {name}", search(dataflow, shape, machine).nest
        except CourseError:
            continue


def _weighed(nest: Nest, machine: Machine, source: str) -> Known | None:
    try:
        return Known(nest.on(machine), energy(count(nest, machine), machine).per_mac, source)
    except CourseError:
        return None


def keepers(order: Hierarchy) -> tuple[tuple[str, str], ...]:
    """Name the levels that may keep a tensor or let it pass by, with each tensor."""
    return tuple((level, tensor) for level in order.levels[1:] for tensor in ("ifmap", "filter", "psum"))


def climbed(start: Known, machine: Machine, tries: int = TRIES) -> Known:
    """Change one thing at a time; a change that costs more is kept at times, ever more seldom.

    start    where the climb begins
    machine  what the nests run on
    tries    changes that are tried; each takes some milliseconds
    returns  the best nest met, or `start`; the same in every run
    source   simulated annealing: Kirkpatrick et al., Science 220, 1983
    """
    draw, source = random.Random(0), f"a climb of {tries:,} tries from {start.source}"
    best, here = start, start
    for tried in range(tries):
        try:
            changed = _weighed(_changed(here.nest, draw), machine, source)
        except CourseError:
            continue
        if changed is None:
            continue
        heat = HEAT * start.per_mac * (1 - tried / tries)
        dearer = changed.per_mac - here.per_mac
        if dearer <= 0 or draw.random() < math.exp(-dearer / heat):
            here = changed
            best = min(best, here, key=lambda known: known.per_mac)
    return best


def _changed(nest: Nest, draw: random.Random) -> Nest:
    """Move, re-cut, add or take out a loop, or change who keeps a tensor."""
    loops, keeps = list(nest.loops), {level: set(kept) for level, kept in nest.keeps.items()}
    at, what, order = draw.randrange(len(loops)), draw.randrange(5), nest.order
    dims = [dim for dim, size in sizes(nest.shape).items() if size > 1]
    if what == 0:
        loops.insert(draw.randrange(len(loops)), loops.pop(at))
    elif what == 1:
        loops[at] = Loop(loops[at].dim, _step(nest, loops[at].dim, draw), draw.choice(order.places))
    elif what == 2 and dims:
        dim = draw.choice(dims)
        loops.insert(at, Loop(dim, _step(nest, dim, draw), draw.choice(order.places)))
    elif what == 3:
        del loops[at]
    elif keepers(order):
        level, tensor = draw.choice(keepers(order))
        keeps[level] ^= {tensor}
    return Nest(nest.shape, sorted(loops, key=lambda loop: order.depth(loop.where)), keeps, order)


def _step(nest: Nest, dim: str, draw: random.Random) -> int:
    return draw.randint(1, nest.sizes[dim])
