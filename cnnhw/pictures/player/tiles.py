"""Memories between arrays, in the drawing of one cycle: a bar above the PEs that each serves."""

from cnnhw.emulator import Trace
from cnnhw.machine.hierarchy import MAC
from cnnhw.pictures.marks.levels import level_inks
from cnnhw.pictures.player.cycle import PE, Word
from cnnhw.pictures.player.files import further_stays

BAR = 0.36  # inches that a bar takes above a row of PEs


class Tiles:
    """The levels between arrays, and what lies in each instance of them after a cycle.

    trace  a Trace
    cycle  one of its window
    """

    def __init__(self, trace: Trace, cycle: int):
        order, self.seats = trace.nest.order, trace.seats
        self.inks = level_inks((*order.names, MAC))
        self.levels = self.seats.between
        self.held: dict[str, dict[PE, list[Word]]] = {
            level: {
                seat: [stay.word for stay in kept if stay.first <= cycle <= stay.last]
                for seat, kept in files.items()
            }
            for level, files in further_stays(trace).items()
        }

    def above(self, row: int) -> int:
        """Give how many bars stand above a row of PEs."""
        rows = self.seats.size(MAC)[0]
        return sum(1 + row * self.seats.size(level)[0] // rows for level in self.levels)

    def bars(self, rows: int, cols: int):
        """Yield level, its instance, the row and columns of PEs below it, and the number of bars between.

        rows, cols  of PEs that are drawn
        """
        all_rows, all_cols = self.seats.size(MAC)
        for number, level in enumerate(reversed(self.levels)):
            own_rows, own_cols = self.seats.size(level)
            down, across = all_rows // own_rows, all_cols // own_cols
            for row in range(-(-rows // down)):
                for col in range(-(-cols // across)):
                    columns = range(col * across, min((col + 1) * across, cols))
                    yield level, (row, col), row * down, columns, number
