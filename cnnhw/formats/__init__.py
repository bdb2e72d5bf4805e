"""Files of the field's other tools, in and out: what a reader takes along when going on to one of them."""

from cnnhw.formats.maestro import from_maestro, to_maestro
from cnnhw.formats.scalesim import from_scalesim, to_scalesim
from cnnhw.formats.timeloop import Design, from_timeloop, to_timeloop
from cnnhw.formats.zigzag import from_zigzag, to_zigzag

__all__ = [
    "Design", "from_maestro", "from_scalesim", "from_timeloop", "from_zigzag",
    "to_maestro", "to_scalesim", "to_timeloop", "to_zigzag",
]  # fmt: skip
