"""The clock: every contestant runs between two runs of SGEMM, and is measured against those two."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

SGEMM_SIZE = 1024  # chosen so that packing is cheap and the three matrices, 12 MB, are as large as a layer
SLOW_SECONDS = 0.5  # what takes longer runs once: a machine's hiccup is small against it

# Processor time leaves out what other programs take; where it is coarse (Windows), the wall clock must do.
_clock = time.process_time if time.get_clock_info("process_time").resolution < 1e-5 else time.perf_counter


@dataclass
class Times:
    """What was measured of one contestant on one layer.

    macs_per_second  of each run, counting the layer's MACs whatever the algorithm does instead
    to_sgemm         each run's rate over the mean rate of the SGEMMs before and after it
    """

    macs_per_second: list[float] = field(default_factory=list)
    to_sgemm: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of to_sgemm."""
        return statistics.median(self.to_sgemm)


class Sgemm:
    """NumPy's float32 product of two square matrices, the measure of everything else."""

    def __init__(self, size: int = SGEMM_SIZE):
        random = np.random.default_rng(0)
        self._left, self._right = (random.random((size, size), dtype=np.float32) for _ in range(2))
        self._product = np.empty((size, size), np.float32)
        self.rates: list[float] = []

    def rate(self) -> float:
        """Run once and give its MACs per second."""
        seconds = seconds_of(lambda: np.matmul(self._left, self._right, out=self._product))
        self.rates.append(len(self._product) ** 3 / seconds)
        return self.rates[-1]


def seconds_of(call: Callable) -> float:
    """Time one call."""
    start = _clock()
    call()
    return max(_clock() - start, 1e-9)


def measure(calls: Mapping[str, Callable], macs: int, rounds: int, sgemm: Sgemm) -> dict[str, Times]:
    """Time every call in every round, SGEMM between them.

    calls    name -> what to time; each has run before, so that caches and allocators are warm
    macs     of the layer
    rounds   how often; a call that takes longer than SLOW_SECONDS runs once
    sgemm    keeps the rates of its own runs
    returns  name -> Times
    """
    times = {name: Times() for name in calls}
    slow = set()
    for turn in range(rounds):
        names = [name for name in calls if name not in slow]
        start = turn % len(names)
        before = sgemm.rate()
        for name in (
            names[start:] + names[:start]
        ):  # another first each round: no one is always after the same
            seconds = seconds_of(calls[name])
            after = sgemm.rate()
            rate = macs / seconds
            times[name].macs_per_second.append(rate)
            times[name].to_sgemm.append(rate / ((before + after) / 2))
            before = after
            if seconds > SLOW_SECONDS:
                slow.add(name)
    return times
