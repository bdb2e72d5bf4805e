"""The six dataflows of ISCA 2016 and a reader's own: parameters, published form if any, and loop nest."""

from cnnhw.dataflows.compare import Comparison, compare
from cnnhw.dataflows.dataflow import Constraint, Dataflow
from cnnhw.dataflows.many_channels_many_pixels import ManyChannelsManyPixels
from cnnhw.dataflows.many_channels_one_pixel import ManyChannelsOnePixel
from cnnhw.dataflows.no_local_reuse import NoLocalReuse
from cnnhw.dataflows.one_channel_many_pixels import OneChannelManyPixels
from cnnhw.dataflows.room import Room
from cnnhw.dataflows.row_stationary import RowStationary
from cnnhw.dataflows.weight_stationary import WeightStationary
from cnnhw.errors import CourseError

WS = WeightStationary()
OS_A = OneChannelManyPixels()
OS_B = ManyChannelsManyPixels()
OS_C = ManyChannelsOnePixel()
NLR = NoLocalReuse()
RS = RowStationary()
# A dict, so that a reader's own may join: DATAFLOWS["IS"] = InputStationary().
DATAFLOWS = {dataflow.name: dataflow for dataflow in (WS, OS_A, OS_B, OS_C, NLR, RS)}


def known(dataflow: str | Dataflow) -> Dataflow:
    """Give a dataflow by its name in DATAFLOWS; a Dataflow itself is given back.

    raises  CourseError if there is none of that name
    """
    if isinstance(dataflow, Dataflow):
        return dataflow
    if dataflow not in DATAFLOWS:
        raise CourseError(
            "a dataflow is one of those in DATAFLOWS",
            f"{dataflow!r}",
            f"use one of {', '.join(DATAFLOWS)}, or a Dataflow of your own",
        )
    return DATAFLOWS[dataflow]


__all__ = [
    "DATAFLOWS", "NLR", "OS_A", "OS_B", "OS_C", "RS", "WS",
    "Comparison", "Constraint", "Dataflow", "Room", "compare", "known",
]  # fmt: skip
