"""Machine: an array of PEs, the memories around it, and what they cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from cnnhw.errors import CourseError
from cnnhw.machine.array import Array, size_of
from cnnhw.machine.costs import PLACES, SLIDE_35, Costs
from cnnhw.machine.hierarchy import USUAL, Hierarchy
from cnnhw.machine.level import STORED, Level, check_first_psum


@dataclass(frozen=True)
class Machine:
    """A spatial architecture: an ordered list of levels and arrays, by default DRAM, GLB, an array, RF.

    rows, cols      the array of PEs; None for no limit, or where there is not exactly one array
    levels          the levels whose room is limited; a level that is not named has room for everything
    pes             how many PEs there are, if they can be wired in any arrangement of at most rows x cols;
                    rows * cols by default
    costs           energy of an access at each level; a level or an array with a cost of its own goes first
    word_bits       bits in a word: rooms, costs and bandwidths are those of words of so many
    widths          tensor -> bits of its words, where they are others: such a word takes its share of room,
                    energy and time
    stores_padding  whether words of the padding are stored and moved like others, as the Eyeriss chip does
    first_psum      "zero": the first visit of a psum reads nothing; "read": the run starts from psums stored
                    outside, such as biases, and reads them. Further in each Level has its own
    name, source    what to call it, and where its sizes are from
    parts           all levels and arrays, outermost first; Machine.of makes a machine from such a list
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
    widths: Mapping[str, int] | tuple = ()
    stores_padding: bool = False
    first_psum: str = "zero"
    name: str = ""
    source: str = ""
    parts: tuple[Level | Array, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "word_bits", size_of("word_bits", self.word_bits))
        object.__setattr__(self, "widths", _checked_widths(self.widths))
        parts = _checked(self.parts) if self.parts else self._usual_parts()
        arrays = [part for part in parts if isinstance(part, Array)]
        alone = arrays[0] if len(arrays) == 1 else None
        for size in ("rows", "cols", "pes"):
            object.__setattr__(self, size, getattr(alone, size, None))
        named = {"NoC" if part is alone else part.name: part.cost for part in parts}
        own = {name: cost for name, cost in named.items() if name in PLACES and cost is not None}
        limited = tuple(part for part in parts if isinstance(part, Level) and part != Level(part.name))
        object.__setattr__(self, "levels", limited)
        object.__setattr__(self, "parts", parts)
        if not isinstance(self.costs, Costs):
            raise CourseError(
                "a machine's costs are Costs", f"costs={self.costs!r}", "use Costs(DRAM=200, GLB=6, ...)"
            )
        object.__setattr__(self, "costs", replace(self.costs, **own))
        check_first_psum(self.first_psum)
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

    @classmethod
    def of(cls, parts: Iterable[Level | Array], **options) -> "Machine":
        """Make a machine from a list.

        parts    Levels and Arrays, outermost first. The first is a level, and keeps everything; whatever
                 stands inside an array exists once for each of its positions
        options  as for Machine, such as stores_padding or costs
        raises   CourseError if the list begins with no level, or names something twice

        >>> tiled = [Level("DRAM"), Level("eDRAM", 2**21), Array("tiles", 4, 4), Array("lanes", 16, 16)]
        >>> Machine.of(tiled).hierarchy.names
        ('DRAM', 'eDRAM', 'tiles', 'lanes')
        """
        return cls(parts=_checked(parts), **options)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The names of its levels and arrays, in order."""
        return Hierarchy(
            tuple(part.name for part in self.parts),
            tuple(part.name for part in self.parts if isinstance(part, Array)),
        )

    @property
    def word_bytes(self) -> float:
        """Bytes in a word."""
        return self.word_bits / 8

    def bits(self, tensor: str) -> int:
        """Give the bits of a tensor's words."""
        return dict(self.widths).get(tensor, self.word_bits)

    def share(self, tensor: str) -> Fraction:
        """Give what a word of a tensor takes of room, energy and time: its bits over word_bits.

        tensor   "ifmap", "filter" or "psum"

        >>> machine = Machine(widths={"psum": 24, "filter": 8})
        >>> [str(machine.share(tensor)) for tensor in ("ifmap", "filter", "psum")]
        ['1', '1/2', '3/2']
        """
        return Fraction(self.bits(tensor), self.word_bits)

    def __getitem__(self, name: str) -> Level | Array:
        for part in self.parts:
            if part.name == name:
                return part
        raise CourseError(
            "a machine is asked for one of its levels and arrays",
            f"{name!r}, where it has {self.hierarchy}",
            "use one of these names, or add it to the list that Machine.of takes",
        )

    def words(self, name: str) -> int | None:
        """Give the words that fit into a level, all its memories together; None for no limit.

        name    of a level
        raises  CourseError for another name
        """
        return self[name].total

    def cost(self, name: str, written: bool = False) -> float:
        """Give what one access costs.

        name     of a level, or of an array for its network
        written  whether the word is written to a level, which may have another price
        returns  the cost of the level or array itself, or else what the machine's costs say
        raises   CourseError if neither names a cost

        >>> Machine.of([Level("DRAM"), Level("L2", 2**18, cost=12), Array("PEs")]).cost("L2")
        12
        """
        part = self[name]
        if written and isinstance(part, Level) and part.write_cost is not None:
            return part.write_cost
        if part.cost is not None:
            return part.cost
        place = "NoC" if isinstance(part, Array) else name
        if place not in PLACES:
            raise CourseError(
                "every level has a cost, of its own or among the machine's costs",
                f"{name} has none; costs name {', '.join(PLACES)}",
                f'give it one, as in Level("{name}", cost=6)',
            )
        return self.costs[place]

    def reads_first(self, name: str) -> bool:
        """Say whether a level reads psums that have no value yet: zeros, or what a run starts from outermost.

        name    of a level
        raises  CourseError for another name
        """
        started = name == self.hierarchy.outermost and self.first_psum == "read"
        return started or self[name].first_psum == "read"

    @property
    def first_visits(self) -> str:
        """The rule for the first visit of a psum, in words: "zero", "read", or "read at GLB"."""
        reading = [name for name in self.hierarchy.levels if self.reads_first(name)]
        if not reading:
            return "zero"
        return "read" if self.hierarchy.outermost in reading else f"read at {', '.join(reading)}"

    def with_(self, **changes) -> "Machine":
        """Give the same machine with some fields changed.

        changes  as for Machine
        raises   CourseError as Machine does

        >>> Machine(2, 2).with_(stores_padding=True).stores_padding
        True
        """
        sized = {"rows", "cols", "pes", "levels"} & set(changes)
        if not sized:
            return replace(self, **changes)
        if not self.hierarchy.usual:
            raise CourseError(
                "a machine made from a list is changed by another list",
                f"{', '.join(sorted(sized))} of {self.hierarchy}",
                "make it anew with Machine.of",
            )
        resized = {"rows", "cols"} & sized and "pes" not in sized
        made = replace(self, **({"pes": None} if resized else {}), **{"parts": (), **changes})
        array = replace(self.parts[2], rows=made.rows, cols=made.cols, pes=made.pes)
        return replace(made, parts=(*made.parts[:2], array, made.parts[3]))

    def _usual_parts(self) -> tuple[Level | Array, ...]:
        """DRAM, GLB, an array and RF, with the sizes that are given."""
        sized = {level.name: level for level in self._levels(self.levels)}
        unknown = sorted(set(sized) - set(USUAL.levels))
        if unknown:
            raise CourseError(
                f"a machine of rows, cols and levels has the levels {', '.join(USUAL.levels)}",
                f"{', '.join(unknown)}",
                "use these names, or give the whole list to Machine.of",
            )
        array = Array("NoC", self.rows, self.cols, pes=self.pes)
        return tuple(array if name in USUAL.arrays else sized.get(name, Level(name)) for name in USUAL.names)

    def _levels(self, levels: Iterable[Level]) -> tuple[Level, ...]:
        levels = tuple(levels) if isinstance(levels, Iterable) and not isinstance(levels, str) else (levels,)
        for level in levels:
            if not isinstance(level, Level):
                raise CourseError("a machine's levels are Levels", f"{level!r}", 'use Level("GLB", 54_000)')
        _check_names(levels)
        return levels


