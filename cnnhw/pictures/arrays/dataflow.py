"""The array of PEs under each dataflow: which tensor stays, which is broadcast, which moves from PE to PE."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from matplotlib.axes import Axes

from cnnhw.emulator.order import chunks_at_most
from cnnhw.errors import CourseError
from cnnhw.machine.hierarchy import MAC
from cnnhw.nest import INDICES, Nest, at_once
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
_DOES = {
    "stays": "stays", "all": "broadcast", "some": "to some", "chain": "moves on", "own": "one for each PE",
}  # fmt: skip


@dataclass(frozen=True)
class Flow:
    """How a dataflow treats the three tensors.

    title  in words
    roles  tensor -> what its words do, of these: "stays" in a PE for several steps; "all": one goes to all
           PEs at once; "some": one goes to several; "own": each PE gets another; "chain": from PE to PE
    """

    title: str
    roles: Mapping[Tensor, Set[str]]

    def tensors(self, *roles: str) -> list[Tensor]:
        """Name the tensors that have one of some roles."""
        return [tensor for tensor in STORED if self.roles[tensor] & set(roles)]

    @property
    def words(self) -> str:
        """What each tensor does, as a sentence."""
        stay = " and ".join(self.tensors("stays"))
        parts = [f"{stay} words stay in the PEs" if stay else "nothing stays in the PEs"]
        for role, where in (("all", "all PEs"), ("some", "several PEs")):
            parts += [f"{_a(tensor)} word goes to {where} at once" for tensor in self.tensors(role)]
        parts += [
            f"each PE gets {_a(tensor)} word of its own at every step"
            for tensor in self.tensors("own")
            if "stays" not in self.roles[tensor]
        ]
        return ", ".join([*parts, *(f"{tensor}s move from PE to PE" for tensor in self.tensors("chain"))])


# Source: TALK slides 36-38; Sze et al., Proc. IEEE 2017, section V-B.
FLOWS = {
    name: Flow(title, {tensor: {role} for tensor, role in zip(STORED, roles, strict=True)})
    for name, title, roles in (
        ("WS", "weight stationary", ("all", "stays", "chain")),
        ("OS", "output stationary", ("chain", "all", "stays")),
        ("NLR", "no local reuse", ("all", "own", "chain")),
    )
}


def flow_of(nest: Nest, title: str = "a nest") -> Flow:
    """Read off a nest what each tensor does.

    nest     any Nest that knows its order
    title    in words
    returns  Flow. In a nest nothing but psums moves from PE to PE: ifmap words that neighbours share, which
             slide 37 hands on, go to all of them at once here

    >>> from cnnhw import LayerShape
    >>> rows = LayerShape(M=1, C=1, H=5, W=4, R=3, S=2)
    >>> nest = Nest(rows, [("F", 1, "GLB"), ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")])
    >>> print(flow_of(nest).words.replace(", a", ",\\na"))
    filter and psum words stay in the PEs,
    an ifmap word goes to several PEs at once,
    a filter word goes to several PEs at once, psums move from PE to PE
    """
    order, stays = nest.order, nest.stationary()
    shared = {
        loop.dim
        for loop, chunks in zip(nest.loops, chunks_at_most(nest), strict=True)
        if at_once(loop.where) and chunks > 1
    }
    roles = {}
    for tensor in STORED:
        dims = {dim for index in INDICES[tensor] for dim in index}
        kept = nest.keeper(MAC, tensor) in order.of_pe
        roles[tensor] = {"stays" for level in (*order.of_pe, MAC) if kept and tensor in stays.get(level, ())}
        if tensor == Tensor.PSUM:
            roles[tensor] |= {"chain"} if shared - dims else {"own"}
        else:
            # Rows, or columns, of the ifmap that PEs have in common where both dims of an index are spread.
            slides = any(len(index) == 2 and set(index) <= shared for index in INDICES[tensor])
            own = shared <= dims and not slides
            roles[tensor] |= {"all" if not shared & dims else "own" if own else "some"}
    return Flow(title, roles)


def dataflow(name: str | Nest, caption: str = "", title: str = "") -> Picture:
    """Draw a row of PEs below the global buffer, and what moves between them.

    name     "WS", "OS" or "NLR", as the slides draw them, or any nest, such as a dataflow of your own gives;
             row_stationary_array draws the fourth
    caption  one visible line under the picture
    title    of a nest
    returns  Picture whose words say what each tensor does
    raises   CourseError for another name
    source   TALK slides 36-38

    >>> dataflow("WS").words[:88]
    'Weight stationary: filter words stay in the PEs, an ifmap word goes to all PEs at once, '
    """
    if not isinstance(name, Nest) and name not in FLOWS:
        raise CourseError(
            f"this picture knows {', '.join(FLOWS)}",
            f"{name!r}",
            "use one of them, a Nest, or row_stationary_array()",
        )
    flow = flow_of(name, title or "a nest") if isinstance(name, Nest) else FLOWS[name]
    words = f"{flow.title[0].upper()}{flow.title[1:]}: {flow.words}."

    def artist(figure) -> None:
        axes = sheet(figure)
        _buffer(axes)
        for place, tensor in enumerate(flow.tensors("all", "some")):
            _broadcast(axes, tensor, place, to_all="all" in flow.roles[tensor])
        for tensor in flow.tensors("chain"):
            _chain(axes, tensor)
        for number in range(PES):
            _pe(axes, number, flow)
        for tensor in flow.tensors("own"):
            if "stays" not in flow.roles[tensor]:
                _single(axes, tensor)
        _key(axes, flow)

    return draw(artist, words, caption, WIDTH, HEIGHT)


def _a(tensor: Tensor) -> str:
    return f"{'an' if tensor == Tensor.IFMAP else 'a'} {tensor}"


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
    stay = flow.tensors("stays")
    for place, tensor in enumerate(stay):
        ink, shift = palette.TENSOR[tensor], 0.22 * (place - (len(stay) - 1) / 2)
        letter = f"{ink.letter}{number}" if len(stay) == 1 else ink.letter
        wide = 0.46 if len(stay) == 1 else 0.2
        box(axes, (at[0] + shift, at[1] - 0.12), (wide, 0.34), letter, ink.fill, ink.line)
    if not stay:
        axes.text(at[0], at[1] - 0.12, "MAC", ha="center", va="center", fontsize=9.5, zorder=4)
    axes.text(at[0], at[1] + 0.22, "PE", ha="center", va="center", fontsize=9, color=palette.MUTED, zorder=4)


def _broadcast(axes: Axes, tensor: Tensor, place: int = 0, to_all: bool = True) -> None:
    """A line from the buffer, and a branch into every PE, or every other one where only some get a word."""
    shift, bus = -0.2 * place, _BUS + 0.3 * place
    ink, left, right = palette.TENSOR[tensor], _middle(0) + shift, _middle(PES - 1) + shift
    middle = (left + right) / 2 + 4 * shift
    line = {"color": ink.line, "linewidth": 2}
    numbers = range(0, PES, 1 if to_all else 2)
    axes.plot([middle, middle], [_BUFFER - 0.18, bus], **line)
    axes.plot([left, _middle(numbers[-1]) + shift], [bus, bus], **line)
    for number in numbers:
        x = _middle(number) + shift
        arrow(axes, (x, bus), (x, _ROW + _PE / 2), ink.line, 2)
    tag(axes, (middle, bus), str(tensor), ink)


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
        roles = flow.roles[tensor]
        does = [told for role, told in _DOES.items() if role in roles and (role != "own" or len(roles) == 1)]
        text = f"{ink.letter}  {tensor}: {', '.join(does)}"
        axes.text(2.4 + 2.0 * place, 0.22, text, va="center", color=ink.line)
