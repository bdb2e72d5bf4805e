"""Hierarchy: the names of a machine's levels and arrays, in order. It alone knows who stands outside whom."""

from dataclasses import dataclass
from functools import cached_property

from cnnhw.errors import CourseError

AXES = ("ROWS", "COLS")
MAC = "MAC"  # stands inside everything


@dataclass(frozen=True)
class Hierarchy:
    """Levels and arrays, outermost first; whatever stands inside an array exists once for each position.

    names   of all of them
    arrays  those that are arrays; the others are levels
    raises  CourseError if an array is not among the names

    A loop's place is the name of a level, or (array, "ROWS") and (array, "COLS"); "ROWS" and "COLS" do where
    there is one array.

    >>> USUAL.levels, USUAL.outside("RF"), USUAL.arrays_outside("GLB")
    (('DRAM', 'GLB', 'RF'), ('DRAM', 'GLB'), ())
    >>> USUAL.place(("NoC", "ROWS")), USUAL.place("L2") is None
    ('ROWS', True)
    """

    names: tuple[str, ...]
    arrays: tuple[str, ...]

    def __post_init__(self):
        if not set(self.arrays) <= set(self.names):
            raise CourseError(
                "the arrays of a hierarchy are among its names",
                f"names {self.names!r}, arrays {self.arrays!r}",
                "name each level and each array once, outermost first; machine.hierarchy gives a machine's",
            )

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Names of the levels, outermost first."""
        return tuple(name for name in self.names if name not in self.arrays)

    @property
    def outermost(self) -> str:
        """The level that keeps everything."""
        return self.names[0]

    @property
    def usual(self) -> bool:
        """Whether it is the course's: DRAM, GLB, one array, RF."""
        return len(self.arrays) == 1 and self.names == ("DRAM", "GLB", *self.arrays, "RF")

    def axes(self, array: str) -> tuple:
        """Give the two places of the loops over an array's positions."""
        return AXES if len(self.arrays) == 1 else tuple((array, axis) for axis in AXES)

    @cached_property
    def places(self) -> tuple:
        """All places of loops, outermost first: levels, and the two axes of each array."""
        return tuple(
            place for name in self.names for place in (self.axes(name) if name in self.arrays else (name,))
        )

    def place(self, where):
        """Give the one spelling of a place, or None if there is no such place."""
        if where in self.levels:
            return str(where)
        for array in self.arrays:
            for axis, place in zip(AXES, self.axes(array), strict=True):
                if where in (place, (array, axis)):
                    return place
        return None

    def depth(self, where) -> int:
        """Give the order of a place, a level or an array from the outside in; MAC is the innermost."""
        return self._depths[where]

    @cached_property
    def _depths(self) -> dict:
        depths = {name: number for number, name in enumerate((*self.names, MAC))}
        axes = {(array, axis): depths[array] for array in self.arrays for axis in AXES}
        return dict.fromkeys(AXES, depths[self.arrays[0]] if self.arrays else None) | depths | axes

    def outside(self, level: str) -> tuple[str, ...]:
        """Name the levels outside a level, or outside the MACs."""
        return tuple(name for name in self.levels if self.depth(name) < self.depth(level))

    def arrays_outside(self, level: str) -> tuple[str, ...]:
        """Name the arrays outside a level, or outside the MACs: a level exists once for each position."""
        return tuple(name for name in self.arrays if self.depth(name) < self.depth(level))

    @cached_property
    def of_pe(self) -> tuple[str, ...]:
        """Names of the levels that every PE has: inside all arrays, or the innermost where there is none."""
        if self.arrays:
            return tuple(name for name in self.levels if self.arrays_outside(name) == self.arrays)
        return self.levels[1:][-1:]

    @property
    def pe(self) -> str:
        """What a PE is called where words arrive: its innermost level, or MAC if it has none."""
        return self.of_pe[-1] if self.of_pe else MAC

    def axes_of(self, arrays: tuple[str, ...]) -> tuple:
        """Give the places of the loops over the positions of some arrays."""
        return tuple(place for array in arrays for place in self.axes(array))

    def __str__(self) -> str:
        return ", ".join(self.names)


USUAL = Hierarchy(("DRAM", "GLB", "NoC", "RF"), ("NoC",))
