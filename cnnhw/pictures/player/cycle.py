"""What happens in each cycle of a trace, grouped as it is told and drawn: words in, MACs, words out."""

from dataclasses import dataclass, field
from typing import NamedTuple

from cnnhw.emulator import Event, Trace
from cnnhw.pictures.convolution.grid import number

PE = tuple[int, int]


class Word(NamedTuple):
    """A word of a tensor and its value."""

    tensor: str
    index: tuple[int, ...]
    value: object

    @property
    def name(self) -> str:
        """The word without its value, such as ifmap[0, 0, 2, 1]."""
        return f"{self.tensor}[{', '.join(map(str, self.index))}]"

    def __str__(self) -> str:
        return f"{self.name} = {number(self.value)}"


class Fill(NamedTuple):
    """A word that comes from one level into another, past no array; `at` is the instance, or None outside."""

    word: Word
    source: str
    level: str
    at: PE | None = None


class Delivery(NamedTuple):
    """A word read once at a level, and the PEs that receive it; or instances of another level, `to`."""

    word: Word
    level: str
    pes: list[PE]
    to: str = ""


class Mac(NamedTuple):
    """One MAC: what a PE multiplies, and the psum after it. No ifmap word: padding that is not stored."""

    pe: PE
    ifmap: Word | None
    filter: Word
    psum: Word


class Hop(NamedTuple):
    """A psum handed from one PE to another; or from one instance to another of a level, `of`."""

    word: Word
    origin: PE
    pe: PE
    of: str = ""


class Exit(NamedTuple):
    """A psum written further out; the PE had its last piece, or the instance of a level, `of`.

    inside: the memory of the same PE that it is written to, if it does not leave the PE
    """

    word: Word
    pe: PE
    level: str
    of: str = ""
    inside: bool = False


@dataclass
class Cycle:
    """What happens in one cycle, in this order.

    number      of the cycle
    fills       words into a level, from the one that serves it
    deliveries  words into PEs, or into the instances of a level inside an array
    macs        one for each PE that works
    hops        psums from PE to PE
    exits       psums out of PEs, or out of such instances
    writes      psums from one level outside the array to another
    """

    number: int
    fills: list[Fill] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    macs: list[Mac] = field(default_factory=list)
    hops: list[Hop] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    writes: list[Fill] = field(default_factory=list)


def cycles(trace: Trace) -> list[Cycle]:
    """Group the events of a trace by cycle.

    trace    a Trace
    returns  one Cycle for each cycle of its window
    """
    first, last = trace.window
    grouped = [_Reader(number, trace) for number in range(first, last + 1)]
    for event in trace:
        grouped[event.cycle - first].take(event)
    return [reader.cycle for reader in grouped]


def cycle_at(trace: Trace, number: int) -> Cycle:
    """Group the events of one cycle, without looking at the others."""
    reader = _Reader(number, trace)
    for event in trace.spelled(trace.select(cycle=number)):
        reader.take(event)
    return reader.cycle


class _Reader:
    """Fills one Cycle from its events, in their order."""

    def __init__(self, number: int, trace: Trace):
        self.cycle, self.trace, self.order = Cycle(number), trace, trace.nest.order
        self.delivered = {}  # (tensor, index, level, its instance) -> Delivery
        self.read_at = {}  # (tensor, index, level) -> the instance that was read last
        self.operands = {}  # (PE, tensor) -> word of its next MAC

    def take(self, event: Event) -> None:
        """Note one event; what is not drawn (drain, drop, the read before a fill) is passed over."""
        word, pe, origin = word_of(event), (event.row, event.col), (event.from_row, event.from_col)
        if event.what == "fill":
            self.cycle.fills.append(Fill(word, event.source, event.level, None if event.row < 0 else pe))
        elif event.what == "deliver":
            self._deliver(word, event, pe)
        elif event.what == "read":
            if event.from_row >= 0:
                self.operands[pe, event.tensor] = word
            self.read_at[event.tensor, word.index, event.level] = pe
        elif event.what == "mac":
            operands = [self.operands.pop((pe, tensor), None) for tensor in ("ifmap", "filter")]
            self.cycle.macs.append(Mac(pe, *operands, word))
        elif event.what == "hop":
            self.cycle.hops.append(Hop(word, origin, pe, self._other(event.level)))
        elif event.what == "update":
            self._update(word, event, origin)

    def _deliver(self, word: Word, event: Event, pe: PE) -> None:
        read_at = self.read_at.get((event.tensor, word.index, event.source))
        key = word.tensor, word.index, event.source, read_at
        if key not in self.delivered:
            self.delivered[key] = Delivery(word, event.source, [], self._other(event.level))
            self.cycle.deliveries.append(self.delivered[key])
        self.delivered[key].pes.append(pe)
        if event.level == self.order.pe and not self.trace.is_kept(word.tensor):
            self.operands[pe, word.tensor] = word

    def _update(self, word: Word, event: Event, origin: PE) -> None:
        if event.from_row < 0:
            self.cycle.writes.append(Fill(word, event.source, event.level))
            return
        inside = event.level in self.order.of_pe
        self.cycle.exits.append(Exit(word, origin, event.level, self._other(event.source), inside))

    def _other(self, level: str) -> str:
        """Name a level that is no PE's; "" stands for PEs."""
        return "" if level in self.order.of_pe or level == self.order.pe else level


def word_of(event: Event) -> Word:
    """Give the word that an event is about."""
    return Word(event.tensor, tuple(map(int, event.index)), event.value)
