"""A Nest drawn: its loops in bands by level with the tiles inside, and the array with who holds what."""

from collections.abc import Iterator

from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import Loop, Nest, at_once
from cnnhw.nest.cuts import first_length
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.marks.levels import ARRAY, LevelInk, level_inks
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

WIDTH = 26.0  # cells of the picture
LOOPS, TILES, PES = 2.2, 10.6, 18.9  # where the three columns begin, in cells
STORED = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)
MOST_LETTERS = 7  # of a level's name in its band
MOST_ROWS, MOST_COLS = 6, 5  # PEs that are drawn; chosen so that their headings can be read

Ranges = dict[str, tuple[int, int]]


def nest_picture(nest: Nest, machine: Machine | None = None, caption: str = "") -> Picture:
    """Draw a nest: loops outermost first, words of each level's largest tiles, and the first PEs.

    nest     the mapping of a layer
    machine  where given, its PEs that the nest leaves idle are drawn too; any levels and arrays
    caption  one visible line under the picture
    returns  Picture whose words list loops, tiles and PEs

    >>> from cnnhw import LayerShape
    >>> row = LayerShape(M=2, C=1, H=1, W=4, R=1, S=2)
    >>> nest = Nest(row, [("M", 1, "COLS"), ("F", 1, "RF"), ("S", 1, "RF")])
    >>> print(nest_picture(nest).words[:68])
    A nest on 1 x 2 PEs. DRAM: no loops; it keeps ifmap 4, filter 4, psu
    """
    nest = nest if machine is None else nest.on(machine)
    return draw_board(
        lambda board: draw_nest(board, 0.0, nest, machine),
        WIDTH,
        nest_height(nest),
        nest_words(nest),
        caption,
    )


def nest_height(nest: Nest) -> float:
    """Cells that draw_nest needs from its top."""
    arrays = sum(_array_height(nest, array) for array in nest.order.arrays)
    return max(2.1 + sum(map(len, _bands(nest).values())), arrays)


def draw_nest(board: Board, top: float, nest: Nest, machine: Machine | None = None) -> None:
    """Draw a nest onto a board that holds more than it, from `top` on."""
    board.write(0, top + 0.5, "loops, outermost first", align="left", weight="bold")
    board.write(TILES, top + 0.5, "words of the largest tile", align="left", weight="bold")
    for column, tensor in enumerate(STORED):
        board.write(TILES + 1.2 + 2.5 * column, top + 1.3, str(tensor), color=palette.TENSOR[tensor].line)
    y, depth = top + 1.8, 0
    for place, loops in _bands(nest).items():
        _band(board, y, place, loops, depth, nest)
        if place not in nest.order.arrays:
            _tiles(board, y, place, nest)
        y, depth = y + len(loops), depth + len([loop for loop in loops if loop])
    for array in nest.order.arrays:
        _array(board, top, nest, array, machine)
        top += _array_height(nest, array)


def nest_words(nest: Nest) -> str:
    """What draw_nest shows, in words."""
    order = nest.order
    arrays = " and ".join(map(nest.taken_in_words, order.arrays)) or "no array"
    told = [f"A nest on {arrays}"]
    for place, loops in _bands(nest).items():
        cuts = ", ".join(_loop_text(loop, nest) for loop in loops if loop) or "no loops"
        if place in order.arrays:
            told.append(f"{_array_name(nest, place, 'array')}: {cuts}")
            continue
        kept = [f"{tensor} {nest.tile_words(place, tensor)}" for tensor in _kept(nest, place)]
        told.append(f"{place}: {cuts}; it keeps {', '.join(kept) or 'nothing'}")
    for array in order.arrays:
        for axis, lines in zip(order.axes(array), ("rows", "columns"), strict=True):
            told.append(f"{_array_name(nest, array, 'PE')} {lines}: {_headings_in_words(nest, axis)}")
    return ". ".join(told) + "."


