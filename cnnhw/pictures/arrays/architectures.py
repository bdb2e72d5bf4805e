"""Two ways to put many ALUs to work: one that takes turns in time, one that spreads out in space."""

from matplotlib.axes import Axes

from cnnhw.pictures import palette
from cnnhw.pictures.marks.levels import LEVEL
from cnnhw.pictures.marks.sketch import arrow, box, sheet
from cnnhw.pictures.picture import Picture, draw

_WIDTH, _HEIGHT = 8.4, 3.3  # inches
_ROWS, _COLS = 3, 4  # the lesson's array
_LINKS = ((0, 1), (1, 0))  # to the PE on the right, and to the one below


def two_architectures(caption: str = "") -> Picture:
    """Draw a temporal architecture (SIMD, SIMT) beside a spatial one, with 12 ALUs each.

    caption  one visible line under the picture
    returns  Picture
    source   TALK slides 31-33; Sze et al., Proc. IEEE 2017, figure 17
    """
    words = (
        "Two architectures with 12 ALUs each. Temporal: one control and one register file serve all ALUs, "
        "and ALUs cannot pass words to each other. Spatial: a global buffer feeds 12 PEs, each an ALU with a "
        "register file and control of its own, and PEs pass words to their neighbours."
    )

    def artist(figure) -> None:
        axes = sheet(figure)
        _memories(axes, 2.1, 3.6, "temporal: SIMD, SIMT", "register file of all")
        _memories(axes, 6.4, 3.4, "spatial: an array of PEs", "GLB, global buffer")
        _grid(axes, 0.65, alone=True)
        _grid(axes, 5.05, alone=False)
        box(axes, (4.28, 2.33), (0.62, 0.34), "control", palette.PAPER, palette.MUTED)
        axes.text(0.2, 0.14, "every ALU word comes from the one file", fontsize=9.5, va="center")
        axes.text(4.6, 0.14, "an RF in each PE, and links between PEs", fontsize=9.5, va="center")

    return draw(artist, words, caption, _WIDTH, _HEIGHT)


def _memories(axes: Axes, middle: float, width: float, title: str, name: str) -> None:
    axes.text(middle, 3.15, title, ha="center", va="center", weight="bold")
    dram, shared = LEVEL["DRAM"], LEVEL["GLB"]
    box(axes, (middle, 2.8), (width, 0.3), "", dram.fill, dram.line)
    axes.text(middle, 2.8, "DRAM", ha="center", va="center", color=dram.text, fontsize=9.5, zorder=5)
    box(axes, (middle, 2.33), (width, 0.34), name, shared.fill, shared.line)
    arrow(axes, (middle, 2.65), (middle, 2.5))


def _grid(axes: Axes, left: float, alone: bool) -> None:
    """Draw the ALUs; those that are not alone have an RF each and links to their neighbours."""
    places = {
        (row, col): (left + 0.9 * col, 1.72 - 0.58 * row) for row in range(_ROWS) for col in range(_COLS)
    }
    rf = LEVEL["RF"]
    for (row, col), (x, y) in places.items():
        if alone:
            box(axes, (x, y), (0.6, 0.36), "ALU", palette.PAPER, palette.TEXT)
            continue
        box(axes, (x, y), (0.72, 0.4), "", palette.PAPER, palette.TEXT)
        box(axes, (x - 0.17, y), (0.28, 0.28), "RF", rf.fill, rf.line)
        axes.text(x + 0.17, y, "ALU", ha="center", va="center", fontsize=9, zorder=4)
        for down, right in _LINKS:
            if (row + down, col + right) in places:
                end = places[row + down, col + right]
                arrow(axes, (x + 0.36 * right, y - 0.2 * down), (end[0] - 0.36 * right, end[1] + 0.2 * down))
    for col in range(_COLS):
        x = left + 0.9 * col
        arrow(axes, (x, 2.16), (x, 1.92 if not alone else 1.9))
    if alone:
        for col in range(_COLS):  # one wire past the ALUs of a column, to each of them
            x = left + 0.9 * col + 0.42
            axes.plot([x, x], [2.16, places[_ROWS - 1, col][1]], color=palette.TEXT, linewidth=1.2)
            for row in range(1, _ROWS):
                y = places[row, col][1]
                arrow(axes, (x, y), (x - 0.12, y), width=1.2)
