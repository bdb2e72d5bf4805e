"""Record: how many words each pass moved, for whoever asks how long that takes.

A pass of a level is one iteration of the loops outside it. Words go through parts of the machine: the level
that serves, and each array between. A part stands once for each position of the arrays outside it: an
instance.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnnhw.machine import Hierarchy
from cnnhw.machine.hierarchy import MAC

Moved = Mapping[tuple[str, str], np.ndarray]


@dataclass(frozen=True, eq=False)
class Changes:
    """What moved as the tiles of one level changed: before each of its passes, and at the end.

    level   its name
    loads   (part, tensor) -> words on their way in, (passes + 1, instances of the part)
    stores  the same of psums on their way out
    inner   (passes + 1) numbers of the passes of the next level inside with which each pass begins; the last
            is their end. None for the innermost level
    """

    level: str
    loads: Moved
    stores: Moved
    inner: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Record:
    """What happened between and during the passes.

    levels     Changes of each level but the outermost, outermost first
    steps      of each pass of the innermost level
    passing    (part, tensor) -> words that the steps of such a pass move, kept in no level further in,
               (passes, instances of the part)
    outermost  name of the level that keeps everything: it has one pass
    """

    levels: tuple[Changes, ...]
    steps: np.ndarray
    passing: Moved
    outermost: str

    @property
    def innermost(self) -> str:
        """Name of the innermost level."""
        return self.levels[-1].level if self.levels else self.outermost


class Book:
    """Makes a Record from what an engine notes word by word.

    order  the machine's levels and arrays
    """

    def __init__(self, order: Hierarchy):
        self.order, self.inside = order, order.levels[1:]
        self.rows = {level: [] for level in (*self.inside, MAC)}
        self.inner = {level: [] for level in self.inside}
        self.steps = []

    def turn(self, levels: Sequence[str]) -> None:
        """Begin a pass of each of these levels: all that stand further in than the first of them."""
        for level in levels:
            if level in self.inside:
                deeper = (*self.inside, MAC)[self.inside.index(level) + 1]
                self.inner[level].append(len(self.rows[deeper]))
                self.rows[level].append(Counter())
        if self.order.levels[-1] in levels or not self.rows[MAC]:
            self.rows[MAC].append(Counter())
            self.steps.append(0)

    def step(self) -> None:
        """Note a step of the present pass."""
        self.steps[-1] += 1

    def note(self, level: str, part: str, tensor: str, out: bool, instance: tuple) -> None:
        """Note one word that moves as the tiles of a level change, or for the MACs.

        out  whether it is on its way out
        """
        self.rows[level][-1][part, tensor, out, instance] += 1

    def record(self) -> Record:
        """Give everything that was noted, after a last turn of all levels."""
        passes = len(self.rows[MAC]) - bool(self.inside)  # the last turn begins one that never comes
        changes = tuple(
            Changes(
                level, _columns(self.rows[level], out=False), _columns(self.rows[level], out=True),
                None if level == self.inside[-1] else np.array(self.inner[level]),
            )
            for level in self.inside
        )  # fmt: skip
        passing = _columns(self.rows[MAC][:passes])
        return Record(changes, np.array(self.steps[:passes]), passing, self.order.outermost)


def _columns(rows: list[Counter], out: bool | None = None) -> Moved:
    """Sort the words of some rows by part and tensor: a row for each of them, a column for each instance."""
    found = {key: None for row in rows for key in row if out is None or key[2] == out}
    columns_of: dict = {}  # part -> instance -> column, the same for all tensors
    for part, _, _, instance in found:
        columns = columns_of.setdefault(part, {})
        columns.setdefault(instance, len(columns))
    moved = {
        (part, tensor): np.zeros((len(rows), len(columns_of[part])), np.int64) for part, tensor, _, _ in found
    }
    for at, row in enumerate(rows):
        for key in row.keys() & found.keys():
            part, tensor, _, instance = key
            moved[part, tensor][at, columns_of[part][instance]] += row[key]
    return moved
