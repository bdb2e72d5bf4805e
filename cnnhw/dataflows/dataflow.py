"""What a dataflow is: loops, what stays, what must fit, and how many words a paper says it moves."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from cnnhw.dataflows.arrange import arrange
from cnnhw.dataflows.grids import Grid
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.room import UNLIMITED, Room
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape, Tensor

IFMAP, FILTER, PSUM = Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM
LEVELS = USUAL.names  # the NoC counts as one
TENSORS = IFMAP, FILTER, PSUM
THERE = {
    "m": ("filters", "M"), "t": ("filters", "M"), "n": ("images", "N"), "q": ("channels", "C"),
    "r": ("channels", "C"), "e": ("ofmap rows", "E"), "f": ("ofmap columns", "F"),
}  # fmt: skip
NEEDED = "name", "title", "account", "parameters"
MOST_TRIED = 4_000_000  # combinations in one grid; chosen for a few seconds


class Constraint(NamedTuple):
    """One thing that must fit: `need` <= `have`, each a number or an array of them."""

    text: str
    need: int | np.ndarray
    have: int | np.ndarray


Layout = tuple[list[tuple[str, int, str]], Mapping[str, Set[Tensor]]]  # loops, and what GLB and RF keep


def there(z: Sizes, **parameters) -> Iterator[Constraint]:
    """Give the constraints that a layer has as many of each as a parameter takes at once.

    >>> z = Sizes.of(LayerShape(M=8, C=1, H=3, R=3))
    >>> next(there(z, m=4))
    Constraint(text='m filters are there', need=4, have=8)
    """
    for name, value in parameters.items():
        what, size = THERE[name]
        yield Constraint(f"{name} {what} are there", value, getattr(z, size))


@dataclass(frozen=True)
class Dataflow(ABC):
    """A way of laying the loops of a layer over an array of PEs: all that anyone asks of it, in one place.

    name        as in the course and the papers
    title       in words
    account     what stays, what moves, and what that is good for
    parameters  name -> what it means
    rf_bytes    bytes of register file in each of its PEs when all dataflows get the same area, as in
                ISCA 2016; None if that was never said, and then it is in no comparison of equal areas

    A subclass of your own needs the first four and `loops`, in one file anywhere. Then search, Plan, count
    and `nest.stationary()` take it, with exact counts of its nests; put it into the dict DATAFLOWS, or call
    `cnnhw dataflows --also FILE`, and it stands beside the six. Everything else is worth giving:

    limits      what must fit, in words for the reader; otherwise the nest's own errors say it
    moved       a published closed form, with `working`: a search then tries a million parameters at once, and
                compare sets the form beside the nest
    candidates  fewer parameters to try
    reasons     why form and nest differ

    Its picture is read off its nest: pictures.arrays.dataflow.dataflow(nest, title=...).

    Parameters are whole numbers from 1 on, or arrays of them that broadcast against each other: then
    everything but `loops` gives has their common shape. tests/dataflows/seventh.py is one with all of it, and
    tests/dataflows/eighth.py one with the least.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    account: ClassVar[str]
    parameters: ClassVar[Mapping[str, str]]
    rf_bytes: ClassVar[int | None] = None

    def __post_init__(self):
        missing = [name for name in NEEDED if not hasattr(self, name)]
        if missing:
            raise CourseError(
                f"a dataflow has {', '.join(NEEDED)}",
                f"{type(self).__name__} without {', '.join(missing)}",
                "write them into the class, as tests/dataflows/eighth.py does",
            )

    @abstractmethod
    def loops(self, z: Sizes, room: Room, **parameters) -> Layout:
        """The loops of its nest within a group, outermost first, and what the levels keep."""

    def moved(self, z: Sizes, **parameters) -> dict:
        """The paper's words moved, (level, tensor) -> words; what is not there is 0. A form is optional."""
        raise CourseError(
            "this asks for a closed form that someone published",
            f"{self.name}, which has none",
            "count its nest, or give its class a method moved(z, **parameters)",
        )

    def limits(self, z: Sizes, room: Room, **parameters) -> tuple[Constraint, ...]:
        """What must fit, capacity first. Here nothing: the nest says what does not fit when it is counted."""
        return ()

    def working(self, z: Sizes, **parameters):
        """PEs that work at the busiest moment, by the published form; without one the counts know."""
        return self.moved(z, **parameters)

    @property
    def published_form(self) -> bool:
        """Whether it has one."""
        return type(self).moved is not Dataflow.moved

    def candidates(self, z: Sizes, room: Room) -> Iterator[Grid]:
        """Give grids of parameters that a search tries: all whole numbers up to the layer's largest size.

        A dataflow of your own may give fewer, and leave out what cannot be the best; grids.py has helpers.

        raises  CourseError if these are too many to try
        """
        most = max(z.N, z.M, z.C, z.E, z.F)
        many = most ** len(self.parameters)
        if many > MOST_TRIED:
            raise CourseError(
                "a search tries all whole numbers up to the largest size of the layer",
                f"{many:,} combinations of {', '.join(self.parameters)}, at most {MOST_TRIED:,}",
                f"give {type(self).__name__} a method candidates(z, room) that yields fewer",
            )
        axes = np.meshgrid(*[np.arange(1, most + 1)] * len(self.parameters), indexing="ij", sparse=True)
        yield dict(zip(self.parameters, axes, strict=True))

    def reasons(self, z: Sizes, room: Room, **parameters) -> Iterable[Reason]:
        """Why its nest and its closed form differ: here no reason, so that a comparison shows all of it.

        Each is worked out from the layer and the parameters alone, never as what is left over; so that
        published + reasons = exact is a test of both. Where one is missing, compare shows what is left. The
        padding of the ifmap is stored there, and first psums are not read.
        """
        return ()

    def published(self, shape: LayerShape, parameters: Mapping) -> dict[tuple[str, Tensor], np.ndarray]:
        """Give the words moved, by the closed form that the paper prints.

        shape       any LayerShape; the ifmap is taken as stored with its padding, groups one after another
        parameters  name -> whole number, or array of them
        returns     (level, tensor) -> words, for DRAM, GLB, NoC and RF, each charged once, at the level it
                    is read from or written to on the DRAM side
        raises      CourseError if a parameter is missing, unknown, or not a whole number from 1 on; or if
                    there is no such form
        source      for the six: Chen, Emer and Sze, ISCA 2016, equations 3 and 4 and their account for each
        """
        values = self._checked(parameters)
        shape_of_all = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
        words = self.moved(Sizes.of(shape), **values)
        everything = {
            (level, tensor): words.get((level, tensor), 0) for level in LEVELS for tensor in TENSORS
        }
        return {key: np.broadcast_to(value, shape_of_all) + 0.0 for key, value in everything.items()}

    def constraints(self, shape: LayerShape, parameters: Mapping, room: Room) -> tuple[Constraint, ...]:
        """Give what must fit: each a text, what is needed, and what there is.

        shape, parameters  as in published
        room               a Room, or Room.of(machine)
        raises             CourseError as published does
        """
        return self.limits(Sizes.of(shape), room, **self._checked(parameters))

    def fits(self, shape: LayerShape, parameters: Mapping, room: Room):
        """Say whether all constraints hold: a bool, or an array of them. Arguments as in constraints."""
        return self.within(Sizes.of(shape), room, **self._checked(parameters))

    def within(self, z: Sizes, room: Room, **parameters):
        """Say the same of parameters that are known to be right, for the sizes of a layer."""
        holds = np.ones(np.broadcast_shapes(*map(np.shape, parameters.values())), dtype=bool)
        for _, need, have in self.limits(z, room, **parameters):
            holds = holds & (need <= have)
        return holds

    def active_pes(self, shape: LayerShape, parameters: Mapping):
        """Give the PEs that work at the busiest moment. Arguments as in published."""
        return self.working(Sizes.of(shape), **self._checked(parameters))

    def nest(
        self, shape: LayerShape, parameters: Mapping[str, int], room: Room | Machine | None = None
    ) -> Nest:
        """Give the loop nest that moves its words as the account says.

        shape, parameters  as in published; whole numbers, no arrays
        room               what the nest may use where the parameters leave a choice, by default no limit; or
                           a machine, over whose rows and columns the PEs are laid, too (see arrange)
        returns            Nest, its groups outermost
        raises             CourseError as published does; MappingError as Nest does
        """
        machine, z, values = room, Sizes.of(shape), self._checked(parameters)
        room = self.room(machine) if isinstance(machine, Machine) else machine or UNLIMITED
        loops, keeps = self.loops(z, room, **values)
        kept = {level: {str(tensor) for tensor in tensors} for level, tensors in keeps.items()}
        nest = Nest(shape, [("G", 1, room.outermost), *loops], kept)
        return arrange(nest, machine) if isinstance(machine, Machine) else nest

    def room(self, machine) -> Room:
        """Give what a Machine offers it: of any hierarchy, unless a published form knows one only."""
        return Room.of(machine) if self.published_form else Room.of_any(machine)

    def _checked(self, parameters: Mapping) -> dict:
        if set(parameters) != set(self.parameters):
            raise CourseError(
                f"{self.name} has the parameters {', '.join(self.parameters)}",
                ", ".join(parameters) or "none",
                "give each of them once",
            )
        for name, value in parameters.items():
            array = np.asarray(value)
            if array.dtype.kind not in "iu" or (array < 1).any():
                raise CourseError(
                    f"{name} of {self.name} is a whole number from 1 on",
                    f"{name}={value!r}",
                    f"{name} is {self.parameters[name]}",
                )
        return dict(parameters)

    def __repr__(self) -> str:
        return f"{self.name}: {self.title}, parameters {', '.join(self.parameters)}"
