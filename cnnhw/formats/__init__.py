"""Files of the field's other tools, in and out: what a reader takes along when going on to one of them."""

from cnnhw.formats.scalesim import from_scalesim, to_scalesim

__all__ = ["from_scalesim", "to_scalesim"]
