"""Network: layers in order of execution, and what follows from adding them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cnnhw.errors import CourseError
from cnnhw.networks.glue import check_chain
from cnnhw.shape import LayerShape


@dataclass(frozen=True, kw_only=True, repr=False)
class Network:
    """The CONV and FC layers of a network, with where their sizes come from.

    name         short name, as the function that makes it is called
    layers       layer name -> LayerShape, in order of execution, all with the same N
    title        the name to print; defaults to `name`
    source       where the sizes come from, and the convention where sources differ
    glue         chains only: layer name -> what follows it, such as ("relu", "max_pool 3/2"); None for a
                 network with branches
    called_conv  layers that are CONV by name although each filter covers its whole ifmap
    shared       layer name -> an earlier layer whose filters it uses again: work each time, weights once
    raises       CourseError if there is no layer, a value is no LayerShape, or the batches differ;
                 ShapeError if the layers of a chain do not fit each other

    A layer counts as FC when its filter covers the whole ifmap (LayerShape.is_fc), whatever the source
    calls it: LeNet-5's C5 is a 5x5 convolution on a 5x5 ifmap, so it is FC, as in the published tables.
    `called_conv` is for the opposite decision, such as a 1x1 convolution after a global pooling.

    >>> conv, fc = LayerShape(M=2, C=1, H=5, R=3), LayerShape.fc(M=7, C=2, H=3)
    >>> net = Network(name="tiny", layers={"CONV1": conv, "FC2": fc})
    >>> net.macs, net.filter_words         # CONV1: 2*9 words, 9 times each; FC2: 7 * 2*3*3
    (288, 144)
    >>> net
    tiny: 1 CONV and 1 FC layers, 288 MACs, 144 filter words, N=1
    """

    name: str
    layers: Mapping[str, LayerShape]
    title: str = ""
    source: str = ""
    glue: Mapping[str, tuple[str, ...]] | None = None
    called_conv: frozenset[str] = frozenset()
    shared: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        # Copies behind read-only views: a frozen value must not change through a dict that someone kept.
        object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))
        object.__setattr__(self, "title", self.title or self.name)
        object.__setattr__(self, "called_conv", frozenset(self.called_conv))
        object.__setattr__(self, "shared", MappingProxyType(dict(self.shared)))
        self._check_layers()
        self._check_shared()
        if self.glue is not None:
            glue = {name: tuple(self.glue.get(name, ())) for name in self.layers}
            object.__setattr__(self, "glue", MappingProxyType(glue))
            check_chain(self.layers, self.glue)

    @property
    def conv(self) -> Mapping[str, LayerShape]:
        """The CONV layers: name -> LayerShape."""
        return MappingProxyType({name: shape for name, shape in self.layers.items() if not self._is_fc(name)})

    @property
    def fc(self) -> Mapping[str, LayerShape]:
        """The FC layers: name -> LayerShape."""
        return MappingProxyType({name: shape for name, shape in self.layers.items() if self._is_fc(name)})

    @property
    def N(self) -> int:
        """Images in the batch, the same for every layer."""
        return next(iter(self.layers.values())).N

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all layers, for the whole batch."""
        return sum(shape.macs for shape in self.layers.values())

    @property
    def filter_words(self) -> int:
        """Words in all filters, no bias; those that layers share are there once."""
        return sum(shape.filter_words for name, shape in self.layers.items() if name not in self.shared)

    def with_batch(self, N: int) -> "Network":
        """Give the same network on N images at a time.

        N        images in the batch
        returns  Network; MACs, ifmap and ofmap words scale with N, filter words do not
        raises   ShapeError if N is not a whole number from 1 on
        """
        return replace(self, layers={name: replace(shape, N=N) for name, shape in self.layers.items()})

    def __repr__(self) -> str:
        kinds = f"{len(self.conv)} CONV and {len(self.fc)} FC layers"
        return f"{self.title}: {kinds}, {self.macs:,} MACs, {self.filter_words:,} filter words, N={self.N}"

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.layers.items())))

    def __reduce__(self):
        # A read-only view cannot be pickled or deep-copied; the dict it shows can.
        glue = None if self.glue is None else dict(self.glue)
        about = {"title": self.title, "source": self.source, "glue": glue, "called_conv": self.called_conv}
        return _rebuild, (self.name, dict(self.layers), about | {"shared": dict(self.shared)})

    def _is_fc(self, name: str) -> bool:
        return self.layers[name].is_fc and name not in self.called_conv

    def _check_shared(self):
        names = list(self.layers)
        for name, first in self.shared.items():
            known = name in self.layers and first in names[: names.index(name)] and first not in self.shared
            if not known or self.layers[name].filter_words != self.layers[first].filter_words:
                raise CourseError(
                    "a layer shares the filters of an earlier one, which has as many words",
                    f"{name} with the filters of {first}",
                    "name the first layer that uses them, or leave it out of shared",
                )

    def _check_layers(self):
        if not self.layers:
            raise CourseError(
                "a network needs at least one layer",
                f"{self.name!r} with no layers",
                "give a mapping of layer name to LayerShape, or a list of LayerShapes",
            )
        for name, shape in self.layers.items():
            if not isinstance(shape, LayerShape):
                raise CourseError(
                    "every layer of a network is a LayerShape",
                    f"{name} = {shape!r}",
                    "write LayerShape(M=..., C=..., H=..., R=...) or LayerShape.fc(M=..., C=...)",
                )
        for name, shape in self.layers.items():
            if shape.N != self.N:
                raise CourseError(
                    "all layers of a network work on the same batch",
                    f"{name} with N={shape.N} after layers with N={self.N}",
                    f"use N={self.N} throughout, then network.with_batch(N) for another batch",
                )


def _rebuild(name, layers, about) -> Network:
    return Network(name=name, layers=layers, **about)


def from_layers(name: str, layers: Mapping[str, LayerShape] | Iterable[LayerShape]) -> Network:
    """Make a network from LayerShapes.

    name     what to call it
    layers   layer name -> LayerShape, or LayerShapes in order, which are then named CONV1, CONV2, FC3, ...
    returns  Network
    raises   CourseError if there is no layer, a value is no LayerShape, or the batches differ

    >>> net = from_layers("mine", [LayerShape(M=2, C=1, H=5, R=3), LayerShape.fc(M=7, C=2, H=3)])
    >>> list(net.layers)
    ['CONV1', 'FC2']
    """
    if isinstance(layers, Mapping):
        return Network(name=name, layers=layers, source="the reader")
    if isinstance(layers, (str, LayerShape)) or not isinstance(layers, Iterable):
        raise CourseError(
            "the layers of a network are a mapping or a list",
            repr(layers),
            "write [LayerShape(...), ...] or {'CONV1': LayerShape(...), ...}",
        )
    named = {f"{_kind(shape)}{number}": shape for number, shape in enumerate(layers, start=1)}
    return Network(name=name, layers=named, source="the reader")


def _kind(shape: LayerShape) -> str:
    return "FC" if getattr(shape, "is_fc", False) else "CONV"
