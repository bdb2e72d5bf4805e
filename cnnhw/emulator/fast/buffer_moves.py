"""What comes into the GLB and leaves it, each time its tiles change."""

import numpy as np

from cnnhw.emulator.fast.passes import Passes
from cnnhw.machine import Machine
from cnnhw.nest import DIMS, INDICES
from cnnhw.nest.touched import window


class Buffer:
    """The words of one tensor in the GLB, as a map of all words of the tensor.

    passes, machine, tensor  whose loops at DRAM change the tiles
    """

    def __init__(self, passes: Passes, machine: Machine, tensor: str):
        self.passes, self.tensor = passes, tensor
        shape = passes.nest.shape
        self.lines = {dim: window(shape, (dim, ""), machine.stores_padding) for dim in "EF"}
        self.inside = np.zeros([self._size(index) for index in INDICES[tensor]], bool)
        self.all_visited = tensor != "psum" or machine.reads_first("DRAM")
        self.visited = np.zeros_like(self.inside)
        self.tile, self.largest = None, 0

    def change(
        self, blocks: dict[str, tuple[int, int]] | None
    ) -> tuple[int, int, tuple | None, np.ndarray | None]:
        """Pass to the tile of a DRAM iteration.

        blocks   dim -> (first, end), or None for an empty tile
        returns  words that come from DRAM, words that leave, where the new tile is, which of its words come
        """
        past, self.tile = self.tile, None if blocks is None else self._where(blocks)
        left = 0 if past is None else np.count_nonzero(self.inside[past])
        fresh = None if blocks is None else ~self.inside[self.tile]
        if past is not None:
            self.inside[past] = False
        if fresh is None:
            return 0, left, None, None
        left -= fresh.size - np.count_nonzero(fresh)
        self.inside[self.tile] = True
        self.largest = max(self.largest, fresh.size)
        if not self.all_visited:
            fresh &= self.visited[self.tile]
            self.visited[self.tile] = True
        return np.count_nonzero(fresh), left, self.tile, fresh

    def _where(self, blocks) -> tuple:
        """Give the place of a block's words on each axis: slices, unless a large stride leaves rows out."""
        places = [self._positions(index, blocks) for index in INDICES[self.tensor]]
        if all(at.size == 0 or at[-1] - at[0] + 1 == at.size for at in places):
            return tuple(slice(int(at[0]), int(at[-1]) + 1) if at.size else slice(0) for at in places)
        return np.ix_(*places)

    def _size(self, index) -> int:
        if not isinstance(index, tuple):
            return self.passes.nest.sizes[index]
        low, high = self.lines[index[0]]
        return high - low

    def _positions(self, index, blocks) -> np.ndarray:
        if not isinstance(index, tuple):
            return np.arange(*blocks[index])
        (low, high), (outs, taps) = self.lines[index[0]], (np.arange(*blocks[dim]) for dim in index)
        touched = np.unique(self.passes.nest.shape.axis(index[0]).at(outs[:, None], taps))
        return touched[(touched >= low) & (touched < high)] - low


def turns(passes: Passes) -> np.ndarray:
    """Give the numbers of the changes at which a loop at DRAM advances; the last is the end."""
    return np.flatnonzero(np.diff(passes.turn))


def blocks_of_turns(passes: Passes):
    """Yield dim -> (first, end) of the block of each DRAM iteration, then None for the end."""
    begins = turns(passes)
    for first, end in zip(begins[:-1] + 1, begins[1:] + 1, strict=True):
        yield {
            dim: (
                int(passes.first[dim][first:end].min()),
                int((passes.first[dim][first:end] + passes.length[dim][first:end]).max()),
            )
            for dim in DIMS
        }
    yield None
