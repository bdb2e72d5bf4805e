"""walk: counts by moving tiles about as sets of words. Slow, and short enough to see that it is right."""

from collections import Counter
from itertools import product

from cnnhw.counts.counts import TENSORS, Access, Counts, Noc
from cnnhw.counts.fits import fitted
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import Nest, at_once

_CHOOSE = {"ifmap": "NGCEFRS", "filter": "GMCRS", "psum": "NGMEF"}  # the dims that choose words


def walk(nest: Nest, machine: Machine) -> Counts:
    """Count by walking through every step of a nest with the tiles in hand.

    nest     the mapping of a layer
    machine  what it runs on: any levels and arrays
    returns  Counts, equal to count(nest, machine) in every number
    raises   CapacityError if the nest needs more PEs, or larger memories, than the machine has; MappingError
             if it names places that the machine lacks

    Meant for small layers: it takes time and memory for every MAC.

    >>> from cnnhw import LayerShape
    >>> shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)          # 3 psums of 3 products
    >>> nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])     # a window that slides over one row
    >>> walk(nest, Machine.unbounded())["GLB", "ifmap"].reads     # 3 words, then 1 and 1
    5
    """
    walker = _Walker(fitted(nest, machine), machine)
    ranges = {level: dict(_instances(walker.nest, level)) for level in walker.stages}
    depth = {level: len(walker.nest.outside(level)) for level in walker.stages}
    before = None
    for step in sorted(ranges[MAC]):  # the indices of all loops in time, outermost first: one MAC in each PE
        outside = {level: step[: depth[level]] for level in walker.stages}
        news = {
            level: ranges[level][outside[level]]
            for level in walker.stages
            if level == MAC or before is None or outside[level] != before[level]
        }
        walker.change(news)
        walker.step(ranges[MAC][step])
        before = outside
    walker.change({level: {} for level in walker.stages})
    return walker.counts()


