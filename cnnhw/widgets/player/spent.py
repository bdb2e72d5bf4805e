"""What a trace has spent so far, cycle by cycle: accesses of each level and array, and their energy."""

from dataclasses import dataclass

import numpy as np

from cnnhw.emulator.trace import TENSORS, WHATS, Trace
from cnnhw.errors import CourseError
from cnnhw.machine import Costs, Machine
from cnnhw.machine.costs import PLACES
from cnnhw.machine.hierarchy import MAC

_WHAT = {name: code for code, name in enumerate(WHATS)}


@dataclass(frozen=True)
class Prices:
    """What an access costs: name -> (read, written), and the share of a word that a tensor's word is."""

    by: dict[str, tuple[float, float]]
    shares: tuple[float, ...]
    unit: str

    def is_one(self, name: str) -> bool:
        """Whether every access there costs the same."""
        return len(set(self.by[name])) == 1 and (name == MAC or set(self.shares) == {1})


def prices(trace: Trace, costs: Costs | Machine) -> Prices:
    """Give the prices of a trace's levels, arrays and MACs.

    raises  CourseError if Costs do not name them all
    """
    names = trace.nest.order.names
    if isinstance(costs, Machine):
        by = {name: (costs.cost(name), costs.cost(name, written=True)) for name in names}
        shares, costs = tuple(float(costs.share(tensor)) for tensor in TENSORS), costs.costs
    else:
        places = {name: "NoC" if name in trace.nest.order.arrays else name for name in names}
        if not set(places.values()) <= set(PLACES):
            raise CourseError(
                "every level that is played has a price",
                f"a trace of {trace.nest.order}; costs name {', '.join(PLACES)}",
                "give the machine that ran: play(trace, machine)",
            )
        by = {name: (costs[place], costs[place]) for name, place in places.items()}
        shares = (1.0,) * len(TENSORS)
    return Prices(by | {MAC: (costs.MAC, costs.MAC)}, shares, costs.unit)


def spent_so_far(trace: Trace, costs: Prices) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Count accesses cycle by cycle, as Counts.accesses("transfer") does for the whole run, and their energy.

    trace    a Trace
    costs    of trace, see prices
    returns  name of a level, array, or MAC -> accesses from the first cycle of the window to each, with it;
             and their energy, where not every access costs the same
    """
    shares, spent, energy = np.array(costs.shares)[trace.events["tensor"]], {}, {}
    for name, both in _accesses(trace).items():
        spent[name] = _so_far(trace, both[0] | both[1])
        if not costs.is_one(name):  # a MAC is one price and no tensor's
            weights = sum(shares * price * mask for price, mask in zip(costs.by[name], both, strict=True))
            energy[name] = _so_far(trace, np.ones(len(trace), bool), weights)
    return spent, energy


def _so_far(trace: Trace, which: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    first, last = trace.window
    cycles = trace.events["cycle"][which] - first
    return np.cumsum(np.bincount(cycles, weights=weights, minlength=last - first + 1))


def _accesses(trace: Trace) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Say which events are reads, and which are writes, at each level; on an array all count as read."""
    events, order = trace.events, trace.nest.order
    what = {name: events["what"] == code for name, code in _WHAT.items()}
    none, found = np.zeros(len(events), bool), {}
    for name in order.names:
        if name in order.arrays:
            found[name] = _delivered(trace, name, what["deliver"]) | _hopped(trace, name, what["hop"]), none
            continue
        here = events["level"] == trace.levels.index(name)
        # A MAC writes its psum into the memory of its PE, if one keeps psums.
        written = what["mac"] & (trace.is_kept("psum") and trace.level_of("psum") == name)
        found[name] = what["read"] & here, (what["update"] & here) | written
    return found | {MAC: (what["mac"], none)}


def _delivered(trace: Trace, array: str, deliver: np.ndarray) -> np.ndarray:
    """Pick the deliveries that an array makes: one of each word to each of its positions, in each cycle."""
    events, order, chosen = trace.events, trace.nest.order, np.zeros(len(trace), bool)
    passes = [
        (source, level)
        for source, level in _ways(trace)
        if order.depth(source) < order.depth(array) < order.depth(MAC if level == order.pe else level)
    ]
    for source, level in passes:
        way = deliver & (events["source"] == trace.levels.index(source))
        where = np.flatnonzero(way & (events["level"] == trace.levels.index(level)))
        seats = _positions(trace, array, level, np.column_stack([events["row"], events["col"]])[where])
        rows = np.column_stack(
            [events["cycle"][where], events["tensor"][where], events["index"][where], seats]
        )
        chosen[where[np.unique(rows, axis=0, return_index=True)[1]]] = True
    return chosen


def _hopped(trace: Trace, array: str, hop: np.ndarray) -> np.ndarray:
    """Pick the hops between positions of an array: those outside it are the same, those on it are not."""
    events, arrays, chosen = trace.events, trace.nest.order.arrays, np.zeros(len(trace), bool)
    around = arrays[: arrays.index(array)]
    for level in {level for _, level in _ways(trace)}:
        where = np.flatnonzero(hop & (events["level"] == trace.levels.index(level)))
        to = np.column_stack([events["row"], events["col"]])[where]
        origin = np.column_stack([events["from_row"], events["from_col"]])[where]

        def moves(name, level=level, to=to, origin=origin):
            ends = (_positions(trace, name, level, seats) for seats in (origin, to))
            return np.not_equal(*ends).any(axis=1)

        here = array in trace.nest.order.arrays_outside(MAC if level == trace.nest.order.pe else level)
        if here:
            chosen[where[moves(array) & ~np.any([moves(name) for name in around] or [False], axis=0)]] = True
    return chosen


def _ways(trace: Trace) -> set[tuple[str, str]]:
    """Name the ways from level to level that words of the trace take inwards."""
    levels = trace.levels
    pairs = np.unique(np.column_stack([trace.events["source"], trace.events["level"]]), axis=0)
    return {(levels[source], levels[level]) for source, level in pairs.tolist() if source and level}


def _positions(trace: Trace, array: str, level: str, seats: np.ndarray) -> np.ndarray:
    """Give the positions of an array, and of those outside it, in which instances of a level lie."""
    sizes, taken = np.array(trace.seats.size(level)), np.array([1, 1])
    for name in trace.nest.order.arrays:
        taken = taken * trace.nest.taken(name)
        if name == array:
            break
    return seats // (sizes // taken)
