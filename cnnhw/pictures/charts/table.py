"""Table: rows of text that a notebook shows as HTML, and a terminal as aligned columns."""

import html
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cnnhw.errors import CourseError
from cnnhw.networks import Cell
from cnnhw.shape import LayerShape

_NUMBER = frozenset("0123456789,.-%x")  # x as in 55x55


@dataclass(frozen=True, repr=False)
class Table:
    """A small table; its repr is its content in words, so it can be read, compared and printed.

    header   the names of the columns
    rows     one sequence of cells a row; whole numbers get commas between thousands
    caption  one line above the table
    raises   CourseError if a row is longer or shorter than the header

    >>> Table(("layer", "MACs"), [("CONV1", 105415200), ("FC6", 37748736)], caption="AlexNet")
    AlexNet
    layer         MACs
    CONV1  105,415,200
    FC6     37,748,736
    """

    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    caption: str = ""

    def __post_init__(self):
        object.__setattr__(self, "header", tuple(str(cell) for cell in self.header))
        object.__setattr__(self, "rows", tuple(tuple(map(_text, row)) for row in self.rows))
        for number, row in enumerate(self.rows):
            if len(row) != len(self.header):
                raise CourseError(
                    "every row of a table has one cell for each column",
                    f"row {number} with {len(row)} cells under {len(self.header)} columns",
                    "add or remove cells, or columns in the header",
                )

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.header, *self.rows, strict=True)]
        right = self._right()
        lines = [_line(row, widths, right) for row in (self.header, *self.rows)]
        return "\n".join(([self.caption] if self.caption else []) + lines)

    def _repr_html_(self) -> str:
        right = self._right()
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        head = "".join(map(_html_cell, ['th scope="col"'] * len(right), self.header, right))
        body = "".join(_html_row(row, right) for row in self.rows)
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _right(self) -> list[bool]:
        """Which columns hold only numbers and so line up on the right."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.header)
        return [any(column) and all(set(cell) <= _NUMBER for cell in column) for column in columns]


def layer_table(layers: Mapping[str, LayerShape], caption: str = "", shared: Collection[str] = ()) -> Table:
    """List layers with their sizes, MACs and weights, and the sums.

    layers   layer name -> LayerShape, such as network.layers or network.conv
    caption  one line above the table
    shared   names of layers whose weights are an earlier layer's, such as network.shared
    returns  Table

    >>> layer_table({"FC1": LayerShape.fc(M=10, C=84)})
    layer  N   M   C  HxW  RxS  U  P  G  ExF  weights  MACs
    FC1    1  10  84  1x1  1x1  1  0  1  1x1      840   840
    total                                         840   840
    """
    dilated = any(shape.D != 1 for shape in layers.values())
    sizes = ("N", "M", "C", "HxW", "RxS", "U", "P", *(["D"] if dilated else []), "G", "ExF")
    own = {name: 0 if name in shared else shape.filter_words for name, shape in layers.items()}
    rows = [(name, *_sizes(shape, dilated), own[name], shape.macs) for name, shape in layers.items()]
    words, macs = (sum(row[column] for row in rows) for column in (-2, -1))
    total = ("total", *[""] * len(sizes), words, macs)
    return Table(("layer", *sizes, "weights", "MACs"), [*rows, total], caption)


def slide_table(cells: Iterable[Cell], caption: str = "") -> Table:
    """List cells of a published table beside the computed values.

    cells    from networks.slide16() or networks.slide18()
    caption  one line above the table
    returns  Table: network, cell, printed, computed, verdict, convention
    """
    header = ("network", "cell", "printed", "computed", "verdict", "convention")
    return Table(header, [slide_row(cell) for cell in cells], caption)


def slide_row(cell: Cell) -> tuple[str, ...]:
    """Give one cell as six texts: network, cell, printed, computed, verdict, convention."""
    computed = "-" if cell.computed is None else _text(cell.computed)
    tried = "; ".join(f"{words}: {_text(value)}" for words, value in cell.others)
    source = "" if cell.source.startswith("slide") else f"[{cell.source}]"
    remark = " ".join(filter(None, (cell.convention, f"({tried})" if tried else "", source)))
    return cell.network, cell.cell, cell.published, computed, str(cell.verdict), remark


def _sizes(shape: LayerShape, dilated: bool) -> tuple:
    ifmap, filter_, ofmap = f"{shape.H}x{shape.W}", f"{shape.R}x{shape.S}", f"{shape.E}x{shape.F}"
    slides = [_short(size) for size in (shape.U, shape.P, *([shape.D] if dilated else []))]
    return shape.N, shape.M, shape.C, ifmap, filter_, *slides, shape.G, ofmap


def _short(size: object) -> object:
    """Write strides or paddings that differ without the spaces of a tuple."""
    return size if isinstance(size, int) else str(size).replace(" ", "")


def _text(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    aligned = (
        cell.rjust(width) if end else cell.ljust(width)
        for cell, width, end in zip(cells, widths, right, strict=True)
    )
    return "  ".join(aligned).rstrip()


def _html_row(row: Sequence[str], right: Sequence[bool]) -> str:
    tags = ['th scope="row"', *["td"] * (len(row) - 1)]
    return "<tr>" + "".join(map(_html_cell, tags, row, right)) + "</tr>"


def _html_cell(tag: str, cell: str, right: bool) -> str:
    side = "right" if right else "left"
    tag = tag if cell else "td"  # an empty cell heads nothing
    return f'<{tag} style="text-align:{side}">{html.escape(cell)}</{tag[:2]}>'
