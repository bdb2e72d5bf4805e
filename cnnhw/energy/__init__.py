"""Counts times costs: where the energy of a layer goes, how long it takes, and what it asks of DRAM."""

from cnnhw.energy.demand import dram_accesses_per_mac, dram_bandwidth, dram_words
from cnnhw.energy.energy import Energy, energy, energy_of
from cnnhw.energy.reuse import value_accesses

__all__ = [
    "Energy",
    "dram_accesses_per_mac",
    "dram_bandwidth",
    "dram_words",
    "energy",
    "energy_of",
    "value_accesses",
]
