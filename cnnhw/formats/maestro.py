"""MAESTRO's layer files: a network of named layers, in braces."""

import re
from collections.abc import Iterator
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw.formats import grouped
from cnnhw.formats.stored import least, needed
from cnnhw.networks import Network
from cnnhw.networks.textfile import text_of
from cnnhw.shape import LayerShape

KINDS = ("CONV", "DSCONV", "GEMM")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"[{}:;,]|[^\s{}:;,]+")


def from_maestro(path: str | Path, *, name: str = "") -> Network:
    """Read a network from a layer file of MAESTRO.

    path     text: Network X { Layer Y { Type: CONV  Stride { X: 1, Y: 1 }  Dimensions { K: 64, C: 3, R: 7,
             S: 7, Y: 224, X: 224 } } }. Y' and X' are sizes of the ofmap. Dataflows are not read
    name     defaults to the network's in the file
    returns  Network. DSCONV is depthwise, K filters for each channel; GEMM is M x K by K x N, whose K x N are
             weights. The tool pads nothing: Y and X hold the padding, if there is any
    raises   CourseError, with file and line, for anything that is not so, and for other types of layer
    source   the layer files of its repository and of tools that write them, public on GitHub
    """
    path = Path(path)
    tokens = _Tokens(path)
    while tokens.word() == "Constant":
        tokens.skip_to(";")
    tokens.expect("Network", tokens.now)
    called = tokens.word()
    layers = grouped.joined(_layers(tokens), f"{path.name}, at its end")
    if not layers:
        raise tokens.error("a network has a layer", called, "write Layer X { ... } into it")
    return Network(name=name or called, layers=layers, source=f"{path.name}, MAESTRO")


def to_maestro(network: Network, path: str | Path) -> None:
    """Write a network as a layer file of MAESTRO.

    network  any without dilation. Padding is stored: Y and X are what the ofmap needs, zeros among it. A
             layer of groups is a layer for each group; a depthwise one is a DSCONV
    path     where to; an existing file is replaced
    raises   CourseError, before anything is written, for dilation, or a name that the grammar cannot hold
    """
    lines = [f"Network {_name(network.name)} {{"]
    for label, shape in network.layers.items():
        if shape.D != 1:
            raise CourseError(
                "a layer of MAESTRO has no dilation", f"D={shape.D} of {label}", "leave the layer out"
            )
        depthwise = grouped.is_depthwise(shape)
        kind, C = ("DSCONV", shape.C) if depthwise else ("CONV", shape.seen)
        sizes = {"N": shape.N, "K": shape.made, "C": C, "R": shape.R, "S": shape.S,
                 "Y": needed(shape.rows), "X": needed(shape.columns)}  # fmt: skip
        for name in [label] if depthwise else grouped.names(_name(label), shape.G):
            lines += [
                f"  Layer {_name(name, of_group=name != label)} {{",
                f"    Type: {kind}",
                f"    Stride {{ X: {shape.columns.U}, Y: {shape.rows.U} }}",
                f"    Dimensions {{ {', '.join(f'{dim}: {size}' for dim, size in sizes.items())} }}",
                "  }",
            ]
    Path(path).write_text("\n".join([*lines, "}", ""]), encoding="utf-8", newline="\n")


def _name(label: str, of_group: bool = False) -> str:
    if not _TOKEN.fullmatch(label) or _COMMENT.search(label) or (grouped.is_group(label) and not of_group):
        raise CourseError(
            "a name in MAESTRO has no spaces and none of { } : ; , //, and does not end in _group_1_of_2",
            repr(label),
            "rename it",
        )
    return label


class _Tokens:
    """The words and signs of a file, one after the other, each with its line."""

    def __init__(self, path: Path):
        self.path, self.now, self.line = path, "", 1
        text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text_of(path, "a layer file"))
        lines = enumerate(text.split("\n"), 1)
        self._all: Iterator[tuple[int, str]] = (
            (n, token) for n, line in lines for token in _TOKEN.findall(line)
        )

    def word(self) -> str:
        """Go on by one."""
        try:
            self.line, self.now = next(self._all)
        except StopIteration:
            raise self.error("every brace is closed", "the end of the file", "add what is missing") from None
        return self.now

    def expect(self, wanted: str, got: str | None = None) -> None:
        """Go on by one, which must be this."""
        if (self.word() if got is None else got) != wanted:
            raise self.error(f"{wanted!r} comes here", repr(self.now), "compare it with a file of the tool")

    def skip_to(self, sign: str) -> None:
        """Go on behind a sign."""
        while self.word() != sign:
            pass

    def skip_braces(self) -> None:
        """Go on behind the brace that closes the one that was opened."""
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.word(), 0)

    def error(self, rule: str, got: str, change: str) -> CourseError:
        """Give an error that says the line."""
        return CourseError(rule, f"{self.path.name}, line {self.line}: {got}", change)


def _layers(tokens: _Tokens) -> Iterator[tuple[str, str, LayerShape]]:
    tokens.expect("{")
    while tokens.word() != "}":
        if tokens.now != "Layer":  # such as FPS: 30
            tokens.expect(":")
            tokens.word()
            continue
        label = tokens.word()
        where = f"{tokens.path.name}, line {tokens.line}"
        yield where, label, _layer(tokens, label)


def _layer(tokens: _Tokens, label: str) -> LayerShape:
    tokens.expect("{")
    kind, sizes = "", {"Stride": {}, "Dimensions": {}}
    while tokens.word() != "}":
        about = tokens.now
        sign = tokens.word()
        if sign == ":":
            sign = tokens.word()
        if about == "Type":
            kind = sign
        elif sign == "{" and about in sizes:
            sizes[about] = dict(_sizes(tokens))
        elif sign == "{":
            tokens.skip_braces()
    if kind not in KINDS:
        raise tokens.error(
            f"a layer's type is {', '.join(KINDS)}", f"{kind or 'none'} of {label}", "leave it out"
        )
    try:
        return _shape(kind, sizes["Dimensions"], sizes["Stride"])
    except KeyError as missing:
        raise tokens.error(
            "Dimensions name every size of the layer", f"no {missing.args[0]} of {label}", "add it"
        ) from None
    except CourseError as error:
        raise tokens.error(error.rule, f"{label}: {error.got}", error.change) from None


def _sizes(tokens: _Tokens) -> Iterator[tuple[str, int]]:
    while tokens.word() != "}":
        if tokens.now == ",":
            continue
        dim = tokens.now
        tokens.expect(":")
        if not re.fullmatch(r"[0-9]{1,18}", tokens.word()) or not int(tokens.now):
            raise tokens.error("a size is a whole number, 1 or more", f"{dim}: {tokens.now}", "write digits")
        yield dim, int(tokens.now)


def _shape(kind: str, size: dict[str, int], stride: dict[str, int]) -> LayerShape:
    """Give a layer.

    raises  KeyError with the dim that is missing
    """
    if kind == "GEMM":
        return LayerShape(M=size["N"], C=size["K"], H=size["M"], W=1, R=1)
    R, S, U = size["R"], size["S"], (stride.get("Y", 1), stride.get("X", 1))
    H, W = (
        least(size[f"{dim}'"], window, step) if f"{dim}'" in size else size[dim]
        for dim, step, window in zip("YX", U, (R, S), strict=True)
    )
    C = size["C"]
    G = C if kind == "DSCONV" else 1
    return LayerShape(N=size.get("N", 1), M=size["K"] * G, C=C, H=H, W=W, R=R, S=S, U=U, G=G)
