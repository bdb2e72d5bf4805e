"""ZigZag's workload files: YAML, one layer an equation with the sizes of its loops."""

import re
from collections.abc import Iterator
from pathlib import Path

from cnnhw.errors import CourseError, whole_number
from cnnhw.formats.stored import least, needed
from cnnhw.formats.yamlfile import listed, mapping, read_yaml, write_yaml
from cnnhw.networks import Network
from cnnhw.shape import LayerShape, sides

SIZES = {"B": "N", "G": "G", "K": "M", "C": "C", "OY": "E", "OX": "F", "FY": "R", "FX": "S"}
EQUATION = "O[b][g][k][oy][ox]+=W[g][k][c][fy][fx]*I[b][g][c][iy][ix]"
MULTIPLY = ("Conv", "Conv_downsample", "Gemm")
_RELATION = re.compile(r"(?:(?P<one>\d+)\s*\*\s*)?(?P<a>\w+)\s*\+\s*(?:(?P<other>\d+)\s*\*\s*)?(?P<b>\w+)")
_TERMS = re.compile(r"\s*(\w)\s*((?:\[\w*\])+)\s*")


def from_zigzag(path: str | Path, *, name: str = "") -> Network:
    """Read a network from a workload file of ZigZag.

    path     YAML, a list of layers with the loops B, G, K, C, OY, OX, FY and FX; D stands for OY in a product
    name     defaults to the file's name without its ending
    returns  Network. Layers that multiply nothing by weights, such as Add and Pooling, are left out, and
             named in its source. An ifmap of no pr_loop_sizes is as large as the ofmap needs
    raises   CourseError for what is no such file, an equation that is no convolution or product, or loops of
             other letters
    source   the validator of ZigZag 3.9.1's workloads
    """
    path = Path(path)
    layers, passed = {}, []
    for number, layer in enumerate(read_yaml(path, list)):
        layer = mapping(layer, "a layer")
        label = str(layer.get("name") or f"Layer{layer.get('id', number)}")
        if layer.get("operator_type") not in MULTIPLY:
            passed.append(label)
            continue
        if label in layers:
            raise CourseError("each layer has a name of its own", f"{label} again", "give it another name")
        try:
            layers[label] = _layer(layer)
        except CourseError as error:
            raise type(error)(error.rule, f"{error.got} of {label}", error.change) from None
    source = f"{path.name}, ZigZag" + (f"; without {', '.join(passed)}" if passed else "")
    return Network(name=name or path.stem, layers=layers, source=source)


def to_zigzag(network: Network, path: str | Path, *, word_bits: int = 16) -> None:
    """Write a network as a workload file of ZigZag, any stride, padding, dilation, groups and batch.

    network    whose layers are written as alone: each has its ifmap from outside, unless it is a chain. That
               two layers share filters is not carried
    path       where to; an existing file is replaced
    word_bits  bits of every word
    """
    write_yaml(path, workload(network, word_bits))


def workload(network: Network, word_bits: int = 16) -> list[dict]:
    """Give the layers that to_zigzag writes, as ZigZag takes them from Python, too."""
    layers = []
    for number, (label, shape) in enumerate(network.layers.items()):
        slides = {"iy": ("oy", "fy", shape.rows), "ix": ("ox", "fx", shape.columns)}
        sizes = (shape.N, shape.G, shape.made, shape.seen, shape.E, shape.F, shape.R, shape.S)
        before = number - 1 if network.glue is not None and number else number  # its own: from outside
        layers.append({
            "id": number,
            "name": label,
            "operator_type": "Conv",
            "equation": EQUATION,
            "dimension_relations": [f"{i}={axis.U}*{o}+{axis.D}*{f}" for i, (o, f, axis) in slides.items()],
            "loop_dims": list(SIZES),
            "loop_sizes": list(sizes),
            "pr_loop_dims": ["IY", "IX"],
            "pr_loop_sizes": [shape.H, shape.W],
            "padding": [list(pair) for pair in sides(shape.P)],
            "operand_source": {"I": before, "W": number},
            "operand_precision": dict.fromkeys(("I", "W", "O", "O_final"), word_bits),
        })  # fmt: skip
    return layers


