"""ZigZag's mapping as a Nest, so that it can be counted by the course's rules."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from benchmarks.zigzag_peer import Answer
from cnnhw import LayerShape
from cnnhw.nest import Loop, Nest

DIM = {"B": "N", "K": "M", "C": "C", "OY": "E", "OX": "F", "FY": "R", "FX": "S"}
AXES = {"D1": "ROWS", "D2": "COLS"}


def nest_of(shape: LayerShape, answer: Answer) -> Nest:
    """Turn an even mapping that ZigZag found into a Nest.

    shape    the layer, without groups
    answer   of the search for even mappings
    returns  Nest with the default keeps: GLB holds ifmap and psum, RF all three
    raises   ValueError if the tensors cut the list of loops at different places, which no Nest can say

    ZigZag counts how many chunks a loop makes, a Nest how large they are. Where the array does not divide a
    dim, ZigZag spreads it evenly, 13 columns of the ofmap over 6.5 PEs with 2 each; here 7 PEs get 2, the
    last one 1.
    """
    rf, glb, dram = _cut(answer.loops)
    left = {dim: Fraction(getattr(shape, dim)) for dim in DIM.values()}  # inside the loops placed so far
    loops = [_chunk(loop, "DRAM", left) for loop in reversed(dram)]
    loops += [_chunk(loop, "GLB", left) for loop in reversed(glb)]
    loops += _array(answer.array, rf, left)
    left.update({dim: Fraction(_product(rf, dim)) for dim in left})
    loops += [_chunk(loop, "RF", left) for loop in reversed(rf)]
    return Nest(shape, loops)


def _cut(of: Mapping[str, Sequence]) -> tuple[list, list, list]:
    """The loops at RF, GLB and DRAM. The filters pass by the GLB: their two levels are RF and the rest."""
    rf, glb, dram = ([(DIM[dim], size) for dim, size in level] for level in of["ifmap"])
    filters = [[(DIM[dim], size) for dim, size in level] for level in of["filter"]]
    psums = [[(DIM[dim], size) for dim, size in level] for level in of["psum"]]
    if psums != [rf, glb, dram] or filters != [rf, glb + dram]:
        raise ValueError("this mapping is uneven: its tensors cut the loops at different places")
    return rf, glb, dram


def _chunk(loop: tuple[str, int], where: str, left: dict[str, Fraction]) -> Loop:
    dim, pieces = loop
    left[dim] /= pieces
    return Loop(dim, ceil(left[dim]), where)


def _array(array: Mapping[str, Sequence], rf: list, left: dict[str, Fraction]) -> list[Loop]:
    """The loops on the array: the innermost of each dim leaves each PE what the RF's loops go through."""
    placed = [
        (DIM[dim], int(factor), AXES[axis]) for axis, unrolled in array.items() for dim, factor in unrolled
    ]
    loops = []
    for position, (dim, factor, where) in enumerate(placed):
        each_pe = _product(rf, dim)
        left[dim] /= factor
        last = dim not in [later for later, _, _ in placed[position + 1 :]]
        loops.append(Loop(dim, each_pe if last else ceil(left[dim] / each_pe) * each_pe, where))
    return loops


def _product(loops: list, dim: str) -> int:
    product = 1
    for name, size in loops:
        product *= size if name == dim else 1
    return product
