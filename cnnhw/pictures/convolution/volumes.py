"""A whole layer as stacks of sheets: N ifmaps of C channels, M filters, N ofmaps of M channels."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import LayerShape, Tensor

# In cells of the board; chosen for teaching.
_SIDE = 2.6  # the longest side of an ifmap
_LEAST = 0.9  # the shortest side of any sheet, so that an index fits on it
_STEP = 0.5  # how far a sheet peeks out behind the one in front
_LEFT = 2.4  # room for the labels left of a stack
_MOST = 4  # sheets or stacks that are drawn; of more, the middle becomes dots
_TOP = 2.2  # two lines of title


class Axis(NamedTuple):
    """A letter of the notation and its size."""

    letter: str
    size: int

    def __str__(self) -> str:
        return f"{self.letter}={self.size}"


@dataclass(frozen=True)
class Volume:
    """One four-dimensional tensor: a column of stacks of sheets."""

    tensor: Tensor
    stacks: Axis
    sheets: Axis
    rows: Axis
    columns: Axis
    scale: float  # cells of the board per word
    lit_stacks: range
    lit_sheets: range

    @property
    def height(self) -> float:
        """Height of one sheet in cells of the board."""
        return max(_LEAST, self.rows.size * self.scale)

    @property
    def width(self) -> float:
        """Width of one sheet."""
        return max(_LEAST, self.columns.size * self.scale)

    @property
    def behind(self) -> float:
        """How far the last sheet peeks out."""
        return _STEP * (len(shown(self.sheets.size, self.lit_sheets.start)) - 1)

    @property
    def tops(self) -> dict[range, float]:
        """Where each stack that is drawn starts, and under None where the last one ends."""
        tops, top = {}, _TOP
        for stack in [*shown(self.stacks.size, self.lit_stacks.start), None]:
            tops[stack] = top
            is_gap = stack is not None and len(stack) > 1
            top += 1.0 if is_gap else self.height + self.behind + 1.1
        return tops

    @property
    def total_width(self) -> float:
        """Width with the labels on the left."""
        return max(_LEFT + self.width + self.behind + 0.8, 6.8)


def layer_volumes(shape: LayerShape, m: int = 0) -> Picture:
    """Draw a layer's ifmaps, filters and ofmaps as stacks of channels, with one filter and all it makes lit.

    shape    LayerShape
    m        the filter to light, with the ifmap channels that it sees and the ofmap channel that it makes
    returns  Picture; its caption counts the MACs: N*M*E*F * C/G*R*S
    raises   CourseError if there is no filter m
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> layer_volumes(LayerShape(N=2, M=4, C=3, H=5, R=2)).caption
    'N*M*E*F = 2*4*4*4 = 128 ofmap words, each the sum of C*R*S = 3*2*2 = 12 products: 128*12 = 1,536 MACs'
    """
    if not 0 <= m < shape.M:
        change = f"use m from 0 to {shape.M - 1}"
        raise CourseError("m must be the index of a filter", f"m={m} but M={shape.M}", change)
    volumes = _volumes(shape, m)
    lefts = [sum(volume.total_width for volume in volumes[:index]) for index in range(3)]
    rows = max(volume.tops[None] for volume in volumes)

    def artist(board: Board) -> None:
        for volume, left in zip(volumes, lefts, strict=True):
            _draw_volume(board, volume, left)

    columns = lefts[2] + volumes[2].total_width
    return draw_board(artist, columns, rows, _in_words(shape, m), _caption(shape))


def shown(count: int, keep: int = 0) -> list[range]:
    """Choose what is drawn of `count` stacks or sheets: single ones, and gaps for those left out.

    count    how many there are
    keep     one that must be drawn
    returns  ranges that cover 0 to count - 1; those longer than 1 are gaps

    >>> [str(part) for part in shown(9)]
    ['range(0, 1)', 'range(1, 2)', 'range(2, 8)', 'range(8, 9)']
    >>> [len(part) for part in shown(9, keep=5)]     # 0, a gap of four, 5, a gap of two, 8
    [1, 4, 1, 2, 1]
    """
    if count <= _MOST:
        return [range(index, index + 1) for index in range(count)]
    second = keep if 0 < keep < count - 1 else 1
    ends = [0, 1, second, second + 1, count - 1, count]
    return [range(start, end) for start, end in pairwise(ends) if start < end]


def _volumes(shape: LayerShape, m: int) -> list[Volume]:
    seen, group = shape.seen, m // shape.made
    scale = _SIDE / max(shape.H, shape.W, shape.R, shape.S, shape.E, shape.F)
    images, all_images, this = Axis("N", shape.N), range(shape.N), range(m, m + 1)
    # With one group the filter sees every channel: nothing to point out.
    channels = range(group * seen, (group + 1) * seen) if shape.G > 1 else range(0)
    filters, depth = Axis("M", shape.M), Axis("C" if shape.G == 1 else "C/G", seen)
    ifmap = Axis("H", shape.H), Axis("W", shape.W), scale
    filter_ = Axis("R", shape.R), Axis("S", shape.S), scale
    ofmap = Axis("E", shape.E), Axis("F", shape.F), scale
    return [
        Volume(Tensor.IFMAP, images, Axis("C", shape.C), *ifmap, all_images, channels),
        Volume(Tensor.FILTER, filters, depth, *filter_, this, range(seen)),
        Volume(Tensor.OFMAP, images, filters, *ofmap, all_images, this),
    ]


def _draw_volume(board: Board, volume: Volume, left: float) -> None:
    board.write(left + 0.4, 0.45, f"{volume.tensor}s", align="left", fontweight="bold")
    size = f"{volume.stacks}, {volume.sheets} channels"
    board.write(left + 0.4, 1.15, size, size=9, align="left", color=palette.MUTED)
    sign = {Tensor.FILTER: "\u00d7", Tensor.OFMAP: "="}.get(volume.tensor, "")
    board.write(left - 0.1, _TOP + 1.5, sign, size=14)
    for stack, top in volume.tops.items():
        if stack is not None and len(stack) > 1:
            board.write(left + _LEFT + volume.width / 2, top + 0.2, "\u22ee", size=16)
        elif stack is not None:
            _draw_stack(board, volume, stack.start, left + _LEFT, top + volume.behind)


def _draw_stack(board: Board, volume: Volume, stack: int, x: float, y: float) -> None:
    sheets = shown(volume.sheets.size, volume.lit_sheets.start)
    for place, sheet in reversed(list(enumerate(sheets))):
        lit = stack in volume.lit_stacks and sheet.start in volume.lit_sheets
        _draw_sheet(board, volume, sheet, lit, x + place * _STEP, y - place * _STEP)
    middle = y + volume.height / 2
    board.write(x - 0.2, middle - 0.35, f"{volume.stacks.letter.lower()}={stack}", size=9, align="right")
    if stack == 0:
        board.write(x - 0.2, middle + 0.35, str(volume.rows), size=9, align="right", color=palette.MUTED)
        below = y + volume.height + 0.4
        board.write(x + volume.width / 2, below, str(volume.columns), size=9, color=palette.MUTED)


def _draw_sheet(board: Board, volume: Volume, sheet: range, lit: bool, x: float, y: float) -> None:
    ink = palette.TENSOR[volume.tensor]
    fill = palette.HIGHLIGHT if lit else ink.fill
    board.boxes([(x, y, volume.width, volume.height)], fill, ink.line, linewidth=2.0 if lit else 0.8)
    label = "\u2026" if len(sheet) > 1 else str(sheet.start)
    board.write(x + volume.width - 0.08, y + 0.27, label, size=9, align="right")


def _caption(shape: LayerShape) -> str:
    per_word = "C*R*S" if shape.G == 1 else "C/G*R*S"
    sizes = f"{shape.N}*{shape.M}*{shape.E}*{shape.F}"
    depth = f"{shape.seen}*{shape.R}*{shape.S}"
    return (
        f"N*M*E*F = {sizes} = {shape.ofmap_words:,} ofmap words, each the sum of {per_word} = {depth} = "
        f"{shape.ofmap_reuse} products: {shape.ofmap_words}*{shape.ofmap_reuse} = {shape.macs:,} MACs"
    )


def _in_words(shape: LayerShape, m: int) -> str:
    seen, group = shape.seen, m // shape.made
    sees = f"channels {group * seen} to {group * seen + seen - 1}" if shape.G > 1 else "all channels"
    groups = f" in {shape.G} groups" if shape.G > 1 else ""
    ifmaps, filters, ofmaps = (
        f"{_count(shape.N, 'ifmap')} of {shape.C} channels, {shape.H}x{shape.W}",
        f"{_count(shape.M, 'filter')} of {seen} channels{groups}, {shape.R}x{shape.S}",
        f"{_count(shape.N, 'ofmap')} of {shape.M} channels, {shape.E}x{shape.F}",
    )
    return (
        f"A layer: {ifmaps}; {filters}; {ofmaps}; stride {shape.U}, padding {shape.P}. Filter {m} sees "
        f"{sees} of each ifmap and makes channel {m} of each ofmap. {_caption(shape)}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
