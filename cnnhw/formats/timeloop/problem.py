"""The problem: dims, and which of them each data space is spanned by."""

import re
import warnings
from dataclasses import dataclass

from cnnhw.errors import CourseError, whole_number
from cnnhw.formats.stored import least, with_zeros_stored
from cnnhw.formats.yamlfile import first_of, listed, mapping
from cnnhw.nest.touched import sizes
from cnnhw.shape import LayerShape

OURS = {"N": "N", "G": "G", "M": "M", "C": "C", "P": "E", "Q": "F", "R": "R", "S": "S"}
THEIRS = {ours: theirs for theirs, ours in OURS.items()}
SPACES = {"Weights": "filter", "Inputs": "ifmap", "Outputs": "psum"}
_COLUMNS = re.compile(r"[QF]|OX", re.IGNORECASE)
_KINDS = {  # in weights, inputs, outputs -> the dims it can be
    (True, True, True): "G",
    (True, True, False): "CRS",
    (True, False, True): "M",
    (False, True, True): "NEF",
}


@dataclass(frozen=True)
class Problem:
    """A layer, and what a file calls its dims and tensors.

    dims     the file's name of a dim -> ours
    tensors  the file's name of a data space -> ours
    """

    shape: LayerShape
    dims: dict[str, str]
    tensors: dict[str, str]


def read_problem(problem) -> Problem:
    """Read a problem.

    raises  CourseError if it is no convolution, no matrix product, or a size is missing
    """
    problem = mapping(problem, "problem")
    shape = mapping(problem.get("shape"), "shape")
    instance = mapping(problem.get("instance"), "instance")
    names = [str(name) for name in listed(shape.get("dimensions"), "dimensions")]
    strides = {
        str(one.get("name")): instance.get(one.get("name"), one.get("default", 1))
        for one in listed(shape.get("coefficients") or [], "coefficients")
        if isinstance(one, dict)
    }
    _warn_of_spelling(instance, names, strides)
    spaces = _spaces(shape)
    tensors = _tensors(spaces)
    spans = {tensors[name]: projection for name, (projection, _) in spaces.items()}
    pairs = [_pair(terms, spans, strides) for terms in spans["ifmap"] if len(terms) > 1]
    if any(len(terms) > 1 for tensor in ("filter", "psum") for terms in spans[tensor]):
        raise _no_layer("sums of dims in the weights or the outputs")
    dims, slides = _dims(names, spans, pairs)
    found = {ours: _size(instance, theirs) for theirs, ours in dims.items()}
    return Problem(_shape(found, slides), dims, tensors)


def write_problem(shape: LayerShape) -> dict:
    """Give a layer as a problem: padding stored, and M and C within a group."""
    shape = with_zeros_stored(shape)
    slides = {"P": ("R", "H"), "Q": ("S", "W")}
    pairs = [
        [[filter_, f"{axis}dilation"], [ofmap, f"{axis}stride"]] for ofmap, (filter_, axis) in slides.items()
    ]
    coefficients = {
        f"{letter}{kind}": getattr(axis, "U" if kind == "stride" else "D")
        for letter, axis in (("H", shape.rows), ("W", shape.columns))
        for kind in ("stride", "dilation")
    }
    dims = {THEIRS[dim]: size for dim, size in sizes(shape).items()}
    return {
        "version": "0.4",
        "shape": {
            "name": "layer",
            "dimensions": list(dims),
            "coefficients": [{"name": name, "default": 1} for name in coefficients],
            "data_spaces": [
                {"name": "Weights", "projection": [[[dim]] for dim in "GMCRS"]},
                {"name": "Inputs", "projection": [*([[dim]] for dim in "NGC"), *pairs]},
                {"name": "Outputs", "projection": [[[dim]] for dim in "NGMPQ"], "read_write": True},
            ],
        },
        "instance": dims | coefficients,
    }


def _warn_of_spelling(instance: dict, names: list[str], strides: dict) -> None:
    known = {name.lower(): name for name in (*names, *strides)}
    for name in map(str, instance):
        meant = known.get(name.lower())
        if meant and name not in (*names, *strides):
            warnings.warn(
                f"{name} in the instance is no coefficient of the shape; {meant} is, and stays "
                f"{strides.get(meant, 'unsaid')}, as in Timeloop",
                stacklevel=5,
            )


