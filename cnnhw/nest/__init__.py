"""The one loop nest: where and when every MAC of a layer happens."""

from cnnhw.nest.loop import DIMS, Loop, MappingError, Where
from cnnhw.nest.nest import Nest
from cnnhw.nest.touched import INDICES

__all__ = ["DIMS", "INDICES", "Loop", "MappingError", "Nest", "Where"]
