"""The plain engine: one register file per PE, one word at a time, in the order that the trace shows.

The array may touch its register files, the GLB and DRAM through the NoC; a PE multiplies only words that lie
in its own register file, or that were delivered to it in the same cycle.
"""

import numpy as np

from cnnhw.emulator.door import Job
from cnnhw.emulator.memories import Memories
from cnnhw.emulator.memory import TENSORS
from cnnhw.emulator.order import PE, Block, blocks_of_pes, iterations, steps_of_pass, whole
from cnnhw.emulator.psums import Psums
from cnnhw.emulator.tally import Tally
from cnnhw.emulator.usual_record import TallyBook
from cnnhw.emulator.words import operands
from cnnhw.nest import Where
from cnnhw.timing import Record

INPUTS = ("ifmap", "filter")


class PlainArray:
    """Runs a nest word by word.

    job         what runs, and on which words
    log         called with every event (see Recorder.add)
    run_length  whether to count the bits of the ifmap's words that leave DRAM, coded
    """

    def __init__(self, job: Job, log, run_length: bool = False):
        self.nest, self.memories = job.nest, Memories(job, log, run_length)
        self.book = TallyBook(self.nest)
        self.in_glb = {tensor: set() for tensor in TENSORS}
        self.tiles = {tensor: {} for tensor in INPUTS}  # PE -> words it has
        self.psums = Psums(self.memories, job.arithmetic)

    @property
    def tally(self) -> Tally:
        """What moved so far."""
        return self.memories.tally

    def run(self, begin: int = 0, last: int | None = None) -> None:
        """Run passes, then drain everything to DRAM.

        begin  the first pass to run, if the memories hold what they hold before it
        last   the last pass to run, and no draining after it; None: all
        """
        for number, (turns, in_glb, in_array) in enumerate(self._passes()):
            if last is not None and number > last + 1:
                return
            if number >= begin:
                blocks = blocks_of_pes(self.nest, in_array) if in_array else {}
                self.run_pass(in_glb if turns else None, blocks, last is None or number <= last)

    def _passes(self):
        """Yield whether GLB tiles change before a pass, their block, and that of the pass; {} at the end."""
        for _, in_glb in iterations(self.nest.at(Where.DRAM), whole(self.nest)):
            for number, (_, in_array) in enumerate(iterations(self.nest.at(Where.GLB), in_glb)):
                yield number == 0, in_glb, in_array
        yield True, {}, {}

    def run_pass(self, in_glb: Block | None, blocks: dict[PE, Block], works: bool = True) -> None:
        """Change what the memories hold, then do the steps of a pass.

        in_glb  the block of the GLB where it changes, None where it stays, {} where nothing follows
        blocks  PE -> its block
        works   False to change the memories only
        """
        memories = self.memories
        tiles = {t: {pe: memories.words(t, block) for pe, block in blocks.items()} for t in memories.kept}
        self.change(tiles, in_glb)
        self.book.changed(memories.tally, in_glb is not None)
        for macs in steps_of_pass(self.nest, blocks) if works else ():
            self.step(macs)
        if blocks and works:
            self.book.passed(memories.tally)

    def change(self, tiles, in_glb: Block | None) -> None:
        """Pass from the tiles that memories hold to new ones: out from the inside, then in from outside."""
        order = [tensor for tensor in TENSORS if tensor in tiles]
        glb_tiles = {}
        if in_glb is not None:
            glb_tiles = {t: self.memories.words(t, in_glb) for t in TENSORS if t in self.nest.keeps["GLB"]}
        arriving = {tensor: self.leave_array(tensor, tiles[tensor]) for tensor in order}
        for tensor, new in glb_tiles.items():
            self.leave_glb(tensor, new)
        for tensor, new in glb_tiles.items():
            self.enter_glb(tensor, new)
        for tensor in order:
            self.enter_array(tensor, tiles[tensor], arriving[tensor])

    def step(self, macs: dict[PE, Block]) -> None:
        """Do one cycle: deliver what no RF keeps, one MAC in each PE with work, take what no RF keeps."""
        memories = self.memories
        memories.tally["active_pes"] = max(memories.tally["active_pes"], len(macs))
        passing = [tensor for tensor in TENSORS if tensor not in memories.kept]
        for tensor in passing:
            tiles = {pe: memories.words(tensor, mac) for pe, mac in macs.items()}
            self.enter_array(tensor, tiles, self.leave_array(tensor, tiles))
        for pe, mac in macs.items():
            self.mac(pe, operands(mac, self.nest.shape))
        memories.tally["cycles"] += 1
        memories.cycle += 1
        for tensor in passing:
            self.leave_array(tensor, {})

    def mac(self, pe: PE, index) -> None:
        """Multiply and add in one PE."""
        memories = self.memories
        values = {}
        for tensor in INPUTS:
            words = memories.store(pe, tensor)[tensor]
            values[tensor] = words.get(index[tensor], memories.zero)  # in no memory: padding not stored
            if tensor in memories.kept and index[tensor] in words:
                memories.read_file(pe, tensor, index[tensor], values[tensor])
        memories.tally["macs"] += 1
        memories.tally["gated"] += bool(values["ifmap"] == 0)
        self.psums.accumulate(pe, index["psum"], values["ifmap"] * values["filter"])

    def leave_array(self, tensor: str, new) -> list:
        """Take from each PE the words it will not use next; give the psums that come into the array."""
        memories = self.memories
        if tensor == "psum":
            return self.psums.leave(new)
        for pe, words in self.tiles[tensor].items():
            for index in sorted(words - new.get(pe, set())):
                value = memories.store(pe, tensor).take(tensor, index)
                if tensor in memories.kept:
                    memories.log(memories.cycle - 1, "drop", tensor, index, value, "RF", pe)
            self.tiles[tensor][pe] = words & new.get(pe, set())
        return []

    def enter_array(self, tensor: str, new, arriving: list) -> None:
        """Deliver to each PE the words it has not got; each is read once outside, whoever receives it."""
        memories = self.memories
        if tensor == "psum":
            self.psums.enter(new, arriving)
            return
        receivers = {}
        for pe, words in new.items():
            for index in words - self.tiles[tensor].get(pe, set()):
                receivers.setdefault(index, []).append(pe)
        memories.code(memories.outside(tensor)[0], tensor, sorted(receivers))
        for index in sorted(receivers):
            value = memories.read_outside(tensor, index)
            for pe in receivers[index]:
                memories.deliver(pe, tensor, index, value)
        self.tiles[tensor] = dict(new)

    def leave_glb(self, tensor: str, new: set) -> None:
        """Take from the GLB what it will not need; psums go to DRAM."""
        memories = self.memories
        for index in sorted(self.in_glb[tensor] - new):
            value = memories.glb.take(tensor, index)
            if tensor != "psum":
                memories.log(memories.cycle - 1, "drop", tensor, index, value, "GLB")
                continue
            memories.tally["GLB", tensor, "drains"] += 1
            memories.log(memories.cycle - 1, "drain", tensor, index, value, "GLB")
            memories.write_outside("DRAM", index, value, "GLB")

    def enter_glb(self, tensor: str, new: set) -> None:
        """Fill the GLB with what it has not got; a psum that was never accumulated is nowhere to be read."""
        memories = self.memories
        coming = sorted(index for index in new - self.in_glb[tensor] if index in memories.dram[tensor])
        memories.code("DRAM", tensor, coming)
        for index in coming:
            value = memories.dram[tensor][index]
            memories.tally["DRAM", tensor, "reads"] += 1
            memories.tally["GLB", tensor, "fills"] += 1
            memories.log(memories.cycle, "read", tensor, index, value, "DRAM", source="DRAM")
            memories.log(memories.cycle, "fill", tensor, index, value, "GLB", source="DRAM")
            memories.glb.write(tensor, index, value)
        self.in_glb[tensor] = new

    def ofmap(self, start: np.ndarray) -> np.ndarray:
        """Give the psums that lie in DRAM, in an array of the kind of start."""
        return self.memories.dram["psum"].words.astype(start.dtype)

    def record(self) -> Record:
        """Give the words moved by each pass."""
        return self.book.record()

    def held_words(self):
        """Yield (level, PE, tensor, index, value) of every word in the RFs."""
        for pe, file in self.memories.files.items():
            for tensor in TENSORS:
                for index, value in file[tensor].items():
                    if tensor != "psum" or (pe, index) not in self.psums.new:
                        yield "RF", pe, tensor, index, value
