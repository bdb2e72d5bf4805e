"""The mapping: how often each dim is cut at each level and array, in which order, and what is kept."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from cnnhw.errors import CourseError
from cnnhw.formats.timeloop.problem import SPACES, THEIRS, Problem
from cnnhw.formats.yamlfile import listed, mapping
from cnnhw.machine import Machine
from cnnhw.nest import Loop, MappingError, Nest, at_once
from cnnhw.nest.keeps import ALL
from cnnhw.nest.touched import sizes

KEEPING = ("dataspace", "datatype", "bypass", "bypassing")
_FACTOR = re.compile(r"([A-Za-z_]+)\s*=?\s*([0-9]+)(?:\s*,\s*([0-9]+)(?![A-Za-z_=0-9]))?")
_BETWEEN = re.compile(r"inter_(?P<name>.*)_spatial")


@dataclass(frozen=True)
class _Cut:
    """One factor: so many chunks of a dim at a place, and in the last round of the loops outside `rest`."""

    dim: str
    factor: int
    rest: int
    where: object


def read_mapping(found, problem: Problem, machine: Machine, single: Container = ()) -> Nest:
    """Read a mapping.

    single  names that a line without factors may be about, although no loop runs there
    raises  CourseError for what names no level or dim, and for factors that do not make up a dim
    """
    order = machine.hierarchy
    lines = _by_place(found, problem, machine, single)
    cuts, keeps = [], {}
    for name in order.names:
        if name in order.arrays:
            cuts += _cuts(lines.get((name, "spatial"), {}), order.axes(name), problem)
            continue
        cuts += _cuts(lines.get((name, "temporal"), {}), (name,), problem)
        keeps[name] = _kept(lines.get((name, "keep"), {}), problem)
    if keeps.pop(order.outermost) != ALL:
        raise _error("the outermost level keeps everything", f"a bypass of {order.outermost}")
    return Nest(problem.shape, _loops(cuts, problem), keeps, order)


def write_mapping(nest: Nest) -> list[dict]:
    """Give a nest as a mapping.

    raises  MappingError where a dim is cut twice at a place, or into chunks of no whole chunks inside
    """
    nest = _moving(nest)
    _check_multiples(nest)
    lines = []
    order = nest.order
    for name in order.names:
        if name in order.arrays:
            rows, cols = ([loop for loop in nest.at(axis)] for axis in order.axes(name))
            inside = [*reversed(cols), *reversed(rows)]  # innermost first, those along X before those along Y
            lines.append(_line(nest, inside, name) | {"type": "spatial", "split": len(cols)})
            continue
        lines.append(_line(nest, list(reversed(nest.at(name))), name) | {"type": "temporal"})
        if name != order.outermost:
            sides = {"keep": nest.keeps[name], "bypass": ALL - nest.keeps[name]}
            named = {side: [space for space, tensor in SPACES.items() if tensor in tensors]
                     for side, tensors in sides.items()}  # fmt: skip
            lines.append({"target": name, "type": "dataspace", **named})
    return lines


def _by_place(found, problem: Problem, machine: Machine, single: Container) -> dict[tuple, dict]:
    """Give the lines by the level or array that they are about, and their type."""
    lines: dict[tuple, dict] = {}
    for line in listed(found.get("nodes") if isinstance(found, dict) else found, "mapping"):
        line = mapping(line, "a line of the mapping")
        kind = "keep" if line.get("type") in KEEPING else str(line.get("type"))
        if kind not in ("keep", "temporal", "spatial"):
            raise _error("a line's type is temporal, spatial, or dataspace", f"type: {line.get('type')!r}")
        target = str(line.get("target"))
        idle = all(factor == 1 for factor, _ in _factors(line.get("factors"), problem).values())
        if idle and _stem(target) in single:
            continue
        place = _place(target, kind, machine, idle)
        if (place, kind) in lines:
            raise _error("a level has one line of a type", f"{place}: {kind} twice")
        if kind == "temporal" and place in machine.hierarchy.arrays and not idle:
            raise _error("loops in time are at levels", f"temporal factors at {place}")
        lines[place, kind] = line
    return lines


def _place(target: str, kind: str, machine: Machine, idle: bool) -> str:
    """Give the level or the array that a line is about."""
    order = machine.hierarchy
    name = _stem(target)
    if name not in order.names:
        raise _error(f"a line's target is one of {', '.join(order.names)}", repr(target))
    if kind != "spatial" or name in order.arrays:
        return name
    inside = order.names[order.names.index(name) + 1 :]
    if not inside or inside[0] not in order.arrays:
        if idle:
            return name
        raise _error("spatial loops run over an array", f"{name}, which no array follows")
    return inside[0]


def _stem(target: str) -> str:
    between = _BETWEEN.fullmatch(target)
    return between["name"] if between else target


def _kept(directive: Mapping, problem: Problem) -> frozenset[str]:
    """Give the tensors that a level keeps: all that it does not bypass."""
    said = {side: _names(directive.get(side)) for side in ("keep", "bypass")}
    for names in said.values():
        for name in names:
            if name not in problem.tensors:
                raise _error(f"a data space is one of {', '.join(problem.tensors)}", repr(name))
    both = sorted(set(said["keep"]) & set(said["bypass"]))
    if both:
        raise _error("a level keeps a data space or does not", f"{', '.join(both)} in keep and in bypass")
    return ALL - {problem.tensors[name] for name in said["bypass"]}


def _names(value) -> list[str]:
    return [str(name) for name in (value if isinstance(value, list) else [value] if value else [])]


def _cuts(directive: Mapping, places: tuple, problem: Problem) -> list[_Cut]:
    """Give the factors of a line, outermost first."""
    factors = _factors(directive.get("factors"), problem)
    said = directive.get("permutation") or []
    if isinstance(said, str):
        said = re.findall(r"[A-Za-z_]+", said) if re.search(r"[,\s]", said) else list(said)
    order = [str(name) for name in said]
    for name in order:
        if name not in problem.dims:
            raise _error(f"a permutation is of {', '.join(problem.dims)}", repr(name))
    more = [name for name, (factor, _) in factors.items() if factor != 1 and name not in order]
    if len(more) > 1:
        raise _error("the permutation says in which order dims are cut", f"{', '.join(more)} are not in it")
    inside = [*order, *more]
    split = directive.get("split", len(inside))
    if not isinstance(split, int):
        raise _error("split is a whole number", f"split: {split!r}")
    found = []
    for number, name in enumerate(inside):
        factor, rest = factors.get(name, (1, 1))
        where = places[0] if len(places) == 1 else places[1 if number < split else 0]
        found.append(_Cut(problem.dims[name], factor, rest, where))
    return [*(cut for cut in reversed(found) if cut.where == places[0]),
            *(cut for cut in reversed(found) if cut.where != places[0])]  # fmt: skip


def _factors(said, problem: Problem) -> dict[str, tuple[int, int]]:
    """Give dim -> factor and its rest, of R=3 P=16, R=3,P=16, [R=3, P=16], C64 K2 or P=16,4."""
    text = " ".join(map(str, said)) if isinstance(said, list) else str(said or "")
    found = {}
    for name, factor, rest in _FACTOR.findall(text):
        if name not in problem.dims or name in found:
            raise _error(f"factors are of {', '.join(problem.dims)}, each once", f"{name} in {text!r}")
        found[name] = int(factor), int(rest or factor)
    if re.sub(r"[,\s]", "", _FACTOR.sub("", text)):
        raise _error("factors are written R=3 P=16", repr(text))
    return found


def _loops(cuts: list[_Cut], problem: Problem) -> list[Loop]:
    """Give loops of chunks, from factors: a chunk is as long as the factors inside it together."""
    steps = {}
    for dim, size in sizes(problem.shape).items():
        own = [cut for cut in cuts if cut.dim == dim]
        unsaid = [cut for cut in own if cut.factor == 0]
        known = 1
        for cut in own:
            known *= cut.factor or 1
        if len(unsaid) > 1 or any(cut.rest > cut.factor > 0 for cut in own):
            raise _error("one factor of a dim is 0, for the rest of it", f"{len(unsaid)} of {THEIRS[dim]}")
        filled = [
            (-(-size // known), -(-size // known)) if cut.factor == 0 else (cut.factor, cut.rest)
            for cut in own
        ]
        inner, length = 1, 1
        for cut, (factor, rest) in reversed(list(zip(own, filled, strict=True))):
            steps[id(cut)] = inner, factor
            length += (rest - 1) * inner
            inner *= factor
        if length != size:
            names = [theirs for theirs, ours in problem.dims.items() if ours == dim]
            raise _error(
                "the factors of a dim make up its size", f"{length} of {''.join(names) or dim}={size}"
            )
    return [Loop(cut.dim, steps[id(cut)][0], cut.where) for cut in cuts if steps[id(cut)][1] > 1]


def _moving(nest: Nest) -> Nest:
    """Give the same nest without loops of one chunk."""
    moving = [loop for loop, pieces in zip(nest.loops, nest.pieces, strict=True) if pieces > 1]
    return Nest(nest.shape, moving, nest.keeps, nest.order)


def _check_multiples(nest: Nest) -> None:
    places = set()
    inner: dict[str, int] = {}
    for loop in reversed(nest.loops):
        step, inside = loop.step, inner.get(loop.dim, 1)
        place = (
            loop.where[0] if isinstance(loop.where, tuple) else "ROWS" if at_once(loop.where) else loop.where
        )
        if (loop.dim, place) in places:
            raise MappingError(
                "a mapping of Timeloop cuts a dim once at each level",
                f"{loop.dim} again at {loop.where}",
                "leave one of the loops out",
            )
        places.add((loop.dim, place))
        if step % inside:
            raise MappingError(
                "a mapping of Timeloop cuts a dim into chunks of whole chunks",
                f"{loop.dim} in chunks of {step} and then of {inside}",
                f"use a multiple of {inside}",
            )
        inner[loop.dim] = step


def _line(nest: Nest, inside: list[Loop], target: str) -> dict:
    """Give the factors of some loops, innermost first, and 1 for all other dims."""
    factors = {}
    for loop in inside:
        outer = [one.step for one in nest.loops[: nest.loops.index(loop)] if one.dim == loop.dim]
        whole, last = nest.sizes[loop.dim], nest.sizes[loop.dim]
        for step in outer:
            whole, last = min(whole, step), (last - 1) % step + 1
        factor, rest = -(-whole // loop.step), -(-last // loop.step)
        factors[THEIRS[loop.dim]] = f"{factor}" if factor == rest else f"{factor},{rest}"
    others = {THEIRS[dim]: "1" for dim in nest.sizes if THEIRS[dim] not in factors}
    listed_ = [f"{name}={factor}" for name, factor in (factors | others).items()]
    return {"target": target, "factors": listed_, "permutation": [*factors, *others]}


def _error(rule: str, got: str) -> CourseError:
    return CourseError(rule, f"{got} in the mapping", "change the line, or the level or dim that it names")
