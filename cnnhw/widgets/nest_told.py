"""What the explorer of nests says: the machine, a loop, the nest as code, the score."""

import json
from math import prod

from cnnhw.machine import Machine
from cnnhw.nest import Loop
from cnnhw.nest.loop import place_name
from cnnhw.shape import LayerShape
from cnnhw.widgets.nest_best import Known


def pes(machine: Machine) -> int | str:
    """Give the PEs of all arrays together, or say that there may be any number."""
    each = [machine[array].pes for array in machine.hierarchy.arrays]
    return "any number of" if None in each else prod(each)


def told(machine: Machine) -> str:
    """Tell the sizes of arrays, and the words of levels from the inside out."""
    order = machine.hierarchy
    arrays = [
        f"{machine[array].rows or 'any'} x {machine[array].cols or 'any'} {'PEs' if order.usual else array}"
        for array in order.arrays
    ]
    rooms = [
        f"{'any number of' if (words := machine.words(level)) is None else words} words in "
        f"{'each' if order.arrays_outside(level) else 'the'} {level}"
        for level in order.levels[:0:-1]
    ]
    inside = [*arrays, " and ".join(rooms)] if rooms else arrays
    return ", ".join(inside) or f"{order.outermost} alone"


def line(loop: Loop) -> str:
    """Tell a loop in a line of the list."""
    return f"{place_name(loop.where):<4}  {loop.dim.lower()} in chunks of {loop.step}"


def code(shape: LayerShape, loops: list[Loop], keeps: dict[str, set[str]]) -> str:
    """Write the nest as Python that makes it, valid or not."""
    lines = [f'    ("{loop.dim}", {loop.step}, {_quoted(loop.where)}),' for loop in loops]
    kept = ", ".join(f'"{level}": {sorted(tensors)}' for level, tensors in keeps.items())
    return "\n".join(
        ["from cnnhw import LayerShape, Nest", f"nest = Nest({shape!r}, [", *lines, f"], {{{kept}}})"]
    )


def _quoted(where) -> str:
    """Write a place as Python."""
    return (
        json.dumps(str(where)) if not isinstance(where, tuple) else f"({', '.join(map(json.dumps, where))})"
    )


def score(per_mac: float, best: Known | None) -> str:
    """Set an energy per MAC beside the best known."""
    if best is None:
        return "No best is known: nothing that was tried fits on this machine."
    share = best.per_mac / per_mac
    beaten = " You have beaten it." if share > 1 else ""
    return (
        f"Score: {share:.0%} of the best known, {best.per_mac:.2f} per MAC.{beaten} "
        f"It is from {best.source}, counted exactly; nobody has proved it best."
    )
