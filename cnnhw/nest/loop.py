"""One loop of a nest: which dim it cuts, into chunks of what size, and where."""

from dataclasses import dataclass
from enum import StrEnum

from cnnhw.errors import CourseError, whole_number

DIMS = ("N", "G", "M", "C", "E", "F", "R", "S")


class Where(StrEnum):
    """Where a loop runs: one after the other at a memory, or all at once along an axis of the array."""

    DRAM = "DRAM"
    GLB = "GLB"
    ROWS = "ROWS"
    COLS = "COLS"
    RF = "RF"

    @property
    def spatial(self) -> bool:
        """Whether the chunks are worked on at once, one PE each."""
        return self in (Where.ROWS, Where.COLS)

    @property
    def depth(self) -> int:
        """Order from the outside in: DRAM 0, GLB 1, the array 2, RF 3."""
        return {Where.DRAM: 0, Where.GLB: 1, Where.ROWS: 2, Where.COLS: 2, Where.RF: 3}[self]


class MappingError(CourseError):
    """A nest that does not do every MAC exactly once, or that no machine could run."""


@dataclass(frozen=True)
class Loop:
    """One loop: it cuts the range that the loops outside left for its dim into chunks of `step`.

    dim     N, G, M, C, E, F, R or S; M and C count within a group
    step    size of a chunk; the last one is clipped where step does not divide the range
    where   DRAM, GLB, ROWS, COLS or RF
    raises  MappingError if the dim or the place is unknown, or the step no whole number of 1 or more

    >>> Loop("E", 7, "DRAM")
    Loop('E', 7, 'DRAM')
    """

    dim: str
    step: int
    where: Where

    def __post_init__(self):
        if self.dim not in DIMS:
            raise MappingError(
                f"a loop's dim is one of {' '.join(DIMS)}",
                f"dim={self.dim!r}",
                "use E and F for rows and columns of the ofmap, R and S for the filter's; H and W follow",
            )
        object.__setattr__(self, "step", self._whole(self.step))
        if self.where not in tuple(Where):
            raise MappingError(
                f"a loop runs at one of {' '.join(Where)}",
                f"where={self.where!r} for the loop over {self.dim}",
                "use DRAM, GLB or RF for loops in time, ROWS or COLS for loops over the PEs",
            )
        object.__setattr__(self, "where", Where(self.where))

    def _whole(self, step) -> int:
        number = whole_number(step)
        if number is None:
            raise MappingError(
                "a loop's step is a whole number, 1 or more",
                f"step={step!r} for the loop over {self.dim}",
                "give the size of a chunk as an int, such as 7 for strips of seven",
            )
        return number

    def __repr__(self) -> str:
        return f"Loop({self.dim!r}, {self.step}, {str(self.where)!r})"
