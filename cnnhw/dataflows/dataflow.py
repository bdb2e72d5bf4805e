"""What a dataflow is: parameters, what must fit, and how many words the paper says it moves."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import Nest, check_usual
from cnnhw.shape import LayerShape, Tensor

IFMAP, FILTER, PSUM = Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM
LEVELS = USUAL.names  # the NoC counts as one
TENSORS = IFMAP, FILTER, PSUM
NO_LIMIT = 2**50  # words, or PEs: more than any layer has, and products with it still fit 64 bits
MOST_TRIED = 4_000_000  # combinations in one grid; chosen for a few seconds


class Room(NamedTuple):
    """What a machine has to offer: words in the global buffer (Q), words in each RF, and PEs (J)."""

    glb_words: int
    rf_words: int
    pes: int

    @classmethod
    def of(cls, machine) -> "Room":
        """Give the room of a Machine; a level without a limit gets more words than any layer has.

        Memories of a level that are separate, each for its tensors, are taken together: a plan may then ask
        one of them for too much, and counting it says so.

        raises  CourseError if the machine does not say how many PEs there are, is no DRAM, GLB, array, RF, or
                writes at another price than it reads: the published forms do not tell these apart
        """
        check_usual(machine, "a search among dataflows")
        names = USUAL.levels
        apart = [name for name in names if machine.cost(name) != machine.cost(name, written=True)]
        if apart:
            raise CourseError(
                "the published closed forms add reads and writes up, at one price",
                f"a write_cost for {', '.join(apart)}",
                "leave it out, or count a nest: energy(count(nest, machine), machine)",
            )
        if machine.pes is None:
            raise CourseError(
                "a search needs to know how many PEs there are",
                f"a machine with pes={machine.pes}",
                "give rows and cols, or pes",
            )
        words = (machine.words(level) for level in USUAL.levels[1:])
        glb, rf = (NO_LIMIT if w is None else w for w in words)
        return cls(glb, rf, machine.pes)


class Constraint(NamedTuple):
    """One thing that must fit: `need` <= `have`, each a number or an array of them."""

    text: str
    need: int | np.ndarray
    have: int | np.ndarray


Layout = tuple[list[tuple[str, int, str]], Mapping[str, Set[Tensor]]]  # loops, and what GLB and RF keep
UNLIMITED = Room(NO_LIMIT, NO_LIMIT, NO_LIMIT)


@dataclass(frozen=True)
class Dataflow(ABC):
    """A way of laying the loops of a layer over an array of PEs, with the paper's count of what it moves.

    name        as in the course and the papers
    title       in words
    account     what stays, what moves, and what that is good for
    parameters  name -> what it means

    A subclass of your own needs these and the four abstract methods, in one file anywhere: search, Plan and
    compare take it like the six. tests/dataflows/seventh.py is one.

    Its parameters are whole numbers from 1 on, or arrays of them that broadcast against each other: then
    everything it gives has their common shape, which is how the mapper tries a million at once.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    account: ClassVar[str]
    parameters: ClassVar[Mapping[str, str]]

    @abstractmethod
    def moved(self, z: Sizes, **parameters) -> dict:
        """The paper's words moved, (level, tensor) -> words; what is not there is 0."""

    @abstractmethod
    def limits(self, z: Sizes, room: Room, **parameters) -> tuple[Constraint, ...]:
        """What must fit, capacity first."""

    @abstractmethod
    def working(self, z: Sizes, **parameters):
        """PEs that work at the busiest moment."""

    @abstractmethod
    def loops(self, z: Sizes, room: Room, **parameters) -> Layout:
        """The loops of its nest within a group, outermost first, and what the levels keep."""

    def candidates(self, z: Sizes, room: Room) -> Iterator[dict[str, np.ndarray]]:
        """Give grids of parameters that a search tries: all whole numbers up to the layer's largest size.

        A dataflow of your own may give fewer, and leave out what cannot be the best. Those of the six are in
        mapper/candidates.py.

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

        Those of the six are in differences.py.
        """
        return ()

    def published(self, shape: LayerShape, parameters: Mapping) -> dict[tuple[str, Tensor], np.ndarray]:
        """Give the words moved, by the closed form that the paper prints.

        shape       any LayerShape; the ifmap is taken as stored with its padding, groups one after another
        parameters  name -> whole number, or array of them
        returns     (level, tensor) -> words, for DRAM, GLB, NoC and RF, each charged once, at the level it
                    is read from or written to on the DRAM side
        raises      CourseError if a parameter is missing, unknown, or not a whole number from 1 on
        source      Chen, Emer and Sze, ISCA 2016, equations 3 and 4 and their account for each dataflow
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
        holds = [need <= have for _, need, have in self.constraints(shape, parameters, room)]
        return np.logical_and.reduce(np.broadcast_arrays(*holds))

    def active_pes(self, shape: LayerShape, parameters: Mapping):
        """Give the PEs that work at the busiest moment. Arguments as in published."""
        return self.working(Sizes.of(shape), **self._checked(parameters))

    def nest(self, shape: LayerShape, parameters: Mapping[str, int], room: Room | None = None) -> Nest:
        """Give the loop nest that moves its words as the account says.

        shape, parameters  as in published; whole numbers, no arrays
        room               what the nest may use where the parameters leave a choice; by default no limit
        returns            Nest, its groups outermost
        raises             CourseError as published does; MappingError as Nest does
        """
        z, values = Sizes.of(shape), self._checked(parameters)
        loops, keeps = self.loops(z, room or UNLIMITED, **values)
        kept = {level: {str(tensor) for tensor in tensors} for level, tensors in keeps.items()}
        return Nest(shape, [("G", 1, "DRAM"), *loops], kept)

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
