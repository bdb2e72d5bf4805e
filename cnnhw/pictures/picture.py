"""Picture: a deterministic SVG that carries its content in words."""

import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from cnnhw.pictures import palette

# Text stays text, so that it can be searched, scaled and compared; ids come from a fixed salt.
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "cnnhw",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "hatch.linewidth": 0.5,
    "text.color": palette.TEXT,
    "axes.edgecolor": palette.MUTED,
    "axes.labelcolor": palette.TEXT,
    "xtick.color": palette.TEXT,
    "ytick.color": palette.TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, repr=False)
class Picture:
    """A drawing and the same content in words.

    words    what the picture shows, complete enough for a reader who cannot see it
    svg      the drawing, an <svg> element
    caption  one visible line under it, usually the arithmetic of the highlighted element

    >>> Picture(words="a 2x2 square", svg="<svg></svg>")
    a 2x2 square
    """

    words: str
    svg: str
    caption: str = ""

    def __repr__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        label = html.escape(self.words, quote=True)
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        # The role stands on the drawing: what is inside an img is not read aloud, and a caption is.
        drawing = self.svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
        return f'<figure style="margin:0">{drawing}{caption}</figure>'

    def save(self, path: str | Path) -> None:
        """Write the drawing as an SVG file whose title is its words.

        path     where to; an existing file is replaced
        """
        head, tag, rest = self.svg.partition(">")
        title = f"<title>{html.escape(self.words)}</title>"
        Path(path).write_text(head + tag + title + rest + "\n", encoding="utf-8", newline="\n")


def draw(
    artist: Callable[[Figure], None], words: str, caption: str = "", width: float = 7.0, height: float = 3.0
) -> Picture:
    """Run `artist` on an empty figure and keep the result as a Picture.

    artist         draws into the matplotlib Figure it is given
    words          the content in words
    caption        one visible line under the picture
    width, height  in inches; a notebook's text is about 9 inches wide
    returns        Picture, the same bytes for the same drawing
    """
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, "backend": "agg", **_STYLE}):
        figure = Figure(figsize=(width, height), facecolor=palette.PAPER, layout="constrained")
        artist(figure)
        document = _svg_document(figure)
    return Picture(words=words, svg=_bare_svg(document), caption=caption)


def _svg_document(figure: Figure) -> str:
    text, metadata = io.StringIO(), {"Date": None, "Creator": None}
    if figure.get_layout_engine() is None:
        # Nothing to lay out, so skip savefig's rehearsal: it doubles the time, which a widget would show.
        FigureCanvasSVG(figure).print_svg(text, metadata=metadata)
    else:
        figure.savefig(text, format="svg", metadata=metadata)
    return text.getvalue()


def _bare_svg(document: str) -> str:
    """Keep the drawing alone: the prologue and metadata change between versions, the style would leak."""
    svg = document[document.index("<svg") :].strip()
    for start, end in (("<metadata>", "</metadata>"), ("<defs>\n  <style", "</defs>")):
        if start in svg:
            before, _, rest = svg.partition(start)
            svg = before.rstrip() + rest.partition(end)[2]
    svg = svg.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")  # for readers without the first
    # The page must not inherit matplotlib's rule for `*`, so it moves onto the drawing itself.
    style = "max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt"
    return svg.replace("<svg ", f'<svg style="{style}" ', 1)
