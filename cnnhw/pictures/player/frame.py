"""One cycle of a trace: the array, what lies in each register file, and the words that move."""

from matplotlib.axes import Axes

from cnnhw.emulator import Trace
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import MAC
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import number
from cnnhw.pictures.marks.levels import LevelInk
from cnnhw.pictures.marks.sketch import arrow, box, sheet, tag
from cnnhw.pictures.picture import Picture, draw
from cnnhw.pictures.player.cycle import PE, Cycle, Mac, Word, cycle_at
from cnnhw.pictures.player.files import stays, sums
from cnnhw.pictures.player.tiles import BAR, Tiles
from cnnhw.pictures.player.words import cycle_words
from cnnhw.shape import Tensor

MOST_ROWS, MOST_COLS = 6, 4  # PEs that are drawn; chosen so that their words can be read
_WIDTH, _HEIGHT = 2.0, 1.0  # inches of a PE
_ACROSS, _DOWN = 0.18, 0.42  # inches between PEs
_BAR = 0.5  # inches from one memory to the next
_LETTERS = 22  # that fit into a line of a PE
STORED = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)
# Where words come in, hop and leave, in inches from the middle of a PE.
_DOOR = {"ifmap": -0.8, "filter": -0.4, "psum": 0.4}
_HOP, _OUT = 0.0, 0.8


def array_cycle(trace: Trace, cycle: int, caption: str = "") -> Picture:
    """Draw one cycle of a trace.

    trace    a Trace
    cycle    one of its window
    caption  one visible line under the picture
    returns  Picture of at most 6 x 4 PEs: what their register files hold when MACs and hops are done, and
             what comes in and goes out. Its words say the same
    raises   CourseError if the trace has no such cycle
    source   TALK slides 36-42
    """
    first, last = trace.window
    if not first <= cycle <= last:
        raise CourseError(
            "a cycle of the trace's window can be drawn",
            f"cycle={cycle!r}",
            f"use one from {first} to {last}",
        )
    happening = cycle_at(trace, cycle)
    summed = sums(trace).get(cycle, {})
    held = {
        pe: _with_sums([s.word for s in kept if s.first <= cycle <= s.last], summed.get(pe, []))
        for pe, kept in stays(trace).items()
    }
    shown = [pe for pe in sorted(held) if pe[0] < MOST_ROWS and pe[1] < MOST_COLS]
    size = trace.seats.size(MAC)
    rows, cols = min(size[0], MOST_ROWS), min(size[1], MOST_COLS)
    memories = trace.seats.outside
    above, tiles = _BAR * len(memories), Tiles(trace, cycle)

    def artist(figure) -> None:
        axes = sheet(figure)
        top = float(figure.get_figheight())
        inks = {name: tiles.inks[name] for name in memories}
        _memories(axes, top, figure.get_figwidth(), inks, happening)
        places = {pe: _middle(pe, top - above - BAR * tiles.above(pe[0])) for pe in shown}
        _tiles(axes, places, tiles, rows, cols)
        macs = {mac.pe: mac for mac in happening.macs}
        for pe, place in places.items():
            _pe(axes, place, pe, held[pe], macs.get(pe), summed.get(pe, []))
        _ways(axes, places, happening)

    words = f"{_size_in_words(size, rows, cols)}, {cycle_words(happening)} {_files_in_words(shown, held)}"
    words += _further_in_words(tiles)
    width = max(4.4, 0.2 + cols * (_WIDTH + _ACROSS))
    high = above + rows * (_HEIGHT + _DOWN) + BAR * tiles.above(rows - 1)
    return draw(artist, words, caption, width, high)


def _with_sums(words: list[Word], summed: list[Word]) -> list[Word]:
    """Give psums the values that they have when others have hopped in."""
    values = {word.name: word for word in summed}
    return [values.get(word.name, word) for word in words]


