"""Layers captured from a program that computes a network: what ONNX files and PyTorch modules have in common.

Both are lists of operators on values. Convolutions and products with constant weights become LayerShapes;
everything else only passes values on.
"""

from dataclasses import dataclass, field
from itertools import zip_longest
from math import prod

from cnnhw.errors import CourseError, ShapeError
from cnnhw.networks.network import Network
from cnnhw.networks.values import Value, flattened_map
from cnnhw.shape import LayerShape

MACS_ARE_LAYERS = "every operator that does MACs must be a convolution or a product with constant weights"


@dataclass
class Capture:
    """The layers found so far, in order of execution.

    N           images in the batch
    sizes       weight name -> its words
    parameters  names of the weights that are trained, where that is known; what masks or scales them is not
    """

    N: int
    sizes: dict[str, int]
    parameters: frozenset[str] = frozenset()
    layers: dict[str, LayerShape] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)  # weight name -> words of it that layers hold
    keys: dict = field(default_factory=dict)  # of the weights that layers hold -> the first of these layers
    shared: dict[str, str] = field(default_factory=dict)  # layer -> an earlier one with the same filters

    def add_conv(
        self, name: str, ifmap: Value, filters: Value, strides, pads, dilations=(1, 1), groups: int = 1
    ) -> None:
        """Add a convolution.

        name        the layer's name, also for errors
        ifmap       (N, C, H, W), or (N, C, W) of one dimension: a layer of one row
        filters     (M, C/G, R, S), or (M, C/G, S)
        strides     down, across
        pads        top, left, bottom, right; of one dimension left, right
        dilations   down, across
        groups      G
        raises      CourseError if a LayerShape cannot say it, ShapeError if it cannot exist
        """
        if len(filters.shape) not in (3, 4):
            raise CourseError(
                "only convolutions over one or two dimensions can be described",
                f"{name} with filters of shape {filters.shape}",
                "leave it out, or give the layers by hand with from_layers",
            )
        if ifmap.constant:
            raise _not_constant(name, ifmap, filters)
        M, channels, *taps = filters.shape
        N, C, *lines = ifmap.shape
        all_four = (taps, lines, strides, dilations)
        (R, S), (H, W), U, D = ([1] * (2 - len(sizes)) + [*sizes] for sizes in all_four)
        ends = zip(pads[: len(taps)], pads[len(taps) :], strict=True)
        P = ([(0, 0)] * (2 - len(taps))) + [*ends]
        if N != self.N:
            raise _not_alike(f"{name} with {N} maps for N={self.N} images")
        if groups * channels != C:
            raise ShapeError(
                "each filter must see C / G channels",
                f"{name} with ifmap C={C}, G={groups} but filters with {channels} channels",
                "correct the model; it cannot run as it is",
            )
        shape = LayerShape(N=N, M=M, C=C, H=H, W=W, R=R, S=S, U=U, P=P, G=groups, D=D)
        self._add(name, shape, filters)

    def add_product(self, name: str, left: Value, right: Value) -> Value:
        """Add a product of matrices, one of them made of weights.

        name     the layer's name, also for errors
        left     (..., T, K)
        right    (..., K, M)
        returns  which of the two is the ifmap, with the words that are added up along its last axis
        raises   CourseError if not exactly one of the two is one matrix of weights, the rows are no multiple
                 of the batch, or a sum would go over images
        """
        ifmap, filters = (left, right) if right.constant else (right.turned(), left.turned())
        if ifmap.constant or not filters.constant or prod(filters.shape[:-2]) != 1:
            raise _not_constant(name, left, right)
        rows, (K, M) = prod(ifmap.shape[:-1]), filters.shape[-2:]
        pieces = ifmap.axes[-1] if ifmap.axes else (("", K),)
        if rows % self.N or "N" in dict(pieces):
            raise _not_alike(f"{name} with {rows} rows of {K} words for N={self.N} images")
        C, H, W = (flattened_map(pieces) or (K, 1, 1)) if rows == self.N else (K, 1, 1)
        shape = LayerShape.fc(N=self.N, M=M, C=C, H=H, W=W)
        if rows > self.N:  # each image has several rows: positions of a 1x1 layer
            shape = LayerShape(N=self.N, M=M, C=K, H=rows // self.N, W=1, R=1)
        self._add(name, shape, filters)
        return ifmap

    def network(self, name: str, source: str) -> Network:
        """Give the captured layers as a Network."""
        return Network(name=name, layers=self.layers, source=source, shared=self.shared)

    def _add(self, name: str, shape: LayerShape, filters: Value) -> None:
        if not filters.constant:
            raise CourseError(
                "the filters of a layer must be constant",
                f"{name}, which multiplies two values that both depend on the ifmap",
                "leave such operators, attention among them, out of the network",
            )
        unique, number = name, 2
        while unique in self.layers:
            unique, number = f"{name}#{number}", number + 1
        first = self.keys.get(filters.key)
        if first is not None and self.layers[first].filter_words == shape.filter_words:
            self.shared[unique] = first
        else:
            self._check_shared(name, shape.filter_words, filters)
            self.keys[filters.key] = unique
        self.layers[unique] = shape

    def _check_shared(self, name: str, words: int, filters: Value) -> None:
        """Demand that the words of a layer's filters come from a weight with so many words left.

        A filter may be made of several weights: a mask, scales, what is trained. Those large enough for it
        count, those that are trained before others; of filters repeated from smaller weights all of them do.
        """
        large = {weight for weight in filters.weights if self.sizes[weight] >= words} or filters.weights
        large = (large & self.parameters) or large
        needed = {weight: min(words, self.sizes[weight]) for weight in large}
        left = [self.sizes[weight] - self.used.get(weight, 0) >= needed[weight] for weight in large]
        if filters.key in self.keys or not any(left):
            raise shared(name, filters)
        for weight, share in needed.items():
            self.used[weight] = self.used.get(weight, 0) + share


def refused(what: str) -> CourseError:
    """Say that a program does MACs, or may do MACs, that no LayerShape describes."""
    return CourseError(
        MACS_ARE_LAYERS, what, "capture the parts around it, or give the layers by hand with from_layers"
    )


def shared(name: str, filters: Value) -> CourseError:
    """Say that words of a layer's filters are another layer's filters too."""
    return CourseError(
        "layers have filters of their own, or share all of them; parts would be counted twice",
        f"{name}, of whose weights {', '.join(sorted(filters.weights))} another layer used a part before",
        "capture one use alone, or give the layers by hand with from_layers",
    )


def _not_alike(got: str) -> CourseError:
    return CourseError(
        "a layer must treat each image of the batch alike, and none of them twice",
        got,
        "keep the batch as the first axis, or give the layers by hand with from_layers",
    )


def _not_constant(name: str, left: Value, right: Value) -> CourseError:
    return CourseError(
        "one side of a product must be a matrix of constant weights, the other made from the ifmap",
        f"{name} with shapes {left.shape} and {right.shape}",
        "leave such operators, attention among them, out of the network",
    )


def check_batch(network: Network, witness: Network) -> None:
    """Demand that a network captured at two batches is the same one.

    raises   CourseError with the first layer that differs
    """
    if network.with_batch(witness.N).layers == witness.layers:
        return
    pairs = zip_longest(network.layers.items(), witness.with_batch(network.N).layers.items())
    one, other = next(pair for pair in pairs if pair[0] != pair[1])
    raise CourseError(
        "the layers of a network must be the same for every batch",
        f"{one} at N={network.N}, but {other} at N={witness.N}",
        "keep the batch as the first axis of every value",
    )


def missing_extra(package: str) -> CourseError:
    """Say that an optional package, which is an extra of the same name, is not installed."""
    return CourseError(
        f"reading this kind of network needs the optional package {package}",
        f"no module named {package!r} in this environment",
        f"in the course's folder: python3 course.py add {package}; elsewhere: pip install 'cnnhw[{package}]'",
    )
