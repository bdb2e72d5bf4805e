"""How a layer uses its words again: in the next window, with the next filter, for the next image."""

from collections.abc import Sequence

from cnnhw.conv.toeplitz import repeats
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import LayerShape, Tensor

# In cells of the board; chosen for teaching.
_PANEL, _TOP, _ROWS = 8.8, 2.8, 10.8
_CELL, _IFMAP, _FILTER = 0.75, 4, 2  # the planes are drawn with 4 x 4 and 2 x 2 words


def reuse_kinds(shape: LayerShape) -> Picture:
    """Draw convolutional, fmap and filter reuse, and how often a layer uses a word in each way.

    shape    LayerShape
    returns  Picture. Convolutional: E*F windows use a filter word, about R*S / U^2 an inner ifmap word.
             Fmap: M/G filters use an ifmap word. Filter: N images use a filter word
    source   TALK slide 30; Sze et al., Proc. IEEE 2017, section V

    >>> reuse_kinds(LayerShape(N=4, M=6, C=2, H=5, R=3)).caption
    'convolutional: a filter word 3*3 = 9 times, an ifmap word up to 9 times; fmap: 6 times; filter: 4 times'
    """
    windows, taps = shape.E * shape.F, _taps(shape)
    caption = (
        f"convolutional: a filter word {shape.E}*{shape.F} = {windows} times, an ifmap word up to {taps} "
        f"times; fmap: {shape.made} times; filter: {shape.N} times"
    )
    words = (
        "Three kinds of reuse. Convolutional: windows of one ifmap overlap, and all use one filter. "
        "Fmap: several filters use one ifmap. Filter: several ifmaps of a batch use one filter. "
        f"In this layer: {caption}."
    )
    counts = (f"{windows} and up to {taps} times", f"{shape.made} times", f"{shape.N} times")

    def artist(board: Board) -> None:
        _panel(board, 0.1, ("Convolutional reuse", "filter and ifmap words", counts[0]), 1, 1, (True, True))
        _panel(board, _PANEL, ("Fmap reuse", "ifmap words", counts[1]), 2, 1, (False, True))
        _panel(board, 2 * _PANEL, ("Filter reuse", "filter words", counts[2]), 1, 2, (True, False))

    return draw_board(artist, 3 * _PANEL - 0.6, _ROWS, words, caption)


def _taps(shape: LayerShape) -> int:
    """The most windows that hold one ifmap word."""
    return int(repeats(shape).max())


def _panel(
    board: Board, x: float, titles: Sequence[str], filters: int, ifmaps: int, lit: tuple[bool, bool]
) -> None:
    """Draw one kind: its titles, its filters on the left, its ifmaps on the right.

    titles  name, which words, how often
    lit     whether a filter word is used again, and an ifmap word
    """
    for line, text in enumerate(titles):
        weight = "normal" if line else "bold"
        board.write(x, 0.4 + 0.8 * line, text, align="left", weight=weight)
    for number in range(filters):
        y = _TOP + 1.35 + 4.1 * number
        _plane(board, x, y, _FILTER, Tensor.FILTER, (0, 1) if lit[0] else None)
    for number in range(ifmaps):
        left, y = x + 2.6, _TOP + 0.6 + 4.1 * number
        _plane(board, left, y, _IFMAP, Tensor.IFMAP, (1, 1) if lit[1] else None)
        for step in range(2 if titles[0].startswith("Conv") else 1):
            _window(board, left + _CELL * step, y + _CELL * step, dashed=bool(step))


def _plane(board: Board, x: float, y: float, size: int, tensor: Tensor, lit: tuple[int, int] | None) -> None:
    ink = palette.TENSOR[tensor]
    for row in range(size):
        for column in range(size):
            fill = palette.HIGHLIGHT if (row, column) == lit else ink.fill
            board.boxes([(x + _CELL * column, y + _CELL * row, _CELL, _CELL)], fill, ink.line)
    board.write(x + _CELL * size / 2, y - 0.4, ink.letter, color=ink.line, weight="bold")


def _window(board: Board, x: float, y: float, dashed: bool) -> None:
    """Outline the words that one position of the filter covers."""
    style = {"linestyle": (0, (3, 1.5))} if dashed else {}
    side = _CELL * _FILTER
    board.boxes([(x, y, side, side)], "none", palette.TEXT, linewidth=2.2, **style)
