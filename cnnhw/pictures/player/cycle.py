"""What happens in each cycle of a trace, grouped as it is told and drawn: words in, MACs, words out."""

from dataclasses import dataclass, field
from typing import NamedTuple

from cnnhw.emulator import Event, Trace
from cnnhw.emulator.trace import spelled
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


class Delivery(NamedTuple):
    """A word read once at a level, and the PEs that receive it."""

    word: Word
    level: str
    pes: list[PE]


class Mac(NamedTuple):
    """One MAC: what a PE multiplies, and the psum after it. No ifmap word: padding that is not stored."""

    pe: PE
    ifmap: Word | None
    filter: Word
    psum: Word


class Hop(NamedTuple):
    """A psum handed from one PE to another."""

    word: Word
    origin: PE
    pe: PE


class Exit(NamedTuple):
    """A psum written outside the array; the PE had its last piece."""

    word: Word
    pe: PE
    level: str


@dataclass
class Cycle:
    """What happens in one cycle, in this order.

    number      of the cycle
    fills       words from DRAM into the GLB
    deliveries  words into PEs
    macs        one for each PE that works
    hops        psums from PE to PE
    exits       psums out of the array
    writes      psums from the GLB to DRAM
    """

    number: int
    fills: list[Word] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    macs: list[Mac] = field(default_factory=list)
    hops: list[Hop] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    writes: list[Word] = field(default_factory=list)


def cycles(trace: Trace) -> list[Cycle]:
    """Group the events of a trace by cycle.

    trace    a Trace
    returns  one Cycle for each cycle of its window
    """
    first, last = trace.window
    grouped = [_Reader(number, trace.nest.keeps["RF"]) for number in range(first, last + 1)]
    for event in trace:
        grouped[event.cycle - first].take(event)
    return [reader.cycle for reader in grouped]


def cycle_at(trace: Trace, number: int) -> Cycle:
    """Group the events of one cycle, without looking at the others."""
    reader = _Reader(number, trace.nest.keeps["RF"])
    for event in spelled(trace.select(cycle=number)):
        reader.take(event)
    return reader.cycle


class _Reader:
    """Fills one Cycle from its events, in their order."""

    def __init__(self, number: int, kept: frozenset[str]):
        self.cycle, self.kept = Cycle(number), kept
        self.delivered = {}  # (tensor, index) -> Delivery
        self.operands = {}  # (PE, tensor) -> word of its next MAC

    def take(self, event: Event) -> None:
        """Note one event; what is not drawn (drain, drop, the read before a fill) is passed over."""
        word, pe = word_of(event), (event.row, event.col)
        if event.what == "fill":
            self.cycle.fills.append(word)
        elif event.what == "deliver":
            self._deliver(word, event.source, pe)
        elif event.what == "read" and event.level == "RF":
            self.operands[pe, event.tensor] = word
        elif event.what == "mac":
            operands = [self.operands.pop((pe, tensor), None) for tensor in ("ifmap", "filter")]
            self.cycle.macs.append(Mac(pe, *operands, word))
        elif event.what == "hop":
            self.cycle.hops.append(Hop(word, (event.from_row, event.from_col), pe))
        elif event.what == "update":
            self._update(word, event)

    def _deliver(self, word: Word, level: str, pe: PE) -> None:
        key = word.tensor, word.index
        if key not in self.delivered:
            self.delivered[key] = Delivery(word, level, [])
            self.cycle.deliveries.append(self.delivered[key])
        self.delivered[key].pes.append(pe)
        if word.tensor not in self.kept:
            self.operands[pe, word.tensor] = word

    def _update(self, word: Word, event: Event) -> None:
        if event.from_row < 0:
            self.cycle.writes.append(word)
        else:
            self.cycle.exits.append(Exit(word, (event.from_row, event.from_col), event.level))


def word_of(event: Event) -> Word:
    """Give the word that an event is about."""
    return Word(event.tensor, tuple(map(int, event.index)), event.value)
