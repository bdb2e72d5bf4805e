"""A drawing surface measured in cells, x to the right and y down; grids and stacks are drawn on it."""

from collections.abc import Callable, Iterable

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from cnnhw.pictures import palette
from cnnhw.pictures.picture import Picture, draw

CELL = 0.34  # inches; three digits of 10 pt fit
_POINTS = 72  # points in an inch
_HALF_DIGIT = 0.365  # of the font size: a digit of DejaVu Sans is 0.73 high

Box = tuple[float, float, float, float]  # x, y of the upper left corner, width, height


class _Label(Text):
    """One line of text centred on its y. matplotlib's own measures every letter, half of a redraw's time."""

    def draw(self, renderer) -> None:
        """Draw the text; the SVG writer aligns it sideways by itself."""
        x, y = self.get_transform().transform(self.get_unitless_position())
        _, height = renderer.get_canvas_width_height()
        baseline = height - y + _HALF_DIGIT * renderer.points_to_pixels(self.get_fontsize())
        context = renderer.new_gc()
        context.set_foreground(self.get_color())
        renderer.draw_text(context, x, baseline, self.get_text(), self.get_fontproperties(), 0, mtext=self)
        context.restore()


class Board:
    """A matplotlib figure without axes: text and boxes at cell positions.

    It draws on the figure itself because a widget redraws on every move, and axes double the time.
    """

    def __init__(self, figure: Figure, rows: float, cell: float):
        figure.set_layout_engine(None)
        self._figure = figure
        self.cell = cell
        self.line = CELL / cell  # height of a line of text, in cells
        to_inches = Affine2D().scale(cell, -cell).translate(0, rows * cell)
        self._transform = to_inches + figure.dpi_scale_trans

    def write(self, x: float, y: float, text: str, size: float = 10, align: str = "center", **style) -> None:
        """Write text whose middle line is at y; align is the side of the text that x names."""
        style = {"color": palette.TEXT, **style}
        label = _Label(x, y, text, fontsize=size, ha=align, transform=self._transform, **style)
        self._figure.add_artist(label)

    def boxes(self, boxes: Iterable[Box], fill: str = "none", line: str = palette.MUTED, **style) -> None:
        """Draw boxes of one style as a single path: a tenth of the time and size of one by one."""
        corners = [corner for box in boxes for corner in _corners(*box)]
        if corners:
            codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
            self._add(Path(corners, codes * (len(corners) // 5)), fill, line, style)

    def runs(self, runs: Iterable[tuple[float, float, float]], colour: str) -> None:
        """Paint rows of cells (x, y, length) in one colour, as thick lines: half the bytes of boxes."""
        points = [end for x, y, length in runs for end in ((x, y + 0.5), (x + length, y + 0.5))]
        path = Path(points, [Path.MOVETO, Path.LINETO] * (len(points) // 2))
        # A little thicker than a cell, so that no hairline shows between rows at odd zooms.
        self._add(path, "none", colour, {"linewidth": self.cell * _POINTS + 0.2, "capstyle": "butt"})

    def _add(self, path: Path, fill: str, line: str, style: dict) -> None:
        style = {"linewidth": 0.8, **style}
        self._figure.add_artist(
            PathPatch(path, facecolor=fill, edgecolor=line, transform=self._transform, **style)
        )


def draw_board(
    artist: Callable[[Board], None],
    columns: float,
    rows: float,
    words: str,
    caption: str = "",
    cell: float = CELL,
) -> Picture:
    """Run `artist` on an empty board and keep the result as a Picture.

    artist         draws on the Board it is given
    columns, rows  size of the board in cells
    words          the content in words
    caption        one visible line under the picture
    cell           side of one cell, in inches
    returns        Picture

    >>> draw_board(lambda board: board.write(1, 1, "19"), columns=2, rows=2, words="the number 19")
    the number 19
    """
    width, height = columns * cell, rows * cell
    return draw(lambda figure: artist(Board(figure, rows, cell)), words, caption, width, height)


def _corners(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