def _middle(pe: PE, top: float) -> tuple[float, float]:
    row, col = pe
    x = 0.2 + _WIDTH / 2 + col * (_WIDTH + _ACROSS)
    return x, top + 0.2 - _DOWN - _HEIGHT / 2 - row * (_HEIGHT + _DOWN)


def _size_in_words(size: PE, rows: int, cols: int) -> str:
    drawn = "" if (rows, cols) == size else f", of which {rows} x {cols} are drawn"
    return f"An array of {size[0]} x {size[1]} PEs{drawn}"


def _files_in_words(shown: list[PE], held: dict[PE, list[Word]]) -> str:
    return "When MACs and hops are done: " + " ".join(
        f"PE {pe} holds {_held_in_words(held[pe])}." for pe in shown
    )


def _further_in_words(tiles: Tiles) -> str:
    """Tell what lies in memories inside the array that no MAC reads or writes itself."""
    return "".join(
        f" {level} {seat} holds {_held_in_words(words)}."
        for level, files in tiles.held.items()
        for seat, words in sorted(files.items())[:MOST_ROWS]
    )


def _held_in_words(words: list[Word]) -> str:
    values = {tensor: [number(word.value) for word in words if word.tensor == tensor] for tensor in STORED}
    return "; ".join(f"{tensor} {', '.join(kept)}" for tensor, kept in values.items() if kept) or "nothing"


def _tiles(axes: Axes, places: dict[PE, tuple[float, float]], tiles: Tiles, rows: int, cols: int) -> None:
    """A bar for each memory between arrays, and how many words of each tensor it holds."""
    for level, seat, row, columns, between in tiles.bars(rows, cols):
        first, last = (places[row, col] for col in (columns[0], columns[-1]))
        middle, y = (first[0] + last[0]) / 2, first[1] + _HEIGHT / 2 + _DOWN + BAR * between + 0.1
        ink, held = tiles.inks[level], _chip(tiles.held.get(level, {}).get(seat, []))
        box(axes, (middle, y), (last[0] - first[0] + _WIDTH, 0.24), "", ink.fill, ink.line)
        axes.text(
            middle, y, f"{level}: {held or 'nothing'}", ha="center", va="center", color=ink.text, zorder=4
        )


def _memories(axes: Axes, top: float, width: float, inks: dict[str, LevelInk], cycle: Cycle) -> None:
    """A bar for each level outside the array, and what moves from one to the next."""
    levels = list(inks)
    for place, (name, ink) in enumerate(inks.items()):
        y = top - 0.18 - _BAR * place
        box(axes, (width / 2, y), (width - 0.3, 0.26), "", ink.fill, ink.line)
        axes.text(width / 2, y, name, ha="center", va="center", color=ink.text, weight="bold", zorder=4)
    moves = ((cycle.fills, "level", 0.32, (-0.31, -0.55)), (cycle.writes, "source", 0.68, (-0.55, -0.31)))
    for fills, inner, x, ends in moves:
        for place, level in enumerate(levels[1:]):
            words = [fill.word for fill in fills if getattr(fill, inner) == level]
            if words:
                ink, above = palette.TENSOR[Tensor(words[0].tensor)], top - _BAR * place
                arrow(axes, (x * width, above + ends[0]), (x * width, above + ends[1]), ink.line, 1.6)
                axes.text(x * width + 0.12, above - 0.43, _chip(words), va="center", fontsize=9.5)


def _chip(words: list[Word]) -> str:
    """Write what moves: the word if it is one, else how many there are of each tensor."""
    if len(words) == 1:
        return f"{palette.TENSOR[Tensor(words[0].tensor)].letter} {number(words[0].value)}"
    counts = {tensor: sum(word.tensor == tensor for word in words) for tensor in STORED}
    return ", ".join(f"{palette.TENSOR[tensor].letter} ×{count}" for tensor, count in counts.items() if count)


