"""Counts once more, by integer sets: what touches what is a relation in isl, and barvinok counts its members.

Nothing here knows of tiles, cuts or axes: each point of the loop nest has, for every loop, the number of the
iteration that it is in, and that is a floor of what the loops outside leave of its coordinate.
"""

import islpy as isl

from cnnhw.counts import Access, Counts, Noc
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import DIMS, at_once

TENSORS = ("ifmap", "filter", "psum")
_OUT = isl.dim_type.out


def counted(nest, machine) -> Counts:
    """Count a nest on a machine, as `count` does. The sums are those of design.md's "What is counted"."""
    nest = nest.on(machine)
    by = {(level, tensor): {} for level in (*nest.order.levels, MAC) for tensor in TENSORS}
    arrays = {(array, tensor): {} for array in nest.order.arrays for tensor in TENSORS}
    starts = nest.shape.ofmap_words
    for tensor in TENSORS:
        for level in (*nest.kept_by(tensor)[1:], MAC):
            keeper = nest.keeper(level, tensor)
            between = [
                a for a in nest.order.arrays_outside(level) if a not in nest.order.arrays_outside(keeper)
            ]
            served = _served(nest, machine, level, tensor)
            first = 0 if machine.reads_first(keeper) else starts
            come = served if tensor != "psum" else [served[0] - first] * len(served)
            by[keeper, tensor]["reads"] = come[0]
            by[level, tensor]["fills"] = come[-1]
            for number, array in enumerate(between):
                arrays[array, tensor]["deliveries"] = come[number + 1]
                if tensor == "psum":
                    arrays[array, tensor]["hops"] = served[number + 1] - served[number]
            if tensor == "psum":
                by[keeper, tensor]["updates"], by[level, tensor]["drains"] = served[0], served[-1]
                starts = served[-1] - come[-1]
    steps = _relation(nest, "", ["0"], _iterations(nest, [x for x in nest.loops if not at_once(x.where)]))
    pes = _relation(nest, "", ["0"], _iterations(nest, [x for x in nest.loops if at_once(x.where)]))
    return Counts(
        by={key: Access(**sides) for key, sides in by.items() if key[0] != MAC},
        arrays={key: Noc(**both) for key, both in arrays.items()},
        macs=nest.shape.macs, cycles=_many(steps), active_pes=_many(pes),
        stores_padding=machine.stores_padding, first_psum=machine.first_visits,
    )  # fmt: skip


def _served(nest, machine, level, tensor) -> list[int]:
    """Count what a stage moves: for the keeper's instances, for positions of each array between, for all."""
    order, keeper = nest.order, nest.keeper(level, tensor)
    outer, arrays = len(order.arrays_outside(keeper)), order.arrays_outside(level)
    in_time = [x for x in nest.loops if not at_once(x.where) and order.depth(x.where) < order.depth(level)]
    in_arrays = [[x for x in nest.loops if x.where in order.axes(array)] for array in arrays]
    places = [loop for loops in in_arrays for loop in loops]
    inside, word = _touched(nest, machine, tensor)
    held = _relation(nest, inside, _iterations(nest, in_time), [*_iterations(nest, places), *word])
    ends = [sum(map(len, in_arrays[:depth])) for depth in range(outer, len(arrays) + 1)]

    def grouped(relation):
        return [relation.project_out(_OUT, end, len(places) - end) for end in ends]

    if level == MAC:
        return [_many(group) for group in grouped(held)]
    times = _relation(nest, "", ["0"], _iterations(nest, in_time)).range()
    before = times.lex_gt_set(times).lexmax()
    if tensor == "psum":
        return [_many(group.subtract(before.apply_range(group))) for group in grouped(held)]
    return [_many(group) for group in grouped(held.subtract(before.apply_range(held)))]


def _iterations(nest, loops) -> list[str]:
    """Give for each loop the number of the iteration that a point is in."""
    left, found = {dim: dim.lower() for dim in DIMS}, {}
    for number, loop in enumerate(nest.loops):
        found[number] = f"floor(({left[loop.dim]})/{loop.step})"
        left[loop.dim] = f"(({left[loop.dim]}) mod {loop.step})"
    return [found[number] for number, loop in enumerate(nest.loops) if any(loop is x for x in loops)]


def _touched(nest, machine, tensor) -> tuple[str, list[str]]:
    """Give the word of a tensor that a point touches, and when it is one."""
    if tensor == "filter":
        return "", ["g", "m", "c", "r", "s"]
    if tensor == "psum":
        return "", ["n", "g", "m", "e", "f"]
    shape = nest.shape
    row, column = (
        f"{axis.U}*{out} + {axis.D}*{tap} - {axis.before}"
        for axis, (out, tap) in ((shape.rows, "er"), (shape.columns, "fs"))
    )
    image = f" and 0 <= {row} < {shape.H} and 0 <= {column} < {shape.W}"
    return "" if machine.stores_padding else image, ["n", "g", "c", row, column]


def _relation(nest, inside: str, keys: list[str], values: list[str]):
    """Relate what two lists of terms are at the points of a nest."""
    dims = f"[{', '.join(dim.lower() for dim in DIMS)}]"
    sizes = " and ".join(f"0 <= {dim.lower()} < {nest.sizes[dim]}" for dim in DIMS)
    points = isl.Set(f"{{ {dims} : {sizes}{inside} }}")
    key, value = (isl.Map(f"{{ {dims} -> [{', '.join(terms)}] }}") for terms in (keys, values))
    return key.intersect_domain(points).reverse().apply_range(value)


def _many(relation) -> int:
    return int(str(relation.wrap().card()).strip("{ }") or 0)
