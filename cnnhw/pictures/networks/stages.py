"""Runs of layers with the same ofmap size, so that a network of 58 layers fits on one page."""

from dataclasses import dataclass
from itertools import groupby
from os.path import commonprefix

from cnnhw.networks import Network
from cnnhw.shape import LayerShape


@dataclass(frozen=True)
class Stage:
    """One or more layers that are drawn as one.

    label    the layer's name, or what the names of its layers begin with
    layers   the LayerShapes, in order; all have the same E and F
    is_fc    whether it is a fully connected layer; those never share a stage with another layer
    again    weights of its layers that are an earlier layer's
    """

    label: str
    layers: tuple[LayerShape, ...]
    is_fc: bool = False
    again: int = 0

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all its layers."""
        return sum(layer.macs for layer in self.layers)

    @property
    def filter_words(self) -> int:
        """Weights of all its layers, but for those that are an earlier layer's."""
        return sum(layer.filter_words for layer in self.layers) - self.again

    @property
    def title(self) -> str:
        """The label, with the number of layers when there are several.

        >>> Stage("CONV3", (LayerShape(M=2, C=3, H=7, R=5), LayerShape(M=2, C=2, H=5, R=3, P=1))).title
        'CONV3 (2 layers)'
        """
        return self.label if len(self.layers) == 1 else f"{self.label} ({len(self.layers)} layers)"


def stages(network: Network, most: int) -> tuple[Stage, ...]:
    """Keep a short network layer by layer; merge neighbours of equal ofmap size in a long one.

    network  any Network
    most     the largest number of layers that are still drawn one by one
    returns  Stages in order; fully connected layers are never merged

    >>> from cnnhw.networks import lenet5, vgg16
    >>> [stage.title for stage in stages(lenet5(), most=5)]
    ['C1', 'C3', 'C5', 'F6', 'OUT']
    >>> [stage.title for stage in stages(vgg16(), most=5)][2:6]
    ['CONV3 (3 layers)', 'CONV4 (3 layers)', 'CONV5 (3 layers)', 'FC6']
    """
    layers, fc = network.layers, network.fc

    def size(name):
        return name if name in fc else (layers[name].E, layers[name].F)

    runs = groupby(layers, key=size) if len(layers) > most else ((name, [name]) for name in layers)
    names = [list(run) for _, run in runs]
    again = {name: layers[name].filter_words for name in network.shared}
    return tuple(
        Stage(
            _label(run), tuple(layers[name] for name in run), run[0] in fc,
            sum(again.get(name, 0) for name in run),
        )
        for run in names
    )  # fmt: skip


def _label(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return commonprefix(names).split("/")[0].rstrip("-_. ") or f"{names[0]} .. {names[-1]}"
