"""Machine: an array of PEs, the memories around it, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cnnhw.errors import CourseError, whole_number
from cnnhw.machine.costs import SLIDE_35, Costs
from cnnhw.machine.level import LEVELS, CapacityError, Level

FIRST_PSUM = ("zero", "read")


@dataclass(frozen=True)
class Machine:
    """A spatial architecture: rows x cols PEs with one RF each, a NoC, one GLB, DRAM.

    rows, cols      the array of PEs; None for no limit
    levels          the levels whose room is limited; a level that is not named has room for everything
    pes             how many PEs there are, if they can be wired in any arrangement of at most rows x cols;
                    rows * cols by default
    costs           energy of an access at each level
    word_bits       bits in a word
    stores_padding  whether words of the padding are stored and moved like others, as the Eyeriss chip does
    first_psum      "zero": the first visit of a psum reads nothing; "read": the run starts from stored psums,
                    such as biases, and reads them
    name, source    what to call it, and where its sizes are from
    raises          CourseError if a size or an option is not one of these

    >>> toy = Machine(3, 4, (Level("RF", 16), Level("GLB", 1000)))
    >>> toy.pes, toy.words("RF"), toy.words("DRAM")
    (12, 16, None)
    """

    rows: int | None = None
    cols: int | None = None
    levels: tuple[Level, ...] = ()
    pes: int | None = None
    costs: Costs = SLIDE_35
    word_bits: int = 16
    stores_padding: bool = False
    first_psum: str = "zero"
    name: str = ""
    source: str = ""

    def __post_init__(self):
        for size in ("rows", "cols", "pes"):
            if getattr(self, size) is not None:
                object.__setattr__(self, size, _count(size, getattr(self, size)))
        object.__setattr__(self, "word_bits", _count("word_bits", self.word_bits))
        object.__setattr__(self, "levels", self._levels(self.levels))
        self._check_pes()
        if not isinstance(self.costs, Costs):
            raise CourseError(
                "a machine's costs are Costs", f"costs={self.costs!r}", "use Costs(DRAM=200, GLB=6, ...)"
            )
        if self.first_psum not in FIRST_PSUM:
            raise CourseError(
                'the first visit of a psum is "zero" or "read"',
                f"first_psum={self.first_psum!r}",
                '"read" if the run starts from biases in DRAM',
            )
        if not isinstance(self.stores_padding, bool):
            raise CourseError(
                "padding is stored or it is not",
                f"stores_padding={self.stores_padding!r}",
                "use True or False",
            )

    @classmethod
    def unbounded(cls, **options) -> "Machine":
        """Give a machine with room for everything: any nest runs on it.

        options  as for Machine, such as stores_padding or costs

        >>> Machine.unbounded().words("RF") is None
        True
        """
        return cls(**{"name": "unbounded", **options})

    @property
    def word_bytes(self) -> float:
        """Bytes in a word."""
        return self.word_bits / 8

    def __getitem__(self, name: str) -> Level:
        found = [level for level in self.levels if level.name == name]
        return found[0] if found else Level(name)

    def words(self, name: str) -> int | None:
        """Give the words that fit into a level, all its memories together; None for no limit.

        name    "DRAM", "GLB" or "RF"
        raises  CourseError for another name
        """
        return self[name].total

    def with_(self, **changes) -> "Machine":
        """Give the same machine with some fields changed.

        changes  as for Machine
        raises   CourseError as Machine does

        >>> Machine(2, 2).with_(stores_padding=True).stores_padding
        True
        """
        resized = {"rows", "cols"} & set(changes) and "pes" not in changes
        return replace(self, **({"pes": None} if resized else {}), **changes)

    def check_array(self, rows: int, cols: int) -> None:
        """Refuse a nest that takes more PEs than there are.

        rows, cols  PE rows and columns that the nest takes
        raises      CapacityError
        """
        for loops, wanted, there in (("ROWS", rows, self.rows), ("COLS", cols, self.cols)):
            if there is not None and wanted > there:
                raise CapacityError(
                    f"the loops on {loops} must fit on the array",
                    f"{wanted} PE {loops.lower()} wanted, the array has {there}",
                    f"use larger steps on {loops}, so that they make fewer chunks, or move a loop to GLB",
                )
        if self.pes is not None and rows * cols > self.pes:
            raise CapacityError(
                "a nest must not take more PEs than there are",
                f"{rows} x {cols} = {rows * cols} PEs wanted, the machine has {self.pes}",
                "use larger steps on ROWS or COLS, so that they make fewer chunks, or move a loop to GLB",
            )

    def _check_pes(self) -> None:
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

    def _levels(self, levels: Iterable[Level]) -> tuple[Level, ...]:
        levels = tuple(levels) if isinstance(levels, Iterable) and not isinstance(levels, str) else (levels,)
        for level in levels:
            if not isinstance(level, Level):
                raise CourseError("a machine's levels are Levels", f"{level!r}", 'use Level("GLB", 54_000)')
        names = [level.name for level in levels]
        if len(set(names)) < len(names):
            raise CourseError(
                "each level is named once",
                f"{', '.join(names)}",
                "give one Level each, with all its memories",
            )
        return tuple(sorted(levels, key=lambda level: LEVELS.index(level.name)))


def _count(name: str, value) -> int:
    number = whole_number(value)
    if number is None:
        raise CourseError(
            f"{name} is a whole number, 1 or more",
            f"{name}={value!r}",
            f"give {name} as an int, or leave it out",
        )
    return number
