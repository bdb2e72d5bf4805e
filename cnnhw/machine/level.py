"""One memory level: its name, and how many words of which tensors fit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from cnnhw.errors import CourseError, is_finite, whole_number
from cnnhw.machine.costs import checked_cost
from cnnhw.machine.names import checked_name
from cnnhw.shape import Tensor

BUSES = ("ifmap", "filter", "psum", "update")
FIRST_PSUM = ("zero", "read")
STORED = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)


Share = Callable[[str], Fraction | int]


def whole(tensor: str) -> int:
    """Give the share of a word's room that a word takes where all are of one width: 1."""
    return 1


class CapacityError(CourseError):
    """A tile, or a nest, that is larger than the machine it should run on."""


@dataclass(frozen=True)
class Level:
    """One level of the memory hierarchy.

    name    the reader's own; "DRAM", "GLB" and "RF" are the course's
    words   how many words fit. None: no limit. A number: shared by all tensors. A mapping gives separate
            memories, each for one tensor or for a tuple of tensors that share it; a tensor that is not named
            has no room. In an array they hold for each position
    cost    of one word read from it; None: what the machine's costs say for this name
    bandwidth
            words that cross it in a cycle, on its side towards the MACs, for each position in an array; None:
            they take no time. A number: shared by all tensors. A mapping tensor -> number gives each a bus of
            its own, and "update" one for psums on their way out
    write_cost
            of one word written to it; None: the same
    first_psum
            "zero": a psum that has no value here yet starts from nothing further in; "read": a zero lies
            here, and is read like any other psum
    raises  CourseError if the name, a tensor or a number of words is not one of these

    >>> Level("RF", {"ifmap": 12, "filter": 224, "psum": 24}).rooms
    {('ifmap',): 12, ('filter',): 224, ('psum',): 24}
    >>> Level("GLB", 54_000).rooms
    {('ifmap', 'filter', 'psum'): 54000}
    """

    name: str
    words: int | Mapping | None = None
    cost: float | None = None
    bandwidth: float | Mapping | None = None
    write_cost: float | None = None
    first_psum: str = "zero"

    def __post_init__(self):
        checked_name(self.name)
        checked_cost(self.name, self.cost)
        checked_cost(self.name, self.write_cost)
        check_first_psum(self.first_psum)
        if self.bandwidth is not None:
            object.__setattr__(self, "bandwidth", checked_bandwidth(self.name, self.bandwidth))
        if isinstance(self.words, Mapping):
            rooms = {_group(tensors): _words(self.name, words) for tensors, words in self.words.items()}
            object.__setattr__(self, "words", MappingProxyType(rooms))
            self._check_rooms(rooms)
        elif self.words is not None:
            object.__setattr__(self, "words", _words(self.name, self.words))

    def __hash__(self):
        return hash((self.name, tuple(self.rooms.items()), self.cost, self.write_cost, self.first_psum))

    def __eq__(self, other):
        return isinstance(other, Level) and self._all == other._all

    @property
    def _all(self) -> tuple:
        return self.name, self.rooms, self.cost, self.bandwidth, self.write_cost, self.first_psum

    @property
    def rooms(self) -> dict[tuple[str, ...], int]:
        """The separate memories: tensors that share one -> its words. Empty if nothing limits the level."""
        if self.words is None:
            return {}
        if isinstance(self.words, Mapping):
            return dict(self.words)
        return {tuple(str(tensor) for tensor in STORED): self.words}

    @property
    def total(self) -> int | None:
        """Words in all its memories together; None if nothing limits it."""
        return sum(self.rooms.values()) if self.words is not None else None

    def check(self, tiles: Mapping[str, int], share: Share = whole) -> None:
        """Refuse tiles that do not fit.

        tiles   tensor -> words of its largest tile here, for the tensors that this level keeps
        share   of the room for a word that a tensor's word takes, such as a Machine's
        raises  CapacityError naming the level, the tensor, the words wanted and the words there
        """
        if self.words is None:
            return
        for tensor, wanted in tiles.items():
            group = next((group for group in self.rooms if tensor in group), ())
            room, others = (
                self.rooms.get(group, 0),
                [name for name in group if name != tensor and tiles.get(name)],
            )
            beside = "".join(f" beside {tiles[name]} of {name}" for name in others)
            if sum(share(name) * tiles[name] for name in (tensor, *others)) > room:
                raise CapacityError(
                    f"the tile of a tensor must fit into the level that keeps it: {tensor} in {self.name}",
                    f"{wanted} words of {tensor}{beside}, room for {room}",
                    f"cut the loops inside {self.name} into smaller steps, let {tensor} bypass {self.name}, "
                    f"or give {self.name} more words",
                )

    def _check_rooms(self, rooms: Mapping) -> None:
        names = [tensor for group in rooms for tensor in group]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise CourseError(
                "each tensor has one memory at a level",
                f"{', '.join(twice)} twice in {self.name}",
                "name each tensor once",
            )


def check_first_psum(value) -> None:
    """Refuse what is no rule for the first visit of a psum.

    raises  CourseError
    """
    if value not in FIRST_PSUM:
        raise CourseError(
            'the first visit of a psum is "zero" or "read"',
            f"first_psum={value!r}",
            '"read" if the run starts from biases in DRAM, or a level reads the zeros that lie there',
        )


def _group(tensors: str | Iterable[str]) -> tuple[str, ...]:
    listed = isinstance(tensors, Iterable) and not isinstance(tensors, str)
    names = tuple(tensors) if listed else (tensors,)
    for name in names:
        if name not in STORED:
            raise CourseError(
                "a level keeps ifmap, filter and psum",
                f"{name!r}",
                "name these; an ofmap word is a psum that is finished",
            )
    return tuple(str(name) for name in names)


def checked_bandwidth(name: str, bandwidth):
    """Give a bandwidth.

    raises  CourseError if it is no number above 0, nor a mapping of tensors to such numbers
    """
    buses = bandwidth if isinstance(bandwidth, Mapping) else {Tensor.IFMAP: bandwidth}
    numbers = [n for n in buses.values() if isinstance(n, (int, float)) and not isinstance(n, bool)]
    known = set(buses) <= set(BUSES) and len(numbers) == len(buses) > 0
    if not known or not all(is_finite(number) and number > 0 for number in numbers):
        raise CourseError(
            "words per cycle are a number above zero for all tensors, or one for each",
            f"{bandwidth!r} for {name}",
            'give 2, or {"ifmap": 1, "filter": 4, "psum": 4}; "update" is for psums on their way out',
        )
    return MappingProxyType({str(bus): n for bus, n in buses.items()}) if buses is bandwidth else bandwidth


def _words(name: str, words) -> int:
    number = whole_number(words, least=0)
    if number is None:
        raise CourseError(
            "a level has room for a whole number of words, 0 or more",
            f"words={words!r} for {name}",
            "give an int, None for no limit, or a mapping tensor -> int",
        )
    return number
