"""A nest of the explorer, run on random words: the first cycles in a player."""

from cnnhw.emulator import run
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.tensors import random_filters, random_ifmap
from cnnhw.widgets.player import Player, play

# Chosen for teaching: a reader follows a hundred cycles at most, and waits some seconds at most.
MOST_CYCLES, MOST_MACS = 100, 10_000_000
MOST_LISTED_MACS = 300_000  # on other hierarchies than the usual one, whose engine moves one word at a time


def played(nest: Nest, machine: Machine) -> Player:
    """Run a nest and play its first cycles, as many as a page holds.

    nest     the mapping of a layer
    machine  what it runs on
    returns  Player
    raises   CapacityError if the nest does not fit; CourseError if the layer or its first cycle is too large
    """
    shape, most = nest.shape, MOST_MACS if nest.on(machine).is_usual else MOST_LISTED_MACS
    if shape.macs > most:
        raise CourseError(
            f"the explorer plays layers of at most {most:,} MACs",
            f"{shape.macs:,} MACs",
            "play a smaller layer: fewer filters or channels, or a smaller ifmap, show the same moves",
        )
    ifmap, filters = random_ifmap(shape), random_filters(shape)
    last = MOST_CYCLES - 1
    while True:
        done = run(nest, machine, ifmap, filters, trace=(0, last))
        try:
            return play(done.trace, machine)
        except CourseError:
            if not last:
                raise
            last //= 4
