"""The one loop nest: where and when every MAC of a layer happens."""

from cnnhw.nest.loop import DIMS, Loop, MappingError, Where, at_once
from cnnhw.nest.nest import Nest
from cnnhw.nest.touched import INDICES
from cnnhw.nest.usual import check_usual

__all__ = ["DIMS", "INDICES", "Loop", "MappingError", "Nest", "Where", "at_once", "check_usual"]
