"""A nest printed as Python that runs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnnhw.nest.loop import DIMS, Loop, at_once, place_name
from cnnhw.shape import Axis, LayerShape, sides

# Python refuses more than 20 for loops inside each other; those beyond this many follow a generator.
DEEPEST = 18


class _For(NamedTuple):
    """One line of source: for `variable` in `values`, with a comment."""

    variable: str
    values: str
    comment: str

    def __str__(self) -> str:
        return f"for {self.variable} in {self.values}:"


def python_source(shape: LayerShape, loops: Sequence[Loop], sizes: Mapping[str, int]) -> str:
    """Print a nest as a function conv(ifmap, filters) that returns the ofmap.

    shape    the layer
    loops    of the nest, outermost first
    sizes    dim -> size, M and C within a group
    returns  source: every loop a `for` over the range its dim has left, the MAC inside all of them
    """
    lines, names = _for_lines(loops, sizes)
    head, generators = lines, []
    while len(head) > DEEPEST:
        outer, rest = head[:DEEPEST], head[DEEPEST:]
        variables = ", ".join(line.variable.rstrip(",") for line in outer) + ","
        name = f"outer_loops_{len(generators)}"
        generators += [f"def {name}():", *_nested(outer, f"yield {variables}"), "", ""]
        head = [_For(variables, f"{name}()", "the loops above"), *rest]
    around, ofmap = sides(shape.P), (shape.N, shape.M, shape.E, shape.F)
    padded = [f"    ifmap = np.pad(ifmap, ((0, 0), (0, 0), {around[0]}, {around[1]}))"] if shape.P else []
    zeros = [f"    ofmap = np.zeros({ofmap}, np.result_type(ifmap, filters))"]
    nested = _nested(head, _mac(shape, names, sizes))
    source = [
        "import numpy as np",
        "",
        "",
        *generators,
        "def conv(ifmap, filters):",
        *padded,
        *zeros,
        *nested,
    ]
    return "\n".join([*source, "    return ofmap", ""])


def _for_lines(loops: Sequence[Loop], sizes: Mapping[str, int]) -> tuple[list[_For], dict[str, str]]:
    """Give a line for each loop, and dim -> the variable of its innermost loop, which is its index."""
    lines, names, ends = [], {}, {dim: [str(size)] for dim, size in sizes.items()}
    total = {dim: sum(loop.dim == dim for loop in loops) for dim in DIMS}
    for number, loop in enumerate(loops):
        dim = loop.dim
        outside = sum(other.dim == dim for other in loops[:number])
        name = dim.lower() if outside == total[dim] - 1 else f"{dim.lower()}{outside}"
        stop = ends[dim][0] if len(ends[dim]) == 1 else f"min({', '.join(ends[dim])})"
        step = f", {loop.step}" if loop.step > 1 else ""
        comment = f"{place_name(loop.where)}, at once" if at_once(loop.where) else str(loop.where)
        lines.append(_For(name, f"range({names.get(dim, 0)}, {stop}{step})", comment))
        # A chunk ends a step after its start, but never past the end of a range it was cut from.
        names[dim], ends[dim] = name, [f"{name} + {loop.step}", *ends[dim]]
    return lines, names


def _nested(lines: Sequence[_For], body: str) -> list[str]:
    """Indent each line under the one before, with the comments in one column."""
    nested = [" " * (4 * depth + 4) + str(line) for depth, line in enumerate(lines)]
    width = max(map(len, nested), default=0)
    commented = [f"{text:<{width}}  # {line.comment}" for text, line in zip(nested, lines, strict=True)]
    return [*commented, " " * (4 * len(lines) + 4) + body]


def _mac(shape: LayerShape, names: Mapping[str, str], sizes: Mapping[str, int]) -> str:
    n, g, m, c, e, f, r, s = (names.get(dim, "0") for dim in DIMS)
    row, column = _position(shape.rows, e, r), _position(shape.columns, f, s)
    filter_, channel = (m, c) if shape.G == 1 else (f"{sizes['M']}*{g} + {m}", f"{sizes['C']}*{g} + {c}")
    products = f"ifmap[{n}, {channel}, {row}, {column}] * filters[{filter_}, {c}, {r}, {s}]"
    return f"ofmap[{n}, {filter_}, {e}, {f}] += {products}"


def _position(axis: Axis, ofmap: str, tap: str) -> str:
    """The ifmap's row or column, U*e + D*r, without what is always 0."""
    parts = [(axis.U, ofmap), (axis.D, tap)]
    return " + ".join(f"{by}*{name}" if by > 1 else name for by, name in parts if name != "0") or "0"
