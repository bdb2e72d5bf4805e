"""Row-stationary PE sets under the reader's hands: a layer, an array, a strip; who works and who waits."""

from cnnhw.dataflows.fit import Fit, best_fit
from cnnhw.dataflows.sizes import chunks
from cnnhw.machine import Machine
from cnnhw.networks import alexnet, resnet50, vgg16
from cnnhw.pictures import Picture
from cnnhw.pictures.arrays.array_map import array_map
from cnnhw.pictures.arrays.passes import pass_count
from cnnhw.shape import LayerShape
from cnnhw.widgets.live import Explorer, dropdown, slider

MOST = 32  # PEs on a side; chosen so that a move is drawn in a tenth of a second


def explore_fitting() -> "FittingExplorer":
    """Choose a layer, the rows and columns of an array, and a strip; see sets, folds, idle PEs and passes.

    returns  a widget with a list of layers, whether sets are as high as the filter, and sliders for rows,
             columns and e
    """
    return FittingExplorer()


class FittingExplorer(Explorer):
    """Two lists and three sliders above the map of the array."""

    def __init__(self):
        self.layer = dropdown("layer", _layers())
        self.whole = dropdown("filter rows", [("in one set", True), ("cut, if that helps", False)])
        self.rows = slider("PE rows", 12, 1, MOST)
        self.cols = slider("PE columns", 14, 1, MOST)
        self.e = slider("e, strip (0: best)", 7, 0, self.layer.value.E)
        self.layer.observe(self._chosen, names="value")
        moved = [self.rows, self.cols, self.e]
        super().__init__([self.whole, *moved], layout=[self.layer, self.whole, *moved])

    def picture(self) -> tuple[Picture, str]:
        """Draw the array in its first step, and count sets, folds, PEs and passes."""
        machine = Machine(self.rows.value, self.cols.value)
        shape = self.layer.value
        fit = best_fit(shape, machine, self.e.value or None, shape.R if self.whole.value else None)
        p, q = fit.interleaved()
        nest = fit.nest(p, q)
        sets = "1 set" if fit.sets == 1 else f"{fit.sets} sets"
        folded = f", folded into {fit.folds} parts" if fit.folds > 1 else ""
        note = (
            f"{sets} of {fit.at_once['R']} x {fit.e} PEs{folded}: {_shared(fit)}. "
            f"{fit.active_pes} PEs work in a full strip, {fit.mean_active_pes:.1f} of {machine.pes} "
            f"on average: {fit.utilisation:.1%}. With Eyeriss' register files p = {p} filters and q = {q} "
            f"channels take turns in a PE, and the layer takes {pass_count(nest):,} passes."
        )
        return array_map(nest, machine, every=False), note

    def _chosen(self, _change) -> None:
        with self.together():
            # The old strip may be larger than the new layer; 0 fits every layer.
            self.e.value = 0
            self.e.max = self.layer.value.E


def _shared(fit: Fit) -> str:
    """What the sets share out; r and t always, as the lesson asks for them."""
    others = {"N": "images", "G": "groups", "F": "ofmap columns"}
    more = "".join(f", {fit.at_once[dim]} on {name}" for dim, name in others.items() if fit.at_once[dim] > 1)
    turns = chunks(fit.shape.R, fit.at_once["R"])
    cut = f"; filter rows in {turns} turns" if turns > 1 else ""
    return f"r = {fit.r} on channels, t = {fit.t} on filters{more}{cut}"


def _layers() -> list[tuple[str, LayerShape]]:
    """One layer of every kind that fits well, or badly."""
    listed = [(f"AlexNet {name}", shape) for name, shape in alexnet().conv.items()]
    listed += [("AlexNet FC7", alexnet().layers["FC7"]), ("VGG-16 CONV1-1", vgg16().layers["CONV1-1"])]
    resnet = resnet50().layers
    for name, size in (
        ("conv1", "7x7"),
        ("res2a_branch2b", "3x3"),
        ("res5a_branch2b", "3x3"),
        ("res5a_branch2c", "1x1"),
    ):
        listed.append((f"ResNet-50 {name}, {size}", resnet[name]))
    depthwise = LayerShape(M=512, C=512, H=14, R=3, P=1, G=512)
    return [*listed, ("depthwise 3x3, 512 groups", depthwise)]
