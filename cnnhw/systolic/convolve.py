"""A layer on the array: its Toeplitz matrix times its filters, one group after the other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.groups import members
from cnnhw.conv.toeplitz import fold, toeplitz_ifmap
from cnnhw.shape import LayerShape
from cnnhw.systolic.arguments import checked_plan
from cnnhw.systolic.multiply import Run, multiply
from cnnhw.systolic.plan import Plan


@dataclass(frozen=True)
class LayerRun:
    """What came out of the array for a layer.

    ofmap   (N, M, E, F)
    groups  a Run for each group, one after the other
    """

    ofmap: np.ndarray
    groups: tuple[Run, ...]

    @property
    def cycles(self) -> int:
        """Of all groups."""
        return sum(run.cycles for run in self.groups)

    @property
    def macs(self) -> int:
        """Of all groups."""
        return sum(run.macs for run in self.groups)

    @property
    def mean_active_pes(self) -> float:
        """PEs at work in a cycle, on average: macs / cycles."""
        return self.macs / self.cycles

    @property
    def words(self) -> Mapping[str, int]:
        """Words over the edges of the array, all groups: "ifmap" and "filter" read, "psum" written."""
        return {name: sum(run.words[name] for run in self.groups) for name in self.groups[0].words}


def plan(
    shape: LayerShape,
    rows: int,
    cols: int,
    dataflow: str = "output_stationary",
    *,
    drain: str = "shift",
    ragged: str = "array",
) -> Plan:
    """Plan one group of a layer on a systolic array.

    shape    any LayerShape
    rest     as in multiply
    returns  Plan; the layer takes G times its cycles
    raises   CourseError if an option does not fit

    >>> plan(LayerShape(M=16, C=6, H=14, R=5), rows=32, cols=32).cycles       # 100 x 150 times 150 x 16
    976
    """
    sizes = {
        "windows": shape.N * shape.E * shape.F,
        "products": shape.ofmap_reuse,
        "filters": shape.made,
    }
    return checked_plan(rows=rows, cols=cols, dataflow=dataflow, drain=drain, ragged=ragged, **sizes)


def convolve(
    ifmap: np.ndarray,
    filters: np.ndarray,
    rows: int,
    cols: int,
    dataflow: str = "output_stationary",
    *,
    U: int = 1,
    P: int = 0,
    G: int = 1,
    **options,
) -> LayerRun:
    """Convolve on a systolic array, cycle by cycle.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S)
    U, P, G  stride, zero padding on each side, groups
    rest     as in multiply, and so are the options; a trace's window is of each group's own cycles
    returns  LayerRun; its ofmap equals conv_loops on whole numbers
    raises   ShapeError and CourseError as multiply and conv_toeplitz do

    The array multiplies with zeros of the padding as with any word, and reads a word again for each window.

    >>> run = convolve(np.ones((1, 1, 3, 4), int), np.ones((1, 1, 2, 2), int), rows=2, cols=1)
    >>> run.ofmap[0, 0], run.cycles                   # 3 folds of 2*2 + 1 + 4 - 2 cycles
    (array([[4, 4, 4],
           [4, 4, 4]]), 21)
    """
    ifmap, filters, shape = checked(ifmap, filters, U, P, G)
    columns = toeplitz_ifmap(ifmap, shape).reshape(shape.G, shape.ofmap_reuse, -1)
    flat = filters.reshape(shape.M, -1)
    groups = tuple(
        multiply(columns[group].T, flat[members(shape, group)[1]].T, rows, cols, dataflow, **options)
        for group in range(shape.G)
    )
    return LayerRun(fold(np.concatenate([run.product.T for run in groups]), shape), groups)
