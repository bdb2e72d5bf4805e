"""Tiles of PEs as arrays of words: which each PE holds in a pass, and which of them it held before."""

from dataclasses import dataclass
from math import prod

import numpy as np

from cnnhw.emulator.fast.held import Range, Windows
from cnnhw.emulator.fast.passes import Passes
from cnnhw.machine import Machine
from cnnhw.nest import INDICES
from cnnhw.nest.touched import window


@dataclass(frozen=True, eq=False)
class Tiles:
    """Words of PEs that hold the same, in many passes. Arrays are (passes, groups of PEs, words).

    ids    number of each word in the box
    holds  whether it is a word of the tile
    held   whether the same PE held it in the tile that this one is compared with
    """

    ids: np.ndarray
    holds: np.ndarray
    held: np.ndarray

    def bitmap(self, mask: np.ndarray, words: int) -> np.ndarray:
        """Mark words of any PE.

        mask     which entries to mark, shaped like ids
        words    of the box
        returns  (passes, words) of bool
        """
        marks = np.zeros((len(self.ids), words + 1), bool)  # the last column is for what is not marked
        rows = (words + 1) * np.arange(len(marks))[:, None, None]
        marks.ravel()[(np.where(mask, self.ids, words) + rows).ravel()] = True
        return marks[:, :words]


@dataclass(frozen=True, eq=False)
class Box:
    """The smallest block of words, along each axis, around some tiles.

    low, size  first position and number of positions on each axis
    """

    low: tuple[int, ...]
    size: tuple[int, ...]

    @property
    def words(self) -> int:
        """Words in the box."""
        return prod(self.size)

    def slices(self, shifts=(0, 0, 0, 0, 0)) -> tuple[slice, ...]:
        """Give the part of an array that the box covers; shifts say where the array begins earlier."""
        ends = zip(self.low, self.size, shifts, strict=True)
        return tuple(slice(low + shift, low + shift + size) for low, size, shift in ends)


def box_around(passes: Passes, machine: Machine, tensor: str, which) -> Box:
    """Give the box around the tiles of some passes.

    which  numbers of passes
    """
    low, size = [], []
    for index in INDICES[tensor]:
        if isinstance(index, tuple):
            start, stop = _rows_around(passes, machine, index, which)
        else:
            start, stop = _ends(passes, index, which)
        low.append(start)
        size.append(max(1, stop - start))
    return Box(tuple(low), tuple(size))


def _ends(passes: Passes, dim: str, which) -> tuple[int, int]:
    first, length = passes.first[dim][which], passes.length[dim][which]
    first, length = first[length > 0], length[length > 0]
    return (int(first.min()), int((first + length).max())) if first.size else (0, 0)


def _rows_around(passes: Passes, machine: Machine, pair: tuple[str, str], which) -> tuple[int, int]:
    shape = passes.nest.shape
    (first_out, outs), (first_tap, taps) = (_ends(passes, dim, which) for dim in pair)
    low, high = window(shape, pair, machine.stores_padding)
    slide = shape.axis(pair[0])
    start, stop = slide.at(first_out, first_tap), slide.at(outs - 1, taps - 1) + 1
    return min(max(start, low), high - 1), min(stop, high)  # of padding alone: an empty box at some words


def tiles(now: list[Range | Windows], other: list[Range | Windows], box: Box) -> Tiles:
    """Give the tiles of some passes, and what was in the tiles of as many others.

    now, other  what PEs hold along each axis
    box         around both
    """
    count = len(now[0].first)
    ids, holds, before = (
        np.zeros((count, 1, 1), np.int64),
        np.ones((count, 1, 1), bool),
        np.ones((count, 1, 1), bool),
    )
    for axis, past, low, size in zip(now, other, box.low, box.size, strict=True):
        positions = axis.first[:, :, None] + np.arange(max(1, axis.span.max()))
        local = np.clip(positions - low, 0, size - 1)
        ids = _each_with_each(np.add, ids * size, local)
        here = axis.holds(positions)
        holds = _each_with_each(np.logical_and, holds, here)
        before = _each_with_each(np.logical_and, before, here & past.holds(positions))
    return Tiles(ids, holds, before)


def _each_with_each(combine, outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """Combine every group and word of one array with every group and word of another."""
    both = combine(outer[:, :, None, :, None], inner[:, None, :, None, :])
    passes, a, b, c, d = both.shape
    return both.reshape(passes, a * b, c * d)
