"""What a machine has to offer to a dataflow that shares it out: words of memory, and PEs."""

from math import prod
from typing import NamedTuple

from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import check_usual

NO_LIMIT = 2**50  # words, or PEs: more than any layer has, and products with it still fit 64 bits


class Room(NamedTuple):
    """What a machine has to offer: words in the global buffer (Q), words in each RF, and PEs (J)."""

    glb_words: int
    rf_words: int
    pes: int
    outermost: str = USUAL.outermost

    @classmethod
    def of(cls, machine) -> "Room":
        """Give the room of a Machine; a level without a limit gets more words than any layer has.

        Memories of a level that are separate, each for its tensors, are taken together: a plan may then ask
        one of them for too much, and counting it says so.

        raises  CourseError if the machine does not say how many PEs there are, is no DRAM, GLB, array, RF,
                writes at another price than it reads, or has words of several widths: the published forms do
                not tell these apart
        """
        check_usual(machine, "a published closed form")
        apart = [name for name in USUAL.levels if machine.cost(name) != machine.cost(name, written=True)]
        if apart:
            raise CourseError(
                "the published closed forms add reads and writes up, at one price",
                f"a write_cost for {', '.join(apart)}",
                "leave it out, or count a nest: energy(count(nest, machine), machine)",
            )
        if machine.widths:
            raise CourseError(
                "the published closed forms know words of one width",
                f"widths={dict(machine.widths)}",
                "leave them out, or count a nest: energy(count(nest, machine), machine)",
            )
        return cls.of_any(machine)

    @classmethod
    def of_any(cls, machine) -> "Room":
        """Give the room of a Machine of any hierarchy, for a dataflow that is counted by its nests.

        returns  Room: words of the outermost level inside the first, and of the innermost one; the positions
                 of all arrays together; the name of the first level. A level that is not there has no words
        raises   CourseError if the machine does not say how many PEs there are

        >>> from cnnhw import Array, Level, Machine
        >>> chip = Level("DRAM"), Level("L2", 900), Array("tiles", 4, 4), Level("L1", 90), Array("PEs", 2, 8)
        >>> Room.of_any(Machine.of(chip))
        Room(glb_words=900, rf_words=90, pes=256, outermost='DRAM')
        """
        order = machine.hierarchy
        inside = [machine.words(level) for level in order.levels[1:]] or [0]
        glb, rf = (NO_LIMIT if words is None else words for words in (inside[0], inside[-1]))
        pes = [machine[name].pes for name in order.names if name not in order.levels]
        if None in pes:
            raise CourseError(
                "a search needs to know how many PEs there are",
                f"a machine with pes={machine.pes}",
                "give rows and cols, or pes",
            )
        return cls(glb, rf, prod(pes), order.outermost)


UNLIMITED = Room(NO_LIMIT, NO_LIMIT, NO_LIMIT)
