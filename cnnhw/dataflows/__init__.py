"""The six dataflows of ISCA 2016: parameters, the published count of words moved, and the loop nest."""

from cnnhw.dataflows.compare import Comparison, compare
from cnnhw.dataflows.dataflow import Constraint, Dataflow, Room
from cnnhw.dataflows.no_local_reuse import NoLocalReuse
from cnnhw.dataflows.output_stationary import (
    ManyChannelsManyPixels,
    ManyChannelsOnePixel,
    OneChannelManyPixels,
)
from cnnhw.dataflows.row_stationary import RowStationary
from cnnhw.dataflows.weight_stationary import WeightStationary

WS = WeightStationary()
OS_A = OneChannelManyPixels()
OS_B = ManyChannelsManyPixels()
OS_C = ManyChannelsOnePixel()
NLR = NoLocalReuse()
RS = RowStationary()
DATAFLOWS = {dataflow.name: dataflow for dataflow in (WS, OS_A, OS_B, OS_C, NLR, RS)}

__all__ = [
    "DATAFLOWS", "NLR", "OS_A", "OS_B", "OS_C", "RS", "WS",
    "Comparison", "Constraint", "Dataflow", "Room", "compare",
]  # fmt: skip
