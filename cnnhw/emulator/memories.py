"""The memories of the usual machine, and the ways between them: what moves is counted and logged here."""

from cnnhw.emulator.door import Job
from cnnhw.emulator.dram import FirstPsums, Stored, cells
from cnnhw.emulator.memory import Memory, glb, latch, register_file
from cnnhw.emulator.order import PE, Block
from cnnhw.emulator.run_length import run_length_bits
from cnnhw.emulator.tally import Tally
from cnnhw.emulator.words import touched


class Memories:
    """DRAM, the GLB, and the RF of each PE with the latches for words that pass by.

    job         whose words lie in DRAM
    log         called with every event (see Recorder.add)
    run_length  whether to count the bits of the ifmap's words that leave DRAM, coded
    """

    def __init__(self, job: Job, log, run_length: bool):
        self.nest, self.machine, self.zero, self.log = job.nest, job.machine, job.zero, log
        self.run_length, self.dram = run_length, _dram(job)
        self.tally, self.cycle = Tally(), 0  # the cycle that comes next
        self.kept = self.nest.keeps["RF"]
        self.glb, self.files, self.latches = glb(self.machine["GLB"], self.machine.share), {}, {}

    def store(self, pe: PE, tensor: str) -> Memory:
        """Give the register file of a PE, or its latches for words that are there for one cycle only."""
        if pe not in self.files:
            self.files[pe] = register_file(self.machine["RF"], *pe, self.machine.share)
            self.latches[pe] = latch(*pe)
        return self.files[pe] if tensor in self.kept else self.latches[pe]

    def words(self, tensor: str, block: Block) -> set:
        """Give the words of a tensor that a block touches; none where nothing follows."""
        return touched(tensor, block, self.nest.shape, self.machine.stores_padding) if block else set()

    def outside(self, tensor: str):
        """Give name and memory of the nearest level outside the array that keeps a tensor."""
        return ("GLB", self.glb) if tensor in self.nest.keeps["GLB"] else ("DRAM", self.dram)

    def read_outside(self, tensor: str, index):
        """Read a word at the nearest level outside the array that keeps the tensor."""
        level, memory = self.outside(tensor)
        there = index in memory[tensor]
        value = memory[tensor][index] if there else self.zero  # a psum that has no value yet
        self.tally[level, tensor, "reads"] += 1
        self.log(self.cycle, "read", tensor, index, value, level, source=level)
        return value

    def write_outside(self, level: str, index, value, source: str, origin: PE = (-1, -1)) -> None:
        """Write a psum at a level outside the array."""
        self.tally[level, "psum", "updates"] += 1
        if level == "GLB":
            self.glb.write("psum", index, value)
        else:
            self.dram["psum"][index] = value
        self.log(self.cycle - 1, "update", "psum", index, value, level, source=source, origin=origin)

    def deliver(self, pe: PE, tensor: str, index, value) -> None:
        """Bring a word to a PE over the NoC."""
        self.tally["NoC", tensor, "deliveries"] += 1
        if tensor in self.kept:
            self.tally["RF", tensor, "fills"] += 1
        self.store(pe, tensor).write(tensor, index, value)
        self.log(self.cycle, "deliver", tensor, index, value, "RF", pe, self.outside(tensor)[0])

    def read_file(self, pe: PE, tensor: str, index, value) -> None:
        """Have a MAC read a word of its own RF."""
        self.tally["RF", tensor, "reads"] += 1
        self.log(self.cycle, "read", tensor, index, value, "RF", pe, "RF", pe)

    def code(self, level: str, tensor: str, indices: list) -> None:
        """Count the bits of ifmap words that leave DRAM together, coded as one stream."""
        if level == "DRAM" and tensor == "ifmap" and self.run_length:
            self.tally["coded_bits"] += run_length_bits([self.dram[tensor][index] for index in indices])


def _dram(job: Job) -> dict:
    """Put the words of the layer into DRAM; psums are there only if the run starts from stored ones."""
    return {
        "ifmap": Stored(cells(job.ifmap), job.zero),
        "filter": Stored(cells(job.filters), job.zero),
        "psum": FirstPsums(job.start, job.machine.reads_first("DRAM")),
    }