def _pe(
    axes: Axes, place: tuple[float, float], pe: PE, words: list[Word], mac: Mac | None, summed: list[Word]
) -> None:
    """A PE: its number, a line of words for each tensor, its MAC and the psum that it hands on or keeps."""
    x, y = place
    box(axes, place, (_WIDTH, _HEIGHT), "", palette.PAPER, palette.TEXT if mac else palette.GRID)
    left = x - _WIDTH / 2 + 0.07
    axes.text(left, y + 0.37, f"PE {pe}", fontsize=9, color=palette.MUTED, va="center", zorder=4)
    for line, tensor in enumerate(STORED):
        ink = palette.TENSOR[tensor]
        values = [number(word.value) for word in words if word.tensor == tensor]
        at = y + 0.18 - 0.19 * line
        box(axes, (x, at), (_WIDTH - 0.1, 0.17), "", ink.fill, "none")
        axes.text(left, at, ink.letter, fontsize=9, weight="bold", color=ink.line, va="center", zorder=4)
        axes.text(left + 0.2, at, _fitting(values), fontsize=9, va="center", zorder=4)
    if mac:
        pixel = number(mac.ifmap.value) if mac.ifmap else "0"
        psum = _with_sums([mac.psum], summed)[0]
        product = f"{pixel} × {number(mac.filter.value)} → {number(psum.value)}"
    axes.text(left, y - 0.4, product if mac else "idle", fontsize=9.5, weight="bold", va="center", zorder=4)


def _fitting(values: list[str]) -> str:
    """Write as many values as fit into a line, and how many more there are.

    >>> _fitting(["1", "2"]), _fitting(["1000"] * 5)
    ('1, 2', '1000, 1000, 1000, +2')
    """
    for count in range(len(values), 0, -1):
        more = [f"+{len(values) - count}"] if count < len(values) else []
        if len(", ".join(values[:count] + more)) <= _LETTERS:
            return ", ".join(values[:count] + more)
    return f"{len(values)} words" if values else ""


def _ways(axes: Axes, places: dict[PE, tuple[float, float]], cycle: Cycle) -> None:
    """Arrows into PEs, from PE to PE, and out of the array, each with its word or how many."""
    into = {}
    for delivery in (delivery for delivery in cycle.deliveries if not delivery.to):
        for pe in delivery.pes:
            into.setdefault((pe, delivery.word.tensor), []).append(delivery.word)
    out = {}
    for leaving in (leaving for leaving in cycle.exits if not (leaving.of or leaving.inside)):
        out.setdefault(leaving.pe, []).append(leaving.word)
    for (pe, tensor), words in into.items():
        if pe in places:
            _way(axes, places[pe], _DOOR[tensor], tensor, words, (0.86, 0.5))
    for pe, words in out.items():
        if pe in places:
            _way(axes, places[pe], _OUT, Tensor.PSUM, words, (0.5, 0.86))
    for hop in (hop for hop in cycle.hops if not hop.of):
        if hop.origin in places and hop.pe in places:
            _hop(axes, places[hop.origin], places[hop.pe], hop.word)


def _way(axes: Axes, place, door: float, tensor: str, words: list[Word], ends: tuple[float, float]) -> None:
    ink, x = palette.TENSOR[Tensor(tensor)], place[0] + door
    start, end = ((x, place[1] + end * _HEIGHT) for end in ends)
    arrow(axes, start, end, ink.line, 1.6)
    tag(axes, (x, place[1] + _HEIGHT / 2 + 0.25), _chip(words), ink)


def _hop(axes: Axes, start, end, word: Word) -> None:
    """An arrow between the nearest sides of two PEs."""
    (x, y), (to_x, to_y) = start, end
    across, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    if down:
        across = 0
    tail = (x + across * _WIDTH / 2, y + down * _HEIGHT / 2)
    head = (to_x - across * _WIDTH / 2, to_y - down * _HEIGHT / 2)
    ink = palette.TENSOR[Tensor.PSUM]
    arrow(axes, tail, head, ink.line, 1.6)
    tag(axes, ((tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2), _chip([word]), ink)