def _checked_widths(widths) -> tuple[tuple[str, int], ...]:
    """Give tensor and bits in pairs, which can be hashed."""
    try:
        pairs = dict(widths)
    except (TypeError, ValueError):
        pairs = {"": widths}
    if set(pairs) - set(STORED):
        raise CourseError(
            "widths are bits for ifmap, filter and psum",
            f"widths={widths!r}",
            'use widths={"filter": 8, "psum": 32}; the others have word_bits',
        )
    return tuple((str(tensor), size_of(f"widths of {tensor}", pairs[tensor])) for tensor in sorted(pairs))


def _checked(parts) -> tuple[Level | Array, ...]:
    """Give a list of levels and arrays as a tuple, if a machine can be made from it."""
    parts = tuple(parts) if isinstance(parts, Iterable) and not isinstance(parts, str) else (parts,)
    for part in parts:
        if not isinstance(part, (Level, Array)):
            raise CourseError(
                "a machine is a list of Levels and Arrays",
                f"{part!r}",
                'use Machine.of([Level("DRAM"), Level("GLB", 54_000), Array("PEs", 12, 14), Level("RF")])',
            )
    if not parts or isinstance(parts[0], Array):
        raise CourseError(
            "a machine begins with a level, which keeps everything: an array stands inside one",
            f"Array {parts[0].name!r} first" if parts else "an empty list",
            'put Level("DRAM") before it',
        )
    _check_names(parts)
    return parts


def _check_names(parts) -> None:
    names = [part.name for part in parts]
    if len(set(names)) < len(names):
        raise CourseError(
            "each level is named once"
            if all(isinstance(p, Level) for p in parts)
            else "each level and each array is named once",
            f"{', '.join(names)}",
            "give one Level each, with all its memories",
        )
