"""The best parameters of a dataflow for a layer on a machine."""

from cnnhw.mapper.landscape import Landscape, landscape
from cnnhw.mapper.network import energy_per_mac, search_network
from cnnhw.mapper.plan import Plan
from cnnhw.mapper.search import OBJECTIVES, search

__all__ = ["OBJECTIVES", "Landscape", "Plan", "energy_per_mac", "landscape", "search", "search_network"]
