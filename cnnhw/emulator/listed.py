"""The engine for any list of levels and arrays: every instance holds words with values, and hands them on.

It moves one word at a time, and knows nothing of sets that are counted: a psum that was lost, or added twice,
shows in the ofmap.
"""

import numpy as np

from cnnhw.emulator.door import Job
from cnnhw.emulator.order import iterations, whole
from cnnhw.emulator.tally import Tally, link_of
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import at_once
from cnnhw.nest.touched import window
from cnnhw.timing import Book

TENSORS = ("ifmap", "filter", "psum")
Place = tuple[tuple[int, ...], ...]  # of an instance: for each array outside it, the indices of its loops


class ListedArray:
    """The memories of a machine made from a list, and what moves between them.

    job  what runs

    `held` is (level, tensor) -> place -> word -> value. A piece of a psum whose value is None starts from
    nothing: it was not delivered, and nothing has come back from further inside.
    """

    def __init__(self, job: Job):
        self.job, self.nest, self.order = job, job.nest, job.nest.order
        self.stages = (*self.order.levels[1:], MAC)
        self.tally, self.book = Tally(), Book(self.order)
        shape, groups = job.nest.shape, (job.nest.shape.N, job.nest.shape.G)
        self._ifmap = job.ifmap.reshape(*groups, -1, shape.H, shape.W)
        self._filters = job.filters.reshape(shape.G, -1, *job.filters.shape[1:])
        self._starts = job.start.reshape(*groups, -1, shape.E, shape.F)
        self._image = {
            dims: window(shape, dims, job.machine.stores_padding) for dims in (("E", "R"), ("F", "S"))
        }
        self.held = {(level, tensor): {} for level in self.stages for tensor in TENSORS}
        self._had = {}  # level -> psums that each group of its instances held before the tiles changed
        self._joined = {}  # (level, place, word) -> sums that hopped to a piece: added as it leaves

    def run(self) -> None:
        """Run the whole nest: steps in order, and in each what leaves, what comes, and a MAC in each PE."""
        self._fill_outermost()
        blocks = {level: self._blocks(level) for level in self.stages}
        before = dict.fromkeys(self.stages)
        for step in sorted(blocks[MAC]):
            now = {level: step[: len(self.nest.outside(level))] for level in self.stages}
            turned = [level for level in self.stages if level == MAC or now[level] != before[level]]
            self._move({level: blocks[level][now[level]] for level in turned})
            self.book.step()
            self._macs(blocks[MAC][step])
            before = now
        self._move({level: {} for level in self.stages})

    def ofmap(self) -> np.ndarray:
        """Give the sums at the outermost level, (N, M, E, F)."""
        psums = np.empty_like(self._starts)
        for word, value in self.held[self.order.outermost, "psum"][()].items():
            psums[word] = value
        return psums.reshape(self.job.start.shape)

    def _fill_outermost(self) -> None:
        """Put all words where everything is kept; psums are there only if the run starts from them."""
        stored = self.job.machine.reads_first(self.order.outermost)
        sums = {word: value if stored else None for word, value in np.ndenumerate(self._starts)}
        self.held[self.order.outermost, "psum"] = {(): sums}
        for tensor in TENSORS[:2]:
            words = self._touched(tensor, whole(self.nest))
            self.held[self.order.outermost, tensor] = {
                (): {word: self._value(tensor, word) for word in words}
            }

    def _blocks(self, level: str) -> dict[tuple[int, ...], dict[Place, dict]]:
        """For each iteration of the loops in time outside a level: place of an instance -> its ranges."""
        arrays = self.order.arrays_outside(level)
        loops = self.nest.at(*self.order.outside(level), *self.order.axes_of(arrays))
        blocks = {}
        for numbers, block in iterations(loops, whole(self.nest)):
            numbered = list(zip(loops, numbers, strict=True))
            time = tuple(number for loop, number in numbered if not at_once(loop.where))
            place = tuple(
                tuple(number for loop, number in numbered if loop.where in self.order.axes(array))
                for array in arrays
            )
            blocks.setdefault(time, {})[place] = block
        return blocks

    def _move(self, blocks) -> None:
        """Let tiles change: psums leave, inner levels first; then words come, outer levels first."""
        tiles = {
            (level, tensor): {place: self._touched(tensor, block) for place, block in of_places.items()}
            for level, of_places in blocks.items()
            for tensor in TENSORS
            if level == MAC or tensor in self.nest.keeps[level]
        }
        changing = [level for level in self.stages[:-1] if (level, "psum") in tiles]
        self._psums_leave(MAC, {})  # these still belong to the pass that ends
        self.book.turn([level for level in blocks if level != MAC])
        for level in reversed(changing):
            self._psums_leave(level, tiles[level, "psum"])
        for (level, tensor), new in tiles.items():
            if tensor == "psum":
                self._psums_come(level, new)
            else:
                self._words_come(level, tensor, new)

    def _words_come(self, level: str, tensor: str, new) -> None:
        """Fetch what instances lack; a word is read once for all below an instance that serves."""
        keeper, outer, arrays = self._road(level, tensor)
        old = {} if level == MAC else self.held[level, tensor]
        sent = set()  # on the way in, by the part of the network it passes
        held = {}
        for place, words in new.items():
            source = self.held[keeper, tensor][place[:outer]]
            held[place] = {word: old.get(place, {}).get(word) for word in words}
            for word in (word for word, value in held[place].items() if value is None):
                held[place][word] = source[word]
                self.tally[level, tensor, "fills"] += 1
                sent.add((keeper, place[:outer], word))
                sent |= {(array, place[: outer + depth + 1], word) for depth, array in enumerate(arrays)}
        for name, at, _ in sent:
            both = (name, tensor, "reads") if name == keeper else (self._link(name), tensor, "deliveries")
            self.tally[both] += 1
            self.book.note(level, name, tensor, False, at if name == keeper else at[:-1])
        self.held[level, tensor] = held

    def _psums_leave(self, level: str, new) -> None:
        """Hand on the pieces that instances do not hold next: to another instance, or outwards."""
        keeper, outer, arrays = self._road(level, "psum")
        leaving: dict[tuple, list] = {}
        held = self.held[level, "psum"]
        self._had[level] = {(place[:outer], word) for place, psums in held.items() for word in psums}
        for place, psums in held.items():
            gone = [word for word in psums if word not in new.get(place, ())]
            self.tally[level, "psum", "drains"] += len(gone)
            for word in gone:
                joined = self._joined.pop((level, place, word), [])
                leaving[place, word] = [psums.pop(word), *joined]
        for depth in range(len(arrays), 0, -1):
            array, out = arrays[depth - 1], {}
            wanted = self._holders(new, outer + depth - 1)
            for (place, word), values in leaving.items():  # one sum from each position of the array
                around = place[: outer + depth - 1], word
                # Of those that leave together the first has none to join.
                if around in wanted or around in out:
                    self.tally[self._link(array), "psum", "hops"] += 1
                    self.book.note(level, array, "psum", True, around[0])
                if around in wanted:
                    self._joined.setdefault((level, *wanted[around]), []).append(self._sum(values))
                else:
                    out.setdefault(around, []).append(self._sum(values))
            leaving = out
        for (place, word), values in leaving.items():
            self.held[keeper, "psum"][place][word] = self._sum(values)
            self.tally[keeper, "psum", "updates"] += 1
            self.book.note(level, keeper, "psum", True, place)

    def _psums_come(self, level: str, new) -> None:
        """Begin pieces; the first of each group gets the value outside, if there is one."""
        keeper, outer, arrays = self._road(level, "psum")
        held = self.held[level, "psum"]
        there = set() if level == MAC else self._had[level]
        for place, words in new.items():
            psums = held.setdefault(place, {})
            for word in words:
                if word in psums:
                    continue
                psums[word] = None
                if (place[:outer], word) in there:
                    continue
                there.add((place[:outer], word))
                psums[word] = self.held[keeper, "psum"][place[:outer]][word]
                if psums[word] is None and self.job.machine.reads_first(keeper):
                    psums[word] = self.job.zero
                if psums[word] is not None:
                    self.tally[keeper, "psum", "reads"] += 1
                    self.tally[level, "psum", "fills"] += 1
                    self.book.note(level, keeper, "psum", False, place[:outer])
                    for depth, array in enumerate(arrays):
                        self.tally[self._link(array), "psum", "deliveries"] += 1
                        self.book.note(level, array, "psum", False, place[: outer + depth])

    def _macs(self, blocks) -> None:
        """Do one MAC at each place that has work."""
        self.tally["cycles"] += 1
        self.tally["macs"] += len(blocks)
        self.tally["active_pes"] = max(self.tally["active_pes"], len(blocks))
        for place in blocks:
            ifmap, filters, psums = (self.held[MAC, tensor][place] for tensor in TENSORS)
            product = next(iter(filters.values())) * next(iter(ifmap.values()), self.job.zero)
            (word,) = psums
            psums[word] = self._sum([psums[word], product])

    def _road(self, level: str, tensor: str) -> tuple[str, int, tuple[str, ...]]:
        """Give the level that serves, the arrays outside it, and those between."""
        keeper, arrays = self.nest.keeper(level, tensor), self.order.arrays_outside(level)
        outer = len(self.order.arrays_outside(keeper))
        return keeper, outer, arrays[outer:]

    def _link(self, array: str) -> str:
        return link_of(self.order, array)

    def _holders(self, new, depth: int) -> dict[tuple, tuple]:
        """Name, for each word below each position, an instance that holds it next, and the word."""
        return {(place[:depth], word): (place, word) for place, words in new.items() for word in words}

    def _sum(self, values) -> object:
        total, *others = [value for value in values if value is not None]
        for value in others:
            total = self.job.arithmetic.add(total, value)
        return total

    def _touched(self, tensor: str, block) -> set[tuple[int, ...]]:
        """Name the words of a tensor that a block of MACs touches."""
        n, g, m, c, e, f, r, s = (range(*block[dim]) for dim in "NGMCEFRS")
        axes = {
            "psum": (n, g, m, e, f), "filter": (g, m, c, r, s),
            "ifmap": (n, g, c, self._lines(("E", "R"), e, r), self._lines(("F", "S"), f, s)),
        }[tensor]  # fmt: skip
        grid = np.stack(np.meshgrid(*map(list, axes), indexing="ij"), -1).reshape(-1, 5)
        return {tuple(word) for word in grid.tolist()}

    def _lines(self, dims: tuple[str, str], outs: range, taps: range) -> list[int]:
        """Give the rows, or columns, of the ifmap that are words."""
        shape, inside = self.nest.shape, range(*self._image[dims])
        lines = {shape.U * out + tap - shape.P for out in outs for tap in taps}
        return sorted(line for line in lines if line in inside)

    def _value(self, tensor: str, word: tuple[int, ...]):
        if tensor == "filter":
            return self._filters[word]
        n, g, c, row, column = word
        shape = self.nest.shape
        there = 0 <= row < shape.H and 0 <= column < shape.W
        return self._ifmap[word] if there else self.job.zero
