"""Where the energy goes: one bar for each mapping, cut by level or by tensor."""

from collections.abc import Mapping, Sequence

from cnnhw.errors import CourseError
from cnnhw.machine.costs import PLACES as LEVELS
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.marks.levels import LevelInk, level_inks
from cnnhw.pictures.networks.work import in_thousands
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

TENSORS = ("ifmap", "filter", "psum", "MAC")
WIDTH = 26.0  # cells of a picture
ROW = 1.3  # cells from one bar to the next
PER_MAC = "energy per MAC (one MAC = 1)"
_LINE = 0.95  # cells from one line of a key to the next
_LETTER = 0.235  # cells for a letter of 10 pt, wide ones included


def energy_by_level(
    energies: Mapping, caption: str = "", *, over: float | None = None, unit: str = PER_MAC
) -> Picture:
    """Draw one bar for each Energy, cut into DRAM, GLB, NoC, RF, or what the machine has, and the MACs.

    energies  name -> Energy, all of machines with the same levels and arrays
    caption   one visible line under the picture
    over      what to divide every energy by; None: each by its own MACs
    unit      what the numbers are then, for the heading
    returns   Picture whose words list every part
    raises    CourseError if there is nothing to draw, or `over` is not above 0

    >>> from cnnhw.energy import Energy
    >>> energy_by_level({"A": Energy(by={("DRAM", "ifmap"): 400, ("MAC", None): 100}, macs=100, cycles=10)})
    Energy by level, energy per MAC (one MAC = 1): A 5 = DRAM 4, MAC 1.
    """
    return _picture("level", levels_of(energies), energies, caption, over, unit)


def energy_by_tensor(
    energies: Mapping, caption: str = "", *, over: float | None = None, unit: str = PER_MAC
) -> Picture:
    """Draw one bar for each Energy, cut into ifmap, filter, psum and the MACs themselves.

    energies  as for energy_by_level
    caption   one visible line under the picture
    over      what to divide every energy by; None: each by its own MACs
    unit      what the numbers are then, for the heading
    returns   Picture whose words list every part
    raises    CourseError as energy_by_level does
    """
    return _picture("tensor", TENSORS, energies, caption, over, unit)


def energy_bars(
    board: Board, at: tuple[float, float], rows: Mapping, parts: Sequence[str], width: float
) -> None:
    """Draw bars onto a board that holds more than them.

    at     the left end and the top of the first bar, in cells; names go to the left of it
    rows   name -> {part: energy}
    parts  levels or TENSORS
    width  cells of the longest bar
    """
    longest = max(sum(row.values()) for row in rows.values()) or 1
    for number, (name, row) in enumerate(rows.items()):
        y = at[1] + number * ROW
        board.write(at[0] - 0.25, y + 0.5, name, align="right")
        end = _bar(board, at[0], y, row, inks(parts), width / longest)
        board.write(end + 0.2, y + 0.5, _number(sum(row.values())), align="left", weight="bold")


def energy_key(board: Board, at: tuple[float, float], parts: Sequence[str]) -> None:
    """Draw what the colours of energy_bars mean, in lines of swatches.

    at  the left end and the top, in cells
    """
    for (x, down), (part, ink) in zip(swatches(at[0], parts), inks(parts).items(), strict=True):
        board.boxes([(x, at[1] + down, 0.7, 0.7)], ink.fill, ink.line, hatch=ink.hatch)
        board.write(x + 0.9, at[1] + down + 0.35, part, align="left")


def more_lines(left: float, parts: Sequence[str]) -> float:
    """Give the cells that the lines of energy_key after the first take."""
    return swatches(left, parts)[-1][1]


def swatches(left: float, parts: Sequence[str]) -> list[tuple[float, float]]:
    """Place the swatches of a key: from the left on, and down where a line is full.

    returns  for each part how far from the left, and how far down, in cells
    """
    places, x, down = [], left, 0.0
    for part in parts:
        step = 1.6 + _LETTER * len(part)
        if x > left and x + step > WIDTH:
            x, down = left, down + _LINE
        places.append((x, down))
        x += step
    return places


