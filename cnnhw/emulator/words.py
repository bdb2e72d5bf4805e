"""Which words a block of MACs touches, named by their place in the arrays of the layer."""

from itertools import product

from cnnhw.emulator.order import Block
from cnnhw.shape import LayerShape, Tensor

# ifmap (n, c, h, w), filter (m, c, r, s) with c within the group, psum (n, m, e, f).
Index = tuple[int, int, int, int]


def touched(tensor: str, block: Block, shape: LayerShape, stores_padding: bool) -> set[Index]:
    """Give the words of a tensor that the MACs of a block touch.

    tensor          "ifmap", "filter" or "psum"
    block           dim -> (first, end)
    shape           the layer
    stores_padding  whether words of the padding are words too; their h or w lies outside the ifmap
    returns         indices into ifmap, filters or ofmap
    """
    n, g, m, c, e, f, r, s = (range(*block[dim]) for dim in "NGMCEFRS")
    filters = [shape.made * group + number for group, number in product(g, m)]
    if tensor == Tensor.PSUM:
        return set(product(n, filters, e, f))
    if tensor == Tensor.FILTER:
        return set(product(filters, c, r, s))
    down, across = shape.rows, shape.columns
    rows = {down.at(i, j) for i, j in product(e, r)}
    columns = {across.at(i, j) for i, j in product(f, s)}
    if not stores_padding:
        rows, columns = rows & set(range(shape.H)), columns & set(range(shape.W))
    channels = [shape.seen * group + number for group, number in product(g, c)]
    return set(product(n, channels, rows, columns))


def operands(block: Block, shape: LayerShape) -> dict[str, Index]:
    """Give the three words of a block of one MAC.

    block    dim -> (first, end), one of each dim
    shape    the layer
    returns  tensor -> index; the ifmap's may lie in the padding
    """
    n, g, m, c, e, f, r, s = (block[dim][0] for dim in "NGMCEFRS")
    filter_ = shape.made * g + m
    row, column = shape.rows.at(e, r), shape.columns.at(f, s)
    return {
        "ifmap": (n, shape.seen * g + c, row, column),
        "filter": (filter_, c, r, s),
        "psum": (n, filter_, e, f),
    }
