"""Stages: what moves between a level that keeps a tensor, or the MACs, and the level that serves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from cnnhw.counts.axes import axes_of, inside_of, pairs_inside
from cnnhw.counts.moments import turns
from cnnhw.counts.nested import Nested
from cnnhw.counts.sums import product
from cnnhw.counts.times import chunks_of, times_of
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import DIMS, INDICES, Loop, Nest, at_once
from cnnhw.shape import Tensor


@dataclass(frozen=True)
class Stage:
    """One step of a tensor's way in.

    keeper  the level that serves
    arrays  between it and the level that is served, outermost first
    served  words, from the outside in: by the keeper's instances; to the positions of each array; the last
            are those that the instances of the level get. Of psums: visits of these, and pieces that begin
    """

    keeper: str
    arrays: tuple[str, ...]
    served: tuple[int, ...]


def stage_of(nest: Nest, machine: Machine, level: str, tensor: Tensor) -> Stage:
    """Count what a stage moves.

    level  a level that keeps the tensor, or "MAC"
    """
    keeper = nest.keeper(level, tensor)
    outer, arrays = len(nest.order.arrays_outside(keeper)), nest.order.arrays_outside(level)
    between = arrays[outer:]
    if level == MAC:
        served = _steps(nest, machine, tensor, range(outer, len(arrays) + 1))
    elif _is_flat(nest, level) and (not between or (len(between) == 1 and not outer)):
        sums = list(_changes(nest, machine, level, tensor))
        known = "stays" if tensor == "psum" else "settled"
        served = (sum(each.union - getattr(each, known) for each in sums),) if between else ()
        served += (sum(each.wanted - each.held for each in sums),)
    else:
        served = _nested(nest, machine, level, tensor, tuple(range(outer, len(arrays) + 1)))
    return Stage(keeper, between, served)


def _is_flat(nest: Nest, level: str) -> bool:
    """Whether all loops in time outside a level run outside the arrays, too."""
    arrays = nest.order.axes_of(nest.order.arrays_outside(level))
    loops = nest.at(*nest.order.outside(level), *arrays)
    spatial = [at_once(loop.where) for loop in loops]
    return spatial == sorted(spatial)


def _changes(nest: Nest, machine: Machine, level: str, tensor: Tensor):
    """Give the words of a tensor as a level's tiles change: at first, and for each loop outside."""
    outside = nest.outside(level)
    axes = axes_of(nest, machine, tensor, nest.order.axes_of(nest.order.arrays_outside(level)))
    cuts = nest.cuts_outside(level)
    yield product(axis.filled([cuts[dim] for dim in axis.dims]) for axis in axes)
    moved = [_moved(axis, outside) for axis in axes]
    for number in range(len(outside)):
        yield product(sums[number] for sums in moved)


def _moved(axis, outside: Sequence[Loop]) -> list:
    """Sum along one axis for each loop outside; loops that look the same from the axis are summed once."""
    known, moved = {}, []
    for own in zip(*(turns(outside, dim) for dim in axis.dims), strict=True):
        if own not in known:
            known[own] = axis.moved(own)
        moved.append(known[own])
    return moved


def _nested(nest: Nest, machine: Machine, level: str, tensor: Tensor, depths: tuple[int, ...]):
    """The same for loops in any mix, and groups of any depth."""
    outside, totals = nest.outside(level), [0] * len(depths)
    axes = [_axis(nest, machine, level, tensor, dims, depths) for dims in dims_of_axes(tensor)]
    moved = zip(*(_moved(axis, outside) for axis in axes), strict=True)
    have = "stays" if tensor == "psum" else "settled"
    for moment in ([axis.filled() for axis in axes], *moved):
        for number, groups in enumerate(zip(*moment, strict=True)):
            totals[number] += prod(group.union for group in groups)
            totals[number] -= prod(getattr(group, have) for group in groups)
    return tuple(totals)


def _axis(nest: Nest, machine: Machine, level: str, tensor: Tensor, dims, depths) -> Nested:
    times = tuple(times_of(nest, dim, level) for dim in dims)
    if len(dims) == 1:
        return Nested(dims, times, dims[0] in INDICES[tensor], depths)
    return Nested(dims, times, True, depths, nest.shape.axis(dims[0]), inside_of(nest, machine, dims))


def _steps(nest: Nest, machine: Machine, tensor: Tensor, depths: range) -> tuple[int, ...]:
    """Give the words wanted in a step by groups of MACs, summed over all steps: nothing is kept between."""
    return tuple(
        prod(_fetched(nest, machine, tensor, dims, depth, depths[-1]) for dims in dims_of_axes(tensor))
        for depth in depths
    )


def dims_of_axes(tensor: Tensor) -> list[tuple[str, ...]]:
    """Give the dims of each axis: the two that choose a row or a column of the ifmap, and every other one."""
    pairs = [index for index in INDICES[tensor] if isinstance(index, tuple)]
    return [*pairs, *((dim,) for dim in DIMS if not any(dim in pair for pair in pairs))]


def _fetched(nest: Nest, machine: Machine, tensor: Tensor, dims, depth: int, last: int) -> int:
    """Sum along one axis, for the groups below so many outer arrays."""
    inner = nest.order.arrays[depth:]
    if len(dims) == 1:
        if dims[0] in INDICES[tensor]:
            return nest.sizes[dims[0]]  # no two MACs of one step have the same
        return chunks_of(nest, dims[0], first_of=inner)  # the first of a group works whenever any does
    if depth == last or not any(loop.dim in dims for loop in nest.at(*nest.order.axes_of(inner))):
        return pairs_inside(nest, machine, dims)
    level = nest.order.levels[-1]
    last_two = (*nest.order.arrays, level)  # where there is one array, and only a level inside it
    if depth == 0 and nest.order.names[-2:] == last_two:
        axis = next(a for a in axes_of(nest, machine, tensor, nest.order.axes_of(inner)) if a.dims == dims)
        cuts = nest.cuts_outside(level)
        return axis.fetched([cuts[dim] for dim in dims])
    return _axis(nest, machine, MAC, tensor, dims, (depth,)).fetched()[0].union
