"""Start the plain engine late: put every memory into the state it has before some pass."""

import numpy as np

from cnnhw.emulator.door import Job
from cnnhw.emulator.fast.passes import Passes
from cnnhw.emulator.fast.products import Products, blocks
from cnnhw.emulator.order import Block, blocks_of_pes
from cnnhw.emulator.plain import PlainArray
from cnnhw.nest import DIMS


def earlier(job: Job, passes: Passes, wanted: int, array: PlainArray, bound: int | None) -> int:
    """Prepare an engine to begin at a pass, or before it.

    wanted   number of the first pass whose events are wanted
    array    an engine that has not run; its memories are filled
    bound    no psum passes this magnitude
    returns  the pass to begin with. It is the latest in whose array no psum lies that is also there in the
             wanted pass: how the sum of a psum is shared between PEs is known only if it is followed from
             where it came in
    """
    begin = _first_common(array, passes, wanted)
    if begin:
        _fill_dram(job, passes, begin, array, bound)
        turned = passes.turn[1 : len(passes) + 1] == passes.turn[begin]
        _fill_memories(array, _around(passes, np.flatnonzero(turned)), _around(passes, [begin - 1]))
    return begin


def _first_common(array: PlainArray, passes: Passes, wanted: int) -> int:
    begin = wanted
    memories = array.memories
    together = memories.words("psum", _around(passes, [wanted])) if "psum" in memories.kept else set()
    while begin and together:
        together &= memories.words("psum", _around(passes, [begin - 1]))
        begin -= bool(together)
    return begin


def _fill_dram(job: Job, passes: Passes, begin: int, array: PlainArray, bound: int | None) -> None:
    """Put the sums of all passes before `begin` into DRAM."""
    products, psums = Products(job, bound, gating=False), array.memories.dram["psum"]
    by_group = psums.there.reshape(products.by_group.shape)
    for block in blocks(passes, begin):
        products.add(block)
        by_group[tuple(slice(*block[dim]) for dim in "NGMEF")] = True
    psums.words[...] = products.psums


def _fill_memories(array: PlainArray, in_glb: Block, in_array: Block) -> None:
    """Put the words of the last pass into GLB and RFs."""
    memories = array.memories
    for tensor in array.nest.keeps["GLB"]:
        array.in_glb[tensor] = memories.words(tensor, in_glb)
        for index in array.in_glb[tensor]:
            if index in memories.dram[tensor]:
                memories.glb.write(tensor, index, memories.dram[tensor][index])
    shares = blocks_of_pes(array.nest, in_array)
    tiles = {t: {pe: memories.words(t, block) for pe, block in shares.items()} for t in memories.kept}
    for tensor in memories.kept - {"psum"}:
        array.tiles[tensor] = tiles[tensor]
        for pe, words in tiles[tensor].items():
            for index in words:
                memories.store(pe, tensor).write(tensor, index, memories.dram[tensor][index])
    if "psum" in memories.kept:
        array.psums.resume(tiles["psum"], memories.dram["psum"])


def _around(passes: Passes, which) -> Block:
    """Give the block around some passes, numbered from 0."""
    numbers = np.asarray(which) + 1  # number 0 of the arrays is the time before the first pass
    return {
        dim: (
            int(passes.first[dim][numbers].min()),
            int((passes.first[dim][numbers] + passes.length[dim][numbers]).max()),
        )
        for dim in DIMS
    }
