"""The order of work: every pass of a nest, the block of MACs each PE does in it, and the steps inside.

A pass is one iteration of all loops at DRAM and GLB. What a register file keeps can change only between two
passes.
"""

from collections.abc import Iterator, Mapping, Sequence

from cnnhw.nest import Loop, Nest, Where, at_once

# dim -> (first, end): the part of the layer that a block of MACs works on.
Block = Mapping[str, tuple[int, int]]
PE = tuple[int, int]


def iterations(loops: Sequence[Loop], block: Block) -> Iterator[tuple[tuple[int, ...], Block]]:
    """Yield what each iteration of some loops works on, in order.

    loops   outermost first
    block   dim -> (first, end) that the loops cut
    yields  the number of the iteration of each loop, and dim -> (first, end)

    >>> [(at, block["E"]) for at, block in iterations([Loop("E", 2, "DRAM")], {"E": (0, 5)})]
    [((0,), (0, 2)), ((1,), (2, 4)), ((2,), (4, 5))]
    """
    if not loops:
        yield (), block
        return
    loop, inner = loops[0], loops[1:]
    first, end = block[loop.dim]
    for number, start in enumerate(range(first, end, loop.step)):
        chunk = {**block, loop.dim: (start, min(start + loop.step, end))}
        for numbers, cut in iterations(inner, chunk):
            yield (number, *numbers), cut


def whole(nest: Nest) -> Block:
    """Give the whole layer as one block."""
    return {dim: (0, size) for dim, size in nest.sizes.items()}


def chunks_at_most(nest: Nest) -> list[int]:
    """Give, for each loop of a nest, the most chunks it makes of what the loops outside left it."""
    left, most = dict(nest.sizes), []
    for loop in nest.loops:
        most.append(-(-left[loop.dim] // loop.step))
        left[loop.dim] = min(left[loop.dim], loop.step)
    return most


def blocks_of_pes(nest: Nest, block: Block) -> dict[PE, Block]:
    """Share the block of one pass between the PEs.

    nest     the mapping
    block    dim -> (first, end) of the pass
    returns  (row, column) -> block of that PE; a PE without work is not there
    """
    loops = nest.at(Where.ROWS, Where.COLS)
    radices = [
        most for loop, most in zip(nest.loops, chunks_at_most(nest), strict=True) if at_once(loop.where)
    ]
    shared = {}
    for numbers, cut in iterations(loops, block):
        place = {Where.ROWS: 0, Where.COLS: 0}
        for loop, number, radix in zip(loops, numbers, radices, strict=True):
            place[loop.where] = place[loop.where] * radix + number
        shared[place[Where.ROWS], place[Where.COLS]] = cut
    return shared


def steps_of_pass(nest: Nest, blocks: Mapping[PE, Block]) -> Iterator[dict[PE, Block]]:
    """Yield the MAC that each PE does in each step of a pass; PEs keep step by the number of the iteration.

    nest    the mapping
    blocks  PE -> its block in this pass
    yields  PE -> a block of one MAC; a PE whose last chunk is cut short has none and waits
    """
    steps = {}
    for pe, block in blocks.items():
        for numbers, mac in iterations(nest.at(Where.RF), block):
            steps.setdefault(numbers, {})[pe] = mac
    yield from (steps[numbers] for numbers in sorted(steps))
