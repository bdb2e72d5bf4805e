"""Tables: aligned words for a terminal, labelled HTML for a notebook."""

from html.parser import HTMLParser

import pytest

from cnnhw import CourseError, networks
from cnnhw.pictures.charts.table import Table, layer_table, slide_row, slide_table


class Cells(HTMLParser):
    """Collects (tag, attributes, text) of every cell."""

    def __init__(self, html):
        super().__init__()
        self.cells, self.open = [], []
        self.feed(html)
        assert not self.open, "a tag was left open"

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag in ("th", "td", "caption"):
            self.cells.append((tag, dict(attrs), ""))

    def handle_data(self, data):
        tag, attrs, text = self.cells[-1]
        self.cells[-1] = tag, attrs, text + data

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_words_are_aligned_and_numbers_stand_on_the_right():
    table = Table(("layer", "MACs", "note"), [("A", 1_234_567, "first"), ("Bcdefg", 89, "")], caption="two")
    assert repr(table).splitlines() == [
        "two",
        "layer        MACs  note",
        "A       1,234,567  first",
        "Bcdefg         89",
    ]


def test_html_says_the_same_with_headings_and_nothing_unescaped():
    table = Table(("layer", "MACs"), [("<A&B>", 1_234)], caption="one <two>")
    cells = Cells(table._repr_html_()).cells
    assert [text for _, _, text in cells] == ["one <two>", "layer", "MACs", "<A&B>", "1,234"]
    assert [tag for tag, _, _ in cells] == ["caption", "th", "th", "th", "td"]
    assert [attrs.get("scope") for _, attrs, _ in cells] == [None, "col", "col", "row", None]
    assert cells[-1][1]["style"] == "text-align:right"


def test_an_empty_cell_is_no_heading():
    cells = Cells(Table(("", "MACs"), [("", 3)])._repr_html_()).cells
    assert [(tag, text) for tag, _, text in cells] == [("td", ""), ("th", "MACs"), ("td", ""), ("td", "3")]
    assert all("scope" not in attrs for tag, attrs, _ in cells if tag == "td")


def test_a_table_without_rows():
    assert repr(Table(("a", "b"), [])) == "a  b"


def test_a_row_that_does_not_fit():
    with pytest.raises(CourseError) as error:
        Table(("a", "b"), [(1, 2), (3,)])
    assert str(error.value).splitlines() == [
        "every row of a table has one cell for each column",
        "  got row 1 with 1 cells under 2 columns",
        "  add or remove cells, or columns in the header",
    ]


@pytest.mark.parametrize("network", networks.all_networks(), ids=lambda network: network.name)
def test_layer_table_has_every_layer_and_the_sums(network):
    rows = layer_table(network.layers, network.title).rows
    assert [row[0] for row in rows] == [*network.layers, "total"]
    assert rows[-1][-2:] == (f"{network.filter_words:,}", f"{network.macs:,}")
    first = next(iter(network.layers.values()))
    assert rows[0][4] == f"{first.H}x{first.W}" and rows[0][9] == f"{first.E}x{first.F}"


def test_slide_table_has_every_cell():
    cells = networks.slide18()
    table = slide_table(cells, "slide 18")
    assert len(table.rows) == len(cells)
    assert table.rows[0] == slide_row(cells[0])
    swapped = slide_row(networks.slide16()[3])
    assert swapped[:5] == ("CONV2", "MACs", "150M", "149,520,384", "reproduced under a convention")
