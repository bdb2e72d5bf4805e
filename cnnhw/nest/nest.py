"""Nest: the whole mapping of a layer, as one list of loops."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from cnnhw.nest.cuts import first_length, most_pieces
from cnnhw.nest.loop import DIMS, Loop, MappingError, Where
from cnnhw.nest.source import python_source
from cnnhw.nest.touched import INDICES, most_positions, sizes
from cnnhw.shape import LayerShape, Tensor

KEEPS = {"GLB": frozenset({"ifmap", "psum"}), "RF": frozenset({"ifmap", "filter", "psum"})}
OUTSIDE = {"DRAM": (), "GLB": (Where.DRAM,), "RF": (Where.DRAM, Where.GLB)}


@dataclass(frozen=True, repr=False)
class Nest:
    """One loop nest that says where and when every MAC of a layer happens.

    shape   the layer
    loops   outermost first: first those at DRAM, then GLB, then ROWS and COLS in any mix, then RF. Each cuts
            the range that the loops outside left for its dim; the innermost chunk of every dim is 1, so a dim
            larger than 1 needs a loop of step 1. Loops on ROWS and COLS run at once, one chunk for each PE
    keeps   which tensors GLB and RF keep; the others pass by. DRAM keeps everything
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
    keeps: Mapping[str, frozenset[str]] = field(default_factory=lambda: KEEPS)

    def __post_init__(self):
        if not isinstance(self.shape, LayerShape):
            raise MappingError(
                "a nest is for a LayerShape", f"{self.shape!r}", "give the layer first: Nest(shape, loops)"
            )
        object.__setattr__(self, "loops", tuple(_as_loop(loop) for loop in _listed(self.loops)))
        object.__setattr__(self, "keeps", MappingProxyType(_as_keeps(self.keeps)))
        self._check_order()
        self._check_every_mac()

    def __hash__(self):
        return hash(
            (self.shape, self.loops, tuple(sorted((k, tuple(sorted(v))) for k, v in self.keeps.items())))
        )

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Size of each dim; M and C within a group."""
        return sizes(self.shape)

    @property
    def rows(self) -> int:
        """PE rows it takes."""
        return self._taken(Where.ROWS)

    @property
    def cols(self) -> int:
        """PE columns it takes."""
        return self._taken(Where.COLS)

    def at(self, *where: str) -> tuple[Loop, ...]:
        """Give the loops that run at these places, outermost first.

        where  any of DRAM, GLB, ROWS, COLS, RF
        """
        return tuple(loop for loop in self.loops if loop.where in where)

    def outside(self, level: str) -> tuple[Loop, ...]:
        """Give the loops in time outside a level: when one of them advances, the level's tiles change.

        level  "DRAM", "GLB" or "RF"
        """
        return self.at(*OUTSIDE[level])

    def cuts(self, *where: str) -> dict[str, tuple[int, ...]]:
        """Give, for each dim, the steps that cut it at these places, outermost first."""
        found = {dim: () for dim in DIMS}
        for loop in self.loops:
            if loop.where in where:
                found[loop.dim] += (loop.step,)
        return found

    def cuts_outside(self, level: str) -> dict[str, tuple[int, ...]]:
        """Give, for each dim, the steps of the loops in time that run outside a level, outermost first."""
        return self.cuts(*OUTSIDE[level])

    def kept_by(self, tensor: str) -> tuple[str, ...]:
        """Name the levels that keep a tensor, from DRAM inwards."""
        return ("DRAM", *(level for level in ("GLB", "RF") if tensor in self.keeps[level]))

    def tile_words(self, level: str, tensor: str, stores_padding: bool = False) -> int:
        """Give the words of a tensor's largest tile at a level, whether the level keeps it or not.

        level           "DRAM", "GLB", or "RF" for the tile of one PE
        tensor          "ifmap", "filter" or "psum"
        stores_padding  whether the zeros around the image are words too
        returns         words touched by that level's loops and those inside, in one iteration of the others
        raises          MappingError for another level or tensor
        """
        if level not in list(OUTSIDE) or tensor not in list(INDICES):
            raise MappingError(
                "a tile is of ifmap, filter or psum, at DRAM, GLB or RF",
                f"{tensor!r} at {level!r}",
                "use these names; an ofmap word is a psum that is finished",
            )
        outside = OUTSIDE[level] + ((Where.ROWS, Where.COLS) if level == "RF" else ())
        cuts = self.cuts(*outside)
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
        keeps = {level: set(sorted(tensors)) or "nothing" for level, tensors in self.keeps.items()}
        told = "; ".join(
            f"{level} keeps {', '.join(sorted(t)) if t != 'nothing' else t}" for level, t in keeps.items()
        )
        lines = [f"  {loop.where:<4}  {loop.dim} in chunks of {loop.step}" for loop in self.loops]
        return "\n".join([f"Nest on {self.rows} x {self.cols} PEs; {told}", *lines])

    def _taken(self, axis: Where) -> int:
        """PEs along one axis: the chunks of its loops, at most, multiplied."""
        taken = 1
        for dim in DIMS:
            loops = [loop for loop in self.loops if loop.dim == dim]
            most = most_pieces(self.sizes[dim], [loop.step for loop in loops])
            for loop, number in zip(loops, most, strict=True):
                taken *= number if loop.where is axis else 1
        return taken

    def _check_order(self) -> None:
        for outer, inner in zip(self.loops, self.loops[1:], strict=False):
            if outer.where.depth > inner.where.depth:
                raise MappingError(
                    "loops run from the outside in: DRAM, then GLB, then ROWS and COLS, then RF",
                    f"{outer!r} is followed by {inner!r}",
                    f"move the loop over {inner.dim} up, or place it at {outer.where} or further inside",
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


def _as_keeps(keeps) -> dict[str, frozenset[str]]:
    if not isinstance(keeps, Mapping):
        raise MappingError(
            "keeps says which tensors GLB and RF keep",
            f"keeps={keeps!r}",
            'use {"GLB": {"ifmap", "psum"}, "RF": {"psum"}}',
        )
    kept = {"GLB": frozenset(), "RF": frozenset()}
    for level, tensors in keeps.items():
        if level == "DRAM":
            continue  # it keeps everything, whatever is said
        listed = isinstance(tensors, Iterable) and not isinstance(tensors, str)
        names = list(tensors) if listed else [tensors]
        if level not in kept or any(name not in list(INDICES) for name in names):
            raise MappingError(
                "GLB and RF keep any of ifmap, filter and psum",
                f"{level!r}: {sorted(map(str, names))}",
                'use {"GLB": {"ifmap", "psum"}, "RF": {"psum"}}; an ofmap word is a psum that is finished',
            )
        kept[level] = frozenset(str(name) for name in names)
    return kept
