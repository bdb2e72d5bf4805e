"""Processing passes: how often the array gets new filters, and what each pass moves."""

from dataclasses import dataclass
from math import prod

from cnnhw.counts import Counts, count
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.nest.cuts import most_pieces, pieces
from cnnhw.nest.touched import sizes
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

WIDTH, BARS, ROW = 26.0, 9.6, 1.9  # cells: the picture, where its bars begin, and a tensor's line
WHAT = {
    "N": "images", "G": "groups", "M": "filters", "C": "channels",
    "E": "ofmap rows", "F": "ofmap columns", "R": "filter rows", "S": "filter columns",
}  # fmt: skip


@dataclass(frozen=True)
class Crossing:
    """The words of one tensor that cross between the array and the level that feeds it."""

    tensor: Tensor
    level: str
    words: int
    stored: int

    @property
    def times(self) -> float:
        """How often each word crosses."""
        return self.words / self.stored


def pass_factors(nest: Nest) -> list[tuple[str, int, int]]:
    """Give the loops that make passes: (dim, step, most turns), outermost first.

    nest     any Nest
    returns  the loops outside the array, without those at the end that leave all filters where they are
             (over n, e and f) and without those that turn once

    >>> from cnnhw.chips import eyeriss
    >>> pass_factors(eyeriss().nests()["CONV1"])      # 4 images, 8 strips, 3 channels, 3 times 32 filters
    [('N', 1, 4), ('E', 7, 8), ('C', 1, 3), ('M', 32, 3)]
    """
    outside = list(nest.outside("RF"))
    while outside and outside[-1].dim in "NEF":
        outside.pop()
    factors = []
    for dim in dict.fromkeys(loop.dim for loop in outside):
        steps = [loop.step for loop in outside if loop.dim == dim]
        factors += zip([dim] * len(steps), steps, most_pieces(nest.sizes[dim], steps), strict=True)
    order = {(loop.dim, loop.step): place for place, loop in enumerate(outside)}
    return sorted((f for f in factors if f[2] > 1), key=lambda factor: order[factor[:2]])


def pass_count(nest: Nest) -> int:
    """Give the number of processing passes: the times that the array is loaded with filters.

    nest     any Nest
    returns  the product, over dims, of the chunks that pass_factors' loops cut it into; clipped ones count

    >>> from cnnhw.chips import eyeriss
    >>> pass_count(eyeriss().nests()["CONV1"])        # 4 * 8 * 3 * 3
    288
    """
    number = 1
    outside = [loop[:2] for loop in pass_factors(nest)]
    for dim, size in sizes(nest.shape).items():
        number *= pieces(size, [step for name, step in outside if name == dim])
    return number


def crossings(nest: Nest, counts: Counts) -> list[Crossing]:
    """Give what crosses between the array and the level that feeds it, tensor by tensor.

    nest     the mapping
    counts   its Counts
    returns  ifmap and filter words read, psums in and out; `stored` is the words there are
    """
    shape = nest.shape
    height, width = shape.H, shape.W
    if counts.stores_padding:
        height, width = shape.rows.padded, shape.columns.padded
    stored = {
        Tensor.IFMAP: shape.N * shape.C * height * width,
        Tensor.FILTER: shape.filter_words,
        Tensor.PSUM: shape.ofmap_words,
    }
    found = []
    for tensor, words in stored.items():
        level = "GLB" if "GLB" in nest.kept_by(tensor) else "DRAM"
        access = counts[level, str(tensor)]
        found.append(Crossing(tensor, level, access.reads + access.updates, words))
    return found


def passes(nest: Nest, machine: Machine, caption: str = "") -> Picture:
    """Draw how many passes a layer takes, and the words that its passes move into the array and out of it.

    nest     the mapping of a layer
    machine  what it runs on
    caption  one visible line under the picture
    returns  Picture: the loops whose turns multiply to the passes, and a bar for each tensor
    raises   CapacityError if the nest does not fit on the machine
    """
    number, crossed = pass_count(nest), crossings(nest, count(nest, machine))
    product = _product(nest, number)
    lines = [_line(one, number) for one in crossed]

    def artist(board: Board) -> None:
        board.write(0.1, 0.5, product, align="left", weight="bold")
        longest = max(one.words for one in crossed)
        for row, one in enumerate(crossed):
            _draw_crossing(board, 1.4 + ROW * row, one, lines[row], one.words / longest)

    told = f"{product}. " + " ".join(
        f"{_name(one)}: {line}." for one, line in zip(crossed, lines, strict=True)
    )
    return draw_board(artist, WIDTH, 1.5 + ROW * len(crossed), told, caption)


def _draw_crossing(board: Board, y: float, one: Crossing, line: str, part: float) -> None:
    ink = palette.TENSOR[one.tensor]
    board.write(BARS - 0.3, y + 0.45, _name(one), align="right", color=ink.line, weight="bold")
    board.boxes([(BARS, y, max(part * (WIDTH - BARS - 0.2), 0.06), 0.9)], ink.fill, ink.line, hatch=ink.hatch)
    board.write(BARS, y + 1.35, line, 9, align="left")


def _name(one: Crossing) -> str:
    return f"{one.tensor}, array {'and' if one.tensor is Tensor.PSUM else 'from'} {one.level}"


def _line(one: Crossing, number: int) -> str:
    each, rest = divmod(one.words, number)
    return f"{'about ' if rest else ''}{each:,} a pass, {one.words:,} in all: each word {one.times:.3g} times"


def _product(nest: Nest, number: int) -> str:
    factors = pass_factors(nest)
    turns = " x ".join(f"{times} ({WHAT[dim]} by {step})" for dim, step, times in factors)
    whole = prod(times for _, _, times in factors) == number  # not so where a clipped chunk makes fewer turns
    return f"{number:,} passes{' = ' if whole else ' of at most '}{turns}" if turns else "1 pass"
