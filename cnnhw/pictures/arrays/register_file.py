"""One PE that slides a filter row along an ifmap row: its register file as slides 40-42 draw it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnhw.emulator import Trace, register_files
from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.convolution.grid import number
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

MOST_TAPS, MOST_PIXELS, MOST_STEPS = 4, 8, 4  # more would not fit beside a page's text; chosen for teaching
PANEL = 5.7  # cells from one step to the next
_LETTERS = "abcdefgh"  # the slides name words by letters


@dataclass(frozen=True)
class _Step:
    """What is there after the MAC of a cycle: words by their place in the row.

    held   tensor -> words in the RF
    rows   tensor -> words in memory: the whole filter and ifmap row, and the psums written so far
    sizes  tensor -> words in a row
    """

    cycle: int
    held: dict[str, dict[int, object]]
    rows: dict[str, dict[int, object]]
    sizes: dict[str, int]

    @property
    def words(self) -> str:
        """The contents of the RF, as a sentence."""
        parts = []
        for tensor, words in self.held.items():
            names = " ".join(_LETTERS[place] for place in sorted(words))
            values = ", ".join(number(words[place]) for place in sorted(words))
            parts.append(f"{tensor} {names} = {values}")
        return f"After cycle {self.cycle} the RF holds {'; '.join(parts)}."


def register_file(trace: Trace, cycles: Sequence[int], caption: str = "") -> Picture:
    """Draw the register file of a single PE after some cycles of a one-dimensional convolution.

    trace    a whole Trace of a layer with one row, one channel and one filter on one PE
    cycles   which cycles, at most 4; each is a line of the picture, drawn when its MAC is done
    caption  one visible line under the picture
    returns  Picture: on the left the three rows, words that are in the RF outlined; on the right the RF
    raises   CourseError if the trace is of another kind, or too large to be read
    source   TALK, slides 40-42
    """
    _check(trace, cycles)
    steps = [_step(trace, cycle) for cycle in cycles]

    def artist(board: Board) -> None:
        for place, step in enumerate(steps):
            _panel(board, step, PANEL * place)

    sizes = steps[0].sizes
    width = sum(sizes.values()) + sizes["filter"] + 9.9
    words = " ".join(step.words for step in steps)
    return draw_board(artist, width, PANEL * len(steps), words, caption)


def _check(trace: Trace, cycles: Sequence[int]) -> None:
    nest, shape = trace.nest, trace.nest.shape
    one_row = (shape.N, shape.M, shape.C, shape.H, shape.R) == (1, 1, 1, 1, 1)
    if not (one_row and (nest.rows, nest.cols) == (1, 1) and trace.is_whole):
        raise CourseError(
            "this picture is of one filter row and one ifmap row in one PE, from the first cycle to the last",
            f"{shape} on {nest.rows} x {nest.cols} PEs, cycles {trace.window[0]} to {trace.window[1]}",
            "trace LayerShape(M=1, C=1, H=1, W=5, R=1, S=3) on one PE, with trace=True",
        )
    if shape.S > MOST_TAPS or shape.W > MOST_PIXELS or not 1 <= len(cycles) <= MOST_STEPS:
        raise CourseError(
            f"this picture has room for {MOST_TAPS} taps, {MOST_PIXELS} pixels and {MOST_STEPS} cycles",
            f"S={shape.S}, W={shape.W}, {len(cycles)} cycles",
            "draw a smaller example, or fewer cycles",
        )
    if not all(0 <= cycle < trace.cycles for cycle in cycles):
        raise CourseError(
            f"the cycles of this trace are 0 to {trace.cycles - 1}",
            f"{list(cycles)}",
            f"draw others, such as cycles=({trace.cycles - 1},)",
        )


def _step(trace: Trace, cycle: int) -> _Step:
    shape = trace.nest.shape
    held = {
        tensor: {int(index[-1]): value for index, value in words.items()}
        for tensor, words in register_files(trace)[cycle].items()
    }
    rows = {tensor: {} for tensor in ("filter", "ifmap", "psum")}
    for event in trace:
        place = int(event.index[-1])
        if event.what == "deliver" and event.tensor != Tensor.PSUM:
            rows[event.tensor][place] = event.value
        elif event.what == "update" and event.from_row == 0 and event.cycle < cycle:
            rows["psum"][place] = event.value
    return _Step(cycle, held, rows, {"filter": shape.S, "ifmap": shape.W, "psum": shape.F})


def _panel(board: Board, step: _Step, y: float) -> None:
    """Draw one line of the picture: filter row * ifmap row = psum row, and the PE."""
    x = 0.6
    for tensor, sign in (("filter", "*"), ("ifmap", "="), ("psum", "")):
        size, held = step.sizes[tensor], step.held.get(tensor, {})
        board.write(x + size / 2, y + 1.3, f"{tensor} row", weight="bold", color=palette.TENSOR[tensor].line)
        _row(board, tensor, step.rows[tensor], size, (x, y + 2.7), set(held))
        board.write(x + size + 0.5, y + 3.2, sign, 12)
        x += size + 1.0
    _pe(board, step, x + 0.2, y)


def _pe(board: Board, step: _Step, x: float, y: float) -> None:
    """Draw the PE: a frame, and a row of words for each tensor that its RF keeps."""
    taps = step.sizes["filter"]
    board.boxes([(x, y + 0.5, taps + 5.8, 4.8)], palette.PAPER, palette.TEXT, linewidth=1.4)
    board.write(x + 0.4, y + 1.1, f"RF after cycle {step.cycle}", weight="bold", align="left")
    places = {"filter": (x + 0.4, y + 2.2), "ifmap": (x + 0.4, y + 4.0), "psum": (x + taps + 1.9, y + 3.1)}
    for tensor, at in places.items():
        words = step.held.get(tensor)
        if words is None:
            board.write(*at, f"{tensor}: passes by", 9, "left", color=palette.MUTED)
            continue
        _row(board, tensor, dict(enumerate(words.values())), len(words), at, set(), sorted(words))
    board.write(x + taps + 1.15, y + 3.5, "\N{RIGHTWARDS ARROW}", 14)


def _row(
    board: Board, tensor: str, words: dict, size: int, at: tuple[float, float], lit: set[int], names=None
) -> None:
    """Draw a row of words with a letter above each; those in `lit` are outlined, missing ones stay empty."""
    (x, y), ink = at, palette.TENSOR[tensor]
    wide = 1.4 if tensor == Tensor.PSUM and names is not None else 1.0
    full = [(x + wide * place, y, wide, 1.0) for place in range(size) if place in words]
    board.boxes([(x + wide * place, y, wide, 1.0) for place in range(size)], palette.PAPER, palette.GRID)
    board.boxes(full, ink.fill, palette.GRID)
    board.boxes([(x + place, y, 1.0, 1.0) for place in sorted(lit)], "none", ink.line, linewidth=2.4)
    for place in range(size):
        letter = _LETTERS[place if names is None else names[place]]
        board.write(x + wide * (place + 0.5), y - 0.4, letter, 9, color=palette.MUTED)
        if place in words:
            board.write(x + wide * (place + 0.5), y + 0.5, number(words[place]))
