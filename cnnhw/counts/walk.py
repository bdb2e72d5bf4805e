"""walk: counts by moving tiles about as sets of words. Slow, and short enough to see that it is right."""

from collections import Counter
from itertools import product

from cnnhw.counts.counts import TENSORS, Access, Counts, Noc
from cnnhw.counts.fits import check_fits
from cnnhw.machine import Machine
from cnnhw.nest import Nest


def walk(nest: Nest, machine: Machine) -> Counts:
    """Count by walking through every step of a nest with the tiles in hand.

    nest     the mapping of a layer
    machine  what it runs on
    returns  Counts, equal to count(nest, machine) in every number
    raises   CapacityError if the nest needs more PEs, or larger memories, than the machine has

    Meant for small layers: it takes time and memory for every MAC.

    >>> from cnnhw import LayerShape
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)          # 3 psums of 3 products
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])     # a window that slides over one row
    >>> walk(nest, Machine.unbounded())["GLB", "ifmap"].reads     # 3 words, then 1 and 1
    5
    """
    check_fits(nest, machine)
    walker = _Walker(nest, machine)
    whole = {dim: (0, size) for dim, size in nest.sizes.items()}
    for _, in_glb in _cut(nest.at("DRAM"), whole):
        walker.move("GLB", {(): in_glb})
        for _, in_array in _cut(nest.at("GLB"), in_glb):
            pes = dict(_cut(nest.at("ROWS", "COLS"), in_array))
            walker.move("RF", pes)
            steps = {}
            for pe, in_pe in pes.items():
                for step, one_mac in _cut(nest.at("RF"), in_pe):
                    steps.setdefault(step, {})[pe] = one_mac
            for macs in steps.values():
                walker.step(macs)
    walker.move("RF", {})
    walker.move("GLB", {})
    return walker.counts()


def _cut(loops, ranges):
    """Yield the indices and the ranges of every iteration of some loops, in order."""
    if not loops:
        yield (), ranges
        return
    start, end = ranges[loops[0].dim]
    for index, low in enumerate(range(start, end, loops[0].step)):
        chunk = {loops[0].dim: (low, min(low + loops[0].step, end))}
        for indices, inner in _cut(loops[1:], ranges | chunk):
            yield (index, *indices), inner


class _Walker:
    """What every instance of every level holds, and the numbers so far."""

    def __init__(self, nest: Nest, machine: Machine):
        self.nest, self.machine = nest, machine
        self.held = {}  # (level, tensor) -> instance -> set of words
        self.visited = {level: set() for level in ("GLB", "RF")}  # psums that were there before
        self.seen = Counter()
        self.cycles, self.macs, self.active = 0, 0, 0

    def move(self, level: str, ranges_of):
        """Change the tiles of a level; of the tensors the RF does not keep nothing stays in the PEs."""
        for tensor in TENSORS:
            if tensor in self.nest.keeps[level]:
                tiles = {at: self.touched(tensor, ranges) for at, ranges in ranges_of.items()}
                self.change(level, tensor, tiles)

    def step(self, macs):
        """Do one step: at most one MAC in each PE."""
        self.cycles, self.macs, self.active = (
            self.cycles + 1,
            self.macs + len(macs),
            max(self.active, len(macs)),
        )
        for tensor in TENSORS:
            tiles = {at: self.touched(tensor, ranges) for at, ranges in macs.items()}
            if tensor in self.nest.keeps["RF"]:
                self.seen["RF", tensor, "reads"] += sum(map(len, tiles.values()))
                self.seen["RF", tensor, "updates"] += len(macs) if tensor == "psum" else 0
            else:
                self.change("RF", tensor, tiles)
                self.change("RF", tensor, {})

    def change(self, level: str, tensor: str, new):
        """Pass from the tiles that the instances of a level hold to new ones."""
        old = self.held.get((level, tensor), {})
        self.held[level, tensor] = new
        kept = level == "GLB" or tensor in self.nest.keeps["RF"]
        outer = "GLB" if level == "RF" and tensor in self.nest.keeps["GLB"] else "DRAM"
        arrives = {at: tile - old.get(at, set()) for at, tile in new.items()}
        if tensor != "psum":
            delivered = sum(map(len, arrives.values()))
            self.seen[outer, tensor, "reads"] += len(set().union(*arrives.values()))
        else:
            before, after = set().union(*old.values()), set().union(*new.values())
            pieces_out = sum(len(tile - new.get(at, set())) for at, tile in old.items())
            back = after - before
            if self.machine.first_psum == "zero":
                back &= self.visited[level]
            self.visited[level] |= after
            self.seen[outer, tensor, "updates"] += len(before - after)
            self.seen[outer, tensor, "reads"] += len(back)
            delivered = len(back)
            if level == "RF":
                self.seen["hops"] += pieces_out - len(before - after)
                if kept:  # a piece that starts with nothing has nothing to read
                    self.seen["RF", tensor, "reads"] -= sum(map(len, arrives.values())) - len(back)
            self.seen[level, tensor, "drains"] += pieces_out if kept else 0
        self.seen[level, tensor, "fills"] += delivered if kept else 0
        self.seen[tensor, "deliveries"] += delivered if level == "RF" else 0

    def touched(self, tensor: str, ranges) -> set:
        """Give the words of a tensor that the MACs of some ranges touch."""
        n, g, m, c, e, f, r, s = (range(*ranges[dim]) for dim in "NGMCEFRS")
        if tensor == "filter":
            return set(product(g, m, c, r, s))
        if tensor == "psum":
            return set(product(n, g, m, e, f))
        shape = self.nest.shape
        rows = {shape.U * row + tap - shape.P for row, tap in product(e, r)}
        columns = {shape.U * column + tap - shape.P for column, tap in product(f, s)}
        if not self.machine.stores_padding:
            rows, columns = rows & set(range(shape.H)), columns & set(range(shape.W))
        return set(product(n, g, c, rows, columns))

    def counts(self) -> Counts:
        """Put the numbers together."""
        by = {
            (level, tensor): Access(
                *(self.seen[level, tensor, side] for side in ("reads", "updates", "fills", "drains"))
            )
            for level in ("DRAM", "GLB", "RF")
            for tensor in TENSORS
        }
        noc = {
            tensor: Noc(self.seen[tensor, "deliveries"], self.seen["hops"] * (tensor == "psum"))
            for tensor in TENSORS
        }
        options = {"stores_padding": self.machine.stores_padding, "first_psum": self.machine.first_psum}
        return Counts(by=by, noc=noc, macs=self.macs, cycles=self.cycles, active_pes=self.active, **options)