def _layer(layer: dict) -> LayerShape:
    output, terms = _equation(layer.get("equation"))
    size = dict(_numbers(layer, "loop_dims", "loop_sizes"))
    size = {SIZES.get("OY" if dim == "D" and "OY" not in size else dim, dim): n for dim, n in size.items()}
    unknown = sorted(set(size) - set(SIZES.values()))
    if unknown:
        raise CourseError(
            f"loops are over {', '.join(SIZES)}", ", ".join(unknown), "write the layer with these letters"
        )
    weights = next(
        (dims for dims in terms if set(dims) & {"k"} and set(dims) <= {"g", "k", "c", "fy", "fx"}), None
    )
    if weights is None or "k" not in output:
        raise CourseError(
            "a layer multiplies an ifmap by weights",
            repr(layer.get("equation")),
            f"write it like {EQUATION}",
        )
    slides = {"iy": (1, 1), "ix": (1, 1)} | dict(_relations(layer))
    ifmap, padding = dict(_numbers(layer, "pr_loop_dims", "pr_loop_sizes")), _padding(layer)
    strides, dilations = zip(slides["iy"], slides["ix"], strict=True)
    one = {name: size.get(name, 1) for name in "NGEFRS"}
    shape = LayerShape(
        N=one["N"], G=one["G"], M=size.get("M", 1) * one["G"], C=size.get("C", 1) * one["G"],
        H=least(one["E"], one["R"], *slides["iy"]), W=least(one["F"], one["S"], *slides["ix"]),
        R=one["R"], S=one["S"], U=strides, D=dilations,
    )  # fmt: skip
    return _on_its_ifmap(shape, ifmap, padding)


def _on_its_ifmap(shape: LayerShape, ifmap: dict[str, int], padding: dict[str, tuple]) -> LayerShape:
    """Give the layer on the ifmap that the file says, with its padding."""
    sizes = {name: getattr(shape, name) for name in ("N", "M", "C", "R", "S", "U", "G", "D")}
    P = tuple(padding.get(dim, (0, 0)) for dim in ("IY", "IX"))
    left = (needed(axis) - sum(pair) for axis, pair in zip((shape.rows, shape.columns), P, strict=True))
    H, W = (ifmap.get(dim, max(1, most)) for dim, most in zip(("IY", "IX"), left, strict=True))
    found = LayerShape(**sizes, H=H, W=W, P=P)
    if (found.E, found.F) != (shape.E, shape.F):
        raise CourseError(
            "the ifmap and its padding give the ofmap that the loops say",
            f"{found.E} x {found.F} of {H} x {W}, where OY x OX = {shape.E} x {shape.F}",
            "change loop_sizes, pr_loop_sizes or padding",
        )
    return found


def _equation(text) -> tuple[list[str], list[list[str]]]:
    """Give the letters of the output, and of each operand."""
    left, equals, right = str(text).partition("=")
    found = [_TERMS.fullmatch(part) for part in (left.rstrip("+ "), *right.split("*"))]
    if not equals or len(found) != 3 or not all(found):
        raise CourseError(
            "an equation is a sum of products of two operands", repr(text), f"write it like {EQUATION}"
        )
    output, *terms = ([dim.lower() for dim in re.findall(r"\w+", match[2])] for match in found)
    return output, terms


def _relations(layer: dict) -> Iterator[tuple[str, tuple[int, int]]]:
    for text in listed(layer.get("dimension_relations") or [], "dimension_relations"):
        name, _, sum_ = str(text).partition("=")
        found = _RELATION.fullmatch(sum_.strip())
        by_dim = (
            {found[dim].lower(): int(found[by] or 1) for dim, by in (("a", "one"), ("b", "other"))}
            if found
            else {}
        )
        axis = name.strip().lower()
        ofmap, filter_ = axis.replace("i", "o"), axis.replace("i", "f")
        if axis not in ("iy", "ix") or set(by_dim) != {ofmap, filter_}:
            raise CourseError(
                "a relation is iy=U*oy+D*fy or ix=U*ox+D*fx",
                repr(text),
                "write stride and dilation like this",
            )
        yield axis, (by_dim[ofmap], by_dim[filter_])


def _padding(layer: dict) -> dict[str, tuple]:
    pairs = listed(layer.get("padding") or [], "padding")
    dims = [str(dim).upper() for dim in listed(layer.get("pr_loop_dims") or [], "pr_loop_dims")]
    if pairs and len(pairs) != len(dims):
        raise CourseError(
            "padding is a pair for each of pr_loop_dims", f"{pairs} for {dims}", "give each a pair"
        )
    return {dim: tuple(listed(pair, "a pair of padding")) for dim, pair in zip(dims, pairs, strict=False)}


def _numbers(layer: dict, dims: str, sizes: str) -> Iterator[tuple[str, int]]:
    names, numbers = (listed(layer.get(key) or [], key) for key in (dims, sizes))
    if numbers and len(names) != len(numbers):
        raise CourseError(
            f"{sizes} has a number for each of {dims}", f"{names}, {numbers}", "give each one number"
        )
    for name, number in zip(names, numbers, strict=False):
        if whole_number(number) is None:
            raise CourseError(f"{sizes} are whole numbers, 1 or more", f"{name}: {number!r}", "write digits")
        yield str(name).upper(), number
