"""Nests that students design: taken over as names and numbers alone, counted, priced and drawn."""

from cnnhw.checks.plain import plain
from cnnhw.counts import Counts, count
from cnnhw.energy import energy
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import Loop, Nest, Where
from cnnhw.shape import LayerShape

TENSORS = ("ifmap", "filter", "psum")
MOST_LOOPS = 24  # chosen for teaching


def chunks(size: int, step: int) -> int:
    """How many chunks of `step` it takes to cover `size`."""
    return -(-size // step)


def listed(loops, shape: LayerShape) -> Nest:
    """Build the nest of a list of loops, each a Loop or three parts (dim, step, where).

    raises  CourseError if they make no nest for the layer; ValueError if they are no list of loops
    """
    given = [_bare(loop) for loop in plain(loops)]
    if len(given) > MOST_LOOPS:
        raise ValueError(f"at most {MOST_LOOPS} loops, yours are {len(given)}")
    return Nest(shape, given)


def _bare(loop) -> tuple[str, int, str]:
    """Take names and numbers alone out of a loop: nothing in them can answer back."""
    parts = (loop.dim, loop.step, loop.where) if type(loop) is Loop else loop
    if type(parts) is not tuple or tuple(map(type, parts)) not in ((str, int, str), (str, int, Where)):
        raise ValueError('a loop is written ("E", 13, "DRAM")')
    return parts[0], parts[1], str(parts[2])


def rebuilt(nest: Nest, shape: LayerShape) -> Nest:
    """Make a Nest anew from plain loops, for the layer that was asked for.

    An answer may be of a class of its own, or changed behind the back of a frozen dataclass.

    raises  ValueError if it is for another layer, or not made by Nest(...); MappingError if a place in it is
            none of the course's
    """
    if type(nest) is Nest and nest.hierarchy is None:
        nest = nest.on(Machine.unbounded())  # says which place there is not
    kinds, usual = (str, int, Where), type(nest) is Nest and nest.hierarchy == USUAL
    if usual and type(nest.shape) is LayerShape and nest.shape == shape:
        loops = [(loop.dim, loop.step, loop.where) for loop in nest.loops if type(loop) is Loop]
        if len(loops) == len(nest.loops) and all(tuple(map(type, loop)) == kinds for loop in loops):
            kept = {
                level: {each for each in TENSORS if each in nest.keeps[level]} for level in USUAL.levels[1:]
            }
            return Nest(shape, loops, kept)
    raise ValueError("this is a nest for another layer, or not made by Nest(...)")


def counted(nest: Nest, shape: LayerShape, machine: Machine) -> Counts:
    """Count a nest anew.

    raises  ValueError if it is for another layer; CapacityError if it does not fit the machine
    """
    return count(rebuilt(nest, shape), machine)


def chunks_at(nest: Nest, where: str) -> dict[str, int]:
    """Give, for each dim that the loops at one place really cut, into how many chunks at most."""
    found = {}
    for loop, pieces in zip(nest.loops, nest.pieces, strict=True):
        if loop.where == where and pieces > 1:
            found[loop.dim] = found.get(loop.dim, 1) * pieces
    return found


def per_mac(counts: Counts, machine: Machine) -> float:
    """Energy per MAC, the score of most nests."""
    return energy(counts, machine).per_mac


def card(nest: Nest, machine: Machine):
    """Draw a nest with what it moves and where its energy goes: a Picture.

    raises  CapacityError if it does not fit the machine
    """
    from cnnhw.pictures.arrays.nest_card import nest_card  # needs matplotlib: only where something is drawn

    return nest_card(nest, machine, caption="Your nest.")
