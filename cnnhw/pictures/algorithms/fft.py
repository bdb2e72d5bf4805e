"""Operations of the loops and of the FFT as the filter grows, and where the FFT starts to win."""

from cnnhw.conv.fft import crossover, fft_operations
from cnnhw.conv.loops import loops_operations
from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.powers import power_of_ten_axis
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import LayerShape

_AXES = (0.09, 0.16, 0.79, 0.8)  # of the figure: left, bottom, width, height
_DASHES = {"loops": "-", "FFT": "--", "FFT in tiles": ":"}


def fft_crossover(
    H: int, M: int = 1, C: int = 1, *, largest: int = 15, tile: int | None = None, R: int | None = None
) -> Picture:
    """Draw the operations of conv_loops and conv_fft against R, for an ofmap as large as the ifmap.

    H        height and width of the ifmap, and with P = (R - 1) / 2 of the ofmap; stride 1
    M, C     filters, channels
    largest  the largest odd R that is drawn, H at most
    tile     ifmap words in a tile, for a third line; none if None
    R        an odd filter size to mark, the crossover if None
    returns  Picture; the caption works out how many times fewer operations the FFT takes at R
    raises   CourseError if R is not odd, or larger than H or `largest`
    source   TALK slide 26: from O(No^2 Nf^2) to O(No^2 log2 No)

    >>> print(fft_crossover(2, largest=1).caption)   # 2*2 ofmap words, a multiplication and an addition each
    R=1: the loops take 8 operations, the FFT 60: 7.50 times more. It wins for no R up to 2.
    """
    sizes = list(range(1, min(largest, H) + 1, 2))
    first = crossover(H, M, C)
    marked = R if R is not None else first if first in sizes else sizes[-1]
    _check(marked, sizes)
    shapes = [LayerShape(M=M, C=C, H=H, R=size, P=(size - 1) // 2) for size in sizes]
    lines = _lines(shapes, tile)
    at = sizes.index(marked)
    caption = f"R={marked}: " + _compared(lines["loops"][at], lines["FFT"][at]) + _crossing(first, H)
    words = _in_words(shapes[0], sizes, lines, caption)

    def artist(figure):
        figure.set_layout_engine(None)  # it rehearses the drawing, and a widget would show the time
        axes = figure.add_axes(_AXES)
        power_of_ten_axis(axes)
        for name, operations in lines.items():
            axes.plot(sizes, operations, _DASHES[name], color=palette.TEXT, linewidth=1.8)
            place = {"xytext": (6, 0), "textcoords": "offset points", "annotation_clip": False}
            axes.annotate(name, (sizes[-1], operations[-1]), va="center", **place)
        ends = [lines["loops"][at], lines["FFT"][at]]
        axes.plot(
            [marked, marked], ends, "o-", color=palette.TEXT, markerfacecolor=palette.HIGHLIGHT, markersize=8
        )
        axes.set_xticks(sizes)
        axes.margins(x=0.03, y=0.12)
        axes.grid(axis="y", color=palette.GRID, linewidth=0.6)
        axes.set(xlabel="R, rows and columns of the filter (words)", ylabel="operations")

    return draw(artist, words, caption, width=7.6, height=3.4)


def _check(marked: int, sizes: list[int]) -> None:
    if marked not in sizes:
        raise CourseError(
            "the filter must be odd and no larger than the ifmap",
            f"R={marked!r} where the chart goes up to R={sizes[-1]}",
            f"use an odd R from 1 to {sizes[-1]}, or a larger H",
        )


def _lines(shapes: list[LayerShape], tile: int | None) -> dict[str, list[int]]:
    lines = {
        "loops": [loops_operations(shape).total for shape in shapes],
        "FFT": [fft_operations(shape).total for shape in shapes],
    }
    if tile is not None:
        lines["FFT in tiles"] = [fft_operations(shape, tile).total for shape in shapes]
    return lines


def _compared(loops: int, fft: int) -> str:
    more, times = ("fewer", loops / fft) if fft < loops else ("more", fft / loops)
    return f"the loops take {loops:,} operations, the FFT {fft:,}: {times:.2f} times {more}. "


def _crossing(first: int | None, H: int) -> str:
    return f"It first wins at R={first}." if first else f"It wins for no R up to {H}."


def _in_words(shape: LayerShape, sizes: list[int], lines: dict[str, list[int]], caption: str) -> str:
    listed = "; ".join(
        f"{name} " + ", ".join(f"R={R} {count:,}" for R, count in zip(sizes, operations, strict=True))
        for name, operations in lines.items()
    )
    return (
        f"Operations against R for H={shape.H}, M={shape.M}, C={shape.C}, the filters' spectra kept: "
        f"{listed}. {caption}"
    )
