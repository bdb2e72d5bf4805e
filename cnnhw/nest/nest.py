"""Nest: the whole mapping of a layer, as one list of loops."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from types import MappingProxyType

from cnnhw.machine.hierarchy import AXES, Hierarchy
from cnnhw.nest.cuts import first_length
from cnnhw.nest.keeps import checked_keeps, kept_at
from cnnhw.nest.loop import DIMS, Loop, MappingError, place_name
from cnnhw.nest.places import in_order, told_by
from cnnhw.nest.source import python_source
from cnnhw.nest.stationary import stays
from cnnhw.nest.touched import INDICES, most_positions, sizes
from cnnhw.shape import LayerShape, Tensor


@dataclass(frozen=True, repr=False)
class Nest:
    """One loop nest that says where and when every MAC of a layer happens.

    shape   the layer
    loops   outermost first: first those at DRAM, then GLB, then ROWS and COLS in any mix, then RF. Each cuts
            the range that the loops outside left for its dim; the innermost chunk of every dim is 1, so a dim
            larger than 1 needs a loop of step 1. Loops on ROWS and COLS run at once, one chunk for each PE
    keeps   which tensors each level keeps, by default GLB ifmap and psum, every other one all; a level that
            is not named keeps nothing. The outermost level keeps everything
    hierarchy  the order of levels and arrays. Left out, it is the usual one if the places are its; a nest
            with other places learns it from its machine: count does it, and so does nest.on(machine)
    raises  MappingError if the loops do not do every MAC exactly once, or are out of order; ShapeError never

    Nothing needs to divide evenly: 5 rows in strips of 2 are strips of 2, 2 and 1.

    >>> shape = LayerShape(M=2, C=1, H=7, W=3, R=3)
    >>> strips = [("E", 2, "DRAM"), ("M", 1, "GLB")]
    >>> nest = Nest(shape, [*strips, ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")])
    >>> nest.rows, nest.cols, nest.tile_words("GLB", "ifmap")        # a strip reads 4 rows of 3 words
    (3, 2, 12)
    """

    shape: LayerShape
    loops: tuple[Loop, ...]
    keeps: Mapping[str, frozenset[str]] | None = None
    hierarchy: Hierarchy | None = None

    def __post_init__(self):
        if not isinstance(self.shape, LayerShape):
            raise MappingError(
                "a nest is for a LayerShape", f"{self.shape!r}", "give the layer first: Nest(shape, loops)"
            )
        loops = tuple(_as_loop(loop) for loop in _listed(self.loops))
        said = None if self.keeps is None else checked_keeps(self.keeps)
        hierarchy = self.hierarchy or told_by([*(said or {}), *(loop.where for loop in loops)])
        object.__setattr__(self, "_said", said)  # what the next machine is told, see on()
        object.__setattr__(self, "hierarchy", hierarchy)
        object.__setattr__(self, "loops", loops if hierarchy is None else in_order(loops, hierarchy))
        object.__setattr__(self, "keeps", MappingProxyType(kept_at(hierarchy, said)))
        self._check_every_mac()

    def on(self, machine) -> "Nest":
        """Give the same nest in the order of a machine's levels and arrays.

        machine  a Machine; its hierarchy is what counts
        raises   MappingError if a loop or a keep names no place of it, or the loops are out of order

        >>> from cnnhw.machine import Array, Level, Machine
        >>> nest = Nest(LayerShape(M=2, C=1, H=1, R=1), [("M", 1, ("tiles", "COLS"))])
        >>> machine = Machine.of([Level("DRAM"), Array("tiles"), Level("local"), Array("lanes")])
        >>> nest.on(machine).taken("tiles"), nest.on(machine).keeper("MAC", "psum")
        ((1, 2), 'local')
        """
        if machine.hierarchy == self.hierarchy:
            return self
        return Nest(self.shape, self.loops, self._said, machine.hierarchy)

    def __hash__(self):
        return hash(
            (self.shape, self.loops, tuple(sorted((k, tuple(sorted(v))) for k, v in self.keeps.items())))
        )

    @property
    def order(self) -> Hierarchy:
        """The hierarchy.

        raises  MappingError if the nest does not know it yet
        """
        if self.hierarchy is None:
            raise MappingError(
                "a nest with places of its own knows their order from its machine",
                f"loops at {', '.join(dict.fromkeys(place_name(loop.where) for loop in self.loops))}",
                "use nest.on(machine)",
            )
        return self.hierarchy

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Size of each dim; M and C within a group."""
        return sizes(self.shape)

    @cached_property
    def pieces(self) -> tuple[int, ...]:
        """The most chunks that each loop makes at a time, in the order of the loops.

        >>> Nest(LayerShape.fc(M=20, C=1), [("M", 7, "DRAM"), ("M", 4, "RF"), ("M", 1, "RF")]).pieces
        (3, 2, 4)
        """
        left, found = dict(self.sizes), []
        for loop in self.loops:
            found.append(-(-left[loop.dim] // loop.step))
            left[loop.dim] = min(left[loop.dim], loop.step)
        return tuple(found)

    @property
    def is_usual(self) -> bool:
        """Whether it is on the course's hierarchy: DRAM, GLB, one array, RF."""
        return self.hierarchy is not None and self.hierarchy.usual

    @property
    def rows(self) -> int:
        """Rows it takes on the one array; 1 where there is none."""
        return self._alone(AXES[0])

    @property
    def cols(self) -> int:
        """Columns it takes on the one array; 1 where there is none."""
        return self._alone(AXES[1])

    def taken(self, array: str) -> tuple[int, int]:
        """Give the rows and columns it takes on an array.

        array  its name
        """
        rows, cols = self.order.axes(array)
        return self._taken(rows), self._taken(cols)

    def taken_in_words(self, array: str) -> str:
        """Give the same as text: "3 x 2 PEs", or with the name of one of several arrays.

        array  its name
        """
        rows, cols = self.taken(array)
        return f"{rows} x {cols} {'PEs' if len(self.order.arrays) == 1 else array}"

    def at(self, *where) -> tuple[Loop, ...]:
        """Give the loops that run at these places, outermost first.

        where  levels, or axes of arrays, such as DRAM, GLB, ROWS, COLS, RF
        """
        return tuple(loop for loop in self.loops if loop.where in where)

    def outside(self, level: str) -> tuple[Loop, ...]:
        """Give the loops in time outside a level: when one of them advances, the level's tiles change.

        level  its name, or "MAC" for all loops in time
        """
        return self.at(*self.order.outside(level))

    def cuts(self, *where: str) -> dict[str, tuple[int, ...]]:
        """Give, for each dim, the steps that cut it at these places, outermost first."""
        found = {dim: () for dim in DIMS}
        for loop in self.loops:
            if loop.where in where:
                found[loop.dim] += (loop.step,)
        return found

    def cuts_outside(self, level: str) -> dict[str, tuple[int, ...]]:
        """Give, for each dim, the steps of the loops in time that run outside a level, outermost first."""
        return self.cuts(*self.order.outside(level))

    def kept_by(self, tensor: str) -> tuple[str, ...]:
        """Name the levels that keep a tensor, from the outermost inwards."""
        inner = (level for level in self.order.levels[1:] if tensor in self.keeps[level])
        return (self.order.outermost, *inner)

    def keeper(self, level: str, tensor: str) -> str:
        """Name the level that serves another one: the nearest outside it that keeps the tensor.

        level   its name, or "MAC" for who serves the MACs
        tensor  "ifmap", "filter" or "psum"
        raises  MappingError for the outermost level, which nobody serves

        >>> Nest(LayerShape(M=1, C=1, H=1, R=1), [], {"RF": {"psum"}}).keeper("RF", "psum")
        'DRAM'
        """
        outside = [name for name in self.kept_by(tensor) if name in self.order.outside(level)]
        if not outside:
            raise MappingError(
                "a level is served by one outside it",
                f"{level!r} of {self.order}",
                'ask for a level further inside, or "MAC"',
            )
        return outside[-1]

    def stationary(self) -> dict[str, dict[str, int]]:
        """Name what stays where, and for how long: "which dataflow is this?".

        returns  level -> tensor -> how many passes of the level, one after the other, its first tile stays
                 for; under "MAC", how many steps a PE works on its first word for. Only what stays is named.
                 A window that slides keeps some of its words, and is not named

        >>> row = LayerShape(M=2, C=1, H=1, W=9, R=1, S=3)
        >>> nest = Nest(row, [("M", 1, "RF"), ("S", 1, "RF"), ("F", 1, "RF")])
        >>> nest.stationary()                                       # a weight for 7 windows
        {'MAC': {'filter': 7}}
        """
        return stays(self.loops, self.sizes, self.order, self.keeps)

    def tile_words(self, level: str, tensor: str, stores_padding: bool = False) -> int:
        """Give the words of a tensor's largest tile at a level, whether the level keeps it or not.

        level           its name; inside an array the tile is that of one position
        tensor          "ifmap", "filter" or "psum"
        stores_padding  whether the zeros around the image are words too
        returns         words touched by that level's loops and those inside, in one iteration of the others
        raises          MappingError for another level or tensor
        """
        order = self.order
        last = (" or " if order.levels[1:] else "") + order.levels[-1]
        if level not in order.levels or tensor not in list(INDICES):
            raise MappingError(
                f"a tile is of ifmap, filter or psum, at {', '.join(order.levels[:-1])}{last}",
                f"{tensor!r} at {level!r}",
                "use these names; an ofmap word is a psum that is finished",
            )
        cuts = self.cuts(*order.outside(level), *order.axes_of(order.arrays_outside(level)))
        words = 1
        for index in INDICES[Tensor(tensor)]:
            if isinstance(index, tuple):
                words *= most_positions(self.shape, cuts, index, stores_padding)
            else:
                words *= first_length(self.sizes[index], cuts[index])
        return words

    def python(self) -> str:
        """Give the loop nest as Python source: a function conv(ifmap, filters) that returns the ofmap.

        returns  source that needs only NumPy. It multiplies in the words' own type, so give it words that
                 are wide enough for the products
        """
        return python_source(self.shape, self.loops, self.sizes)

    def __str__(self) -> str:
        return self.python()

    def __repr__(self) -> str:
        told = "; ".join(
            f"{level} keeps {', '.join(sorted(tensors)) or 'nothing'}"
            for level, tensors in self.keeps.items()
        )
        lines = [f"  {place_name(loop.where):<4}  {loop.dim} in chunks of {loop.step}" for loop in self.loops]
        return "\n".join([f"Nest{self._on_arrays()}; {told}", *lines])

    def _on_arrays(self) -> str:
        if self.hierarchy is None:
            return ", of no machine yet"
        return "".join(f" on {self.taken_in_words(array)}" for array in self.hierarchy.arrays)

    def _alone(self, axis: str) -> int:
        if len(self.order.arrays) > 1:
            raise MappingError(
                "a machine of several arrays has rows and columns of each",
                f"{', '.join(self.order.arrays)}",
                f'use nest.taken("{self.order.arrays[0]}")',
            )
        return self._taken(axis)

    def _taken(self, axis) -> int:
        """Positions along one axis: the chunks of its loops, at most, multiplied."""
        return prod(
            number for loop, number in zip(self.loops, self.pieces, strict=True) if loop.where == axis
        )

    def _check_every_mac(self) -> None:
        for dim, size in self.sizes.items():
            left = first_length(size, [loop.step for loop in self.loops if loop.dim == dim])
            if left > 1:
                raise MappingError(
                    "the loops over a dim must cut it down to 1, so that every MAC is done exactly once",
                    f"{dim}={size} is left in chunks of {left}",
                    f'add a loop of step 1, such as Loop("{dim}", 1, "RF")',
                )


def _listed(loops) -> Iterable:
    if isinstance(loops, Loop) or not isinstance(loops, Iterable):
        raise MappingError(
            "a nest's loops are a list", f"{loops!r}", 'give a list such as [Loop("E", 1, "DRAM"), ...]'
        )
    return loops


def _as_loop(loop) -> Loop:
    if isinstance(loop, Loop):
        return loop
    if isinstance(loop, tuple) and len(loop) == 3:
        return Loop(*loop)
    raise MappingError("a loop says dim, step and where", f"{loop!r}", 'use Loop("E", 7, "DRAM")')
