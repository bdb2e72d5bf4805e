"""The array of PEs under each dataflow: which tensor stays, which is broadcast, which moves from PE to PE."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.levels import LEVEL
from cnnhw.pictures.marks.sketch import arrow, box, sheet, tag
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

PES = 6  # PEs of a drawn row; chosen for teaching
WIDTH, HEIGHT = 8.4, 2.75  # inches
_STEP, _PE, _FIRST = 1.2, 0.74, 1.2  # inches between PEs, side of one, middle of the first
_BUFFER, _BUS, _ROW = 2.45, 1.75, 0.9  # heights of the buffer, the bus and the PEs
STORED = (Tensor.IFMAP, Tensor.FILTER, Tensor.PSUM)


@dataclass(frozen=True)
class Flow:
    """How a dataflow treats the three tensors.

    title      in words
    stays      the tensor that waits in the PEs, if any
    broadcast  one word at a time, to all PEs
    single     another word for each PE, at every step; if any
    chain      handed from PE to PE
    """

    title: str
    broadcast: Tensor
    chain: Tensor
    stays: Tensor | None = None
    single: Tensor | None = None

    @property
    def words(self) -> str:
        """What each tensor does, as a sentence."""
        parts = [f"{self.stays} words stay in the PEs"] if self.stays else ["nothing stays in the PEs"]
        parts += [f"an {self.broadcast} word goes to all PEs at once".replace("an f", "a f")]
        parts += [f"each PE gets a {self.single} word of its own at every step"] if self.single else []
        return ", ".join([*parts, f"{self.chain}s move from PE to PE"])


# Source: TALK slides 36-38; Sze et al., Proc. IEEE 2017, section V-B.
FLOWS = {
    "WS": Flow("weight stationary", Tensor.IFMAP, Tensor.PSUM, stays=Tensor.FILTER),
    "OS": Flow("output stationary", Tensor.FILTER, Tensor.IFMAP, stays=Tensor.PSUM),
    "NLR": Flow("no local reuse", Tensor.IFMAP, Tensor.PSUM, single=Tensor.FILTER),
}


def dataflow(name: str, caption: str = "") -> Picture:
    """Draw a row of PEs below the global buffer, and what moves between them.

    name     "WS", "OS" or "NLR"; row_stationary_array draws the fourth
    caption  one visible line under the picture
    returns  Picture whose words say what each tensor does
    raises   CourseError for another name
    source   TALK slides 36-38

    >>> dataflow("WS").words[:88]
    'Weight stationary: filter words stay in the PEs, an ifmap word goes to all PEs at once, '
    """
    if name not in FLOWS:
        raise CourseError(
            f"this picture knows {', '.join(FLOWS)}",
            f"{name!r}",
            "use one of them, or row_stationary_array()",
        )
    flow = FLOWS[name]
    words = f"{flow.title.capitalize()}: {flow.words}."

    def artist(figure) -> None:
        axes = sheet(figure)
        _buffer(axes)
        _broadcast(axes, flow.broadcast)
        _chain(axes, flow.chain)
        for number in range(PES):
            _pe(axes, number, flow)
        if flow.single:
            _single(axes, flow.single)
        _key(axes, flow)

    return draw(artist, words, caption, WIDTH, HEIGHT)


def row_stationary_array(R: int = 3, E: int = 3, caption: str = "") -> Picture:
    """Draw the R x E PEs of row stationary: filter rows across, ifmap rows along diagonals, psums down.

    R        filter height: PE rows, 1 to 4
    E        ofmap rows: PE columns, 1 to 5
    caption  one visible line under the picture
    returns  Picture; PE (r, e) holds filter row r and ifmap row r + e, and adds to psum row e
    raises   CourseError if the array is too large to be read
    source   TALK slides 39-41
    """
    if not (1 <= R <= 4 and 1 <= E <= 5):
        raise CourseError("this picture has room for R = 1 to 4 and E = 1 to 5", f"R={R}, E={E}", "use fewer")
    held = "; ".join(
        ", ".join(f"PE ({r}, {e}) filter row {r} and ifmap row {r + e}" for e in range(E)) for r in range(R)
    )
    words = f"Row stationary: {held}. The psums of a PE column are added downwards and make ofmap row e."

    def artist(figure) -> None:
        axes = sheet(figure)
        places = {(r, e): (1.6 + 2.0 * e, 1.0 * (R - r)) for r in range(R) for e in range(E)}
        for (r, e), at in places.items():
            _row_pe(axes, at, r, e, last=r == R - 1)
        for (r, e), (x, y) in places.items():
            if (r - 1, e + 1) in places:  # the same ifmap row, one PE up and to the right
                end = places[r - 1, e + 1]
                line = palette.TENSOR[Tensor.IFMAP].line
                arrow(axes, (x + 0.62, y + 0.3), (end[0] - 0.62, end[1] - 0.3), line, 1.6)
        for e in range(E):
            tag(axes, (1.6 + 2.0 * e, 0.3), f"psum row {e}", palette.TENSOR[Tensor.PSUM])

    return draw(artist, words, caption, 0.6 + 2.0 * E + 0.6, R + 0.6)


def _row_pe(axes: Axes, at: tuple[float, float], r: int, e: int, last: bool) -> None:
    x, y = at
    box(axes, at, (1.2, 0.62), "", palette.PAPER, palette.TEXT)
    for shift, tensor, text in ((-0.3, Tensor.FILTER, f"W {r}"), (0.3, Tensor.IFMAP, f"I {r + e}")):
        ink = palette.TENSOR[tensor]
        box(axes, (x + shift, y), (0.5, 0.36), text, ink.fill, ink.line)
    psum, weight = palette.TENSOR[Tensor.PSUM].line, palette.TENSOR[Tensor.FILTER].line
    arrow(axes, (x, y - 0.31), (x, y - (0.5 if last else 0.69)), psum, 1.6)
    arrow(axes, (x - 1.4, y), (x - 0.6, y), weight, 1.6)


def _middle(number: int) -> float:
    return _FIRST + _STEP * number


def _buffer(axes: Axes) -> None:
    ink = LEVEL["GLB"]
    box(axes, (WIDTH / 2, _BUFFER), (WIDTH - 0.6, 0.36), "GLB, the global buffer", ink.fill, ink.line)


def _pe(axes: Axes, number: int, flow: Flow) -> None:
    at = (_middle(number), _ROW)
    box(axes, at, (_PE, _PE), "", palette.PAPER, palette.TEXT)
    if flow.stays:
        ink = palette.TENSOR[flow.stays]
        box(axes, (at[0], at[1] - 0.12), (0.46, 0.34), f"{ink.letter}{number}", ink.fill, ink.line)
    else:
        axes.text(at[0], at[1] - 0.12, "MAC", ha="center", va="center", fontsize=9.5, zorder=4)
    axes.text(at[0], at[1] + 0.22, "PE", ha="center", va="center", fontsize=9, color=palette.MUTED, zorder=4)


def _broadcast(axes: Axes, tensor: Tensor) -> None:
    """One line from the buffer, and a branch into every PE."""
    ink, left, right = palette.TENSOR[tensor], _middle(0), _middle(PES - 1)
    middle = (left + right) / 2
    axes.plot([middle, middle], [_BUFFER - 0.18, _BUS], color=ink.line, linewidth=2)
    axes.plot([left, right], [_BUS, _BUS], color=ink.line, linewidth=2)
    for number in range(PES):
        arrow(axes, (_middle(number), _BUS), (_middle(number), _ROW + _PE / 2), ink.line, 2)
    tag(axes, (middle, _BUS), str(tensor), ink)


def _single(axes: Axes, tensor: Tensor) -> None:
    ink = palette.TENSOR[tensor]
    for number in range(PES):
        x = _middle(number) + 0.26
        arrow(axes, (x, _BUFFER - 0.18), (x, _ROW + _PE / 2), ink.line, 1.6)
        tag(axes, (x + 0.02, _BUS + 0.28), f"{ink.letter}{number}", ink)


def _chain(axes: Axes, tensor: Tensor) -> None:
    """From the buffer into the first PE, from each to the next, and back from the last."""
    ink, left, right = palette.TENSOR[tensor], _middle(0) - 0.8, _middle(PES - 1) + 0.8
    axes.plot([left, left], [_BUFFER - 0.18, _ROW], color=ink.line, linewidth=2, solid_capstyle="projecting")
    arrow(axes, (left, _ROW), (_middle(0) - _PE / 2, _ROW), ink.line, 2)
    for number in range(PES - 1):
        arrow(axes, (_middle(number) + _PE / 2, _ROW), (_middle(number + 1) - _PE / 2, _ROW), ink.line, 2)
    tag(axes, (left, _BUS - 0.2), str(tensor), ink)
    if tensor is Tensor.PSUM:  # an ifmap word is not wanted back
        axes.plot([_middle(PES - 1) + _PE / 2, right], [_ROW, _ROW], color=ink.line, linewidth=2)
        arrow(axes, (right, _ROW), (right, _BUFFER - 0.18), ink.line, 2)
        tag(axes, (right, _BUS - 0.2), str(tensor), ink)


def _key(axes: Axes, flow: Flow) -> None:
    """What the letters stand for, and the title."""
    axes.text(0.3, 0.22, flow.title, weight="bold", va="center")
    for place, tensor in enumerate(STORED):
        ink = palette.TENSOR[tensor]
        does = {flow.stays: "stays", flow.broadcast: "broadcast", flow.single: "one for each PE"}
        text = f"{ink.letter}  {tensor}: {does.get(tensor, 'moves on')}"
        axes.text(2.7 + 1.95 * place, 0.22, text, va="center", color=ink.line)
