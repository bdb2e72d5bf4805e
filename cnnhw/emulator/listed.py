"""The engine for any list of levels and arrays: every instance holds words with values, and hands them on.

It moves one word at a time, and knows nothing of sets that are counted: a psum that was lost, or added twice,
shows in the ofmap.
"""

import numpy as np

from cnnhw.emulator.door import Job
from cnnhw.emulator.dram import Stored
from cnnhw.emulator.order import iterations, whole
from cnnhw.emulator.run_length import run_length_bits
from cnnhw.emulator.seats import Place
from cnnhw.emulator.tally import Tally, link_of
from cnnhw.emulator.told import Told
from cnnhw.emulator.words import Index, operands, touched
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import at_once
from cnnhw.timing import Book

TENSORS = ("ifmap", "filter", "psum")


class ListedArray:
    """The memories of a machine made from a list, and what moves between them.

    job         what runs
    log         called with every event (see Recorder.add), or None
    run_length  whether to count the bits of the ifmap's words that leave the outermost level, coded

    `held` is (level, tensor) -> place -> word -> value. A piece of a psum whose value is None starts from
    nothing: it was not delivered, and nothing has come back from further inside.
    """

    def __init__(self, job: Job, log=None, run_length: bool = False):
        self.job, self.nest, self.order = job, job.nest, job.nest.order
        self.told, self.run_length = Told(job.nest, log), run_length
        self.stages = (*self.order.levels[1:], MAC)
        self.tally, self.book = Tally(), Book(self.order)
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
            self.told.cycle += 1
            before = now
        self._move({level: {} for level in self.stages})

    def ofmap(self) -> np.ndarray:
        """Give the sums at the outermost level, (N, M, E, F)."""
        psums = np.empty_like(self.job.start)
        for word, value in self.held[self.order.outermost, "psum"][()].items():
            psums[word] = value
        return psums

    def held_words(self):
        """Yield (level, seat, tensor, index, value) of every word inside an array, with what hopped."""
        joined = {
            (level, "psum"): {
                place: {
                    word: self._with_joined(level, place, word, value)
                    for word, value in psums.items()
                    if value is not None
                }
                for place, psums in self.held[level, "psum"].items()
            }
            for level in self.order.levels[1:]
        }
        return self.told.held(self.held | joined)

    def _fill_outermost(self) -> None:
        """Put all words where everything is kept; psums are there only if the run starts from them."""
        job, outermost = self.job, self.order.outermost
        stored = job.machine.reads_first(outermost)
        sums = {word: value if stored else None for word, value in np.ndenumerate(job.start)}
        self.held[outermost, "psum"] = {(): sums}
        for tensor, array in (("ifmap", job.ifmap), ("filter", job.filters)):
            lies = Stored(array, job.zero)
            words = {word: lies[word] for word in self._touched(tensor, whole(self.nest))}
            self.held[outermost, tensor] = {(): words}

    def _blocks(self, level: str) -> dict[tuple[int, ...], dict[Place, dict]]:
        """For each iteration of the loops in time outside a level: place of an instance -> its ranges."""
        arrays = self.order.arrays_outside(level)
        loops = self.nest.at(*self.order.outside(level), *self.order.axes_of(arrays))
        in_time = [at for at, loop in enumerate(loops) if not at_once(loop.where)]
        on_arrays = [
            [at for at, loop in enumerate(loops) if loop.where in self.order.axes(array)] for array in arrays
        ]
        blocks = {}
        for numbers, block in iterations(loops, whole(self.nest)):
            time = tuple(numbers[at] for at in in_time)
            place = tuple(tuple(numbers[at] for at in axis) for axis in on_arrays)
            blocks.setdefault(time, {})[place] = block
        return {time: self._seated(level, of_places) for time, of_places in blocks.items()}

    def _seated(self, level: str, of_places: dict) -> dict:
        """Put instances in the order of their seats: psums join from the first to the last."""
        return dict(sorted(of_places.items(), key=lambda item: self.told.seats.of(level, item[0])))

    def _move(self, blocks) -> None:
        """Let tiles change: psums leave, inner levels first; then words come, outer levels first."""
        tiles = {
            (level, tensor): {place: self._touched(tensor, block) for place, block in of_places.items()}
            for level, of_places in blocks.items()
            for tensor in TENSORS
            if level != MAC and tensor in self.nest.keeps[level]
        }
        macs = {place: self._operands(block) for place, block in blocks[MAC].items()}
        tiles |= {
            (MAC, tensor): {place: words[tensor] for place, words in macs.items()} for tensor in TENSORS
        }
        changing = [level for level in self.stages[:-1] if (level, "psum") in tiles]
        self._psums_leave(MAC, {})  # these still belong to the pass that ends
        self.book.turn([level for level in blocks if level != MAC])
        for level in reversed(changing):
            self._psums_leave(level, tiles[level, "psum"])
        for (level, tensor), new in tiles.items():
            if tensor != "psum" and level != MAC:
                self._words_leave(level, tensor, new)
        for (level, tensor), new in tiles.items():
            if tensor == "psum":
                self._psums_come(level, new)
            else:
                self._words_come(level, tensor, new)

    def _words_leave(self, level: str, tensor: str, new) -> None:
        """Forget what instances do not need next."""
        for place, words in self.held[level, tensor].items():
            for word in sorted(words.keys() - new.get(place, set())):
                self.told.left("drop", level, place, tensor, word, words.pop(word))

    def _words_come(self, level: str, tensor: str, new) -> None:
        """Fetch what instances lack; a word is read once for all below an instance that serves."""
        keeper, outer, arrays = self._road(level, tensor)
        held = {} if level == MAC else self.held[level, tensor]
        coming: dict[tuple, list[Place]] = {}  # (instance that serves, word) -> those that receive it
        for place, words in new.items():
            for word in sorted(words - held.get(place, {}).keys()):
                coming.setdefault((place[:outer], word), []).append(place)
        self.held[level, tensor] = {place: held.get(place, {}) for place in new}
        for (at, word), places in coming.items():
            value = self.held[keeper, tensor][at][word]
            self.told.came(keeper, level, places, tensor, word, value)
            for place in places:
                self.held[level, tensor][place][word] = value
            self.tally[level, tensor, "fills"] += len(places)
            self._sent(keeper, level, tensor, at)
            for depth, array in enumerate(arrays, outer + 1):
                for position in {place[:depth] for place in places}:
                    self._sent(array, level, tensor, position[:-1])
        if self.run_length and tensor == "ifmap" and keeper == self.order.outermost:
            stream = [self.held[keeper, tensor][()][word] for _, word in sorted(coming)]
            self.tally["coded_bits"] += run_length_bits(stream)

    def _sent(self, part: str, level: str, tensor: str, at: Place) -> None:
        """Count a word that an instance of a level gave, or a network brought to one of its positions."""
        link = part in self.order.arrays
        self.tally[self._link(part) if link else part, tensor, "deliveries" if link else "reads"] += 1
        self.book.note(level, part, tensor, False, at)

    def _psums_leave(self, level: str, new) -> None:
        """Hand on the pieces that instances do not hold next: to another instance, or outwards."""
        keeper, outer, arrays = self._road(level, "psum")
        held = self.held[level, "psum"]
        self._had[level] = {(place[:outer], word) for place, psums in held.items() for word in psums}
        own = self.told.own(level, keeper)
        leaving: dict[tuple, list] = {}  # (group, word) -> the sums that leave it, each with its instance
        for place, psums in self._seated(level, held).items():
            for word in sorted(psums.keys() - new.get(place, set())):
                value = self._with_joined(level, place, word, psums.pop(word))
                self._joined.pop((level, place, word), None)
                self.tally[level, "psum", "drains"] += 1
                if not own:
                    self.told.left("drain", level, place, "psum", word, value)
                leaving.setdefault((place[:-1] if arrays else place, word), []).append((place, value))
        for depth in range(len(arrays), 0, -1):
            wanted, out = self._holders(new, outer + depth - 1), {}
            for (group, word), pieces in leaving.items():
                place, total = self._chain(level, arrays[depth - 1], group, word, pieces)
                if (group, word) in wanted:
                    self._hop(level, arrays[depth - 1], group, word, (place, wanted[group, word]), total)
                    self._joined.setdefault((level, wanted[group, word], word), []).append(total)
                else:
                    around = group[:-1] if depth > 1 else group
                    out.setdefault((around, word), []).append((place, total))
            leaving = out
        for (group, word), ((place, value),) in leaving.items():
            self.held[keeper, "psum"][group][word] = value
            self.tally[keeper, "psum", "updates"] += 1
            self.book.note(level, keeper, "psum", True, group)
            if not own:
                self.told.updated(keeper, level, place, word, value)

    def _chain(self, level: str, array: str, group: Place, word, pieces: list) -> tuple:
        """Pass a sum along the pieces of a group; give the last instance, and the sum."""
        (place, total), *others = pieces
        for following, piece in others:
            self._hop(level, array, group, word, (place, following), total)
            place, total = following, self._sum([total, piece])
        return place, total

    def _hop(self, level: str, array: str, group: Place, word, ends: tuple[Place, Place], value) -> None:
        self.tally[self._link(array), "psum", "hops"] += 1
        self.book.note(level, array, "psum", True, group)
        self.told.hopped(level, *ends, word, value)

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
                value = self.held[keeper, "psum"][place[:outer]][word]
                if value is not None or self.job.machine.reads_first(keeper):
                    value = self.job.zero if value is None else value
                    value = self._with_joined(keeper, place[:outer], word, value)
                    self._joined.pop((keeper, place[:outer], word), None)
                    self.told.came(keeper, level, [place], "psum", word, value)
                    psums[word] = value
                    self.tally[level, "psum", "fills"] += 1
                    self._sent(keeper, level, "psum", place[:outer])
                    for depth, array in enumerate(arrays, outer):
                        self._sent(array, level, "psum", place[:depth])

    def _macs(self, blocks) -> None:
        """Do one MAC at each place that has work."""
        self.tally["cycles"] += 1
        self.tally["macs"] += len(blocks)
        self.tally["active_pes"] = max(self.tally["active_pes"], len(blocks))
        for place in blocks:
            ifmap, filters, psums = (self.held[MAC, tensor][place] for tensor in TENSORS)
            pixel = next(iter(ifmap.values()), self.job.zero)
            self.tally["gated"] += bool(pixel == 0)
            (word,) = psums
            psums[word] = self._sum([psums[word], pixel * next(iter(filters.values()))])
            self.told.multiplied(place, word, psums[word])

    def _road(self, level: str, tensor: str) -> tuple[str, int, tuple[str, ...]]:
        """Give the level that serves, the arrays outside it, and those between."""
        keeper, arrays = self.nest.keeper(level, tensor), self.order.arrays_outside(level)
        outer = len(self.order.arrays_outside(keeper))
        return keeper, outer, arrays[outer:]

    def _link(self, array: str) -> str:
        return link_of(self.order, array)

    def _holders(self, new, depth: int) -> dict[tuple, Place]:
        """Name, for each group and word, the instance that takes what others leave: the first that holds it.

        Work is clipped at the ends of chunks, so the first of a group holds a word whenever any does.
        """
        found = {}
        for place, words in new.items():
            for word in words:
                found.setdefault((place[:depth], word), place)
        return found

    def _with_joined(self, level: str, place: Place, word, value):
        """Give the value of a piece with all that hopped to it; None if it has none."""
        joined = self._joined.get((level, place, word), ())
        return value if value is None and not joined else self._sum([value, *joined])

    def _sum(self, values) -> object:
        total, *others = [value for value in values if value is not None]
        for value in others:
            total = self.job.arithmetic.add(total, value)
        return total

    def _touched(self, tensor: str, block) -> set[Index]:
        """Name the words of a tensor that a block of MACs touches."""
        return touched(tensor, block, self.nest.shape, self.job.machine.stores_padding)

    def _operands(self, block) -> dict[str, set[Index]]:
        """Name the words of one MAC; none of the ifmap where padding is not stored."""
        words = {tensor: {word} for tensor, word in operands(block, self.nest.shape).items()}
        ((_, _, row, column),) = words["ifmap"]
        shape = self.nest.shape
        if not (self.job.machine.stores_padding or (0 <= row < shape.H and 0 <= column < shape.W)):
            words["ifmap"] = set()
        return words
