"""The PEs of a real array, and which row of which PE set each of them works on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from cnnhw.counts.fits import on_arrays
from cnnhw.emulator.order import chunks_at_most
from cnnhw.machine import Machine
from cnnhw.nest import Loop, Nest
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture

# Two hues in two strengths: no tensor has them, and neighbouring sets differ in grey as well.
FILLS = ("#FBE6BF", "#E6E6E6", "#EFC67A", "#CACACA")
PE, WIDTH = 0.5, 7.6  # inches: side of a PE that can be written on, and the most for a row of them
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # names of sets; where there are more, PEs carry no text
LISTED = 6  # sets in the key
NAMES = {"N": "images", "G": "groups", "M": "filters", "C": "channels", "F": "columns", "S": "weights"}

Ranges = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Placed:
    """One PE at work: where it stands, and the range of each dim that it works on."""

    row: int
    col: int
    ranges: Ranges


def array_map(
    nest: Nest, machine: Machine, caption: str = "", last: bool = False, every: bool = True
) -> Picture:
    """Draw an array of PEs with the PE sets that a row-stationary nest puts on it.

    nest     the mapping; PEs that differ in filter row and ofmap row only are one set
    machine  whose rows and cols are drawn, idle PEs too; arrays inside one another are one grid
    caption  one visible line under the picture
    last     whether to draw the last chunks in time, which may be clipped, in place of the first
    every    whether every PE carries text, or only the corners of a block, which is faster
    returns  Picture: in each PE a letter for its set, r for its filter row and e for its ofmap row
    raises   CapacityError if the nest takes more PEs than there are; MappingError if its places are not the
             machine's

    >>> from cnnhw import LayerShape
    >>> nest = Nest(LayerShape(M=1, C=1, H=4, W=1, R=2, S=1), [("R", 1, "ROWS"), ("E", 1, "COLS")])
    >>> array_map(nest, Machine(2, 4))
    2 x 4 PEs, 6 at work, 2 idle. Set A: PE rows 0-1, columns 0-2, filter rows 0-1, ofmap rows 0-2.
    """
    nest = on_arrays(nest, machine)
    sizes = {array: (machine[array].rows, machine[array].cols) for array in nest.order.arrays}
    placed = list(placements(nest, last, sizes))
    sets = _sets(placed)
    rows, cols = (prod(side) for side in zip((1, 1), *_sides(nest, sizes).values(), strict=True))
    side = min(PE, WIDTH / cols)
    line = 0.3 / side  # a line of text, in PEs
    lines = len(_key(sets))

    def artist(board: Board) -> None:
        board.write(0.1, 0.5 * line, _title(rows, cols, placed), align="left", weight="bold")
        _draw_array(board, (0.1, 1.2 * line), (rows, cols), sets, every)
        for number, text in enumerate(_key(sets)):
            _draw_key(board, 0.1, (1.6 + number) * line + rows, line, number, text)

    width, height = max(cols + 0.3, 6.0 / side), rows + (1.8 + lines) * line
    return draw_board(artist, width, height, _words(rows, cols, placed, sets), caption, cell=side)


def placements(nest: Nest, last: bool = False, sizes: Mapping[str, tuple] | None = None) -> Iterator[Placed]:
    """Give the PEs that work in one step, in the order of the loops over the arrays.

    nest   any Nest that knows its order
    last   whether the loops in time stand at their last chunks, in place of their first
    sizes  array -> rows and columns that there are, None where there is no limit; what is taken without
    """
    order, sides = nest.order, _sides(nest, sizes or {})
    numbered = list(zip(nest.loops, chunks_at_most(nest), strict=True))
    placed = [Placed(0, 0, {dim: (0, size) for dim, size in nest.sizes.items()})]
    for name in (name for name in order.names if name not in order.of_pe):
        axes = order.axes(name) if name in order.arrays else (name,)
        loops = [(loop, pieces) for loop, pieces in numbered if loop.where in axes]
        if name in order.arrays:
            placed = [part for pe in placed for part in _on_array(pe, loops, axes, sides[name])]
        else:
            placed = [_in_time(pe, loops, last) for pe in placed]
    yield from placed


def _on_array(pe: Placed, loops: list, axes: tuple, side: tuple[int, int]) -> list[Placed]:
    """Share what one position works on between the positions of an array inside it, with so many sides."""
    parts = [replace(pe, row=0, col=0)]
    for loop, pieces in loops:
        parts = [part for one in parts for part in _split(one, loop, axes.index(loop.where), pieces)]
    rows, cols = side
    return [replace(part, row=pe.row * rows + part.row, col=pe.col * cols + part.col) for part in parts]


def _sides(nest: Nest, sizes: Mapping[str, tuple]) -> dict[str, tuple[int, int]]:
    """Give the rows and columns of each array: those that there are, or else those that the nest takes."""
    found = {}
    for array in nest.order.arrays:
        both = zip(sizes.get(array, (None, None)), nest.taken(array), strict=True)
        found[array] = tuple(there or taken for there, taken in both)
    return found


def _split(pe: Placed, loop: Loop, axis: int, pieces: int) -> Iterator[Placed]:
    """Give every chunk of a loop over an array PEs of its own, the empty ones left out."""
    start, end = pe.ranges[loop.dim]
    for piece in range(pieces):
        low = start + piece * loop.step
        if low >= end:
            return
        row, col = (
            old * pieces + piece if number == axis else old for number, old in enumerate((pe.row, pe.col))
        )
        yield Placed(row, col, {**pe.ranges, loop.dim: (low, min(low + loop.step, end))})


def _in_time(pe: Placed, loops: list, last: bool) -> Placed:
    """Give what is left by the first chunks of loops in time, or by the last ones."""
    ranges = dict(pe.ranges)
    for loop, _ in loops:
        start, end = ranges[loop.dim]
        start = start + (end - start - 1) // loop.step * loop.step if last else start
        ranges[loop.dim] = (start, min(start + loop.step, end))
    return replace(pe, ranges=ranges)


def _sets(placed: list[Placed]) -> dict[tuple, list[Placed]]:
    """Group PEs by what they work on, filter rows and ofmap rows left aside."""
    sets: dict[tuple, list[Placed]] = {}
    for pe in placed:
        sets.setdefault(tuple(item for item in pe.ranges.items() if item[0] not in "RE"), []).append(pe)
    return sets


def _draw_array(
    board: Board, at: tuple[float, float], size: tuple[int, int], sets: dict, every: bool
) -> None:
    (x, y), (rows, cols) = at, size
    busy = {(pe.row, pe.col) for pes in sets.values() for pe in pes}
    idle = [cell for cell in product(range(rows), range(cols)) if cell not in busy]
    board.boxes([(x + col, y + row, 1, 1) for row, col in idle], palette.PAPER, palette.MUTED, linestyle=":")
    listed = list(sets.values())
    for fill in FILLS:  # one path for each colour: one for each set takes too long
        alike = [pes for number, pes in enumerate(listed) if _fill(number) == fill]
        boxes = [(x + pe.col, y + pe.row, 1, 1) for pes in alike for pe in pes]
        board.boxes(boxes, fill, palette.MUTED, linewidth=0.5)
    outlines = [box for pes in listed for box in _outlines(x, y, pes)]
    board.boxes(outlines, line=palette.TEXT, linewidth=2 if len(sets) <= len(LETTERS) else 1)
    if board.cell >= PE and len(sets) <= len(LETTERS):
        _write_pes(board, at, sets, every)
        for row, col in idle if every else idle[:1]:
            board.write(x + col + 0.5, y + row + 0.5, "idle", 9, color=palette.MUTED)


def _fill(number: int) -> str:
    """Colour of a set; shifted by one from round to round, as four sets may stand beside the next four."""
    return FILLS[(number + number // len(FILLS)) % len(FILLS)]


def _write_pes(board: Board, at: tuple[float, float], sets: dict, every: bool) -> None:
    x, y = at
    for letter, pes in zip(LETTERS, sets.values(), strict=False):
        corners = {
            (top + down, left + across)
            for left, top, width, height in _outlines(0, 0, pes)
            for down in (0, height - 1)
            for across in (0, width - 1)
        }
        for pe in pes:
            if not every and (pe.row, pe.col) not in corners:
                continue
            board.write(x + pe.col + 0.5, y + pe.row + 0.3, f"{letter} r{_first(pe, 'R')}", 9)
            board.write(x + pe.col + 0.5, y + pe.row + 0.7, f"e{_first(pe, 'E')}", 9)


def _parts(pes: list[Placed]) -> list[list[Placed]]:
    """Cut a set where it is folded: lines of PEs on the same ofmap rows belong together."""
    lines: dict[int, list[Placed]] = {}
    for pe in pes:
        lines.setdefault(pe.row, []).append(pe)
    parts: dict[tuple[int, int], list[Placed]] = {}
    for row in sorted(lines):
        parts.setdefault(_span(lines[row], "E"), []).extend(lines[row])
    return list(parts.values())


def _outlines(x: float, y: float, pes: list[Placed]) -> list[tuple[float, float, float, float]]:
    """Give a box around every block of a set: PE rows of one part that follow each other."""
    boxes = []
    for part in _parts(pes):
        left, right = min(pe.col for pe in part), max(pe.col for pe in part)
        for top, high in _runs(sorted({pe.row for pe in part})):
            boxes.append((x + left, y + top, right - left + 1, high))
    return boxes


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Cut rising numbers into runs: (first, how many)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def _draw_key(board: Board, x: float, y: float, line: float, number: int, text: str) -> None:
    if number < LISTED:
        board.boxes([(x, y + 0.1 * line, line, 0.8 * line)], _fill(number), palette.TEXT, linewidth=1.4)
    board.write(x + 1.4 * line, y + 0.5 * line, text, align="left")


def _key(sets: dict) -> list[str]:
    lines = []
    named = {"M", "C", *_differing(sets)}
    for number, (ranges, pes) in enumerate(list(sets.items())[:LISTED]):
        works = ", ".join(_range(NAMES[dim], low, end) for dim, (low, end) in ranges if dim in named)
        folded = len(_parts(pes))
        parts = f", folded into {folded} parts" if folded > 1 else ""
        lines.append(f"set {LETTERS[number]}: {works}{parts}")
    return lines + ([f"... {len(sets)} sets in all"] if len(sets) > LISTED else [])


def _differing(sets: dict) -> set[str]:
    """The dims whose ranges are not the same in all sets."""
    return {one[0] for ranges in zip(*sets, strict=True) if len(set(ranges)) > 1 for one in ranges}


def _title(rows: int, cols: int, placed: list[Placed]) -> str:
    return f"{rows} x {cols} PEs, {len(placed)} at work, {rows * cols - len(placed)} idle"


def _words(rows: int, cols: int, placed: list[Placed], sets: dict) -> str:
    told = [_title(rows, cols, placed)]
    for number, pes in enumerate(list(sets.values())[:LISTED]):
        parts = "; then ".join(_part_in_words(part) for part in _parts(pes))
        told.append(f"Set {LETTERS[number]}: {parts}")
    if len(sets) > LISTED:
        told.append(f"{len(sets)} sets in all")
    return ". ".join(told) + "."


def _part_in_words(part: list[Placed]) -> str:
    cols, blocks = [pe.col for pe in part], _runs(sorted({pe.row for pe in part}))
    rows = " and ".join(_range("", top, top + high).strip() for top, high in blocks)
    one = len(blocks) == 1 and blocks[0][1] == 1
    return ", ".join((
        f"PE row{'' if one else 's'} {rows}", _range("columns", min(cols), max(cols) + 1),
        _range("filter rows", *_span(part, "R")), _range("ofmap rows", *_span(part, "E")),
    ))  # fmt: skip


def _span(pes: list[Placed], dim: str) -> tuple[int, int]:
    return min(pe.ranges[dim][0] for pe in pes), max(pe.ranges[dim][1] for pe in pes)


def _first(pe: Placed, dim: str) -> int:
    return pe.ranges[dim][0]


def _range(name: str, low: int, end: int) -> str:
    return f"{name} {low}-{end - 1}" if end - low > 1 else f"{name[:-1]} {low}"
