"""count: the same numbers as walk, in closed form."""

from collections.abc import Iterator, Sequence
from math import prod

from cnnhw.counts.axes import Copy, Index, axes_of
from cnnhw.counts.counts import TENSORS, Access, Counts, Noc
from cnnhw.counts.fits import check_fits
from cnnhw.counts.moments import turns
from cnnhw.counts.sliding import Sliding
from cnnhw.counts.sums import Sums, product
from cnnhw.machine import Machine
from cnnhw.nest import DIMS, Loop, Nest
from cnnhw.nest.cuts import first_length, lengths, pieces

ARRAY = ("ROWS", "COLS")


def count(nest: Nest, machine: Machine) -> Counts:
    """Count what a nest moves on a machine, exactly, without walking through it.

    nest     the mapping of a layer
    machine  what it runs on
    returns  Counts, equal to walk(nest, machine) in every number. Each loop outside a level contributes one
             product of sums along single axes, for all the moments at which it advances
    raises   CapacityError if the nest needs more PEs, or larger memories, than the machine has
    source   docs/design.md, "Why a closed form exists"

    >>> from cnnhw import LayerShape
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)          # 3 psums of 3 products
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])     # a window that slides over one row
    >>> count(nest, Machine.unbounded())["GLB", "ifmap"].reads    # 3 words, then 1 and 1
    5
    """
    check_fits(nest, machine)
    moved = _Moved(nest, machine)
    for tensor in TENSORS:
        for level in ("GLB", "RF"):
            if tensor in nest.keeps[level]:
                moved.kept(level, tensor)
        if tensor not in nest.keeps["RF"]:
            moved.fetched(tensor)
    cuts, spatial = nest.cuts_outside("RF"), nest.cuts(*ARRAY)
    at_work = [_at_work(nest.sizes[dim], cuts[dim], spatial[dim]) for dim in DIMS]
    return Counts(
        by={key: Access(**sides) for key, sides in moved.by.items()}, noc=moved.noc, macs=nest.shape.macs,
        cycles=prod(steps for steps, _ in at_work), active_pes=prod(pes for _, pes in at_work),
        stores_padding=machine.stores_padding, first_psum=machine.first_psum,
    )  # fmt: skip


class _Moved:
    """The numbers of a nest, as they are found."""

    def __init__(self, nest: Nest, machine: Machine):
        self.nest, self.machine = nest, machine
        self.by = {(level, tensor): {} for level in ("DRAM", "GLB", "RF") for tensor in TENSORS}
        self.noc = {}

    def kept(self, level: str, tensor: str) -> None:
        """Add what a tensor moves because a level keeps it."""
        total = list(_changes(self.nest, self.machine, level, tensor))
        wanted = sum(sums.wanted - sums.held for sums in total)
        if tensor == "psum":
            self._psums(level, wanted, sum(sums.union - sums.stays for sums in total))
        else:
            self._words(level, tensor, wanted, sum(sums.union - sums.settled for sums in total))
        if level == "RF":
            self._macs(tensor, wanted)

    def fetched(self, tensor: str) -> None:
        """Add what a tensor moves because no PE keeps it: every step fetches it anew."""
        wanted, union = _step_sums(self.nest, self.machine, tensor)
        if tensor == "psum":
            self._psums("step", wanted, union)
        else:
            self._words("step", tensor, wanted, union)

    def _words(self, level: str, tensor: str, wanted: int, union: int) -> None:
        self._add(self._outer(level, tensor), tensor, reads=union)
        if level != "step":
            self._add(level, tensor, fills=wanted)
        if level != "GLB":
            self.noc[tensor] = Noc(deliveries=wanted)

    def _psums(self, level: str, pieces: int, visits: int) -> None:
        """Every visit of a psum ends with an update outside; all but the first begin with a read there."""
        back = visits if self.machine.first_psum == "read" else visits - self.nest.shape.ofmap_words
        self._add(self._outer(level, "psum"), "psum", reads=back, updates=visits)
        if level != "step":
            self._add(level, "psum", fills=back, drains=pieces)
        if level != "GLB":
            self.noc["psum"] = Noc(deliveries=back, hops=pieces - visits)

    def _macs(self, tensor: str, started: int) -> None:
        """Add the words that MACs read and write in the RF of their PE."""
        macs = self.nest.shape.macs
        if tensor == "psum":  # a piece that was not delivered starts with nothing to read
            self._add("RF", tensor, reads=macs - (started - self.by["RF", tensor]["fills"]), updates=macs)
        elif tensor == "ifmap":  # padding is not read unless it is stored
            self._add("RF", tensor, reads=_step_sums(self.nest, self.machine, tensor)[0])
        else:
            self._add("RF", tensor, reads=macs)

    def _outer(self, level: str, tensor: str) -> str:
        in_glb = level != "GLB" and tensor in self.nest.keeps["GLB"]
        return "GLB" if in_glb else "DRAM"

    def _add(self, level: str, tensor: str, **sides: int) -> None:
        numbers = self.by[level, tensor]
        for side, value in sides.items():
            numbers[side] = numbers.get(side, 0) + value


def _changes(nest: Nest, machine: Machine, level: str, tensor: str) -> Iterator[Sums]:
    """Give the words of a tensor as a level's tiles change: at first, and for each loop outside."""
    outside, axes = nest.outside(level), axes_of(nest, machine, tensor, ARRAY if level == "RF" else ())
    cuts = nest.cuts_outside(level)
    yield product(axis.filled([cuts[dim] for dim in axis.dims]) for axis in axes)
    moved = [_moved(axis, outside) for axis in axes]
    for number in range(len(outside)):
        yield product(sums[number] for sums in moved)


def _moved(axis: Index | Copy | Sliding, outside: Sequence[Loop]) -> list[Sums]:
    """Sum along one axis for each loop outside; loops that look the same from the axis are summed once."""
    known, moved = {}, []
    for own in zip(*(turns(outside, dim) for dim in axis.dims), strict=True):
        if own not in known:
            known[own] = axis.moved(own)
        moved.append(known[own])
    return moved


def _step_sums(nest: Nest, machine: Machine, tensor: str) -> tuple[int, int]:
    """Give the words that PEs want in a step, and those that any PE wants, summed over all steps."""
    cuts = nest.cuts_outside("RF")
    fetched = [
        axis.fetched([cuts[dim] for dim in axis.dims]) for axis in axes_of(nest, machine, tensor, ARRAY)
    ]
    return prod(wanted for wanted, _ in fetched), prod(union for _, union in fetched)


def _at_work(size: int, cuts: Sequence[int], spatial: Sequence[int]) -> tuple[int, int]:
    """Give the steps along a dim, all done by the PE with the first chunks, and the PEs along it."""
    chunks = lengths(size, cuts)
    steps = sum(first_length(length, spatial) * often for length, often in chunks.items())
    return steps, pieces(max(chunks), spatial)
