"""A Picture is the same bytes for the same drawing, and carries its words wherever it goes."""

import xml.etree.ElementTree as ElementTree

import matplotlib
import pytest

from cnnhw.pictures import draw, palette
from cnnhw.shape import Tensor


def square(figure):
    axes = figure.subplots()
    axes.bar([1, 2], [3, 5], hatch="//", facecolor=palette.TENSOR[Tensor.FILTER].fill)
    axes.set_xlabel('length & "width" (words)')


def picture():
    return draw(square, words='two bars, 3 & "5"', caption="3 < 5")


def test_same_drawing_same_bytes():
    assert picture().svg == picture().svg


def test_the_readers_own_style_does_not_leak_in():
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black"}):
        assert picture().svg == draw(square, words="").svg


def test_repr_is_the_words_and_html_is_a_labelled_figure():
    html = picture()._repr_html_()
    assert repr(picture()) == 'two bars, 3 & "5"'
    figure = ElementTree.fromstring(html)
    drawing, caption = figure
    assert "role" not in figure.attrib, "children of an img are not read, and a caption should be"
    assert (drawing.get("role"), drawing.get("aria-label")) == ("img", 'two bars, 3 & "5"')
    assert (caption.tag, caption.text) == ("figcaption", "3 < 5")


def test_svg_keeps_text_and_drops_what_changes_between_versions():
    svg = picture().svg
    assert "length &amp; &quot;width&quot; (words)" in svg or 'length &amp; "width" (words)' in svg
    for leak in ("<metadata", "<style", "<?xml", "matplotlib.org", "<image"):
        assert leak not in svg


def test_saved_file_is_an_svg_with_its_words_as_title(tmp_path):
    path = tmp_path / "picture.svg"
    picture().save(path)
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert root.findtext("{http://www.w3.org/2000/svg}title") == 'two bars, 3 & "5"'


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.1, from 1 to 21."""

    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tensor", list(Tensor))
def test_text_reads_on_every_fill_and_lines_on_paper(tensor):
    ink = palette.TENSOR[tensor]
    assert contrast(palette.TEXT, ink.fill) >= 7  # WCAG AAA for text
    assert contrast(ink.line, palette.PAPER) >= 3  # WCAG AA for graphics


def test_no_tensor_is_told_apart_by_colour_alone():
    inks = [palette.TENSOR[tensor] for tensor in Tensor]
    assert len({ink.letter for ink in inks}) == len({ink.hatch for ink in inks}) == len(inks)
