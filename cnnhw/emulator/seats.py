"""Where instances stand: the positions of all arrays as one grid, an inner array inside an outer one's."""

from functools import cache

from cnnhw.emulator.order import chunks_at_most
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import Nest

Place = tuple[tuple[int, ...], ...]  # of an instance: for each array outside it, the indices of its loops
Seat = tuple[int, int]  # row and column on the grid
NOWHERE = (-1, -1)  # outside all arrays


class Seats:
    """The grid on which the instances of each level of a nest stand.

    nest  the mapping

    >>> from cnnhw import Array, LayerShape, Level, Machine
    >>> machine = Machine.of([Level("DRAM"), Array("tiles", 2, 2), Level("tile"), Array("lanes", 1, 3)])
    >>> loops = [("M", 3, ("tiles", "ROWS")), ("M", 1, ("lanes", "COLS"))]
    >>> seats = Seats(Nest(LayerShape(M=6, C=1, H=1, R=1), loops).on(machine))
    >>> seats.size("tile"), seats.size("MAC"), seats.of("MAC", ((1,), (2,)))
    ((2, 1), (2, 3), (1, 2))
    >>> seats.around((1, 2), "MAC", "tile")
    (1, 0)
    """

    def __init__(self, nest: Nest):
        self.order, self._taken = nest.order, {array: nest.taken(array) for array in nest.order.arrays}
        numbered = list(zip(nest.loops, chunks_at_most(nest), strict=True))
        # For each array, in the order of its place's indices: the axis of a loop, and its chunks at most.
        self._loops = {
            array: [
                (self.order.axes(array).index(loop.where), most)
                for loop, most in numbered
                if loop.where in self.order.axes(array)
            ]
            for array in self.order.arrays
        }
        self.of = cache(self._of)

    def size(self, level: str) -> Seat:
        """Give the rows and columns of instances of a level, or of PEs for MAC."""
        rows = cols = 1
        for array in self.order.arrays_outside(level):
            rows, cols = rows * self._taken[array][0], cols * self._taken[array][1]
        return rows, cols

    def around(self, seat: Seat, level: str, outer: str) -> Seat:
        """Give the seat of the instance of an outer level around one of an inner level."""
        if self.is_outside(outer):
            return NOWHERE
        (rows, cols), (outer_rows, outer_cols) = self.size(level), self.size(outer)
        return seat[0] // (rows // outer_rows), seat[1] // (cols // outer_cols)

    @property
    def outside(self) -> list[str]:
        """Names of the levels outside all arrays, outermost first."""
        return [level for level in self.order.levels if self.is_outside(level)]

    @property
    def between(self) -> list[str]:
        """Names of the levels between arrays: those of tiles, not of PEs."""
        return [level for level in self.order.levels if level not in (*self.outside, *self.order.of_pe)]

    def is_outside(self, level: str) -> bool:
        """Whether a level stands outside all arrays, and is no PE's own."""
        return not (level == MAC or self.order.arrays_outside(level) or level in self.order.of_pe)

    def _of(self, level: str, place: Place) -> Seat:
        """Give the seat of the instance of a level at, or around, a place; (-1, -1) outside all arrays."""
        if self.is_outside(level):
            return NOWHERE
        seat = [0, 0]
        for array, numbers in zip(self.order.arrays_outside(level), place, strict=False):
            at = [0, 0]
            for (axis, most), number in zip(self._loops[array], numbers, strict=True):
                at[axis] = at[axis] * most + number
            rows, cols = self._taken[array]
            seat = [seat[0] * rows + at[0], seat[1] * cols + at[1]]
        return seat[0], seat[1]
