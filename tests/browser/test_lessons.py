"""Every lesson in a real browser: it opens, runs to its end, shows its pictures; its explorers answer."""

import html
import re
from pathlib import Path

import nbformat
import pytest
from browser.axe import grave_faults
from browser.lab_page import VIEW, opened
from browser.server import ROOT
from playwright.sync_api import expect

SCREENSHOTS = Path(__file__).parent / "screenshots"
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
NARROW = 390  # px, a telephone
LINK = ".jp-RenderedMarkdown li > a[href]"
EXPLORER = ".jp-OutputArea-output > .jupyter-widgets"
WIDER = "node => node.scrollWidth - node.clientWidth"

# Lesson -> (explorer, a slider of it, the key that moves it away from where it starts).
SLIDERS = {
    "03_convolution.ipynb": [
        ("explore_sliding_window", "R, filter height", "ArrowLeft"),
        ("explore_sliding_window", "H, ifmap height", "ArrowRight"),
        ("explore_layer_shape", "M, filters", "ArrowRight"),
        ("explore_layer_shape", "U, stride", "ArrowRight"),
    ],
    "04_matrix_product.ipynb": [
        ("explore_toeplitz", "R, filter height", "ArrowRight"),
        ("explore_toeplitz", "H, ifmap height", "ArrowRight"),
        ("explore_toeplitz", "U, stride", "ArrowRight"),
    ],
    "06_winograd_and_fft.ipynb": [
        ("explore_winograd", "m, tile height", "ArrowRight"),
        ("explore_winograd", "r, filter height", "ArrowRight"),
        ("explore_fft_crossover", "H, ifmap height", "ArrowRight"),
        ("explore_fft_crossover", "R, filter height", "ArrowRight"),
    ],
    "07_memory_is_the_bottleneck.ipynb": [
        ("explore_reuse", "a, uses from DRAM", "ArrowRight"),
        ("explore_reuse", "b, uses from the GLB", "ArrowRight"),
        ("explore_reuse", "c, PEs in the array", "ArrowRight"),
        ("explore_reuse", "d, uses from the RF", "ArrowRight"),
    ],
    "08_arrays_of_pes.ipynb": [("explore_nest", "chunk of this loop", "ArrowLeft")],
    "10_fitting_a_layer.ipynb": [
        ("explore_fitting", "PE rows", "ArrowRight"),
        ("explore_fitting", "PE columns", "ArrowLeft"),
        ("explore_fitting", "e, strip (0: best)", "ArrowRight"),
    ],
    "11_which_dataflow_wins.ipynb": [
        ("explore_dataflows", "PEs", "ArrowRight"),
        ("explore_dataflows", "N, batch", "ArrowRight"),
    ],
}

# Pictures of the reader's own machine: drawn when a lesson is run, never saved.
LIVE = {"04_matrix_product.ipynb": 1}


def saved_words(notebook: Path) -> list[str]:
    """The words of the pictures that the notebook was saved with."""
    notebook = nbformat.read(notebook, as_version=4)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    pages = [output["data"].get("text/html", "") for output in shown]
    return [
        html.unescape(words)
        for page in pages
        for words in re.findall(r'<svg role="img" aria-label="([^"]*)"', page)
    ]


@pytest.fixture(scope="module")
def lab(browser, server):
    """One page for all lessons of a worker; none may ask another computer."""
    with opened(browser, server) as page:
        yield page


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson(lab, lesson):
    """Saved pictures show when it opens, because it is trusted, and again after everything was run."""
    lab.page.set_viewport_size(VIEW)
    saved = saved_words(lab.server.folder / "notebooks" / lesson)
    lab.open(f"notebooks/{lesson}")
    lab.wait_for_figures(saved)
    assert lab.run_all() == []
    lab.wait_for_figures(saved, LIVE.get(lesson, 0))
    lab.screenshot(SCREENSHOTS / f"{Path(lesson).stem}.png")
    expect(lab.page.locator(LINK).first).to_have_css("text-decoration-line", "underline")
    rows = SLIDERS.get(lesson, [])
    for explorer, label, key in rows:
        before, after = lab.move_slider(explorer, label, key)
        assert before != after
    for explorer in dict.fromkeys(explorer for explorer, _, _ in rows):
        if explorer == "explore_nest":
            check_nest_buttons(lab.cell(explorer))
        if explorer in ("explore_sliding_window", "explore_toeplitz"):
            check_steps(lab.cell(explorer))
        for width in (VIEW["width"], NARROW):
            picture = SCREENSHOTS / f"{Path(lesson).stem}_{explorer}_{width}.png"
            lab.screenshot_of(lab.cell(explorer), picture, width)
    if rows:
        lab.page.set_viewport_size({**VIEW, "width": NARROW})
        assert [each for each in lab.page.locator(EXPLORER).all() if each.evaluate(WIDER) > 0] == []
        assert grave_faults(lab.page, EXPLORER) == []
    assert lab.outside == lab.server.outside() == []


def check_steps(cell):
    """Play takes steps by itself, until Pause."""
    drawing = cell.locator("svg[role=img]").first
    before = drawing.get_attribute("aria-label")
    cell.get_by_role("button", name="Play", exact=True).click()
    expect(drawing).not_to_have_attribute("aria-label", before, timeout=20_000)
    cell.get_by_role("button", name="Pause", exact=True).click()
    expect(cell.get_by_role("button", name="Play", exact=True)).to_be_visible()


def check_nest_buttons(cell):
    """Add, Remove and Undo change the list of loops; Play shows a player whose script runs."""
    loops = cell.locator("select[size] option, select[multiple] option")
    number = loops.count()
    for button, change in (("Add", 1), ("Remove", 0), ("Remove", -1), ("Undo", 0), ("Undo", 1), ("Undo", 0)):
        cell.get_by_role("button", name=button, exact=True).click()
        expect(loops).to_have_count(number + change)
    cell.get_by_role("button", name="Play", exact=True).click()
    player = cell.get_by_role("region", name="player of a PE array")
    player.get_by_role("button", name="one cycle forth").click()
    expect(player.locator(".number")).to_have_text(re.compile("^cycle 1 of"))


def test_every_explorer_has_a_slider_in_the_table():
    called = {
        (lesson, explorer)
        for lesson in LESSONS
        for explorer in re.findall(
            r"(explore_\w+)\(", (ROOT / "notebooks" / lesson).read_text(encoding="utf-8")
        )
    }
    assert called == {(lesson, explorer) for lesson, rows in SLIDERS.items() for explorer, _, _ in rows}
