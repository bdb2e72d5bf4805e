"""Timeloop's problem, architecture and mapping (version 0.4), in and out."""

from cnnhw.formats.timeloop.files import Design, from_timeloop, to_timeloop

__all__ = ["Design", "from_timeloop", "to_timeloop"]
