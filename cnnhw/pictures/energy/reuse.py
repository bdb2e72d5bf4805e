"""The energy of one value that is used again and again: a, b, c and d times at the four levels."""

from collections.abc import Mapping

from cnnhw.energy import value_accesses
from cnnhw.machine import SLIDE_35, Costs
from cnnhw.machine.hierarchy import USUAL
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.marks.levels import LEVEL
from cnnhw.pictures.picture import Picture

PLACES = USUAL.names
# How often each level moves a value, as the paper writes it (ISCA 2016, equations 3 and 4).
FORMULAS = {
    "input": {"DRAM": "a", "GLB": "a*b", "NoC": "a*b*c", "RF": "a*b*c*d"},
    "psum": {"DRAM": "2a - 1", "GLB": "2a(b - 1)", "NoC": "ab(c - 1)", "RF": "2abc(d - 1)"},
}
# In cells of the board; chosen for teaching.
_WIDTH, _BARS, _ROW, _LONGEST = 26.0, 11.5, 1.4, 11.0


def reuse_energy(value: str, a: int, b: int, c: int, d: int, costs: Costs = SLIDE_35) -> Picture:
    """Draw the energy that one value takes at each level.

    value       as for value_accesses
    a, b, c, d  as for value_accesses
    costs       energy of an access at each level
    returns     Picture; its caption is the sum of accesses times cost
    raises      CourseError as value_accesses does
    source      ISCA 2016, equations 3 and 4

    >>> reuse_energy("input", 1, 2, 3, 4).caption
    'a=1, b=2, c=3, d=4: 1*200 + 2*6 + 6*2 + 24*1 = 248 for 24 MACs: 10.33 each'
    """
    moved = value_accesses(value, a, b, c, d)
    energy = {place: moved[place] * costs[place] for place in PLACES}
    total, macs = sum(energy.values()), a * b * c * d
    terms = " + ".join(f"{moved[place]}*{short(costs[place])}" for place in PLACES)
    each = short(total / macs)
    caption = f"a={a}, b={b}, c={c}, d={d}: {terms} = {short(total)} for {macs} MACs: {each} each"
    levels = "; ".join(
        f"{place} {FORMULAS[value][place]} = {moved[place]} accesses, energy {short(energy[place])}"
        for place in PLACES
    )
    words = f"Energy of one {value} by level. {levels}. {caption}."

    def artist(board: Board) -> None:
        _headings(board)
        for row, place in enumerate(PLACES):
            y = 1.3 + row * _ROW
            said = f"{FORMULAS[value][place]} = {moved[place]}", f"* {short(costs[place])}"
            _row(board, y, place, said, energy, total)

    return draw_board(artist, _WIDTH, 1.4 + _ROW * len(PLACES), words, caption)


def _headings(board: Board) -> None:
    for x, text in ((0, "level"), (2.6, "accesses"), (8.6, "cost"), (_BARS, "energy")):
        board.write(x, 0.5, text, align="left", color=palette.MUTED)


def _row(
    board: Board, y: float, place: str, said: tuple[str, str], energy: Mapping[str, float], total: float
) -> None:
    """Write one level's sum and draw its bar."""
    ink, part = LEVEL[place], energy[place]
    width = round(_LONGEST * part / (max(energy.values()) or 1), 3)
    board.write(0, y + 0.5, place, align="left", weight="bold")
    board.write(2.6, y + 0.5, said[0], align="left")
    board.write(8.6, y + 0.5, said[1], align="left")
    board.boxes([(_BARS, y, width, 1.0)] if width else [], ink.fill, ink.line, hatch=ink.hatch)
    share = f"{short(part)}  ({part / total:.0%})" if total else "0"
    board.write(_BARS + width + 0.25, y + 0.5, share, align="left")