def headings(nest: Nest, axis) -> list[str]:
    """Say which chunk each PE row, or each PE column, works on at the beginning.

    nest     the mapping
    axis     "ROWS" or "COLS", or (array, "ROWS") where there are several arrays
    returns  one text for each row or column, such as "m 0-3", the other axis at its first PE
    """
    order = nest.order
    array = next(name for name in order.arrays if axis in order.axes(name))
    outer = nest.cuts(*order.outside(array), *order.axes_of(order.arrays_outside(array)))
    begin = {dim: (0, first_length(size, outer[dim])) for dim, size in nest.sizes.items()}
    loops = nest.at(*order.axes(array))
    spread = [(loop, _times(nest, loop) if loop.where == axis else 1) for loop in loops]
    dims = dict.fromkeys(loop.dim for loop in nest.at(axis))
    return [", ".join(_range_text(dim, *ranges[dim]) for dim in dims) for ranges in _cut(spread, begin)]


def _cut(spread: list[tuple[Loop, int]], ranges: Ranges) -> Iterator[Ranges]:
    """Give the ranges of so many chunks of each loop; a chunk beyond the end is empty, its PEs idle."""
    if not spread:
        yield ranges
        return
    (loop, times), (start, end) = spread[0], ranges[spread[0][0].dim]
    for number in range(times):
        low = min(start + number * loop.step, end)
        yield from _cut(spread[1:], ranges | {loop.dim: (low, min(low + loop.step, end))})


def _range_text(dim: str, start: int, end: int) -> str:
    if end == start:
        return "idle"
    return f"{dim.lower()} {start}" if end - start == 1 else f"{dim.lower()} {start}-{end - 1}"


def _headings_in_words(nest: Nest, axis) -> str:
    shown = headings(nest, axis)
    if shown == [""]:
        return "one"
    return "; ".join(shown[:MOST_COLS]) + (f"; ... {len(shown)} in all" if len(shown) > MOST_COLS else "")


def _bands(nest: Nest) -> dict[str, tuple]:
    """Give the loops of each level and array; one without loops still has a line, for its tiles."""
    order = nest.order
    places = {name: order.axes(name) if name in order.arrays else (name,) for name in order.names}
    return {name: nest.at(*where) or (None,) for name, where in places.items()}


def _array_name(nest: Nest, array: str, alone: str) -> str:
    """Name an array, which has no name of its own in the pictures of a machine that has one."""
    return alone if len(nest.order.arrays) == 1 else array


def _array_height(nest: Nest, array: str) -> float:
    return 3.6 + min(nest.taken(array)[0], MOST_ROWS)


def _kept(nest: Nest, level: str) -> list[str]:
    return [str(tensor) for tensor in STORED if level in nest.kept_by(tensor)]


def _loop_text(loop: Loop, nest: Nest) -> str:
    name = loop.dim.lower()
    for array in nest.order.arrays:
        for axis, lines in zip(nest.order.axes(array), ("rows", "columns"), strict=True):
            if loop.where == axis:
                return f"{name} on {_array_name(nest, array, 'PE')} {lines}, {loop.step} each"
    return f"for {name}, {'one by one' if loop.step == 1 else f'{loop.step} at a time'}"


def _band(board: Board, y: float, place: str, loops: tuple, depth: int, nest: Nest) -> None:
    ink, name = _ink(place, nest), place
    if place in nest.order.arrays:
        name = _array_name(nest, place, "array")
    end = TILES - 0.4
    board.boxes([(0, y, LOOPS - 0.2, len(loops))], ink.fill, ink.line)
    board.write(LOOPS / 2 - 0.1, y + len(loops) / 2, _fitting(name), color=ink.text, weight="bold")
    board.boxes([(LOOPS - 0.2, y, end - LOOPS + 0.2, len(loops))], "none", ink.line)
    for row, loop in enumerate(loops):
        if not loop:
            board.write(LOOPS + 0.2, y + row + 0.5, "no loops", align="left", color=palette.MUTED)
            continue
        indent = min(0.25 * (depth + row), 2.0)
        board.write(LOOPS + 0.1 + indent, y + row + 0.5, _loop_text(loop, nest), 9.5, align="left")
        if not at_once(loop.where):
            board.write(end - 0.2, y + row + 0.5, f"{_times(nest, loop)} x", 9.5, align="right")


