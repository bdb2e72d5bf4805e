"""A row-stationary array as it ran: who received which filter and ifmap rows, and where the psums went."""

from dataclasses import dataclass, field

from matplotlib.axes import Axes

from cnnhw.emulator import Trace
from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.sketch import arrow, box, sheet, tag
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

MOST_ROWS, MOST_COLS = 4, 5  # PEs of a drawing beside a page's text; chosen for teaching
_WIDE, _HIGH = 1.95, 1.05  # inches from PE to PE
_PE = (1.3, 0.62)  # inches, one PE

PE = tuple[int, int]


@dataclass
class Rows:
    """What the PEs of a run received and handed on; all of it read off a trace.

    filter  PE -> rows of the filter
    ifmap   PE -> rows of the ifmap
    psum    PE -> ofmap rows to whose psums it adds
    hops    (from PE, to PE) of every psum that was handed on
    exits   PEs whose psums left the array
    """

    filter: dict[PE, set[int]] = field(default_factory=dict)
    ifmap: dict[PE, set[int]] = field(default_factory=dict)
    psum: dict[PE, set[int]] = field(default_factory=dict)
    hops: set[tuple[PE, PE]] = field(default_factory=set)
    exits: set[PE] = field(default_factory=set)

    def receivers(self, tensor: str, row: int) -> set[PE]:
        """Give the PEs that received a row of the ifmap or the filter, or added to a row of psums."""
        return {pe for pe, rows in getattr(self, tensor).items() if row in rows}


def rows_of(trace: Trace) -> Rows:
    """Read off a trace which rows each PE worked on.

    trace    a Trace of any layer
    returns  Rows; the row of a word is its third index in the array of the layer: h, r or e
    """
    found = Rows()
    for event in trace:
        pe, origin, row = (event.row, event.col), (event.from_row, event.from_col), int(event.index[2])
        if event.what == "deliver" and event.tensor != Tensor.PSUM:
            getattr(found, event.tensor).setdefault(pe, set()).add(row)
        elif event.what == "mac":
            found.psum.setdefault(pe, set()).add(row)
        elif event.what == "hop":
            found.hops.add((origin, pe))
        elif event.what == "update" and event.from_row >= 0:
            found.exits.add(origin)
    return found


def row_stationary(trace: Trace, lit: int | None = None, caption: str = "") -> Picture:
    """Draw the array of a run: in each PE its rows, between them the way of the psums.

    trace    a Trace of a nest on at most 4 x 5 PEs
    lit      an ifmap row whose PEs are highlighted
    caption  one visible line under the picture
    returns  Picture; nothing in it is assumed, all is read off the trace
    raises   CourseError if the array is too large, or nobody received the row
    source   SURVEY, section V-B: the two-dimensional array of TALK, slides 39-42
    """
    nest, found = trace.nest, rows_of(trace)
    if nest.rows > MOST_ROWS or nest.cols > MOST_COLS:
        raise CourseError(
            f"this picture has room for {MOST_ROWS} x {MOST_COLS} PEs",
            f"{nest.rows} x {nest.cols}",
            "trace a smaller filter, or fewer ofmap rows",
        )
    if lit is not None and not found.receivers("ifmap", lit):
        raise CourseError(
            "a highlighted ifmap row must have reached a PE",
            f"row {lit}",
            f"use one of {sorted(set().union(*found.ifmap.values()))}",
        )

    def artist(figure) -> None:
        axes = sheet(figure)
        at = {
            (row, col): (1.5 + _WIDE * col, 0.95 + _HIGH * (nest.rows - 1 - row))
            for row in range(nest.rows)
            for col in range(nest.cols)
        }
        for pe, place in at.items():
            _pe(axes, place, found, pe, lit)
        _filters(axes, at, found)
        _diagonals(axes, at, found)
        _psums(axes, at, found)

    size = 0.9 + _WIDE * nest.cols, 0.5 + _HIGH * nest.rows
    return draw(artist, _words(found, lit), caption, *size)


def _words(found: Rows, lit: int | None) -> str:
    held = "; ".join(
        f"PE {pe} filter row {_list(found.filter.get(pe))}, ifmap row {_list(found.ifmap.get(pe))}, "
        f"psum row {_list(rows)}"
        for pe, rows in sorted(found.psum.items())
    )
    hops = ", ".join(f"{start} to {end}" for start, end in sorted(found.hops)) or "nowhere"
    words = f"Rows in the PEs: {held}. Psums hop from PE {hops}; they leave from {_list(found.exits)}."
    if lit is None:
        return words
    return f"{words} Highlighted: ifmap row {lit}, in PEs {_list(found.receivers('ifmap', lit))}."


def _list(things) -> str:
    return ", ".join(map(str, sorted(things or ())))


def _pe(axes: Axes, at: tuple[float, float], found: Rows, pe: PE, lit: int | None) -> None:
    """Draw a PE: a filter row and an ifmap row side by side, with its place above them."""
    here = lit in found.ifmap.get(pe, ())
    box(axes, at, _PE, "", palette.HIGHLIGHT if here else palette.PAPER, palette.TEXT)
    for shift, tensor in ((-0.31, Tensor.FILTER), (0.31, Tensor.IFMAP)):
        ink, rows = palette.TENSOR[tensor], getattr(found, tensor).get(pe)
        text = f"{ink.letter} {_list(rows)}" if rows else "idle"
        box(axes, (at[0] + shift, at[1]), (0.54, 0.38), text, ink.fill, ink.line)


def _filters(axes: Axes, at: dict[PE, tuple[float, float]], found: Rows) -> None:
    """One line through each PE row, since its PEs share a filter row."""
    ink = palette.TENSOR[Tensor.FILTER]
    for (row, col), (x, y) in at.items():
        if found.filter.get((row, col)):
            start = x - _WIDE + _PE[0] / 2 if col else x - _PE[0] / 2 - 0.5
            arrow(axes, (start, y), (x - _PE[0] / 2, y), ink.line, 1.8)
        if col == 0:
            tag(axes, (x - _PE[0] / 2 - 0.45, y + 0.22), f"W {_list(found.filter.get((row, 0)))}", ink)


def _diagonals(axes: Axes, at: dict[PE, tuple[float, float]], found: Rows) -> None:
    """A broken line between PEs that touch at a corner and share an ifmap row."""
    for (row, col), (x, y) in at.items():
        above = row - 1, col + 1
        if above in at and found.ifmap.get((row, col), set()) & found.ifmap.get(above, set()):
            ends = [x + _PE[0] / 2, at[above][0] - _PE[0] / 2], [y + _PE[1] / 2, at[above][1] - _PE[1] / 2]
            axes.plot(*ends, color=palette.TENSOR[Tensor.IFMAP].line, linewidth=1.8, linestyle="--")


def _psums(axes: Axes, at: dict[PE, tuple[float, float]], found: Rows) -> None:
    """An arrow for each way that a psum took from PE to PE, and one out of the array."""
    ink = palette.TENSOR[Tensor.PSUM]
    for start, end in found.hops:
        (x, y), (to_x, to_y) = at[start], at[end]
        down = 1 if to_y < y else -1
        arrow(axes, (x, y - down * _PE[1] / 2), (to_x, to_y + down * _PE[1] / 2), ink.line, 2)
    for pe in found.exits:
        x, y = at[pe]
        arrow(axes, (x, y - _PE[1] / 2), (x, y - _PE[1] / 2 - 0.34), ink.line, 2)
        tag(axes, (x, y - _PE[1] / 2 - 0.45), f"psum row {_list(found.psum[pe])}", ink)
