"""The landscape around a plan: energy as two of its parameters vary, the planned place lit."""

from dataclasses import replace

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.mapper import Landscape
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture

LARGEST = 200  # values on a side; beyond, a place is thinner than a line (chosen for teaching)
# Part by which a cell is above the best, and its ground: the darker the worse. Chosen for teaching.
STEPS = ((0.02, "#F3F1FA"), (0.1, "#DAD6EE"), (0.3, "#B5AFD8"), (1.0, "#8F88C0"), (np.inf, "#4A4380"))
_NO_ROOM = "xxx"  # the hatch of places at which nothing fits
_LEFT, _TOP = 2.2, 3.0  # cells of a board beside and above the landscape
_WIDE, _HIGH = 20.0, 9.0  # cells of a board that it takes at the most


def landscape_picture(landscape: Landscape, caption: str = "") -> Picture:
    """Draw a landscape of two parameters, as far as anything fits: the first goes down, the second across.

    landscape  of two names; what does not fit is hatched
    caption    one visible line under the picture
    returns    Picture whose words give the planned place, the worst, and how many fit
    raises     CourseError if the landscape has one parameter, or more than 200 values on a side
    """
    if len(landscape.names) != 2:
        raise CourseError(
            "this picture has two parameters",
            ", ".join(landscape.names),
            "use landscape(plan, name, name); curves() draws one",
        )
    landscape = _cropped(landscape)
    if max(landscape.energy_per_mac.shape) > LARGEST:
        raise CourseError(
            f"this picture has up to {LARGEST} values on a side",
            f"{landscape.energy_per_mac.shape} values",
            f"use landscape(plan, name, name, most={LARGEST})",
        )
    rows, columns = landscape.energy_per_mac.shape
    cell = min(1.5, _WIDE / columns), min(1.0, _HIGH / rows)

    def artist(board: Board) -> None:
        _heading(board, landscape)
        _ground(board, landscape.energy_per_mac, cell)
        _axes(board, landscape, cell)

    return draw_board(artist, _LEFT + _WIDE + 2, _TOP + 1.2 + rows * cell[1], _words(landscape), caption)


def _cropped(landscape: Landscape) -> Landscape:
    """Leave out values past the last one at which something fits; the planned place always does."""
    fits = np.isfinite(landscape.energy_per_mac)
    rows, columns = (np.flatnonzero(fits.any(axis=axis))[-1] + 1 for axis in (1, 0))
    return replace(
        landscape,
        values=(landscape.values[0][:rows], landscape.values[1][:columns]),
        energy_per_mac=landscape.energy_per_mac[:rows, :columns],
        active_pes=landscape.active_pes[:rows, :columns],
    )


def _words(landscape: Landscape) -> str:
    energy, (down, across) = landscape.energy_per_mac, landscape.names
    planned = tuple(
        int(np.searchsorted(values, landscape.plan.parameters[name]))
        for values, name in zip(landscape.values, landscape.names, strict=True)
    )
    worst = np.unravel_index(np.nanargmax(np.round(energy, 6)), energy.shape)
    here, there = (
        f"{short(energy[place])} at {down}={landscape.values[0][place[0]]}, "
        f"{across}={landscape.values[1][place[1]]}"
        for place in (planned, worst)
    )
    fit = int(np.isfinite(energy).sum())
    return (
        f"Energy per MAC of {landscape.plan.dataflow.name} over {down} and {across}: planned {here}; "
        f"most {there}; {fit} of {energy.size} places fit."
    )


def _ground(board: Board, energy: np.ndarray, cell: tuple[float, float]) -> None:
    """Paint the places of one step together; a hatch tells without colour where nothing fits."""
    # Rounded, so that a place just on a step has the same ground on every machine.
    above = np.round(energy / np.nanmin(energy) - 1, 6)
    rows, columns = energy.shape
    whole = (_LEFT, _TOP, columns * cell[0], rows * cell[1])  # what fits is painted over it
    board.boxes([whole], palette.PAPER, palette.GRID, hatch=_NO_ROOM)
    low = -1.0
    for high, colour in STEPS:
        where = np.argwhere((above > low) & (above <= high))
        board.boxes([_box(row, column, cell) for row, column in where], colour, colour, linewidth=0.3)
        low = high


def _box(row: int, column: int, cell: tuple[float, float]) -> tuple[float, float, float, float]:
    x, y = _LEFT + column * cell[0], _TOP + row * cell[1]
    return round(x, 4), round(y, 4), *cell


def _axes(board: Board, landscape: Landscape, cell: tuple[float, float]) -> None:
    plan, (down, across), (width, height) = landscape.plan, landscape.values, cell
    right, bottom = _LEFT + len(across) * width, _TOP + len(down) * height
    board.boxes([(_LEFT, _TOP, right - _LEFT, bottom - _TOP)], "none", palette.MUTED)
    row = int(np.searchsorted(down, plan.parameters[landscape.names[0]]))
    column = int(np.searchsorted(across, plan.parameters[landscape.names[1]]))
    board.boxes([_box(row, column, cell)], palette.HIGHLIGHT, palette.TEXT, linewidth=2.0)
    for value, y in ((down[0], _TOP + height / 2), (down[-1], bottom - height / 2)):
        board.write(_LEFT - 0.2, y, str(value), size=9, align="right", color=palette.MUTED)
    for value, x in ((across[0], _LEFT + width / 2), (across[-1], right - width / 2)):
        board.write(x, bottom + 0.45, str(value), size=9, color=palette.MUTED)
    board.write(_LEFT - 1.2, (_TOP + bottom) / 2, landscape.names[0], align="right", weight="bold")
    board.write((_LEFT + right) / 2, bottom + 0.6, landscape.names[1], weight="bold")


def _heading(board: Board, landscape: Landscape) -> None:
    names = ", ".join(f"{name}={value}" for name, value in landscape.plan.parameters.items())
    board.write(0.2, 0.4, f"energy per MAC of {landscape.plan.dataflow.name}; planned: {names}", align="left")
    x = 0.2
    key = [(f"up to {high:.0%} above" if np.isfinite(high) else "more", colour) for high, colour in STEPS]
    for label, colour in [*key, ("does not fit", palette.PAPER)]:
        hatch = {"hatch": _NO_ROOM} if colour == palette.PAPER else {}
        board.boxes([(x, 1.3, 0.7, 0.7)], colour, palette.MUTED, **hatch)
        board.write(x + 0.9, 1.65, label, size=9, align="left")
        x += 1.3 + 0.22 * len(label)
