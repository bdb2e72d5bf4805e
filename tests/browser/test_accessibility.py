"""axe-core over every exported lesson, and the players; and a lesson on a page 390 pixels wide."""

import re
from pathlib import Path

import nbformat
import pytest
import traced
from browser.axe import grave_faults
from browser.server import ROOT

from cnnhw.course.notebooks import as_page
from cnnhw.widgets import play
from cnnhw.widgets.player.page import page

pytestmark = pytest.mark.xdist_group("accessibility")  # one worker: what they share is made once

LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Elements of a lesson whose text does not fit their width and cannot be scrolled to.
CUT = """() => [...document.querySelectorAll('.jp-RenderedHTMLCommon *, .cnnhw-player *')].filter(node =>
    node.getBoundingClientRect().right > innerWidth + 1
    && ![...parents(node)].some(around => ['auto', 'scroll'].includes(getComputedStyle(around).overflowX)))
    .map(node => node.outerHTML.slice(0, 120));
    function* parents(node) { for (; node; node = node.parentElement) yield node; }"""


@pytest.fixture(scope="module")
def tab(browser):
    """One page for all files, with the network cut."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    tab = context.new_page()
    tab.route(re.compile("^(?!file:|data:)"), lambda route: route.abort())
    yield tab
    context.close()


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> dict[str, str]:
    """Lesson -> address of its exported page, without the code: highlighting it takes long."""
    folder, pages = tmp_path_factory.mktemp("exported"), {}
    for lesson in LESSONS:
        notebook = nbformat.read(lesson, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = ""
        path = folder / f"{lesson.stem}.html"
        path.write_text(as_page(notebook), encoding="utf-8")
        pages[lesson.stem] = path.as_uri()
    return pages


def test_every_exported_lesson(tab, exported):
    found = {}
    for lesson, address in exported.items():
        tab.goto(address, wait_until="domcontentloaded")
        if faults := grave_faults(tab):
            found[lesson] = faults
    assert found == {}


def test_two_players_on_one_page(tab, tmp_path):
    players = [play(traced.row_stationary().trace), play(traced.weight_stationary().trace)]
    body = "".join(player._repr_html_() for player in players)
    path = tmp_path / "players.html"
    path.write_text(page("Players", body), encoding="utf-8")
    for width in (1100, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(path.as_uri(), wait_until="domcontentloaded")
        assert grave_faults(tab) == []


def test_axe_sees_what_it_should(tab, tmp_path):
    """The faults that were found in the players and pictures before are seen."""
    path = tmp_path / "faults.html"
    body = (
        '<figure role="img"><svg></svg></figure><button aria-label="one cycle back">step</button>'
        '<section aria-label="player">1</section><section aria-label="player">2</section>'
    )
    path.write_text(page("Faults", body), encoding="utf-8")
    tab.goto(path.as_uri(), wait_until="domcontentloaded")
    assert {fault.split()[0] for fault in grave_faults(tab)} >= {"role-img-alt", "landmark-unique"}


def test_a_lesson_on_a_narrow_page(tab, exported):
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(exported["08_arrays_of_pes"], wait_until="domcontentloaded")
    assert tab.evaluate(f"() => {{ {CUT.replace('() => ', 'return ', 1)} }}") == []
    screenshots = Path(__file__).parent / "screenshots"
    screenshots.mkdir(exist_ok=True)
    tab.screenshot(path=screenshots / "lesson_08_390.png", full_page=True)
    tab.set_viewport_size({"width": 1100, "height": 900})