def _times(nest: Nest, loop: Loop) -> int:
    """Give the most iterations that a loop makes at a time."""
    return next(pieces for other, pieces in zip(nest.loops, nest.pieces, strict=True) if other is loop)


def _tiles(board: Board, y: float, level: str, nest: Nest) -> None:
    for column, tensor in enumerate(STORED):
        x, words = TILES + 2.5 * column, nest.tile_words(level, tensor)
        ink, kept = palette.TENSOR[tensor], level in nest.kept_by(tensor)
        if kept:
            board.boxes([(x + 0.05, y + 0.08, 2.3, 0.84)], ink.fill, ink.line)
        text = f"{words:,}" if kept else "passes by"
        board.write(x + 1.2, y + 0.5, text, 9.5 if kept else 9, color=palette.TEXT if kept else palette.MUTED)


def _array(board: Board, top: float, nest: Nest, array: str, machine: Machine | None) -> None:
    rows, cols = (headings(nest, axis) for axis in nest.order.axes(array))
    taken, kept = nest.taken(array), kept_inside(nest, array)
    sizes = (machine[array].rows, machine[array].cols) if machine else taken
    there = tuple(size or own for size, own in zip(sizes, taken, strict=True))
    shown = [min(number, most) for number, most in zip(there, (MOST_ROWS, MOST_COLS), strict=True)]
    board.write(PES, top + 0.5, nest.taken_in_words(array), align="left", weight="bold")
    left = PES + (1.5 if rows != [""] else 0.1)
    width = min(1.7, (WIDTH - 0.4 - left) / shown[1])
    for column, text in enumerate(cols[: shown[1]]):
        board.write(left + (column + 0.5) * width, top + 1.3, text, 9)
    for row in range(shown[0]):
        if row < len(rows):
            board.write(left - 0.2, top + 2.3 + row, rows[row], 9, align="right")
        for column in range(shown[1]):
            busy = row < taken[0] and column < taken[1] and "idle" not in rows[row] + cols[column]
            box = (left + column * width, top + 1.8 + row, width - 0.1, 0.9)
            _pe(board, box, kept if busy else [], busy)
    if tuple(shown) != there:
        board.write(left, top + 2.3 + shown[0], f"the first of {there[0]} x {there[1]}", 9, align="left")


def kept_inside(nest: Nest, array: str) -> list[str]:
    """Name the tensors that a level inside an array keeps, outside the next array."""
    order = nest.order
    levels = [name for name in order.levels if order.arrays_outside(name)[-1:] == (array,)]
    return [str(tensor) for tensor in STORED if set(levels) & set(nest.kept_by(tensor))]


def _pe(board: Board, box: tuple[float, float, float, float], kept: list[str], busy: bool) -> None:
    """Draw a PE with the tensors that are kept in it; an idle one is empty and dotted."""
    board.boxes([box], palette.PAPER, palette.TEXT if busy else palette.MUTED, linestyle="-" if busy else ":")
    side = min(0.34, box[2] / 4)
    for place, tensor in enumerate(kept):
        ink = palette.TENSOR[Tensor(tensor)]
        x = box[0] + box[2] / 2 + (place - len(kept) / 2) * (side + 0.08) + 0.04
        board.boxes([(x, box[1] + 0.45 - side / 2, side, side)], ink.fill, ink.line)


def _ink(place: str, nest: Nest) -> LevelInk:
    return ARRAY if place in nest.order.arrays else level_inks((*nest.order.names, MAC))[place]


def _fitting(name: str) -> str:
    """Shorten a name that its band has no room for."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
