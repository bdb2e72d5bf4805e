"""The plain engine: one register file per PE, one word at a time, in the order that the trace shows.

The array may touch its register files, the GLB and DRAM through the NoC; a PE multiplies only words that lie
in its own register file, or that were delivered to it in the same cycle.
"""

import numpy as np

from cnnhw.emulator.door import Job
from cnnhw.emulator.dram import FirstPsums, Stored, cells
from cnnhw.emulator.memory import TENSORS, Memory, glb, latch, register_file
from cnnhw.emulator.order import PE, Block, blocks_of_pes, iterations, steps_of_pass, whole
from cnnhw.emulator.psums import Psums
from cnnhw.emulator.run_length import run_length_bits
from cnnhw.emulator.tally import Tally
from cnnhw.emulator.usual_record import TallyBook
from cnnhw.emulator.words import operands, touched
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
        self.nest, self.machine, self.zero, self.log = job.nest, job.machine, job.zero, log
        self.run_length, self.dram = run_length, _dram(job)
        self.tally, self.book, self.cycle = Tally(), TallyBook(self.nest), 0  # the cycle that comes next
        self.kept = self.nest.keeps["RF"]
        self.glb, self.files, self.latches = glb(self.machine["GLB"], self.machine.share), {}, {}
        self.in_glb = {tensor: set() for tensor in TENSORS}
        self.tiles = {tensor: {} for tensor in INPUTS}  # PE -> words it has
        self.psums = Psums(self, job.arithmetic, job.zero)

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
        self.change(
            {t: {pe: self.words(t, block) for pe, block in blocks.items()} for t in self.kept}, in_glb
        )
        self.book.changed(self.tally, in_glb is not None)
        for macs in steps_of_pass(self.nest, blocks) if works else ():
            self.step(macs)
        if blocks and works:
            self.book.passed(self.tally)

    def change(self, tiles, in_glb: Block | None) -> None:
        """Pass from the tiles that memories hold to new ones: out from the inside, then in from outside."""
        order = [tensor for tensor in TENSORS if tensor in tiles]
        glb_tiles = {}
        if in_glb is not None:
            glb_tiles = {t: self.words(t, in_glb) for t in TENSORS if t in self.nest.keeps["GLB"]}
        arriving = {tensor: self.leave_array(tensor, tiles[tensor]) for tensor in order}
        for tensor, new in glb_tiles.items():
            self.leave_glb(tensor, new)
        for tensor, new in glb_tiles.items():
            self.enter_glb(tensor, new)
        for tensor in order:
            self.enter_array(tensor, tiles[tensor], arriving[tensor])

    def step(self, macs: dict[PE, Block]) -> None:
        """Do one cycle: deliver what no RF keeps, one MAC in each PE with work, take what no RF keeps."""
        self.tally["active_pes"] = max(self.tally["active_pes"], len(macs))
        passing = [tensor for tensor in TENSORS if tensor not in self.kept]
        for tensor in passing:
            tiles = {pe: self.words(tensor, mac) for pe, mac in macs.items()}
            self.enter_array(tensor, tiles, self.leave_array(tensor, tiles))
        for pe, mac in macs.items():
            self.mac(pe, operands(mac, self.nest.shape))
        self.tally["cycles"] += 1
        self.cycle += 1
        for tensor in passing:
            self.leave_array(tensor, {})

    def mac(self, pe: PE, index) -> None:
        """Multiply and add in one PE."""
        values = {}
        for tensor in INPUTS:
            words = self.store(pe, tensor)[tensor]
            values[tensor] = words.get(index[tensor], self.zero)  # in no memory: padding that is not stored
            if tensor in self.kept and index[tensor] in words:
                self.read_file(pe, tensor, index[tensor], values[tensor])
        self.tally["macs"] += 1
        self.tally["gated"] += bool(values["ifmap"] == 0)
        self.psums.accumulate(pe, index["psum"], values["ifmap"] * values["filter"])

    def read_file(self, pe: PE, tensor: str, index, value) -> None:
        """Have a MAC read a word of its own RF."""
        self.tally["RF", tensor, "reads"] += 1
        self.log(self.cycle, "read", tensor, index, value, "RF", pe, "RF", pe)

    def leave_array(self, tensor: str, new) -> list:
        """Take from each PE the words it will not use next; give the psums that come into the array."""
        if tensor == "psum":
            return self.psums.leave(new)
        for pe, words in self.tiles[tensor].items():
            for index in sorted(words - new.get(pe, set())):
                value = self.store(pe, tensor).take(tensor, index)
                if tensor in self.kept:
                    self.log(self.cycle - 1, "drop", tensor, index, value, "RF", pe)
            self.tiles[tensor][pe] = words & new.get(pe, set())
        return []

    def enter_array(self, tensor: str, new, arriving: list) -> None:
        """Deliver to each PE the words it has not got; each is read once outside, whoever receives it."""
        if tensor == "psum":
            self.psums.enter(new, arriving)
            return
        receivers = {}
        for pe, words in new.items():
            for index in words - self.tiles[tensor].get(pe, set()):
                receivers.setdefault(index, []).append(pe)
        self.code(self.outside(tensor)[0], tensor, sorted(receivers))
        for index in sorted(receivers):
            value = self.read_outside(tensor, index)
            for pe in receivers[index]:
                self.deliver(pe, tensor, index, value)
        self.tiles[tensor] = dict(new)

    def read_outside(self, tensor: str, index):
        """Read a word at the nearest level outside the array that keeps the tensor."""
        level, memory = self.outside(tensor)
        there = index in memory[tensor]
        value = memory[tensor][index] if there else self.zero  # a psum that has no value yet
        self.tally[level, tensor, "reads"] += 1
        self.log(self.cycle, "read", tensor, index, value, level, source=level)
        return value

    def deliver(self, pe: PE, tensor: str, index, value) -> None:
        """Bring a word to a PE over the NoC."""
        self.tally["NoC", tensor, "deliveries"] += 1
        if tensor in self.kept:
            self.tally["RF", tensor, "fills"] += 1
        self.store(pe, tensor).write(tensor, index, value)
        self.log(self.cycle, "deliver", tensor, index, value, "RF", pe, self.outside(tensor)[0])

    def leave_glb(self, tensor: str, new: set) -> None:
        """Take from the GLB what it will not need; psums go to DRAM."""
        for index in sorted(self.in_glb[tensor] - new):
            value = self.glb.take(tensor, index)
            if tensor != "psum":
                self.log(self.cycle - 1, "drop", tensor, index, value, "GLB")
                continue
            self.tally["GLB", tensor, "drains"] += 1
            self.log(self.cycle - 1, "drain", tensor, index, value, "GLB")
            self.write_outside("DRAM", index, value, "GLB")

    def enter_glb(self, tensor: str, new: set) -> None:
        """Fill the GLB with what it has not got; a psum that was never accumulated is nowhere to be read."""
        coming = sorted(index for index in new - self.in_glb[tensor] if index in self.dram[tensor])
        self.code("DRAM", tensor, coming)
        for index in coming:
            value = self.dram[tensor][index]
            self.tally["DRAM", tensor, "reads"] += 1
            self.tally["GLB", tensor, "fills"] += 1
            self.log(self.cycle, "read", tensor, index, value, "DRAM", source="DRAM")
            self.log(self.cycle, "fill", tensor, index, value, "GLB", source="DRAM")
            self.glb.write(tensor, index, value)
        self.in_glb[tensor] = new

    def code(self, level: str, tensor: str, indices: list) -> None:
        """Count the bits of ifmap words that leave DRAM together, coded as one stream."""
        if level == "DRAM" and tensor == "ifmap" and self.run_length:
            self.tally["coded_bits"] += run_length_bits([self.dram[tensor][index] for index in indices])

    def write_outside(self, level: str, index, value, source: str, origin: PE = (-1, -1)) -> None:
        """Write a psum at a level outside the array."""
        self.tally[level, "psum", "updates"] += 1
        if level == "GLB":
            self.glb.write("psum", index, value)
        else:
            self.dram["psum"][index] = value
        self.log(self.cycle - 1, "update", "psum", index, value, level, source=source, origin=origin)

    def outside(self, tensor: str):
        """Give name and memory of the nearest level outside the array that keeps a tensor."""
        return ("GLB", self.glb) if tensor in self.nest.keeps["GLB"] else ("DRAM", self.dram)

    def ofmap(self, start: np.ndarray) -> np.ndarray:
        """Give the psums that lie in DRAM, in an array of the kind of start."""
        return self.dram["psum"].words.astype(start.dtype)

    def record(self) -> Record:
        """Give the words moved by each pass."""
        return self.book.record()

    def held_words(self):
        """Yield (PE, tensor, index, value) of every word in the RFs."""
        for pe, file in self.files.items():
            for tensor in TENSORS:
                for index, value in file[tensor].items():
                    if tensor != "psum" or (pe, index) not in self.psums.new:
                        yield pe, tensor, index, value

    def store(self, pe: PE, tensor: str) -> Memory:
        """Give the register file of a PE, or its latches for words that are there for one cycle only."""
        if pe not in self.files:
            self.files[pe], self.latches[pe] = (
                register_file(self.machine["RF"], *pe, self.machine.share),
                latch(*pe),
            )
        return self.files[pe] if tensor in self.kept else self.latches[pe]

    def words(self, tensor: str, block: Block) -> set:
        """Give the words of a tensor that a block touches; none where nothing follows."""
        return touched(tensor, block, self.nest.shape, self.machine.stores_padding) if block else set()


def _dram(job: Job) -> dict:
    """Put the words of the layer into DRAM; psums are there only if the run starts from stored ones."""
    return {
        "ifmap": Stored(cells(job.ifmap), job.zero),
        "filter": Stored(cells(job.filters), job.zero),
        "psum": FirstPsums(job.start, job.machine.reads_first("DRAM")),
    }
