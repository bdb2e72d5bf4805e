"""A layer on a card: the words of its three tensors, and in how many MACs each word takes part."""

import math

from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import LayerShape, Tensor

# In cells of the board; chosen for teaching.
_LEFT, _BAR, _ROOM = 2.2, 7.0, 3.6  # the names, the longest bar, the number after it
_TOP, _ROW = 1.3, 1.15
_PLATE = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 0.8}  # behind a number that crosses a line


def layer_card(shape: LayerShape) -> Picture:
    """Draw how many words each tensor has and how often each is used, as bars on a logarithmic axis.

    shape    LayerShape
    returns  Picture; reuse is MACs / words: N*E*F for a filter word, C/G*R*S for an ofmap word
    source   the counts are those of LayerShape, for the kinds of reuse

    >>> layer_card(LayerShape(M=4, C=3, H=5, R=2)).caption
    'E=4, F=4. MACs = N*M*E*F * C/G*R*S = 1*4*4*4 * 3*2*2 = 768'
    """
    words = dict(zip(_TENSORS, (shape.ifmap_words, shape.filter_words, shape.ofmap_words), strict=True))
    reuse = dict(zip(_TENSORS, (shape.ifmap_reuse, shape.filter_reuse, shape.ofmap_reuse), strict=True))

    def artist(board: Board) -> None:
        _bars(board, 0.3, "words", words)
        _bars(board, _LEFT + _BAR + _ROOM + 0.6, "reuse (MACs per word)", reuse)

    return draw_board(
        artist,
        2 * (_LEFT + _BAR + _ROOM) + 0.9,
        _TOP + 3 * _ROW + 1.4,
        _in_words(words, reuse, shape),
        _caption(shape),
    )


_TENSORS = (Tensor.IFMAP, Tensor.FILTER, Tensor.OFMAP)


def _bars(board: Board, left: float, title: str, values: dict[Tensor, float]) -> None:
    # Whole thousands, so that the axis seldom changes while a slider moves.
    decades = max(3 * math.ceil(_decades(value) / 3 or 1) for value in values.values())
    unit, start = _BAR / decades, left + _LEFT
    board.write(start, 0.5, title, align="left", fontweight="bold")
    board.write(
        start, _TOP + 3 * _ROW + 0.95, "each line: 10 times more", size=9, align="left", color=palette.MUTED
    )
    _axis(board, start, unit, decades)
    for row, (tensor, value) in enumerate(values.items()):
        ink, y = palette.TENSOR[tensor], _TOP + row * _ROW
        length = max(0.12, _decades(value) * unit)
        board.boxes([(start, y, length, 0.8)], ink.fill, ink.line, hatch=ink.hatch, linewidth=1.2)
        board.write(start - 0.25, y + 0.42, str(tensor), align="right")
        board.write(start + length + 0.25, y + 0.42, _count(value), align="left", bbox=_PLATE)


def _axis(board: Board, start: float, unit: float, decades: int) -> None:
    bottom = _TOP + 3 * _ROW
    board.boxes(
        [(start + mark * unit, _TOP - 0.2, 0.0, 3 * _ROW + 0.2) for mark in range(decades + 1)],
        line=palette.GRID,
        linewidth=0.6,
    )
    for mark in range(0, decades + 1, 3):
        name = ("1", "1 k", "1 M", "1 G", "1 T", "1000 T")[min(mark // 3, 5)]
        board.write(start + mark * unit, bottom + 0.35, name, size=9, color=palette.MUTED)


def _decades(value: float) -> float:
    """Length of a bar in powers of ten; a word used less than once has the shortest bar."""
    return max(0.0, math.log10(value))


def _count(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.1f}" if value >= 1 else f"{value:.2g}"


def _caption(shape: LayerShape) -> str:
    ofmap, depth = f"{shape.N}*{shape.M}*{shape.E}*{shape.F}", f"{shape.seen}*{shape.R}*{shape.S}"
    return f"E={shape.E}, F={shape.F}. MACs = N*M*E*F * C/G*R*S = {ofmap} * {depth} = {shape.macs:,}"


def _in_words(words: dict[Tensor, int], reuse: dict[Tensor, float], shape: LayerShape) -> str:
    sizes = " ".join(f"{letter}={getattr(shape, letter)}" for letter in "NMCHWRSUPG")
    tensors = "; ".join(
        f"{_count(words[tensor])} {tensor} words, each in {_count(reuse[tensor])} MACs" for tensor in _TENSORS
    )
    return f"Layer {sizes}. {_caption(shape)}. {tensors}"
