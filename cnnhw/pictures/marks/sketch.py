"""The few marks that diagrams are made of: an empty sheet in inches, nodes, tags, boxes, arrows."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from cnnhw.errors import ShapeError
from cnnhw.pictures import palette

_STEP = 0.62  # inches between two nodes of a column
_MOST_NODES = 8  # more nodes in a column would not fit beside a page's text


def sheet(figure: Figure) -> Axes:
    """Cover the whole figure with axes that draw nothing themselves and count in inches.

    figure   the figure to cover
    returns  Axes from (0, 0) at the lower left to (width, height) at the upper right
    """
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, figure.get_figwidth()), ylim=(0, figure.get_figheight()))
    axes.set_axis_off()
    return axes


def node(
    axes: Axes, at: tuple[float, float], text: str, ink: palette.Ink, radius: float = 0.24, lit: bool = False
) -> None:
    """Draw a circle that holds one number.

    at      centre in inches
    text    what stands inside
    ink     the colour of the tensor the number belongs to
    radius  in inches
    lit     whether the caption talks about this node
    """
    width = 2.4 if lit else 1.2
    fill = palette.HIGHLIGHT if lit else ink.fill
    axes.add_patch(Circle(at, radius, facecolor=fill, edgecolor=ink.line, linewidth=width, zorder=3))
    axes.text(*at, text, ha="center", va="center", fontsize=10, zorder=4)


def column(name: str, count: int, middle: float) -> list[float]:
    """Give the heights of the nodes of one column, the first on top.

    name     the letter that counts them, for the error
    count    how many nodes, 1 to 8
    middle   height of the column's centre in inches
    returns  `count` heights in inches
    raises   ShapeError if the column would be too long to read
    """
    if not 1 <= count <= _MOST_NODES:
        raise ShapeError(
            f"this picture has room for 1 to {_MOST_NODES} nodes in a column",
            f"{name}={count}",
            f"draw a smaller example, with {name} <= {_MOST_NODES}",
        )
    return [middle + _STEP * ((count - 1) / 2 - index) for index in range(count)]


def column_height(count: int) -> float:
    """Give the inches that a column of `count` nodes needs, with room for a heading above it."""
    return _STEP * max(count, 3) + 0.6


def tag(axes: Axes, at: tuple[float, float], text: str, ink: palette.Ink) -> None:
    """Write a label on a line, on a pale ground in the colour of its tensor."""
    ground = {"boxstyle": "round,pad=0.15", "facecolor": ink.fill, "edgecolor": "none"}
    axes.text(*at, text, ha="center", va="center", fontsize=9.5, bbox=ground, zorder=5)


def heading(axes: Axes, at: tuple[float, float], text: str, ink: palette.Ink) -> None:
    """Write the bold title of a column; `at` is the middle of its top edge, in inches."""
    axes.text(*at, text, ha="center", va="top", color=ink.line, weight="bold")


def box(
    axes: Axes, at: tuple[float, float], size: tuple[float, float], text: str, fill: str, line: str
) -> None:
    """Draw a rounded box with centred text.

    at    centre in inches
    size  width and height in inches
    text  one or more lines
    fill  colour of the inside
    line  colour of the border
    """
    corner = (at[0] - size[0] / 2, at[1] - size[1] / 2)
    shape = FancyBboxPatch(
        corner, *size, boxstyle="round,pad=0,rounding_size=0.06", facecolor=fill, edgecolor=line, zorder=3
    )
    axes.add_patch(shape)
    axes.text(*at, text, ha="center", va="center", fontsize=9.5, linespacing=1.35, zorder=4)


def arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = palette.TEXT,
    width: float = 1.4,
    dashed: bool = False,
) -> None:
    """Draw a straight arrow.

    start, end  in inches
    color       of the shaft and the head
    width       of the shaft in points
    dashed      whether the shaft is broken, for what moves only some of the time
    """
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>,head_length=5,head_width=2.5",
            color=color,
            linewidth=width,
            linestyle="--" if dashed else "-",
            shrinkA=0,
            shrinkB=0,
            mutation_scale=1,
            zorder=2,
        )
    )
