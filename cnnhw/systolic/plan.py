"""Which part of a matrix product each fold of the array does, and in closed form what that takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Dataflow(StrEnum):
    """Which words stay in their PE while the others pass by."""

    OUTPUT = "output_stationary"
    WEIGHT = "weight_stationary"
    INPUT = "input_stationary"


class Drain(StrEnum):
    """How finished psums leave an output-stationary array."""

    SHIFT = "shift"
    BUS = "bus"


class Ragged(StrEnum):
    """What a last fold with fewer rows or columns takes."""

    ARRAY = "array"
    CLIPPED = "clipped"


@dataclass(frozen=True)
class Fold:
    """One filling of the array.

    across, down  the words that the PE rows and the PE columns stand for, as slices of their axes
    rows, cols    PEs that the fold goes through: the array's, or with clipped folds those in use
    """

    across: slice
    down: slice
    rows: int
    cols: int

    @property
    def used(self) -> tuple[int, int]:
        """Rows and columns with work."""
        return self.across.stop - self.across.start, self.down.stop - self.down.start


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A matrix product on a systolic array, in closed form.

    windows   rows of the ifmap matrix, N*E*F in a layer
    products  that add up to one word of the product, C/G*R*S in a layer
    filters   columns of the filter matrix, M/G in a layer
    rows      of the array
    cols      of the array
    dataflow  what stays in the PEs
    drain     of an output-stationary array: "shift" sends finished psums down through the PEs below and lets
              nothing else happen meanwhile; with "bus" a wire along each column takes them out at once
    ragged    "array": every fold takes as long as a full one; "clipped": as on an array of just its size,
              which real wires would have to allow
    source    Samajdar et al., ISPASS 2020: 2*rows + cols + T - 2 cycles a fold, which is "shift". Their
              SCALE-Sim 3.0.0 gives every fold the time of a full one, which is "array"

    Where the output, the weights or the input stay, PE rows stand for windows, products or products, and PE
    columns for filters, filters or windows; the third size passes by in time, and the source calls it T.

    >>> one = Plan(windows=4, products=7, filters=3, rows=4, cols=3)
    >>> one.cycles, one.macs                          # 2*4 + 3 + 7 - 2 cycles for 4*7*3 MACs
    (16, 84)
    >>> Plan(windows=6, products=7, filters=5, rows=4, cols=3).cycles           # ceil(6/4) * ceil(5/3) folds
    64
    """

    windows: int
    products: int
    filters: int
    rows: int
    cols: int
    dataflow: Dataflow = Dataflow.OUTPUT
    drain: Drain = Drain.SHIFT
    ragged: Ragged = Ragged.ARRAY

    @property
    def across(self) -> int:
        """Words along the PE rows, all folds together."""
        return self.windows if self.dataflow == Dataflow.OUTPUT else self.products

    @property
    def down(self) -> int:
        """Words along the PE columns, all folds together."""
        return self.windows if self.dataflow == Dataflow.INPUT else self.filters

    @property
    def time(self) -> int:
        """Words that pass by each PE in a fold: T."""
        passing = {
            Dataflow.OUTPUT: self.products,
            Dataflow.WEIGHT: self.windows,
            Dataflow.INPUT: self.filters,
        }
        return passing[self.dataflow]

    @property
    def macs(self) -> int:
        """windows * products * filters."""
        return self.windows * self.products * self.filters

    @cached_property
    def folds(self) -> tuple[Fold, ...]:
        """The folds in order: those of the first PE columns first, from the first rows on."""
        return tuple(
            self._fold(row, col)
            for col in range(0, self.down, self.cols)
            for row in range(0, self.across, self.rows)
        )

    def fold_cycles(self, rows: int, cols: int) -> int:
        """Give the cycles of one fold.

        rows, cols  that it goes through
        returns     2*rows + cols + T - 2; on an output-stationary array with a bus, rows + cols + T - 2.
                    Counted from the first word that enters up to and including the last that leaves.

        The last PE is reached rows + cols - 2 cycles after the first, and works for T. Where words stay,
        `rows` cycles load them beforehand; where psums stay, `rows` cycles shift them out afterwards.
        """
        streams_out = self.dataflow == Dataflow.OUTPUT and self.drain == Drain.BUS
        return (1 if streams_out else 2) * rows + cols + self.time - 2

    @cached_property
    def cycles(self) -> int:
        """Of all folds, one after the other."""
        if self.ragged == Ragged.ARRAY:
            return self._ends[0] * self._ends[1] * self.fold_cycles(self.rows, self.cols)
        rows, cols = _sizes(self.across, self.rows), _sizes(self.down, self.cols)
        return sum(rows[r] * cols[c] * self.fold_cycles(r, c) for r in rows for c in cols)

    @property
    def words(self) -> Mapping[str, int]:
        """Words over the array's edges: ifmap and filters read, psums written.

        A matrix that stays enters once; one that passes by enters again for each fold along the other axis.
        Where weights or input stay, a psum leaves for each fold of the rows, to be added to what left before.
        """
        row_folds, col_folds = self._ends
        again = {
            Dataflow.OUTPUT: (col_folds, row_folds, 1),
            Dataflow.WEIGHT: (col_folds, 1, row_folds),
            Dataflow.INPUT: (1, col_folds, row_folds),
        }[self.dataflow]
        once = self.windows * self.products, self.products * self.filters, self.windows * self.filters
        return {name: n * m for name, n, m in zip(("ifmap", "filter", "psum"), once, again, strict=True)}

    @property
    def mean_active_pes(self) -> float:
        """PEs at work in a cycle, on average: macs / cycles."""
        return self.macs / self.cycles

    @property
    def _ends(self) -> tuple[int, int]:
        """Folds along the rows and along the columns."""
        return -(-self.across // self.rows), -(-self.down // self.cols)

    def _fold(self, row: int, col: int) -> Fold:
        across = slice(row, min(row + self.rows, self.across))
        down = slice(col, min(col + self.cols, self.down))
        if self.ragged == Ragged.ARRAY:
            return Fold(across, down, self.rows, self.cols)
        return Fold(across, down, across.stop - across.start, down.stop - down.start)


def _sizes(length: int, step: int) -> dict[int, int]:
    """The sizes of the pieces when `length` is cut into steps -> how many there are of each."""
    whole, rest = divmod(length, step)
    return {size: count for size, count in ((step, whole), (rest, 1)) if size and count}
