"""Dataflows side by side: two bars for each, and where the energy of each goes."""

from collections.abc import Iterable, Mapping

from cnnhw.errors import CourseError
from cnnhw.mapper import Plan
from cnnhw.pictures import palette
from cnnhw.pictures.energy.energy import LEVELS, ROW, TENSORS, energy_bars, energy_key
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture

WIDTH = 26.0  # cells of a picture
NO_ROOM = "does not fit"
_LEFT, _AIR = 3.4, 7.4  # cells for the names, and right of the longest bar for its number
_THICK, _PAIR = 0.72, 1.95  # cells: one bar, and from one pair to the next


def paired_bars(
    rows: Mapping[str, tuple[float | None, float | None]],
    names: tuple[str, str],
    unit: str,
    caption: str = "",
) -> Picture:
    """Draw two bars for each dataflow, such as what was published and what is computed.

    rows     name -> two quantities of one unit, 0 or more; None where the dataflow does not fit
    names    what the first bar is, and the second
    unit     of both, for the heading
    caption  one visible line under the picture
    returns  Picture whose words list every number
    raises   CourseError if there is nothing to draw

    >>> paired_bars({"WS": (1.92, 1.9218), "RS": (1, None)}, ("published", "computed"), "energy over RS")
    energy over RS, published and computed: WS 1.92 and 1.922; RS 1 and does not fit.
    """
    there = [value for pair in rows.values() for value in pair if value is not None]
    if not there:
        raise CourseError("bars need a number at least", "none that fits", "give name -> (first, second)")
    each = "; ".join(f"{name} {_said(one)} and {_said(two)}" for name, (one, two) in rows.items())
    words = f"{unit}, {names[0]} and {names[1]}: {each}."
    scale = (WIDTH - _LEFT - _AIR) / (max(there) or 1)

    def artist(board: Board) -> None:
        board.write(_LEFT, 0.4, unit, align="left")
        for number, (name, pair) in enumerate(rows.items()):
            y = 1.1 + number * _PAIR
            board.write(_LEFT - 0.3, y + _THICK, name, align="right", weight="bold")
            for second, (value, what) in enumerate(zip(pair, names, strict=True)):
                _labelled(board, y + second * _THICK, value, what, scale, bool(second))

    return draw_board(artist, WIDTH, 1.1 + _PAIR * len(rows), words, caption)


def energy_of_plans(plans: Mapping[str, Iterable[Plan] | None], caption: str = "") -> Picture:
    """Draw the published energy per MAC of each dataflow twice: cut by level, and by tensor.

    plans    name -> the plans of its layers, whose energies are added up; None where one does not fit
    caption  one visible line under the picture
    returns  Picture whose words list every part
    raises   CourseError if there is not one plan
    """
    found = {name: tuple(some) for name, some in plans.items() if some is not None}
    if not any(found.values()):
        raise CourseError("a picture of energies needs a plan at least", "none", 'give {"RS": [plan], ...}')
    cuts = {parts: {name: _cut(some, parts) for name, some in found.items()} for parts in (LEVELS, TENSORS)}
    missing = [name for name, some in plans.items() if some is None]
    words = "Energy per MAC (one MAC = 1), by level, then by tensor: "
    words += "; ".join(f"{name} {_parts_said(cuts, name)}" for name in found) + "."
    words += f" {', '.join(missing)}: {NO_ROOM}." if missing else ""
    block = 2.5 + ROW * len(found)

    def artist(board: Board) -> None:
        for number, (parts, title) in enumerate(((LEVELS, "by level"), (TENSORS, "by tensor"))):
            y = number * block
            board.write(_LEFT, y + 0.4, f"energy per MAC (one MAC = 1), {title}", align="left")
            energy_key(board, (_LEFT, y + 0.9), parts)
            energy_bars(board, (_LEFT, y + 1.9), cuts[parts], parts, WIDTH - _LEFT - 2.4)
        if missing:
            board.write(_LEFT, 2 * block, f"{', '.join(missing)}: {NO_ROOM}", align="left")

    return draw_board(artist, WIDTH, 2 * block + (0.6 if missing else -0.4), words, caption)


def _cut(plans: tuple[Plan, ...], parts) -> dict[str, float]:
    """Energy per MAC of some layers together, part by part."""
    macs, cut = sum(plan.shape.macs for plan in plans), dict.fromkeys(parts, 0.0)
    for plan in plans:
        for (level, tensor), energy in plan.energy_by.items():
            cut[level if parts is LEVELS or tensor is None else str(tensor)] += energy / macs
    return cut


def _parts_said(cuts: Mapping, name: str) -> str:
    both = (cut[name] for cut in cuts.values())
    said = [", ".join(f"{part} {short(value)}" for part, value in row.items() if value) for row in both]
    return f"{short(sum(cuts[LEVELS][name].values()))} = {said[0]} = {said[1]}"


def _labelled(board: Board, y: float, value: float | None, what: str, scale: float, filled: bool) -> None:
    """One bar, hatched paper or filled, with its number and what it is at its end."""
    # Rounded, so that a last binary digit that differs between machines cannot change the drawing.
    length = 0.0 if value is None else round(value * scale, 3)
    style = {"fill": palette.GRID} if filled else {"fill": palette.PAPER, "hatch": "///"}
    if length:
        board.boxes([(_LEFT, y, length, _THICK)], line=palette.TEXT, **style)
    text = f"{_said(value)} {what}"
    board.write(_LEFT + length + 0.25, y + _THICK / 2, text, size=9, align="left")


def _said(value: float | None) -> str:
    return NO_ROOM if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
