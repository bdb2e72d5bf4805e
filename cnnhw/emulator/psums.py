"""Psums in the array: pieces of one psum in several PEs, how they start, grow, join and leave."""

from cnnhw.emulator.memories import Memories
from cnnhw.emulator.order import PE


class Psums:
    """The pieces that PEs hold.

    memories    where they lie; a new piece starts with their zero
    arithmetic  adds two psums
    """

    def __init__(self, memories: Memories, arithmetic):
        self.memories, self.add, self.zero = memories, arithmetic.add, memories.zero
        self.held = {}  # PE -> words it has a piece of
        self.new = set()  # (PE, word): no MAC has written this piece yet, so the first has nothing to read

    def accumulate(self, pe: PE, index, product) -> None:
        """Add a product to the piece of a PE. A new piece has nothing to read, even if one hopped to it."""
        memories, file = self.memories, self.memories.store(pe, "psum")
        psum = file["psum"][index]
        starts = (pe, index) in self.new
        self.new.discard((pe, index))
        if "psum" in memories.kept and (not starts or memories.machine.reads_first("RF")):
            memories.read_file(pe, "psum", index, psum)
        psum = self.add(psum, product)
        file.write("psum", index, psum)
        if "psum" in memories.kept:
            memories.tally["RF", "psum", "updates"] += 1
        memories.log(memories.cycle, "mac", "psum", index, psum, "RF", pe)

    def leave(self, tiles) -> list:
        """Move the pieces that PEs will not work on in the next tiles.

        tiles    PE -> words of its next tile
        returns  words that come into the array from outside
        """
        before, after = set().union(*self.held.values()), set().union(*tiles.values())
        pieces = {}
        for pe in sorted(self.held):
            for index in sorted(self.held[pe] - tiles.get(pe, set())):
                pieces.setdefault(index, []).append((pe, self._drain(pe, index)))
        self.held = {pe: words & tiles.get(pe, set()) for pe, words in self.held.items()}
        stays = _first_holder(self.held, pieces)
        comes = _first_holder(tiles, pieces)
        for index in sorted(pieces):
            self._join(index, pieces[index], stays.get(index, comes.get(index)))
        return sorted(after - before)

    def enter(self, tiles, arriving: list) -> None:
        """Start the pieces of the next tiles.

        tiles     PE -> words of its tile
        arriving  words that come from outside: one PE gets what was accumulated before, if anything was
        """
        memories = self.memories
        level, memory = memories.outside("psum")
        receivers = _first_holder(tiles, arriving)
        for index in arriving:
            if index in memory["psum"] or memories.machine.reads_first(level):
                memories.deliver(receivers[index], "psum", index, memories.read_outside("psum", index))
        for pe, words in tiles.items():
            for index in sorted(words - self.held.get(pe, set())):
                if index not in memories.store(pe, "psum")["psum"]:
                    self._start(pe, index, self.zero)
        self.held = tiles

    def resume(self, tiles, sums) -> None:
        """Hold pieces of tiles without having run up to them: the first PE has the sum, others nothing."""
        self.held = tiles
        first = _first_holder(tiles, set().union(*tiles.values()))
        for pe, words in tiles.items():
            for index in words:
                value = sums[index] if first[index] == pe else self.zero
                self.memories.store(pe, "psum").write("psum", index, value)

    def _drain(self, pe: PE, index):
        memories = self.memories
        value = memories.store(pe, "psum").take("psum", index)
        if "psum" in memories.kept:
            memories.tally["RF", "psum", "drains"] += 1
        memories.log(memories.cycle - 1, "drain", "psum", index, value, "RF", pe)
        return value

    def _join(self, index, pieces: list, receiver: PE | None) -> None:
        """Pass a sum along the PEs whose pieces leave, and on to its receiver, or out of the array."""
        (pe, total), *others = pieces
        for next_pe, piece in others:
            self._hop(index, total, pe, next_pe)
            pe, total = next_pe, self.add(total, piece)
        if receiver is None:
            self.memories.write_outside(self.memories.outside("psum")[0], index, total, "RF", pe)
            return
        self._hop(index, total, pe, receiver)
        file = self.memories.store(receiver, "psum")
        if index in file["psum"]:
            file.write("psum", index, self.add(file["psum"][index], total))
        else:
            self._start(receiver, index, total)

    def _hop(self, index, value, origin: PE, pe: PE) -> None:
        self.memories.tally["NoC", "psum", "hops"] += 1
        self.memories.log(self.memories.cycle - 1, "hop", "psum", index, value, "RF", pe, "RF", origin)

    def _start(self, pe: PE, index, value) -> None:
        self.memories.store(pe, "psum").write("psum", index, value)
        self.new.add((pe, index))


def _first_holder(tiles, wanted) -> dict:
    """Give, for each wanted word, the first PE whose tile has it."""
    first, wanted = {}, set(wanted)
    for pe in sorted(tiles):
        for index in tiles[pe] & wanted:
            first.setdefault(index, pe)
    return first
