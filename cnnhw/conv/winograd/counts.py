"""How many multiplications and additions Winograd's convolution does, and what its transforms cost."""

from fractions import Fraction

from cnnhw.conv.operations import Operations
from cnnhw.conv.winograd.lines import line_operations
from cnnhw.conv.winograd.plan import Part, plan_of
from cnnhw.conv.winograd.transforms import Matrix, Transforms, transforms
from cnnhw.shape import LayerShape


def winograd_operations(shape: LayerShape, m=2, points=None) -> Operations:
    """Count what conv_winograd does on a layer, word by word as its matrices are written.

    shape    any LayerShape
    m        ofmap words of a tile in both directions, or (down, across)
    points   as in transforms
    returns  Operations. With T = m + r - 1 and ceil(E/m) * ceil(F/m) tiles, the ragged ones computed whole
             and their zeros counted: N * tiles * T*T * M * C/G multiplications between transformed words,
             one addition less for each sum over C/G channels, and the transforms of N * tiles * C ifmap
             tiles and N * tiles * M sums. In a transform an entry 0 costs nothing, 1 and -1 an addition,
             any other a multiplication too. A stride's parts are added up: N*M*E*F additions for each
             part but the first. The workspace is the transformed tiles or the sums, whichever is more,
             held at once; on floats conv_winograd holds a block of them
    raises   ShapeError if m or the points cannot serve
    source   Lavin and Gray, CVPR 2016, section 4.1; the counts are of this course's own lines

    >>> winograd_operations(LayerShape(M=1, C=1, H=4, R=3), m=2)      # 4*4 words, not 2*2 * 3*3 = 36
    Operations(multiplications=16, additions=56, filter_multiplications=42, filter_additions=28, \
filter_words=16, workspace_words=16)
    """
    parts = plan_of(shape, m, points).parts
    total = Operations(additions=(len(parts) - 1) * shape.ofmap_words)
    for part in parts:
        total += _part_operations(shape, part)
    return total


def transform_operations(m, r, points=None) -> dict[str, tuple[int, int]]:
    """Count the transforms of one two-dimensional tile.

    m, r     as in transforms; each one number for both directions, or (down, across)
    points   as in transforms
    returns  {"data": ..., "filter": ..., "inverse": ...}, each (multiplications, additions)
    raises   ShapeError as transforms does
    source   the matrices as they are written; Lavin and Gray share sums between rows where they can

    >>> transform_operations(2, 3)
    {'data': (0, 32), 'filter': (42, 28), 'inverse': (0, 24)}
    """
    (m1, m2), (r1, r2) = (size if isinstance(size, tuple) else (size, size) for size in (m, r))
    return _transform_operations(transforms(m1, r1, points), transforms(m2, r2, points))


def saving(m: int, r: int) -> Fraction:
    """Give the multiplications that F(m x m, r x r) saves: (m*r)^2 / (m + r - 1)^2.

    m, r     ofmap words of a tile and filter words, in each direction
    returns  how many times fewer multiplications than one for each MAC, transforms not counted
    source   Lavin and Gray, CVPR 2016, section 4.1

    >>> saving(4, 3)                                                   # 144 / 36
    Fraction(4, 1)
    """
    return Fraction(m * r, m + r - 1) ** 2


def _part_operations(shape: LayerShape, part: Part) -> Operations:
    down, across = part.tiles(shape)
    tiles, seen = shape.N * down * across, shape.seen
    costs = _transform_operations(part.rows, part.columns)
    transformed = {"data": tiles * shape.C, "inverse": tiles * shape.M}
    products = tiles * part.tile_words * shape.M
    return Operations(
        multiplications=products * seen + sum(costs[name][0] * times for name, times in transformed.items()),
        additions=products * (seen - 1) + sum(costs[name][1] * times for name, times in transformed.items()),
        filter_multiplications=costs["filter"][0] * shape.M * seen,
        filter_additions=costs["filter"][1] * shape.M * seen,
        filter_words=part.tile_words * shape.M * seen,
        workspace_words=tiles * part.tile_words * max(shape.C, shape.M),
    )


def _transform_operations(rows: Transforms, columns: Transforms) -> dict[str, tuple[int, int]]:
    return {
        "data": _both_ways(rows.BT, columns.BT),
        "filter": _both_ways(rows.G, columns.G),
        "inverse": _both_ways(rows.AT, columns.AT),
    }


def _both_ways(down: Matrix, across: Matrix) -> tuple[int, int]:
    """`down` goes into every column of the words, then `across` into every row of what came out."""
    columns, rows = len(across[0]), len(down)
    first, second = line_operations(down), line_operations(across)
    return tuple(a * columns + b * rows for a, b in zip(first, second, strict=True))
