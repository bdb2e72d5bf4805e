"""Where the loops of a nest run: places that the machine has, from the outside in."""

from collections.abc import Iterable, Sequence

from cnnhw.machine.hierarchy import USUAL, Hierarchy
from cnnhw.nest.loop import Loop, MappingError, place_name


def told_by(places: Iterable) -> Hierarchy | None:
    """Give the usual hierarchy if all places are its; None if only a machine can tell."""
    return USUAL if all(USUAL.place(where) is not None for where in places) else None


def in_order(loops: Sequence[Loop], order: Hierarchy) -> tuple[Loop, ...]:
    """Give the loops with their places spelled as a hierarchy does.

    raises  MappingError if a place is none of it, or a loop stands inside one that is further in
    """
    placed = tuple(_placed(loop, order) for loop in loops)
    for outer, inner in zip(placed, placed[1:], strict=False):
        if order.depth(outer.where) > order.depth(inner.where):
            named = "DRAM, then GLB, then ROWS and COLS, then RF"
            raise MappingError(
                f"loops run from the outside in: {named if order.usual else order}",
                f"{outer!r} is followed by {inner!r}",
                f"move the loop over {inner.dim} up, or place it at {place_name(outer.where)} "
                "or further inside",
            )
    return placed


def _placed(loop: Loop, order: Hierarchy) -> Loop:
    place = order.place(loop.where)
    if place is None:
        places = (*order.levels, *order.axes_of(order.arrays))
        raise MappingError(
            "a loop runs at a level of the machine, or along an axis of one of its arrays",
            f"{loop!r} on a machine of {order}",
            f"use {', '.join(map(str, places))}",
        )
    return loop if place == loop.where else Loop(loop.dim, loop.step, place)
