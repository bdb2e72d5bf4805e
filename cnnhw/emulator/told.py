"""What the engine for any hierarchy tells of its words, as events of a Trace: levels by name, PEs by seat."""

from cnnhw.emulator.seats import NOWHERE, Place, Seats
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import Nest


class Told:
    """Turns what instances do into events.

    nest  the mapping
    add   takes an event, as Recorder.add does; None if nobody listens

    `cycle` is the number of the cycle that comes next: what leaves still belongs to the one before.
    """

    def __init__(self, nest: Nest, add):
        self.order, self.add, self.seats, self.cycle = nest.order, add, Seats(nest), 0

    def came(self, keeper: str, level: str, places: list[Place], tensor: str, word, value) -> None:
        """Tell that a word was read once, and came to instances further in.

        keeper  where it was read
        places  of the instances of `level`; of the PE, for a MAC that reads a level of its own
        """
        if self.add is None:
            return
        origin, own = self._seat(keeper, places[0]), self.own(level, keeper)
        self.add(self.cycle, "read", tensor, word, value, keeper, origin, keeper, origin if own else NOWHERE)
        for place in () if own else places:
            self.add(
                self.cycle, self._arrival(keeper, level), tensor, word, value, self._name(level),
                self._seat(level, place), keeper,
            )  # fmt: skip

    def multiplied(self, place: Place, word, psum) -> None:
        """Tell of a MAC, and the psum after it."""
        if self.add is None:
            return
        self.add(self.cycle, "mac", "psum", word, psum, self.order.pe, self._seat(MAC, place))

    def left(self, what: str, level: str, place: Place, tensor: str, word, value) -> None:
        """Tell of a "drain" or a "drop"."""
        if self.add is None:
            return
        name, seat = self._name(level), self._seat(level, place)
        self.add(self.cycle - 1, what, tensor, word, value, name, seat)

    def hopped(self, level: str, origin: Place, place: Place, word, value) -> None:
        """Tell that a psum was handed from one instance of a level to another."""
        if self.add is None:
            return
        name, ends = self._name(level), (self._seat(level, place), self._seat(level, origin))
        self.add(self.cycle - 1, "hop", "psum", word, value, name, ends[0], name, ends[1])

    def updated(self, keeper: str, level: str, origin: Place, word, value) -> None:
        """Tell that a psum of an inner level was written at an outer one."""
        if self.add is None:
            return
        ends = self._seat(keeper, origin), self._seat(level, origin)
        self.add(self.cycle - 1, "update", "psum", word, value, keeper, ends[0], self._name(level), ends[1])

    def own(self, level: str, keeper: str) -> bool:
        """Whether a MAC is served by a level of its own PE: it reads and writes there; nothing arrives."""
        return level == MAC and keeper in self.order.of_pe

    def held(self, held):
        """Yield (level, seat, tensor, index, value) of every word that lies inside an array.

        held  (level, tensor) -> place -> word -> value
        """
        for (level, tensor), places in held.items():
            if level == MAC or self.seats.is_outside(level):
                continue
            for place, words in places.items():
                for word, value in words.items():
                    yield level, self._seat(level, place), tensor, word, value

    def _arrival(self, keeper: str, level: str) -> str:
        """Name an arrival: words that pass an array, or enter the one PE, are delivered."""
        ways = [(self.order.arrays_outside(name), self.seats.is_outside(name)) for name in (keeper, level)]
        return "fill" if ways[0] == ways[1] else "deliver"

    def _name(self, level: str) -> str:
        return self.order.pe if level == MAC else level

    def _seat(self, level: str, place: Place):
        return self.seats.of(level, place)
