"""Chip: a Machine that was built, the dataflow it runs, and how its makers mapped a network on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnhw.dataflows import DATAFLOWS
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.networks import Network
from cnnhw.shape import LayerShape


@dataclass(frozen=True, kw_only=True)
class Chip:
    """An accelerator with a published mapping.

    name       of the chip
    machine    its memories and its array
    dataflow   the name of its dataflow, such as "RS"
    clock_hz   cycles per second
    network    what was mapped on it, at the batch that was used
    printed    layer name -> parameters of the mapping, as the paper prints them
    corrected  layer name -> parameters where the printed ones contradict the paper's own measurement
    measured   layer name -> column -> the text of the paper's table of measurements
    source     where all this is from
    """

    name: str
    machine: Machine
    dataflow: str
    clock_hz: float
    network: Network
    printed: Mapping[str, Mapping[str, int]]
    corrected: Mapping[str, Mapping[str, int]]
    measured: Mapping[str, Mapping[str, str]]
    source: str

    def __post_init__(self):
        for name in ("printed", "corrected", "measured"):
            table = {key: MappingProxyType(dict(row)) for key, row in getattr(self, name).items()}
            object.__setattr__(self, name, MappingProxyType(table))

    def __hash__(self):
        return hash((self.name, self.machine, self.dataflow, self.clock_hz))

    def published_mapping(self, layer: str) -> dict[str, int]:
        """Give a layer's parameters as the paper prints them.

        layer   name of a layer that was mapped
        raises  CourseError if the paper maps no such layer
        """
        if layer not in self.printed:
            raise CourseError(
                f"the mapping on {self.name} is published for {', '.join(self.printed)}",
                f"{layer!r}",
                "use one of these, or search a mapping of your own with cnnhw.mapper",
            )
        return dict(self.printed[layer])

    def mapping(self, layer: str) -> dict[str, int]:
        """Give the parameters that agree with the measurements: as printed, but for what is corrected.

        layer   name of a layer that was mapped
        raises  CourseError if the paper maps no such layer
        """
        printed = self.published_mapping(layer)
        return dict(self.corrected.get(layer, printed))

    def nests(self, as_printed: bool = False) -> dict[str, Nest]:
        """Give the loop nest of every layer that was mapped.

        as_printed  whether to follow the printed parameters also where they are corrected
        returns     layer name -> Nest
        """
        choose = self.published_mapping if as_printed else self.mapping
        return {layer: self.nest(self.network.layers[layer], choose(layer)) for layer in self.printed}

    def nest(self, shape: LayerShape, parameters: Mapping[str, int]) -> Nest:
        """Give the loop nest of any layer with parameters of the chip's dataflow, laid over its array.

        shape       the layer
        parameters  of the dataflow, as mapping() gives them
        returns     Nest. What is wider than the array is folded: for RS, parts of a set of R x e PEs stand on
                    top of each other. So do the sets; where the array is not high enough, the t sets stand
                    side by side
        raises      CourseError if these are not its parameters
        """
        return DATAFLOWS[self.dataflow].nest(shape, parameters, self.machine)
