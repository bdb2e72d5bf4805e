"""Energy over that of row stationary, as the array and the batch grow: a number in every cell."""

from collections.abc import Sequence

from cnnhw.errors import CourseError
from cnnhw.experiments.isca2016 import Bars
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture

_LEFT, _CELL = 3.4, 2.3  # cells for the names, and for a number
_GROUND = ((2.0, "#C3BEE0"), (1.4, "#E4E1F2"), (0.0, palette.PAPER))  # from this ratio on; darker is worse


def ratio_grid(
    found: Sequence[Bars], outside: tuple[float, float] | None = None, caption: str = ""
) -> Picture:
    """Draw each dataflow's energy per MAC over that of RS, a row for each and a column for each setting.

    found    Bars of one kind, CONV or FC
    outside  outline what is below the first number or above the second, to two digits; None: nothing
    caption  one visible line under the picture
    returns  Picture whose words list every ratio
    raises   CourseError if there is nothing to draw, or CONV and FC are mixed
    """
    found = tuple(found)
    kinds = sorted({bar.kind for bar in found})
    if len(kinds) != 1:
        raise CourseError(
            "one grid is of one kind of layer",
            f"{' and '.join(kinds) or 'nothing'}",
            "pick those of one kind",
        )
    names = [name for name in found[0].energy_per_mac if name != "RS"]
    ratios = [{name: bar.relative()[name] for name in names} for bar in found]
    each = "; ".join(
        f"{bar.pes} PEs, N={bar.N}: " + ", ".join(f"{name} {_text(row[name])}" for name in names)
        for bar, row in zip(found, ratios, strict=True)
    )
    words = f"Energy per MAC over that of RS, {kinds[0]} layers. {each}."

    def artist(board: Board) -> None:
        board.write(0, 0.4, f"energy per MAC over that of RS, {kinds[0]} layers", align="left")
        board.write(_LEFT - 0.3, 1.4, "PEs", align="right", color=palette.MUTED)
        board.write(_LEFT - 0.3, 2.2, "N", align="right", color=palette.MUTED)
        for row, name in enumerate(names):
            board.write(_LEFT - 0.3, 3.3 + row, name, align="right", weight="bold")
        for column, (bar, row) in enumerate(zip(found, ratios, strict=True)):
            x = _LEFT + column * _CELL
            board.write(x + _CELL / 2, 1.4, str(bar.pes), color=palette.MUTED)
            board.write(x + _CELL / 2, 2.2, str(bar.N), color=palette.MUTED)
            for number, name in enumerate(names):
                _cell(board, x, 2.8 + number, row[name], outside)

    return draw_board(artist, _LEFT + _CELL * len(found) + 0.2, 3.0 + len(names), words, caption)


def _cell(board: Board, x: float, y: float, ratio: float | None, outside) -> None:
    if ratio is None:
        board.boxes([(x, y, _CELL, 1.0)], palette.PAPER, palette.GRID, hatch="xxx")
        return
    fill = next(colour for least, colour in _GROUND if ratio >= least)
    board.boxes([(x, y, _CELL, 1.0)], fill, palette.GRID)
    lit = outside is not None and not outside[0] <= round(ratio, 2) <= outside[1]
    if lit:
        board.boxes(
            [(x + 0.06, y + 0.06, _CELL - 0.12, 0.88)], palette.HIGHLIGHT, palette.TEXT, linewidth=1.8
        )
    board.write(x + _CELL / 2, y + 0.52, _text(ratio), weight="bold" if lit else "normal")


def _text(ratio: float | None) -> str:
    return "does not fit" if ratio is None else f"{ratio:.2f}"
