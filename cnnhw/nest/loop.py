"""One loop of a nest: which dim it cuts, into chunks of what size, and where."""

from dataclasses import dataclass
from enum import StrEnum

from cnnhw.errors import CourseError, whole_number
from cnnhw.machine.hierarchy import AXES

DIMS = ("N", "G", "M", "C", "E", "F", "R", "S")


class Where(StrEnum):
    """Places of the usual machine: one after the other at a memory, or all at once along an axis."""

    DRAM = "DRAM"
    GLB = "GLB"
    ROWS = "ROWS"
    COLS = "COLS"
    RF = "RF"


def at_once(where) -> bool:
    """Say whether the chunks of a loop at a place are worked on at once, one position each.

    where  of a loop

    >>> at_once("COLS"), at_once(("tiles", "ROWS")), at_once("GLB")
    (True, True, False)
    """
    return isinstance(where, tuple) or where in AXES


def place_name(where) -> str:
    """Give a place as a reader calls it.

    >>> place_name("GLB"), place_name(("tiles", "ROWS"))
    ('GLB', 'tiles ROWS')
    """
    return " ".join(where) if isinstance(where, tuple) else str(where)


class MappingError(CourseError):
    """A nest that does not do every MAC exactly once, or that no machine could run."""


@dataclass(frozen=True)
class Loop:
    """One loop: it cuts the range that the loops outside left for its dim into chunks of `step`.

    dim     N, G, M, C, E, F, R or S; M and C count within a group
    step    size of a chunk; the last one is clipped where step does not divide the range
    where   a level of the machine, such as DRAM, GLB or RF; ROWS or COLS of its one array; (array, "ROWS") or
            (array, "COLS") of one of several
    raises  MappingError if the dim is unknown, the place none of these, or the step no whole number of 1 or
            more

    >>> Loop("E", 7, "DRAM")
    Loop('E', 7, 'DRAM')
    """

    dim: str
    step: int
    where: Where | str | tuple[str, str]

    def __post_init__(self):
        if self.dim not in DIMS:
            raise MappingError(
                f"a loop's dim is one of {' '.join(DIMS)}",
                f"dim={self.dim!r}",
                "use E and F for rows and columns of the ofmap, R and S for the filter's; H and W follow",
            )
        object.__setattr__(self, "step", self._whole(self.step))
        object.__setattr__(self, "where", self._place(self.where))

    def _place(self, where):
        if where in tuple(Where):
            return Where(where)
        level = isinstance(where, str) and where
        axis = isinstance(where, tuple) and len(where) == 2 and isinstance(where[0], str) and where[1] in AXES
        if not level and not axis:
            raise MappingError(
                "a loop runs at a level, such as DRAM, GLB, RF, or on ROWS or COLS of an array",
                f"where={where!r} for the loop over {self.dim}",
                'use the name of a level, "ROWS" or "COLS", or ("tiles", "ROWS") for one of several arrays',
            )
        return where if level else (where[0], str(where[1]))

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
        where = self.where if isinstance(self.where, tuple) else str(self.where)
        return f"Loop({self.dim!r}, {self.step}, {where!r})"
