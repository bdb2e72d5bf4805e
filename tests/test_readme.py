"""The README and docs keep their promises: links, code and the picture."""

import doctest
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from cnnhw import networks
from cnnhw.pictures.networks.work import work_per_layer

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    targets = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []


def test_code_in_the_readme_gives_what_it_says():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert result.attempted == 4 and result.failed == 0


def test_the_picture_shows_what_the_library_computes():
    """Its words hold every number; the drawing itself may differ between versions of matplotlib."""
    drawn = ElementTree.parse(ROOT / "docs" / "pictures" / "alexnet_work.svg").getroot()
    expected = work_per_layer(networks.alexnet()).words
    assert drawn.findtext("{http://www.w3.org/2000/svg}title") == expected


def test_alternative_text_of_the_picture_is_right():
    alexnet = networks.alexnet()
    conv = sum(layer.macs for layer in alexnet.conv.values()) / alexnet.macs
    fc = sum(layer.filter_words for layer in alexnet.fc.values()) / alexnet.filter_words
    assert f"{conv:.0%}".replace("%", " %") in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"hold {fc:.0%}".replace("%", " %") in (ROOT / "README.md").read_text(encoding="utf-8")
