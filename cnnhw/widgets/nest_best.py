"""The best nest known for a layer on a machine: what the reader's own nest is measured against."""

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cnnhw.counts import count
from cnnhw.dataflows import DATAFLOWS
from cnnhw.energy import energy
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.mapper import search
from cnnhw.nest import Loop, Nest, Where
from cnnhw.nest.touched import sizes
from cnnhw.shape import LayerShape
from cnnhw.widgets.nest_starts import STARTS, start_loops

# Chosen for teaching: an explorer that opens in about a second, and a climb that ends below every start.
CLIMBED_MACS, TRIES, SEED = 100_000, 200, 8
KEEPERS = tuple((level, tensor) for level in ("GLB", "RF") for tensor in ("ifmap", "filter", "psum"))


class Known(NamedTuple):
    """A nest, its energy per MAC, and how it was found."""

    nest: Nest
    per_mac: float
    source: str


@lru_cache(maxsize=16)
def best_known(shape: LayerShape, machine: Machine) -> Known | None:
    """Give the nest of least energy among the starts, the mapper's plans, and a climb from the best of them.

    shape    the layer
    machine  what it runs on
    returns  Known, or None if nothing that was tried fits. It is no proof: another nest may be better.
             A layer of more than 100,000 MACs is not climbed from, since each try would take too long
    """
    found = [known for name, nest in _candidates(shape, machine) if (known := _weighed(nest, machine, name))]
    best = min(found, key=lambda known: known.per_mac, default=None)
    if best is None or shape.macs > CLIMBED_MACS:
        return best
    return _climbed(best, machine)


def _candidates(shape: LayerShape, machine: Machine) -> Iterator[tuple[str, Nest]]:
    for name in STARTS:
        try:
            yield f"the start {name}", Nest(shape, *start_loops(name, shape, machine))
        except CourseError:
            continue
    if None in (machine.pes, machine.words("GLB"), machine.words("RF")):
        return  # the mapper's dataflows share out limited room
    for name, dataflow in DATAFLOWS.items():
        try:
            yield f"the mapper's search of {name}", search(dataflow, shape, machine).nest
        except CourseError:
            continue


def _weighed(nest: Nest, machine: Machine, source: str) -> Known | None:
    try:
        return Known(nest, energy(count(nest, machine), machine).per_mac, source)
    except CourseError:
        return None


def _climbed(best: Known, machine: Machine) -> Known:
    """Change one thing at a time, and keep what does not cost more."""
    draw, source = random.Random(SEED), f"a climb of {TRIES} tries from {best.source}"
    for _ in range(TRIES):
        try:
            changed = _weighed(_changed(best.nest, draw), machine, source)
        except CourseError:
            continue
        if changed and changed.per_mac <= best.per_mac:
            best = changed
    return best


def _changed(nest: Nest, draw: random.Random) -> Nest:
    """Move, re-cut, add or take out a loop, or change who keeps a tensor."""
    loops, keeps = list(nest.loops), {level: set(kept) for level, kept in nest.keeps.items()}
    at, what = draw.randrange(len(loops)), draw.randrange(5)
    dims = [dim for dim, size in sizes(nest.shape).items() if size > 1]
    if what == 0:
        loops.insert(draw.randrange(len(loops)), loops.pop(at))
    elif what == 1:
        loops[at] = Loop(loops[at].dim, _step(nest, loops[at].dim, draw), draw.choice(list(Where)))
    elif what == 2 and dims:
        dim = draw.choice(dims)
        loops.insert(at, Loop(dim, _step(nest, dim, draw), draw.choice(list(Where))))
    elif what == 3:
        del loops[at]
    else:
        level, tensor = draw.choice(KEEPERS)
        keeps[level] ^= {tensor}
    return Nest(nest.shape, sorted(loops, key=lambda loop: loop.where.depth), keeps)


def _step(nest: Nest, dim: str, draw: random.Random) -> int:
    return draw.randint(1, nest.sizes[dim])
