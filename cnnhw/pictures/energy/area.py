"""Equal area: bars of one length, cut into register files and buffer."""

from collections.abc import Mapping

from cnnhw.errors import CourseError
from cnnhw.machine.area import equal_area, memory_area
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.marks.levels import LEVEL
from cnnhw.pictures.picture import Picture

_LEFT, _BAR, _RIGHT = 3.4, 16.0, 6.4  # cells: names, bar, the buffer's size
_ROW = 1.5  # cells from one bar to the next


def equal_area_bars(rf_bytes: Mapping[str, float], pes: int = 256, caption: str = "") -> Picture:
    """Draw how each dataflow spends the same area: on register files, and on the buffer they share.

    rf_bytes  name -> bytes of register file in each PE
    pes       number of PEs
    caption   one visible line under the picture
    returns   Picture whose words give register files and buffer of each
    raises    CourseError if there is nothing to draw, or as equal_area does
    source    ISCA 2016, equation 2

    >>> equal_area_bars({"RS": 512}).words
    'Area of memory with 256 PEs: RS 512 bytes in each RF take 62% of it, leaving a GLB of 128.0 kB.'
    """
    if not rf_bytes:
        raise CourseError("area is shared out to one dataflow at least", "none", 'give {"RS": 512}')
    left = {name: equal_area(pes, size) / 1024 for name, size in rf_bytes.items()}
    whole = pes * memory_area(512) + memory_area(pes * 512)
    part = {name: round(pes * memory_area(size) / whole, 4) for name, size in rf_bytes.items()}
    each = "; ".join(
        f"{name} {size} bytes in each RF take {part[name]:.0%} of it, leaving a GLB of {left[name]:.1f} kB"
        for name, size in rf_bytes.items()
    )

    def artist(board: Board) -> None:
        board.write(_LEFT, 0.4, f"area of all memory, {pes} PEs: RF and GLB", align="left")
        for number, (name, size) in enumerate(rf_bytes.items()):
            y, in_rf = 1.0 + number * _ROW, part[name] * _BAR
            board.write(_LEFT - 0.3, y + 0.5, name, align="right", weight="bold")
            _box(board, "RF", _LEFT, y, in_rf, f"{size} B each")
            _box(board, "GLB", _LEFT + in_rf, y, _BAR - in_rf, "GLB")
            board.write(_LEFT + _BAR + 0.3, y + 0.5, f"GLB of {left[name]:.1f} kB", align="left")

    size = _LEFT + _BAR + _RIGHT, 1.0 + _ROW * len(rf_bytes)
    return draw_board(artist, *size, f"Area of memory with {pes} PEs: {each}.", caption)


def _box(board: Board, level: str, x: float, y: float, width: float, text: str) -> None:
    """A part of a bar; what it holds is written where there is room for it."""
    ink = LEVEL[level]
    if width > 0:
        board.boxes([(x, y, width, 1.0)], ink.fill, ink.line, hatch=ink.hatch)
    if width > 0.3 * len(text):
        middle, half = x + width / 2, 0.14 * len(text)
        board.boxes([(middle - half, y + 0.15, 2 * half, 0.7)], ink.fill, "none")
        board.write(middle, y + 0.5, text, color=ink.text)
