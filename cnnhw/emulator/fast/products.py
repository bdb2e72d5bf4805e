"""The MACs of passes as matrix products: a row for each filter, a column for each window.

The PEs that share a psum are part of one product: it adds their pieces, as the hops do.
"""

from collections.abc import Iterator

import numpy as np

from cnnhw.conv.windows import windows_of
from cnnhw.emulator.door import Job
from cnnhw.emulator.fast.passes import Passes

FILTER_DIMS, WINDOW_DIMS = ("G", "M", "C", "R", "S"), ("N", "E", "F")
MOST_WORDS = 4_000_000  # of windows copied at a time: 32 MB. Chosen for memory
FLOAT64_EXACT = 2**53


class Products:
    """Adds the products of all passes to psums.

    job     the words
    bound   no psum passes this magnitude, whatever the order of its sums
    gating  whether to count the ifmap words of zero that MACs meet
    """

    def __init__(self, job: Job, bound: int | None, gating: bool = True):
        shape = job.nest.shape
        self.shape, self.gating, self.gated, self.macs = shape, gating, 0, 0
        exact_in_floats = job.start.dtype == np.int64 and bound is not None and bound < FLOAT64_EXACT
        kind = np.float64 if exact_in_floats else job.ifmap.dtype  # BLAS knows only floats
        self.filters = job.filters.astype(kind, copy=False).reshape(
            shape.G, shape.made, shape.seen, shape.R, shape.S
        )
        windows = windows_of(job.ifmap.astype(kind, copy=False), shape)
        self.windows = windows.reshape(shape.N, shape.G, shape.seen, *windows.shape[2:])
        self.psums = job.start.copy()
        self.by_group = self.psums.reshape(shape.N, shape.G, shape.made, shape.E, shape.F)

    def add(self, block: dict[str, tuple[int, int]]) -> None:
        """Add the products of a block of MACs, a few rows of one image's windows at a time.

        block  dim -> (first, end)
        """
        n0, n1 = block["N"]
        e0, e1 = block["E"]
        one_row = (block["F"][1] - block["F"][0]) * _product(block, "C", "R", "S")
        rows = max(1, MOST_WORDS // one_row)
        for n in range(n0, n1):
            for g in range(*block["G"]):
                for e in range(e0, e1, rows):
                    self._add_rows(n, g, (e, min(e + rows, e1)), block)

    def _add_rows(self, n: int, g: int, rows: tuple[int, int], block) -> None:
        m, c, e, f, r, s = (
            slice(*ends) for ends in (block["M"], block["C"], rows, block["F"], block["R"], block["S"])
        )
        windows = self.windows[n, g, c, e, f, r, s].transpose(0, 3, 4, 1, 2)
        outs = windows.shape[3:]
        columns = windows.reshape(-1, outs[0] * outs[1])
        filters = self.filters[g, m, c, r, s]
        sums = filters.reshape(len(filters), -1) @ columns
        self.by_group[n, g, m, e, f] += sums.reshape(-1, *outs).astype(self.psums.dtype, copy=False)
        self.macs += len(filters) * columns.size
        if self.gating:
            self.gated += len(filters) * (columns.size - int(np.count_nonzero(columns)))


def blocks(passes: Passes, before: int | None = None) -> Iterator[dict[str, tuple[int, int]]]:
    """Yield the blocks of MACs of passes; those in a row with the same filters that fill a box are one.

    before  the pass to stop at; None: all
    yields  dim -> (first, end)
    """
    many = len(passes) if before is None else before
    same = np.ones(many - 1, bool)
    for dim in FILTER_DIMS:
        for ends in (passes.first, passes.length):
            same &= np.diff(ends[dim][1 : many + 1]) == 0
    borders = np.concatenate([[0], np.flatnonzero(~same) + 1, [many]])
    for first, end in zip(borders[:-1] + 1, borders[1:] + 1, strict=True):
        box = _box(passes, first, end)
        if _product(box, *WINDOW_DIMS) == sum(_lengths(passes, first, end)):
            yield box
        else:
            yield from (_box(passes, number, number + 1) for number in range(first, end))


def _lengths(passes: Passes, first: int, end: int) -> np.ndarray:
    n, e, f = (passes.length[dim][first:end] for dim in WINDOW_DIMS)
    return n * e * f


def _box(passes: Passes, first: int, end: int) -> dict[str, tuple[int, int]]:
    return {
        dim: (int(at[first:end].min()), int((at[first:end] + passes.length[dim][first:end]).max()))
        for dim, at in passes.first.items()
    }


def _product(block, *dims) -> int:
    total = 1
    for dim in dims:
        total *= block[dim][1] - block[dim][0]
    return total
