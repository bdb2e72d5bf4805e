"""One array: positions that work at once, each with everything that stands further in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnhw.errors import CourseError, whole_number
from cnnhw.machine.costs import checked_cost
from cnnhw.machine.hierarchy import USUAL
from cnnhw.machine.level import CapacityError, checked_bandwidth
from cnnhw.machine.names import checked_name


@dataclass(frozen=True)
class Array:
    """Rows and columns of positions; whatever stands further in exists once for each.

    name        the reader's own
    rows, cols  None for no limit
    cost        of one word delivered to a position, or handed from one to another; None: the machine's NoC
    pes         how many positions there are, if they can be wired in any arrangement of at most rows x cols;
                rows * cols by default
    bandwidth   words that reach its positions, or are handed from one to another, in a cycle, all together;
                None: they take no time. As for a Level
    raises      CourseError if a size, the cost or the bandwidth is not one of these

    >>> Array("tiles", 4, 4).pes, Array("PEs").pes
    (16, None)
    """

    name: str
    rows: int | None = None
    cols: int | None = None
    cost: float | None = None
    pes: int | None = None
    bandwidth: float | Mapping | None = field(default=None, hash=False)

    def __post_init__(self):
        checked_name(self.name)
        checked_cost(self.name, self.cost)
        if self.bandwidth is not None:
            object.__setattr__(self, "bandwidth", checked_bandwidth(self.name, self.bandwidth))
        for size in ("rows", "cols", "pes"):
            if getattr(self, size) is not None:
                object.__setattr__(self, size, size_of(size, getattr(self, size)))
        if None in (self.rows, self.cols):
            return
        if self.pes is None:
            object.__setattr__(self, "pes", self.rows * self.cols)
        if self.pes > self.rows * self.cols:
            raise CourseError(
                "an array has no more PEs than rows times columns",
                f"pes={self.pes} in {self.rows} x {self.cols}",
                f"use pes <= {self.rows * self.cols}, or leave it out",
            )

    def check(self, rows: int, cols: int) -> None:
        """Refuse a nest that takes more positions than there are.

        rows, cols  that the nest takes
        raises      CapacityError
        """
        place = "the array" if self.name in USUAL.arrays else f"array {self.name}"
        for loops, wanted, there in (("ROWS", rows, self.rows), ("COLS", cols, self.cols)):
            if there is not None and wanted > there:
                raise CapacityError(
                    f"the loops on {loops} must fit on {place}",
                    f"{wanted} PE {loops.lower()} wanted, {place} has {there}",
                    f"use larger steps on {loops}, so that they make fewer chunks, or move a loop to GLB",
                )
        whole = "the machine" if self.name in USUAL.arrays else place
        if self.pes is not None and rows * cols > self.pes:
            raise CapacityError(
                "a nest must not take more PEs than there are",
                f"{rows} x {cols} = {rows * cols} PEs wanted, {whole} has {self.pes}",
                "use larger steps on ROWS or COLS, so that they make fewer chunks, or move a loop to GLB",
            )


def size_of(name: str, value) -> int:
    """Give a size as an int.

    raises  CourseError if it is no whole number of 1 or more
    """
    number = whole_number(value)
    if number is None:
        raise CourseError(
            f"{name} is a whole number, 1 or more",
            f"{name}={value!r}",
            f"give {name} as an int, or leave it out",
        )
    return number
