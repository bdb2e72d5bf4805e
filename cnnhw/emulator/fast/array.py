"""The fast engine: a whole run, tensor by tensor and level by level."""

import numpy as np

from cnnhw.emulator.door import Job
from cnnhw.emulator.fast.buffer_moves import Buffer, blocks_of_turns, turns
from cnnhw.emulator.fast.passes import Passes, passes_of
from cnnhw.emulator.fast.products import Products, blocks
from cnnhw.emulator.fast.register_moves import input_moves, psum_moves
from cnnhw.emulator.fast.step_moves import active_pes, returning, steps, wanted
from cnnhw.emulator.run_length import run_length_bits
from cnnhw.emulator.tally import Tally
from cnnhw.emulator.usual_record import usual_record
from cnnhw.tensors import pad
from cnnhw.timing import Record

TENSORS = ("ifmap", "filter", "psum")


class FastArray:
    """Runs a nest, arrays of PEs and passes at a time.

    job         what runs, and on which words
    bound       no psum passes this magnitude
    run_length  whether to count the bits of the ifmap's words that leave DRAM, coded
    """

    def __init__(self, job: Job, bound: int | None, run_length: bool = False):
        self.job, self.nest, self.machine, self.run_length = job, job.nest, job.machine, run_length
        self.passes: Passes = passes_of(job.nest)
        self.tally, self.largest = Tally(), {"GLB": {}, "RF": {}}
        self.products = Products(job, bound)
        self.loads, self.stores, self.passing, self.fills = {}, {}, {}, {}
        self.drains = np.zeros(len(turns(self.passes)), np.int64)

    def run(self) -> None:
        """Move all words, then multiply and add them."""
        self.steps = steps(self.passes)
        self.tally["cycles"], self.tally["active_pes"] = int(self.steps.sum()), active_pes(self.passes)
        for tensor in TENSORS:
            if tensor in self.nest.keeps["GLB"]:
                self.through_buffer(tensor)
            if tensor not in self.nest.keeps["RF"]:
                self.past_registers(tensor)
            elif tensor == "psum":
                self.psums_in_registers()
            else:
                self.inputs_in_registers(tensor)
        for level, largest in self.largest.items():
            self.machine[level].check(largest, self.machine.share)
        for block in blocks(self.passes):
            self.products.add(block)
        self.tally["gated"], self.tally["macs"] = self.products.gated, self.products.macs

    def record(self) -> Record:
        """Give the words moved by each pass."""
        return usual_record(
            self.steps, turns(self.passes), self.loads, self.stores, self.passing, self.fills, self.drains
        )

    def outside(self, tensor: str) -> str:
        """Name the nearest level outside the array that keeps a tensor."""
        return "GLB" if tensor in self.nest.keeps["GLB"] else "DRAM"

    def through_buffer(self, tensor: str) -> None:
        """Count what passes between DRAM and the GLB."""
        buffer = Buffer(self.passes, self.machine, tensor)
        come, left = [], []
        for block in blocks_of_turns(self.passes):
            words, gone, tile, fresh = buffer.change(block)
            come.append(words)
            left.append(gone)
            if tensor == "ifmap" and self.run_length and tile is not None:
                self.tally["coded_bits"] += run_length_bits(self.stored_ifmap()[tile][fresh])
        self.fills[tensor] = np.array(come)
        self.tally["DRAM", tensor, "reads"] += sum(come)
        self.tally["GLB", tensor, "fills"] += sum(come)
        if tensor == "psum":
            self.drains = np.array(left)
            self.tally["DRAM", "psum", "updates"] += sum(left)
            self.tally["GLB", "psum", "drains"] += sum(left)
        self.largest["GLB"][tensor] = buffer.largest

    def inputs_in_registers(self, tensor: str) -> None:
        """Count ifmap or filter words that RFs keep."""
        level = self.outside(tensor)
        coded = tensor == "ifmap" and level == "DRAM" and self.run_length
        delivered, read, largest = input_moves(
            self.passes, self.machine, tensor, self.code if coded else None
        )
        self.loads[level, tensor], self.largest["RF"][tensor] = read, largest
        self.tally[level, tensor, "reads"] += int(read.sum())
        self.tally["RF", tensor, "fills"] += delivered
        self.tally["NoC", tensor, "deliveries"] += delivered
        self.tally["RF", tensor, "reads"] += int(wanted(self.passes, self.machine, tensor)[0].sum())

    def psums_in_registers(self) -> None:
        """Count psums that RFs keep. The first MAC of a piece that was not delivered has nothing to read."""
        level = self.outside("psum")
        started, read, written, largest = psum_moves(self.passes, self.machine)
        back, visits = int(read.sum()), int(written.sum())
        self.loads[level, "psum"], self.stores[level] = read, written
        self.largest["RF"]["psum"] = largest
        self.tally[level, "psum", "reads"] += back
        self.tally[level, "psum", "updates"] += visits
        self.tally["RF", "psum", "fills"] += back
        self.tally["RF", "psum", "drains"] += started
        self.tally["NoC", "psum", "deliveries"] += back
        self.tally["NoC", "psum", "hops"] += started - visits
        macs = int(wanted(self.passes, self.machine, "psum")[0].sum())
        first = 0 if self.machine.reads_first("RF") else started - back
        self.tally["RF", "psum", "reads"] += macs - first
        self.tally["RF", "psum", "updates"] += macs

    def past_registers(self, tensor: str) -> None:
        """Count words that no RF keeps."""
        level = self.outside(tensor)
        macs, distinct = wanted(self.passes, self.machine, tensor)
        self.passing[level, tensor] = distinct
        if tensor != "psum":
            self.tally[level, tensor, "reads"] += int(distinct.sum())
            self.tally["NoC", tensor, "deliveries"] += int(macs.sum())
            return
        back = returning(self.passes, self.machine, distinct)
        self.passing[level, tensor] = distinct + back
        self.tally[level, "psum", "reads"] += int(back.sum())
        self.tally[level, "psum", "updates"] += int(distinct.sum())
        self.tally["NoC", "psum", "deliveries"] += int(back.sum())
        self.tally["NoC", "psum", "hops"] += int((macs - distinct).sum())

    def stored_ifmap(self) -> np.ndarray:
        """Give the ifmap as it lies in DRAM, its channels by group."""
        shape = self.nest.shape
        words = pad(self.job.ifmap, shape.P) if self.machine.stores_padding else self.job.ifmap
        return words.reshape(shape.N, shape.G, shape.seen, *words.shape[2:])

    def code(self, box, marks: np.ndarray) -> None:
        """Count the bits of the words that each change reads in DRAM, coded as one stream."""
        shape, stored = self.nest.shape, self.machine.stores_padding
        before = [axis.before if stored else 0 for axis in (shape.rows, shape.columns)]
        words = self.stored_ifmap()[box.slices((0, 0, 0, *before))].ravel()
        for mark in marks:
            self.tally["coded_bits"] += run_length_bits(words[mark])
