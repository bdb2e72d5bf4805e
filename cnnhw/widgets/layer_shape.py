"""A layer's shape under the reader's hands: MACs, words and reuse as M, R, U and the batch change."""

from dataclasses import replace

import ipywidgets

from cnnhw.networks import alexnet, lenet5
from cnnhw.pictures import Picture
from cnnhw.pictures.networks.layer_card import layer_card
from cnnhw.shape import LayerShape
from cnnhw.widgets.live import Explorer, dropdown, slider

_BATCHES = (1, 4, 16, 64)  # chosen for teaching; 1, 16 and 64 are those of ISCA 2016
_LARGEST_U = 6  # chosen for teaching


def explore_layer_shape() -> "LayerExplorer":
    """Start from a known layer, change its filters, their height or the stride, and watch the counts.

    returns  a widget: a layer and a batch to choose, sliders for M, R and U
    """
    return LayerExplorer()


class LayerExplorer(Explorer):
    """Two lists, three sliders, and the layer's card."""

    def __init__(self):
        self.layer = dropdown("layer", _known_layers())
        self.N = dropdown("N, batch", _BATCHES)
        first = self.layer.value
        self.M = slider("M, filters", first.M, 1, 2 * first.M)
        self.R = slider("R, filter height", first.R, 1, _largest_filter(first))
        self.U = slider("U, stride", first.U, 1, _LARGEST_U)
        self.layer.observe(self._loaded, names="value")
        controls = [self.N, self.M, self.R, self.U]
        super().__init__(controls, layout=[self.layer, *controls])

    def shape(self) -> LayerShape:
        """The LayerShape as the controls stand; the filter stays square.

        raises   ShapeError if such a layer cannot exist
        """
        changes = {
            "N": self.N.value,
            "M": self.M.value,
            "R": self.R.value,
            "S": self.R.value,
            "U": self.U.value,
        }
        return replace(self.layer.value, **changes)

    def picture(self) -> tuple[Picture, str]:
        """Draw the layer's card, and compare its work with the layer it started from."""
        shape, known = self.shape(), self.layer.value
        times = shape.macs / known.macs
        note = (
            f"{shape.macs:,} MACs, {times:.3g} times those of {self.layer.label} with one image "
            f"({known.macs:,}). {shape.filter_words:,} weights."
        )
        return layer_card(shape), note

    def _loaded(self, _change) -> None:
        known = self.layer.value
        with self.together():
            _set(self.M, known.M, 2 * known.M)
            _set(self.R, known.R, _largest_filter(known))
            _set(self.U, known.U, _LARGEST_U)


def _known_layers() -> list[tuple[str, LayerShape]]:
    return [
        (f"{network.title} {name}", layer)
        for network in (alexnet(), lenet5())
        for name, layer in network.layers.items()
    ]


def _set(control: ipywidgets.IntSlider, value: int, most: int) -> None:
    control.max = most
    control.value = value


def _largest_filter(layer: LayerShape) -> int:
    """Up to about twice the layer's filter; on a small ifmap one more than fits, to show the error."""
    return min(2 * layer.R + 1, layer.H + 2 * layer.P + 1)
