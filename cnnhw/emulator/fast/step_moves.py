"""What the steps of passes read: RF words of every MAC, and words that no RF keeps, anew in each step."""

import numpy as np

from cnnhw.emulator.fast.copies import choosing
from cnnhw.emulator.fast.passes import Passes
from cnnhw.machine import Machine
from cnnhw.nest import DIMS, INDICES
from cnnhw.nest.touched import window


def steps(passes: Passes) -> np.ndarray:
    """Give the steps of each pass: those of PE (0, 0), whose chunks are the longest."""
    count = np.ones(len(passes), np.int64)
    for dim in DIMS:
        count *= passes.shares(dim, slice(1, -1))[1][:, 0]
    return count


def active_pes(passes: Passes) -> int:
    """Give the PEs that work in the fullest step, the first of some pass."""
    at_work = np.ones(len(passes), np.int64)
    for dim in DIMS:
        at_work *= (passes.shares(dim, slice(1, -1))[1] > 0).sum(axis=1)
    return int(at_work.max())


def wanted(passes: Passes, machine: Machine, tensor: str) -> tuple[np.ndarray, np.ndarray]:
    """Give, for each pass, the words that MACs want, and the distinct words of each step, summed.

    returns  MACs with a word of the tensor; distinct words of each step. Along each axis the PEs of a step
             want a set of positions, and the words of the step are their product
    """
    macs, distinct = np.ones(len(passes), np.int64), np.ones(len(passes), np.int64)
    for index in INDICES[tensor]:
        if isinstance(index, tuple):
            pair = _windows(passes, machine, index)
            macs, distinct = macs * pair[0], distinct * pair[1]
        else:  # chunks of one dim do not overlap: each position is wanted by one PE
            length = passes.length[index][1:-1]
            macs, distinct = macs * length, distinct * length
    for dim in DIMS:
        if dim not in choosing(tensor):  # PEs along it want the same word in a step; the first always works
            share = passes.shares(dim, slice(1, -1))[1]
            macs, distinct = macs * share.sum(axis=1), distinct * share[:, 0]
    return macs, distinct


def _windows(passes: Passes, machine: Machine, pair: tuple[str, str]):
    """Do it for the rows or columns of the ifmap; passes that work on the same ones are looked at once."""
    blocks = np.stack([ends[dim][1:-1] for dim in pair for ends in (passes.first, passes.length)], axis=1)
    _, which, back = np.unique(blocks, axis=0, return_index=True, return_inverse=True)
    found = np.array([_one_block(passes, machine, pair, number + 1) for number in which])
    return found[back.ravel()].T


def _one_block(passes: Passes, machine: Machine, pair: tuple[str, str], number: int) -> tuple[int, int]:
    shape = passes.nest.shape
    slide = shape.axis(pair[0])
    (outs, out_lengths), (taps, tap_lengths) = (passes.shares(dim, [number]) for dim in pair)
    low, high = window(shape, pair, machine.stores_padding)
    macs = distinct = 0
    for out in range(out_lengths.max()):
        rows = slide.at(outs[out < out_lengths] + out, 0)
        for tap in range(tap_lengths.max()):
            at = rows[:, None] + slide.D * (taps[tap < tap_lengths] + tap)
            words = at[(at >= low) & (at < high)]
            macs, distinct = macs + words.size, distinct + len(np.unique(words))
    return macs, distinct


def reads_first(passes: Passes, machine: Machine) -> bool:
    """Whether what serves the array with psums reads also those that have no value yet."""
    keepers = ["DRAM", "GLB"] if "psum" in passes.nest.keeps["GLB"] else ["DRAM"]
    return any(machine.reads_first(level) for level in keepers)  # what the GLB gets from DRAM has a value


def returning(passes: Passes, machine: Machine, visits: np.ndarray) -> np.ndarray:
    """Give the psums that the steps of each pass read, where no RF keeps them: all but the first visits."""
    if reads_first(passes, machine):
        return visits
    sizes, first_ever = passes.nest.sizes, np.zeros(len(passes), np.int64)
    visited = np.zeros([sizes[dim] for dim in "NGMEF"], bool)
    for number in range(len(passes)):
        block = tuple(
            slice(
                passes.first[dim][number + 1], passes.first[dim][number + 1] + passes.length[dim][number + 1]
            )
            for dim in "NGMEF"
        )
        first_ever[number] = np.count_nonzero(~visited[block])
        visited[block] = True
    return visits - first_ever