def _instances(nest: Nest, level: str):
    """Give, for each iteration of the loops in time outside a level, its instances and their ranges.

    An instance stands at one position of each array outside: array -> the indices of that array's loops.
    """
    arrays = nest.order.arrays_outside(level)
    places = (*nest.order.outside(level), *nest.order.axes_of(arrays))
    loops = nest.at(*places)
    in_time = [number for number, loop in enumerate(loops) if not at_once(loop.where)]
    axes = [nest.order.axes(array) for array in arrays]
    in_array = [[number for number, loop in enumerate(loops) if loop.where in own] for own in axes]
    found = {}
    for indices, ranges in _cut(loops, {dim: (0, size) for dim, size in nest.sizes.items()}):
        time = tuple(indices[number] for number in in_time)
        at = tuple(tuple(indices[number] for number in numbers) for numbers in in_array)
        found.setdefault(time, {})[at] = ranges
    return found


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
        self.stages = (*nest.order.levels[1:], MAC)
        self.groups = {
            (level, tensor): self._groups(level, tensor) for level in self.stages for tensor in TENSORS
        }
        self.held = {}  # (level, tensor) -> instance -> set of words
        self.summed = {}  # level -> instance -> psums that have a value there: others start from nothing
        self.seen = Counter()
        self.known = {}  # tensor and ranges -> words
        self.cycles, self.macs, self.active = 0, 0, 0

    def change(self, news):
        """Pass from the tiles that the instances of some levels hold to new ones."""
        moves = []
        for level, ranges_of in news.items():
            for tensor in TENSORS:
                if level == MAC or tensor in self.nest.keeps[level]:
                    old = {} if level == MAC and tensor != "psum" else self.held.get((level, tensor), {})
                    new = {at: self.touched(tensor, ranges) for at, ranges in ranges_of.items()}
                    moves.append((level, tensor, old, new))
                    self.held[level, tensor] = new
        for level, tensor, old, new in moves:
            if tensor != "psum":
                self.bring(level, tensor, old, new)
        psums = [(level, old, new) for level, tensor, old, new in moves if tensor == "psum"]
        for level, old, new in reversed(psums):  # what leaves goes outwards, from the inside on
            self.leave(level, old, {} if level == MAC else new)
        for level, old, new in psums:
            self.enter(level, {} if level == MAC else old, new)

    def bring(self, level, tensor, old, new):
        """Read what instances lack of a tensor: once for each group of them that is served together."""
        arrives = {at: tile - old.get(at, set()) for at, tile in new.items()}
        keeper, groups = self.groups[level, tensor]
        for name, depth in groups:
            words = sum(len(set().union(*group.values())) for group in _below(arrives, depth).values())
            self.seen[(keeper, tensor, "reads") if name == keeper else (name, tensor, "deliveries")] += words
        self.seen[level, tensor, "fills"] += sum(map(len, arrives.values()))

    def leave(self, level, old, new):
        """Hand psums outwards: piece to piece within a group, one update where the last one leaves it."""
        keeper, groups = self.groups[level, "psum"]
        pieces = sum(len(tile - new.get(at, set())) for at, tile in old.items())
        self.seen[level, "psum", "drains"] += pieces
        gone = []
        for name, depth in groups:
            gone.append(0)
            now = _below(new, depth)
            for at, group in _below(old, depth).items():
                words = set().union(*group.values()) - set().union(*now.get(at, {}).values())
                gone[-1] += len(words)
                if name == keeper:
                    self.seen[keeper, "psum", "updates"] += len(words)
                    self.summed.setdefault(keeper, {}).setdefault(at, set()).update(words)
        for (name, _), around, inside in zip(groups[1:], gone[:-1], gone[1:], strict=True):
            self.seen[name, "psum", "hops"] += inside - around
        for at, sums in self.summed.get(level, {}).items():
            sums &= new.get(at, set())

    def enter(self, level, old, new):
        """Read the psums that enter a group and have a value outside, or a zero: one instance gets it."""
        keeper, groups = self.groups[level, "psum"]
        depth, before = groups[0][1], _below(old, groups[0][1])
        for at, group in _below(new, depth).items():
            entering = set().union(*group.values()) - set().union(*before.get(at, {}).values())
            summed = self.summed.get(keeper, {}).get(at, set())
            back = entering if self.machine.reads_first(keeper) else entering & summed
            self.seen[keeper, "psum", "reads"] += len(back)
            for name, _ in groups[1:]:
                self.seen[name, "psum", "deliveries"] += len(back)
            self.seen[level, "psum", "fills"] += len(back)
            for word in back:
                first = next(instance for instance in sorted(group) if word in group[instance])
                self.summed.setdefault(level, {}).setdefault(first, set()).add(word)

    def _groups(self, level, tensor):
        """Name who serves a level, and the groups of its instances: below each instance of that keeper,
        and below each position of each array between. A group is the instances that begin alike: a depth."""
        order, keeper = self.nest.order, self.nest.keeper(level, tensor)
        outer, inner = len(order.arrays_outside(keeper)), order.arrays_outside(level)
        between = [(name, outer + number + 1) for number, name in enumerate(inner[outer:])]
        return keeper, [(keeper, outer), *between]

    def step(self, macs):
        """Do one step: at most one MAC in each PE. What it needs was counted as it came."""
        self.cycles, self.macs, self.active = (
            self.cycles + 1, self.macs + len(macs), max(self.active, len(macs)),
        )  # fmt: skip

    def touched(self, tensor: str, ranges) -> set:
        """Give the words of a tensor that the MACs of some ranges touch, found once."""
        key = tensor, *(ranges[dim] for dim in _CHOOSE[tensor])
        if key not in self.known:
            self.known[key] = self.words(tensor, ranges)
        return self.known[key]

    def words(self, tensor: str, ranges) -> set:
        """Find those words."""
        n, g, m, c, e, f, r, s = (range(*ranges[dim]) for dim in "NGMCEFRS")
        if tensor == "filter":
            return set(product(g, m, c, r, s))
        if tensor == "psum":
            return set(product(n, g, m, e, f))
        shape = self.nest.shape
        rows = {shape.rows.at(row, tap) for row, tap in product(e, r)}
        columns = {shape.columns.at(column, tap) for column, tap in product(f, s)}
        if not self.machine.stores_padding:
            rows, columns = rows & set(range(shape.H)), columns & set(range(shape.W))
        return set(product(n, g, c, rows, columns))

    def counts(self) -> Counts:
        """Put the numbers together."""
        order = self.nest.order
        sides = ("reads", "updates", "fills", "drains")
        by = {
            (level, tensor): Access(*(self.seen[level, tensor, side] for side in sides))
            for level in order.levels
            for tensor in TENSORS
        }
        arrays = {
            (array, tensor): Noc(*(self.seen[array, tensor, what] for what in ("deliveries", "hops")))
            for array in order.arrays
            for tensor in TENSORS
        }
        options = {"stores_padding": self.machine.stores_padding, "first_psum": self.machine.first_visits}
        return Counts(
            by=by, arrays=arrays, macs=self.macs, cycles=self.cycles, active_pes=self.active, **options
        )


def _below(tiles, depth):
    """Group instances by their positions in the outer arrays, so many of them."""
    groups = {}
    for at, tile in tiles.items():
        groups.setdefault(at[:depth], {})[at] = tile
    return groups
