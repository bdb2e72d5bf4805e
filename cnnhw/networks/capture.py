"""Layers captured from a program that computes a network: what ONNX files and PyTorch modules have in common.

Both are lists of operators on values. Convolutions and products with constant weights become LayerShapes;
everything else only passes values on. Of each value it must be known whether it is made of weights alone,
and from which map it was flattened, so that an FC layer gets its C, H and W back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod

from cnnhw.errors import CourseError, ShapeError
from cnnhw.networks.network import Network
from cnnhw.shape import LayerShape


@dataclass(frozen=True)
class Value:
    """One value in the program.

    shape    its sizes, the batch first
    weights  names of the weights it is made of; None when it depends on the ifmap
    map      C, H, W in the order in which the words of one image lie; None when that is not known
    """

    shape: tuple[int, ...]
    weights: frozenset[str] | None = None
    map: tuple[int, ...] | None = None


def ifmap_value(shape: Sequence[int]) -> Value:
    """Give the value of a network's input."""
    return Value(tuple(shape), None, tuple(shape[1:]) if len(shape) == 4 else None)


def passed_on(inputs: Iterable[Value], shape: Sequence[int], kind: str = "plain") -> Value:
    """Give the value that an operator without MACs makes.

    inputs   the values that it reads
    shape    the sizes of what it makes
    kind     "reshape" keeps the order of the words, "permute" changes it, "plain" is anything else
    returns  Value
    """
    inputs, shape = tuple(inputs), tuple(shape)
    data = [value for value in inputs if value.weights is None]
    if inputs and not data:
        return Value(shape, frozenset().union(*(value.weights for value in inputs)))
    map_ = shape[1:] if len(shape) == 4 and kind != "permute" else None
    if data and kind != "permute":
        first = data[0]
        flattened = kind == "reshape" and len(shape) == 2 and shape[0] == first.shape[0]
        map_ = first.map if shape == first.shape or flattened else map_
    return Value(shape, None if inputs else frozenset(), map_)


@dataclass
class Capture:
    """The layers found so far, in order of execution.

    N       images in the batch
    sizes   weight name -> its words; a weight that two layers share would be counted twice
    """

    N: int
    sizes: dict[str, int]
    layers: dict[str, LayerShape] = field(default_factory=dict)
    used: dict[frozenset[str], int] = field(default_factory=dict)

    def add_conv(
        self, name: str, ifmap: Value, filters: Value, strides, pads, dilations=(1, 1), groups: int = 1
    ) -> None:
        """Add a convolution.

        name        the layer's name, also for errors
        ifmap       (N, C, H, W)
        filters     (M, C/G, R, S)
        strides     down, across
        pads        top, left, bottom, right
        dilations   down, across
        groups      G
        raises      CourseError if a LayerShape cannot say it, ShapeError if it cannot exist
        """
        if len(filters.shape) != 4:
            raise CourseError(
                "only convolutions over two dimensions can be described",
                f"{name} with filters of shape {filters.shape}",
                "a 1-D convolution without padding is LayerShape(H=1, R=1, W=..., S=...) in from_layers",
            )
        for rule, what, sizes, only in (
            ("a LayerShape has no dilation", "dilation", dilations, 1),
            ("a LayerShape has one stride U, the same down and across", "strides", strides, strides[0]),
            ("a LayerShape has one padding P, the same on all four sides", "padding", pads, pads[0]),
        ):
            if any(size != only for size in sizes):
                raise CourseError(
                    rule,
                    f"{name} with {what} {', '.join(map(str, sizes))}",
                    "give the layers by hand with from_layers, in the nearest shape that you can defend",
                )
        M, channels, R, S = filters.shape
        N, C, H, W = ifmap.shape
        if groups * channels != C:
            raise ShapeError(
                "each filter must see C / G channels",
                f"{name} with ifmap C={C}, G={groups} but filters with {channels} channels",
                "correct the model; it cannot run as it is",
            )
        shape = LayerShape(N=N, M=M, C=C, H=H, W=W, R=R, S=S, U=strides[0], P=pads[0], G=groups)
        self._add(name, shape, filters)

    def add_fc(self, name: str, ifmap: Value, filters: Value) -> None:
        """Add a product with a matrix of weights.

        name     the layer's name, also for errors
        ifmap    (..., K): one row an image, or several, as a 1x1 layer has positions
        filters  (K, M)
        raises   CourseError if the filters are not constant, or the rows are not a multiple of the batch
        """
        rows, (K, M) = prod(ifmap.shape[:-1]), filters.shape
        if rows % self.N:
            raise CourseError(
                "the rows of a matrix product must be a multiple of the batch",
                f"{name} with {rows} rows for N={self.N} images",
                "use a batch of 1, then network.with_batch(N)",
            )
        C, H, W = ifmap.map if rows == self.N and ifmap.map else (K, 1, 1)
        shape = LayerShape.fc(N=self.N, M=M, C=C, H=H, W=W)
        if rows > self.N:  # each image has several rows: positions of a 1x1 layer
            shape = LayerShape(N=self.N, M=M, C=K, H=rows // self.N, W=1, R=1)
        self._add(name, shape, filters)

    def network(self, name: str, source: str) -> Network:
        """Give the captured layers as a Network."""
        return Network(name=name, layers=self.layers, source=source)

    def _add(self, name: str, shape: LayerShape, filters: Value) -> None:
        if filters.weights is None:
            raise CourseError(
                "the filters of a layer must be constant",
                f"{name}, which multiplies two values that both depend on the ifmap",
                "leave such operators, attention among them, out of the network",
            )
        self._check_shared(name, shape, filters.weights)
        unique, number = name, 2
        while unique in self.layers:
            unique, number = f"{name}#{number}", number + 1
        self.layers[unique] = shape

    def _check_shared(self, name: str, shape: LayerShape, weights: frozenset[str]) -> None:
        self.used[weights] = self.used.get(weights, 0) + shape.filter_words
        if weights and self.used[weights] > sum(self.sizes[weight] for weight in weights):
            raise CourseError(
                "every layer of a network has filters of its own, or they would be counted twice",
                f"{name}, whose weights {', '.join(sorted(weights))} another layer used before",
                "capture one use alone, or give the layers by hand with from_layers",
            )


def missing_extra(package: str) -> CourseError:
    """Say that an optional package, which is an extra of the same name, is not installed."""
    return CourseError(
        f"reading this kind of network needs the optional package {package}",
        f"no module named {package!r} in this environment",
        f"in the course's folder: python3 course.py add {package}; elsewhere: pip install 'cnnhw[{package}]'",
    )
