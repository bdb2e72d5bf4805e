"""What the four words of one MAC cost: the memories from DRAM to the MAC, and a line for each word."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cnnhw.errors import CourseError
from cnnhw.machine import SLIDE_35, Costs
from cnnhw.machine.costs import PLACES
from cnnhw.machine.hierarchy import USUAL
from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.levels import LEVEL
from cnnhw.pictures.marks.sketch import arrow, sheet, tag
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor

HOMES = USUAL.levels
# Word -> (tensor, whether it comes back from the MAC).
_WORDS = {
    "ifmap": (Tensor.IFMAP, False),
    "filter": (Tensor.FILTER, False),
    "psum, read": (Tensor.PSUM, False),
    "psum, written": (Tensor.PSUM, True),
}
# In inches; chosen for teaching.
_WIDTH, _HEIGHT = 8.8, 3.1
_FIRST, _STEP = 2.0, 1.3  # the middle of DRAM, and from one place to the next
_TOP, _ROW = 2.1, 0.48  # the first word's line, and from one line to the next


def one_mac(homes: Mapping[str, str], costs: Costs = SLIDE_35) -> Picture:
    """Draw where the four words of one MAC come from and go to, with the cost of every access.

    homes    "ifmap", "filter" and "psum" -> "DRAM", "GLB" or "RF", the memory that the MAC uses for it
    costs    energy of an access at each place
    returns  Picture; its caption adds the four words and the MAC up. A word that is read costs its memory,
             and one delivery by the NoC unless that is the RF; a psum that is written costs its memory
    raises   CourseError if a tensor has no home, or a home is none of these
    source   TALK slides 28, 29 and 35; the sum as in the convention "transfer" of ISCA 2016

    >>> one_mac({"ifmap": "GLB", "filter": "RF", "psum": "RF"}).caption
    'ifmap 8 + filter 1 + psum, read 1 + psum, written 1 + MAC 1 = 12 times the energy of a MAC'
    """
    paths = {word: _path(homes, tensor, back) for word, (tensor, back) in _WORDS.items()}
    sums = {word: sum(costs[place] for place in path) for word, path in paths.items()}
    unit = "times the energy of a MAC" if costs.unit == "MAC" else costs.unit
    parts = " + ".join(f"{word} {short(value)}" for word, value in sums.items())
    caption = f"{parts} + MAC {short(costs.MAC)} = {short(sum(sums.values()) + costs.MAC)} {unit}"
    table = ", ".join(f"{place} {short(costs[place])}" for place in PLACES)
    lines = "; ".join(
        f"{word} {'to' if _WORDS[word][1] else 'from'} the {path[0]}" for word, path in paths.items()
    )
    words = f"One MAC and its four words; costs of an access: {table}. {lines}. {caption}."

    def artist(figure: Figure) -> None:
        axes = sheet(figure)
        _draw_places(axes, costs)
        for number, (word, path) in enumerate(paths.items()):
            y = _TOP - number * _ROW
            _draw_word(axes, y, word, path, costs)
            axes.text(_WIDTH - 0.2, y, short(sums[word]), ha="right", va="center", weight="bold")

    return draw(artist, words, caption, _WIDTH, _HEIGHT)


def _path(homes: Mapping[str, str], tensor: Tensor, back: bool) -> tuple[str, ...]:
    """The places that charge for a word, its home first."""
    home = homes.get(str(tensor))
    if home not in HOMES:
        raise CourseError(
            "each tensor of a MAC lives in one memory",
            f"{tensor} in {home!r}",
            f"give {tensor} one of {', '.join(HOMES)}; the NoC holds no words",
        )
    return (home,) if back or home == "RF" else (home, "NoC")


def _middle(place: str) -> float:
    return _FIRST + _STEP * PLACES.index(place)


def _draw_places(axes: Axes, costs: Costs) -> None:
    """Draw a column for each place, its name and cost on top."""
    for place in PLACES:
        ink, x = LEVEL[place], _middle(place)
        axes.fill_between([x - 0.5, x + 0.5], 2.4, 3.0, facecolor=ink.fill, edgecolor=ink.line)
        axes.text(x, 2.82, place, ha="center", va="center", weight="bold", color=ink.text)
        axes.text(x, 2.56, short(costs[place]), ha="center", va="center", color=ink.text)
        axes.fill_between([x - 0.5, x + 0.5], 0.3, 2.36, facecolor="#F4F4F4", edgecolor="none")
    axes.text(_WIDTH - 0.2, 2.82, "sum", ha="right", va="center", fontsize=9.5, color=palette.MUTED)
    axes.text(0.1, 2.56, "one access", va="center", fontsize=9.5, color=palette.MUTED)
    axes.text(0.1, 2.82, f"unit: {costs.unit}", va="center", fontsize=9.5, color=palette.MUTED)


def _draw_word(axes: Axes, y: float, word: str, path: tuple[str, ...], costs: Costs) -> None:
    """Draw one word's way between its home and the MAC, a number at each place that charges for it."""
    tensor, back = _WORDS[word]
    ink = palette.TENSOR[tensor]
    home, mac = _middle(path[0]), _middle("MAC") - 0.5
    axes.text(0.1, y, word, va="center", color=ink.line, weight="bold")
    arrow(axes, *(((mac, y), (home, y)) if back else ((home, y), (mac, y))), color=ink.line, width=2)
    for place in path:
        # A psum on its way back ends in its home: its number stands beside the head of the arrow.
        tag(axes, (_middle(place) - (0.28 if back else 0), y), short(costs[place]), ink)
    axes.text(_middle("MAC"), y, ink.letter, ha="center", va="center", color=ink.line, weight="bold")
