"""Record: how many words each pass moved, for whoever asks how long that takes."""

from dataclasses import dataclass

import numpy as np

from cnnhw.nest import Nest
from cnnhw.shape import Tensor

TENSORS = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)


@dataclass(frozen=True, eq=False)
class Record:
    """What happened between and during the passes. A change comes before each pass, and one at the end.

    steps    of each pass
    turns    number of the pass that follows each change of the GLB's tiles; the last is the end
    loads    (level, tensor) -> words read there for the array, at each change
    stores   level -> psums written there by the array, at each change
    passing  (level, tensor) -> words that the steps of each pass read and write there, kept in no RF
    fills    tensor -> words that came from DRAM into the GLB, at each turn
    drains   psums that went from the GLB to DRAM, at each turn
    """

    steps: np.ndarray
    turns: np.ndarray
    loads: dict
    stores: dict
    passing: dict
    fills: dict
    drains: np.ndarray


class Book:
    """Makes a Record from tallies that are shown to it between the events."""

    def __init__(self, nest: Nest):
        self.nest, self.before = nest, {}
        self.changes, self.passes, self.turns = [], [], []

    def changed(self, tally, turned: bool) -> None:
        """Note what a change has moved; turned if the GLB's tiles changed too."""
        if turned:
            self.turns.append(len(self.changes))
        self.changes.append(self._difference(tally))

    def passed(self, tally) -> None:
        """Note what the steps of a pass have moved."""
        self.passes.append(self._difference(tally))

    def record(self) -> Record:
        """Give everything that was noted."""
        kept, in_glb = self.nest.keeps["RF"], self.nest.keeps["GLB"]
        level = {tensor: "GLB" if tensor in in_glb else "DRAM" for tensor in TENSORS}
        turns = [self.changes[number] for number in self.turns]
        return Record(
            steps=_column(self.passes, "cycles"),
            turns=np.array(self.turns),
            loads={
                (level[t], t): _column(self.changes, (level[t], t, "reads")) for t in TENSORS if t in kept
            },
            stores={
                level[t]: _column(self.changes, (level[t], t, "updates")) for t in kept & {"psum"}
            },
            passing={
                (level[t], t): _column(self.passes, (level[t], t, "reads"), (level[t], t, "updates"))
                for t in TENSORS if t not in kept
            },
            fills={t: _column(turns, ("DRAM", t, "reads")) for t in TENSORS if t in in_glb},
            drains=_column(turns, *[("DRAM", t, "updates") for t in in_glb & {"psum"}]),
        )  # fmt: skip

    def _difference(self, tally) -> dict:
        new = {key: number - self.before.get(key, 0) for key, number in tally.items()}
        self.before = dict(tally)
        return new


def _column(rows: list[dict], *keys) -> np.ndarray:
    return np.array([sum(row.get(key, 0) for key in keys) for row in rows])