def levels_of(energies: Mapping) -> tuple[str, ...]:
    """Give the levels and arrays that energies are spent at, and MAC; DRAM, GLB, NoC, RF where these do.

    raises  CourseError if they are of machines with different lists
    """
    lists = {LEVELS if set(energy.levels) <= set(LEVELS) else energy.levels for energy in energies.values()}
    if len(lists) > 1:
        raise CourseError(
            "bars of energy are cut into the levels and arrays of one machine",
            "; ".join(f"{name}: {', '.join(energy.levels)}" for name, energy in energies.items()),
            "draw them by tensor, or each machine's by themselves",
        )
    return lists.pop() if lists else LEVELS


def split(energy, parts: Sequence[str], over: float | None = None) -> dict[str, float]:
    """Cut one Energy into parts.

    energy   Energy
    parts    levels or TENSORS
    over     what to divide by; None: its MACs
    returns  part -> energy, MACs under "MAC"
    """
    divisor = energy.total / energy.per_mac if over is None else over
    cut = dict.fromkeys(parts, 0.0)
    for (level, tensor), value in energy.by.items():
        part = level if tensor is None or parts != TENSORS else str(tensor)
        cut[part] += value / divisor
    return cut


def _picture(by: str, parts, energies: Mapping, caption: str, over, unit: str) -> Picture:
    if not energies or (over is not None and not over > 0):
        raise CourseError(
            "a picture of energies needs one at least, and something above 0 to divide by",
            f"{len(energies)} energies over {over}",
            'give {"WS": energy, ...}, and leave `over` out to see energy per MAC',
        )
    rows = {name: split(energy, parts, over) for name, energy in energies.items()}
    each = "; ".join(_in_words(name, row) for name, row in rows.items())
    words = f"Energy by {by}, {unit}: {each}."
    left = max(map(len, rows)) * _LETTER + 0.6
    more = more_lines(left, parts)

    def artist(board: Board) -> None:
        board.write(0, 0.4, unit, align="left")
        energy_key(board, (left, 1.0), parts)
        energy_bars(board, (left, 2.1 + more), rows, parts, WIDTH - left - 2.2)

    return draw_board(artist, WIDTH, 2.2 + more + ROW * len(rows), words, caption)


def _in_words(name: str, row: Mapping[str, float]) -> str:
    cut = ", ".join(f"{part} {_number(value)}" for part, value in row.items() if value)
    return f"{name} {_number(sum(row.values()))} = {cut}"


def _bar(board: Board, x: float, y: float, row: Mapping, colours: Mapping, scale: float) -> float:
    """Draw one bar and give its right end; a part says its number where it has room for it."""
    for part, ink in colours.items():
        # Rounded, so that a last binary digit that differs between machines cannot change the drawing.
        width = round(row[part] * scale, 3)
        if width:
            board.boxes([(x, y, width, 1.0)], ink.fill, ink.line, hatch=ink.hatch)
        text = _number(row[part])
        if width > len(text) * _LETTER + 0.5:
            ground = [
                (x + width / 2 - len(text) * _LETTER / 2 - 0.05, y + 0.18, len(text) * _LETTER + 0.1, 0.64)
            ]
            board.boxes(ground if ink.hatch else [], ink.fill, "none")
            board.write(x + width / 2, y + 0.5, text, color=ink.text)
        x += width
    return x


def _number(value: float) -> str:
    return in_thousands(value) if value >= 10_000 else short(value)


def inks(parts: Sequence[str]) -> dict[str, LevelInk]:
    """Give each part of a bar its ink: levels from the outside in, or TENSORS."""
    if parts != TENSORS:
        return level_inks(parts)
    tensors = {part: palette.TENSOR[Tensor(part)] for part in TENSORS[:-1]}
    found = {part: LevelInk(ink.fill, palette.TEXT, ink.hatch, ink.line) for part, ink in tensors.items()}
    return found | level_inks(TENSORS[-1:])
