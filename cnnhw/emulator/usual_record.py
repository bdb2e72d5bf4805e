"""Records of the engines that know the usual machine: DRAM, GLB, one array, RF."""

import numpy as np

from cnnhw.counts.counts import TENSORS
from cnnhw.nest import Nest
from cnnhw.timing import Changes, Record


def usual_record(steps, turns, loads, stores, passing, fills, drains) -> Record:
    """Put a record together. A change comes before each pass, and one at the end.

    steps    of each pass of the RFs
    turns    number of the pass that follows each change of the GLB's tiles; the last is the end
    loads    (level, tensor) -> words read there for the array, at each change
    stores   level -> psums written there by the array, at each change
    passing  (level, tensor) -> words that the steps of each pass read and write there, kept in no RF
    fills    tensor -> words that came from DRAM into the GLB, at each turn
    drains   psums that went from the GLB to DRAM, at each turn
    """
    buffer = {("DRAM", tensor): words for tensor, words in fills.items()}
    drained, stored = {("DRAM", "psum"): drains}, {(level, "psum"): words for level, words in stores.items()}
    return Record(
        (
            Changes("GLB", _columns(buffer), _columns(drained), turns),
            Changes("RF", _columns(loads), _columns(stored)),
        ),
        steps,
        _columns(passing),
        "DRAM",
    )


class TallyBook:
    """Makes a record from tallies that are shown to it between the events."""

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
        return usual_record(
            steps=_summed(self.passes, "cycles"),
            turns=np.array(self.turns),
            loads={
                (level[t], t): _summed(self.changes, (level[t], t, "reads")) for t in TENSORS if t in kept
            },
            stores={
                level[t]: _summed(self.changes, (level[t], t, "updates")) for t in kept & {"psum"}
            },
            passing={
                (level[t], t): _summed(self.passes, (level[t], t, "reads"), (level[t], t, "updates"))
                for t in TENSORS if t not in kept
            },
            fills={t: _summed(turns, ("DRAM", t, "reads")) for t in TENSORS if t in in_glb},
            drains=_summed(turns, *[("DRAM", t, "updates") for t in in_glb & {"psum"}]),
        )  # fmt: skip

    def _difference(self, tally) -> dict:
        new = {key: number - self.before.get(key, 0) for key, number in tally.items()}
        self.before = dict(tally)
        return new


def _summed(rows: list[dict], *keys) -> np.ndarray:
    return np.array([sum(row.get(key, 0) for key in keys) for row in rows])


def _columns(moved) -> dict:
    """Give the one instance of DRAM and GLB a column."""
    return {key: np.reshape(words, (-1, 1)) for key, words in moved.items()}
