"""What the register files of all PEs take in and give away between passes."""

from collections.abc import Iterator

import numpy as np

from cnnhw.emulator.fast.copies import choosing, copies
from cnnhw.emulator.fast.held import held
from cnnhw.emulator.fast.passes import Passes
from cnnhw.emulator.fast.step_moves import reads_first
from cnnhw.emulator.fast.tiles import box_around, tiles
from cnnhw.machine import Machine
from cnnhw.nest import DIMS

MOST_ENTRIES = 1_500_000  # of an array at a time; chosen so that a few of them fit into a cache or two


def changes(passes: Passes, tensor: str) -> np.ndarray:
    """Give the numbers of the changes at which tiles of PEs may differ; number 0 is before the first pass."""
    moved = np.zeros(len(passes) + 1, bool)
    for dim in DIMS:
        moved |= np.diff(passes.length[dim]) != 0
        if dim in choosing(tensor):
            moved |= np.diff(passes.first[dim]) != 0
    return np.flatnonzero(moved)


def batches(passes: Passes, machine: Machine, tensor: str) -> Iterator[tuple]:
    """Yield the changes of a tensor, as many at a time as fit.

    yields  numbers of changes, what PEs hold before, what they hold after, and the box around both
    """
    left, many = changes(passes, tensor), 256
    while left.size:
        many = min(2 * many, left.size)
        while True:
            now = left[:many]
            box = box_around(passes, machine, tensor, np.append(now, now + 1))
            if many == 1 or many * box.words <= MOST_ENTRIES:
                after = held(passes, machine, tensor, now + 1)
                if many == 1 or many * _entries(after) <= MOST_ENTRIES:
                    break
            many = (many + 1) // 2
        yield now, held(passes, machine, tensor, now), after, box
        left = left[many:]


def _entries(axes) -> int:
    entries = 1
    for axis in axes:
        entries *= axis.first.shape[1] * max(1, int(axis.span.max()))
    return entries


def input_moves(passes: Passes, machine: Machine, tensor: str, sent=None):
    """Count what PEs receive of ifmap or filters.

    sent     called with the box and the bitmap of the words that each change reads outside, if given
    returns  words delivered, words read outside at each change, and words of the largest tile
    """
    delivered, largest, read = 0, 0, np.zeros(len(passes) + 1, np.int64)
    for now, before, after, box in batches(passes, machine, tensor):
        tile, pes = tiles(after, before, box), copies(passes, tensor, now, now + 1)
        words, stay = tile.holds.sum(axis=2), tile.held.sum(axis=2)
        delivered += int((words.sum(axis=1) * pes.now - stay.sum(axis=1) * pes.both).sum())
        fresh = (pes.now > pes.both)[:, None, None]  # a PE that was idle has none of its words
        working = (pes.now > 0)[:, None, None]
        marks = tile.bitmap(tile.holds & working & (fresh | ~tile.held), box.words)
        read[now] = _ones(marks)
        largest = max(largest, int(words.max()))
        if sent is not None:
            sent(box, marks)
    return delivered, read, largest


def psum_moves(passes: Passes, machine: Machine):
    """Count the pieces of psums that start, and the psums that come and go.

    returns  pieces started: each leaves its PE later, for the array begins and ends empty; psums read outside
             and psums written there at each change; words of the largest tile
    """
    visited = np.full([passes.nest.sizes[dim] for dim in "NGMEF"], reads_first(passes, machine))
    started, largest = 0, 0
    read, written = np.zeros(len(passes) + 1, np.int64), np.zeros(len(passes) + 1, np.int64)
    for now, before, after, box in batches(passes, machine, "psum"):
        tile, pes = tiles(after, before, box), copies(passes, "psum", now, now + 1)
        words = tile.holds.sum(axis=2)
        started += int((words.sum(axis=1) * pes.now - tile.held.sum(axis=(1, 2)) * pes.both).sum())
        largest = max(largest, int(words.max()))
        there = tile.bitmap(tile.holds & (pes.now > 0)[:, None, None], box.words)
        # Between two changes that are listed nothing changes: what one leaves behind, the next one finds.
        past = np.concatenate([_bitmap_of(passes, machine, now[:1], box), there[:-1]])
        stays = _ones(there & past)
        written[now] = _ones(past) - stays
        read[now] = _ones(there) - stays - _first_visits(there, visited[box.slices()])
    return started, read, written, largest


def _bitmap_of(passes: Passes, machine: Machine, which, box) -> np.ndarray:
    """Mark the psums of any PE in some passes."""
    now = held(passes, machine, "psum", which)
    tile = tiles(now, now, box)
    return tile.bitmap(tile.holds, box.words)


def _ones(marks: np.ndarray) -> np.ndarray:
    """Count the marks in each row; NumPy counts a whole array much faster than it sums along an axis."""
    return np.array([np.count_nonzero(row) for row in marks])


def _first_visits(there: np.ndarray, visited: np.ndarray) -> np.ndarray:
    """Count, for each change, the psums that are there for the first time ever; mark them as visited."""
    if visited.all():
        return np.zeros(len(there), np.int64)
    new = np.flatnonzero(there.any(axis=0) & ~visited.ravel())
    first = np.bincount(there[:, new].argmax(axis=0), minlength=len(there))
    visited |= there.any(axis=0).reshape(visited.shape)
    return first