def _spaces(shape: dict) -> dict[str, tuple[list, bool]]:
    """Give data space -> its projection, as sums of products of names, and whether it is written."""
    listed_spaces = listed(
        first_of(shape, ("data_spaces", "dataspaces", "data-spaces", "dataSpaces")), "data_spaces"
    )
    found = {}
    for space in listed_spaces:
        space = mapping(space, "a data space")
        projection = []
        for terms in listed(space.get("projection"), "projection"):
            terms = terms if isinstance(terms, list) else [terms]
            terms = [[term] if not isinstance(term, list) else term for term in terms]
            projection.append([[str(name) for name in term] for term in terms])
        written = first_of(space, ("read_write", "read-write", "readWrite"), False)
        found[str(space.get("name"))] = projection, written is True
    if len(found) != 3 or sum(written for _, written in found.values()) != 1:
        raise _no_layer(f"data spaces {', '.join(found)}, of which one is written")
    return found


def _tensors(spaces: dict) -> dict[str, str]:
    """Give data space -> ifmap, filter or psum: sums of dims are of the ifmap, names decide the rest."""
    read = [name for name, (_, written) in spaces.items() if not written]
    windows = [name for name in read if any(len(terms) > 1 for terms in spaces[name][0])]
    named = [name for name in read if re.search("input|ifmap|act", name, re.IGNORECASE)]
    weights = [name for name in read if re.search("weight|filter|kernel", name, re.IGNORECASE)]
    ifmap = (windows or named or [name for name in read if name not in weights] or read)[0]
    return {name: "psum" if name not in read else "ifmap" if name == ifmap else "filter" for name in spaces}


def _pair(terms: list, spans: dict, strides: dict) -> tuple[str, str, int, int]:
    """Give filter dim, ofmap dim, stride and dilation of a window."""
    inside = {tensor: {term[0] for terms in spans[tensor] for term in terms} for tensor in ("filter", "psum")}
    by_tensor = {}
    for name, *factors in terms:
        for tensor, dims in inside.items():
            if name in dims:
                by_tensor[tensor] = name, factors
    if len(terms) != 2 or len(by_tensor) != 2:
        raise _no_layer(f"a window over {' + '.join(term[0] for term in terms)}")
    numbers = []
    for tensor in ("psum", "filter"):
        number = 1
        for factor in by_tensor[tensor][1]:
            value = whole_number(strides.get(factor, int(factor) if factor.isdigit() else None))
            if value is None:
                raise CourseError(
                    "a coefficient is a whole number, 1 or more",
                    f"{factor}={strides.get(factor)!r}",
                    "name it under coefficients, and give it in the instance",
                )
            number *= value
        numbers.append(number)
    return by_tensor["filter"][0], by_tensor["psum"][0], *numbers


def _dims(names: list[str], spans: dict, pairs: list) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """Give the file's dims -> ours, and (stride, dilation) for E and F."""
    dims, slides = {}, {}
    for filter_, ofmap, *slide in sorted(pairs, key=lambda pair: bool(_COLUMNS.fullmatch(pair[1]))):
        columns = _COLUMNS.fullmatch(ofmap) or "E" in slides
        dims |= {filter_: "S", ofmap: "F"} if columns else {filter_: "R", ofmap: "E"}
        slides["F" if columns else "E"] = tuple(slide)
    inside = {tensor: {term[0] for terms in spans[tensor] for term in terms} for tensor in spans}
    for name in names:
        if name in dims:
            continue
        kinds = _KINDS.get(tuple(name in inside[tensor] for tensor in ("filter", "ifmap", "psum")), "")
        said = {**OURS, "B": "N", "E": "E", "F": "F"}.get(name.upper(), "")
        free = [dim for dim in kinds if dim not in dims.values()]
        if not free:
            raise _no_layer(f"the dim {name}, beside {', '.join(f'{k} as {v}' for k, v in dims.items())}")
        dims[name] = said if said in free else free[0]
    return dims, slides


def _shape(found: dict[str, int], slides: dict) -> LayerShape:
    size = {dim: found.get(dim, 1) for dim in "NGMCEFRS"}
    (U, D), (across, apart) = slides.get("E", (1, 1)), slides.get("F", (1, 1))
    ifmap = {
        "H": least(size["E"], size["R"], U, D),
        "W": least(size["F"], size["S"], across, apart),
    }
    channels = {name: size[name] * size["G"] for name in "MC"}
    same = {name: size[name] for name in "NGRS"}
    return LayerShape(**same, **channels, **ifmap, U=(U, across), D=(D, apart))


def _size(instance: dict, name: str) -> int:
    number = whole_number(instance.get(name))
    if number is None:
        raise CourseError(
            "the instance gives each dim a size, a whole number from 1 on",
            f"{name}={instance.get(name)!r}",
            f"write {name}: 16 under instance",
        )
    return number


def _no_layer(got: str) -> CourseError:
    return CourseError(
        "a problem is a convolution or a matrix product: weights, inputs with windows, outputs",
        got,
        "leave other problems to the tool; nothing here can count them",
    )
