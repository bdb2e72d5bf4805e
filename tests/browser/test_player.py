"""The player in a real browser: with a kernel, in an exported page with the network cut, without scripts."""

import re
from pathlib import Path

import nbformat
import pytest
import traced
from browser.axe import grave_faults
from nbclient import NotebookClient
from playwright.sync_api import Locator, Page, expect

from cnnhw import LayerShape, Machine, Nest
from cnnhw.course.notebooks import as_page
from cnnhw.emulator import run
from cnnhw.energy import energy as energy_of
from cnnhw.tensors import random_filters, random_ifmap
from cnnhw.widgets import play

pytestmark = pytest.mark.xdist_group("player")  # one worker: what they share is made once

SCREENSHOTS = Path(__file__).parent / "screenshots"
# Row stationary on 3 x 3 PEs; what a reader's cell looks like.
SOURCE = """from cnnhw import LayerShape, Machine, Nest
from cnnhw.emulator import run
from cnnhw.tensors import random_filters, random_ifmap
from cnnhw.widgets import play

shape = LayerShape(M=2, C=2, H=5, W=4, R=3, S=2)
loops = [(dim, 1, "GLB") for dim in "MCF"] + [("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")]
ifmap, filters = random_ifmap(shape, seed=3), random_filters(shape, seed=4)
play(run(Nest(shape, loops), Machine.unbounded(), ifmap, filters, trace=True).trace)"""


def notebook() -> nbformat.NotebookNode:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE, id="player")], metadata=kernel)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> str:
    """The address of a notebook that was run, saved and exported as nbconvert does it."""
    folder = tmp_path_factory.mktemp("exported")
    saved = NotebookClient(
        notebook(), store_widget_state=False, resources={"metadata": {"path": folder}}
    ).execute()
    (folder / "exported.html").write_text(as_page(saved), encoding="utf-8")
    return (folder / "exported.html").as_uri()


@pytest.fixture
def offline(browser):
    """Open pages with the network cut; give what they asked for beside themselves."""
    contexts = []

    def open_page(address: str, **options) -> tuple[Page, list[str]]:
        contexts.append(browser.new_context(viewport={"width": 1100, "height": 1100}, **options))
        page, asked = contexts[-1].new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.route(re.compile("^(?!file:|data:)"), lambda route: route.abort())
        page.goto(address, wait_until="domcontentloaded")
        asked.remove(address)
        return page, asked

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def own_page(offline, tmp_path):
    """The page that a Player gives, of row stationary unless another run is named."""

    def open_page(done=None, **options) -> tuple[Page, list[str]]:
        path = tmp_path / "player.html"
        path.write_text(play((done or traced.row_stationary()).trace).html("A player"), encoding="utf-8")
        return offline(path.as_uri(), **options)

    return open_page


def cycle_of(player: Locator) -> int:
    return int(player.locator(".number").inner_text().split()[1])


def at_cycle(player: Locator, cycle: int) -> None:
    """Wait until a cycle is shown, read out and counted."""
    expect(player.locator(".number")).to_have_text(f"cycle {cycle} of 23")
    expect(player.locator("[aria-live]")).to_have_text(re.compile(rf"^cycle {cycle}: "))


def energy(player: Locator) -> float:
    return float(player.locator(".energy tr.all td").nth(3).inner_text().replace(",", ""))


def pe(player: Locator, row: int, col: int) -> Locator:
    return player.locator(f'.pe[aria-label^="PE ({row}, {col}) "]')


def check_steps(player: Locator) -> None:
    """Step both ways with buttons and keys; the counters follow, and come back."""
    at_cycle(player, 0)
    spent = [energy(player)]
    for cycle in (1, 2, 3):
        player.get_by_role("button", name="one cycle forth").click()
        at_cycle(player, cycle)
        spent.append(energy(player))
    assert spent == sorted(set(spent))
    pe(player, 0, 0).focus()
    for key, cycle in (("ArrowLeft", 2), ("ArrowLeft", 1), ("ArrowRight", 2), ("End", 23), ("Home", 0)):
        player.page.keyboard.press(key)
        at_cycle(player, cycle)
    assert energy(player) == spent[0]


def check_scrubbing(player: Locator) -> None:
    """Click in the middle of the slider, then move it by its own keys."""
    slider = player.get_by_role("slider", name="cycle")
    slider.click()
    middle = cycle_of(player)
    assert 9 <= middle <= 14
    slider.press("ArrowRight")
    at_cycle(player, middle + 1)
    slider.press("Home")
    at_cycle(player, 0)


def check_playing(player: Locator) -> None:
    """Space plays until it pauses."""
    player.get_by_label("cycles per second").select_option("5")
    pe(player, 0, 0).focus()
    player.page.keyboard.press("Space")
    expect(player.get_by_role("button", name="pause")).to_be_visible()
    expect(player.locator(".number")).to_have_text(re.compile("cycle [3-9] of"), timeout=20_000)
    player.page.keyboard.press("Space")
    expect(player.get_by_role("button", name="play")).to_be_visible()
    stopped = cycle_of(player)
    player.page.wait_for_timeout(500)
    assert cycle_of(player) == stopped
    player.page.keyboard.press("Home")


def check_register_files(player: Locator) -> None:
    """The mouse or the focus on a PE shows what it holds, with indices; Tab goes on to the next PE."""
    pe(player, 1, 2).hover()
    table = player.locator("table.file")
    expect(table.locator("caption")).to_have_text("Register file of PE (1, 2), cycle 0")
    words = table.locator("th[scope=row]").all_text_contents()
    assert words == ["I  ifmap[0, 0, 3, 0]", "I  ifmap[0, 0, 3, 1]", "W  filter[0, 0, 1, 0]",
                     "W  filter[0, 0, 1, 1]", "P  psum[0, 0, 2, 0]"]  # fmt: skip
    expect(table.locator("tr.used")).to_have_count(3)
    player.get_by_label("cycles per second").focus()
    for place in ("(0, 0)", "(0, 1)"):
        player.page.keyboard.press("Tab")
        expect(table.locator("caption")).to_have_text(f"Register file of PE {place}, cycle 0")


def check_words_travel(player: Locator) -> None:
    """A step moves words: they are somewhere else a moment later, and lie still in the end."""
    player.get_by_role("button", name="one cycle forth").click()
    tokens = player.locator("svg > g").last
    before = tokens.inner_html()
    expect(tokens).not_to_have_js_property("innerHTML", before)
    player.page.wait_for_timeout(1200)
    at_rest = tokens.inner_html()
    player.page.wait_for_timeout(100)
    assert tokens.inner_html() == at_rest and "<rect" in at_rest
    player.page.keyboard.press("Home")


def check_everything(player: Locator, name: str) -> None:
    for check in (check_steps, check_scrubbing, check_playing, check_register_files):
        check(player)
    SCREENSHOTS.mkdir(exist_ok=True)
    player.screenshot(path=SCREENSHOTS / f"player_{name}.png")


def test_with_a_kernel_in_jupyterlab(lab, server):
    folder = server.folder / "notebooks"
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook(), folder / "player.ipynb")
    lab.open("notebooks/player.ipynb")
    lab.page.set_viewport_size({"width": 1280, "height": 1400})
    assert lab.run_all() == []
    player = lab.page.get_by_role("region", name="player of a PE array")
    expect(player).to_be_visible()
    check_everything(player, "jupyterlab")
    lab.wait_for_figures(
        [repr(play(traced.row_stationary().trace))]
    )  # it stays in the page, for who saves that
    pe(player, 0, 0).focus()
    lab.page.keyboard.press("b")  # elsewhere in a notebook this key makes a new cell
    expect(lab.page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)
    assert grave_faults(lab.page, ".cnnhw-player") == []


def test_exported_with_the_network_cut(offline, exported):
    page, _ = offline(exported)  # the exporter's own template asks for scripts that the player does not need
    check_everything(page.get_by_role("region", name="player of a PE array"), "exported")


def test_its_own_page_asks_for_nothing(own_page):
    page, asked = own_page()
    player = page.get_by_role("region", name="player of a PE array")
    check_everything(player, "own_page")
    check_words_travel(player)
    assert asked == []


def test_a_multicast_is_drawn_to_all_its_pes(own_page):
    page, _ = own_page()
    ways = page.locator("svg polyline")
    expect(ways).to_have_count(18)  # ifmap and filter words for each of 9 PEs
    page.get_by_role("button", name="one cycle forth").click()
    expect(ways).to_have_count(9)  # two hops and one way out for each of 3 columns
    page.locator(".player").screenshot(path=SCREENSHOTS / "player_hops.png")


def stop_the_clock(page: Page) -> None:
    """From here on time passes in the page only when a test says so."""
    page.clock.install(time=0)
    page.reload(wait_until="domcontentloaded")
    page.clock.pause_at(60_000)


def boxes(page: Page, row: int, col: int) -> list[str]:
    """The words that lie in a PE's boxes."""
    return pe(page.locator(".player"), row, col).locator("text.middle").all_text_contents()


def test_a_read_is_one_marker_that_forks_and_boxes_fill_when_it_arrives(own_page):
    page, _ = own_page(traced.weight_stationary())
    stop_the_clock(page)
    page.get_by_role("button", name="one cycle forth").click()  # a pixel for each row of 3 PEs; weights stay
    markers, filled = [], {}
    for time in range(0, 405, 15):
        page.clock.run_for(15)
        markers.append(page.locator(".tokens text").all_text_contents())
        for col in range(3):
            if len(boxes(page, 0, col)) == 2:  # the weight that stays, and now the pixel
                filled.setdefault(col, time)
    first = next(filter(None, markers))
    assert len(first) == 1 and max(shown.count(first[0]) for shown in markers) > 1
    assert 100 < filled[0] < filled[1] < filled[2]
    assert len(boxes(page, 0, 0)) == 2
    page.clock.run_for(600)
    assert len(boxes(page, 0, 0)) == 3  # and the psum, after its MAC


@pytest.mark.parametrize("example", traced.ALL[1:], ids=lambda example: example.__name__)
def test_a_paused_pe_shows_the_psum_that_it_hands_on(own_page, example):
    done = example()
    page, _ = own_page(done, reduced_motion="reduce")
    played = play(done.trace).score
    at = next(at for at, cycle in enumerate(played["cycles"]) if "exits" in cycle or "hops" in cycle)
    page.get_by_role("slider", name="cycle").fill(str(at))
    cycle = played["cycles"][at]
    handed = [(origin, value) for _, value, origin, _ in cycle.get("hops", [])]
    handed += [(origin, value) for _, value, _, origin in cycle.get("exits", [])]
    for origin, value in handed:
        drawn = page.locator(".pe").nth(origin)
        assert drawn.locator(".mac").text_content().split()[-1] == value
        assert drawn.locator("text.middle").last.text_content() == value


def test_two_arrays_with_a_memory_in_each_tile(offline, tmp_path):
    """Bars for what stands outside and in each tile, and every word that moves stops where it should."""
    done, machine = traced.tiled()
    path = tmp_path / "tiled.html"
    path.write_text(play(done.trace, machine).html("Tiles"), encoding="utf-8")
    page, asked = offline(path.as_uri(), reduced_motion="reduce")
    bars = page.locator("svg .memory")
    assert [bar.split(":")[0] for bar in bars.all_text_contents()] == ["DRAM", "L2", "GLB"] + ["local"] * 4
    assert bars.last.text_content() == "local: W ×8, P ×0"
    assert page.locator(".flow").all_text_contents() == [
        "DRAM → L2: I ×64, W ×32", "", "L2 → GLB: I ×64", "",
    ]  # fmt: skip
    page.get_by_role("button", name="one cycle forth").click()
    assert "psum words go from the local to PEs" in page.locator(".said").text_content()
    pe(page, 1, 2).hover()
    table = page.locator("table.file").last
    assert table.locator("caption").text_content() == "local (1, 1), cycle 1"
    assert table.locator("tr").count() == 1 + 8 + 1
    page.locator(".player").press("End")
    rows = {
        row.get_attribute("data-level"): float(row.locator("td").nth(3).text_content().replace(",", ""))
        for row in page.locator(".energy tr[data-level]").all()
    }
    spent = energy_of(done.counts, machine)
    assert rows == {level: pytest.approx(spent.level(level)) for level in spent.levels}
    assert asked == [] and not grave_faults(page)


def test_space_plays_whatever_button_has_the_focus(own_page):
    page, _ = own_page()
    for name in ("play", "one cycle back", "one cycle forth"):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="pause")).to_be_visible()
        page.get_by_role("button", name="pause" if name == "play" else name).focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="play")).to_be_visible()


# Text of the drawing that is not whole: outside the drawing, or outside its PE. A PE's own text starts in it.
CLIPPED = """player => [...player.querySelectorAll('svg text')].filter(text => {
    const around = text.closest('.pe')?.querySelector('.body') || text.ownerSVGElement;
    const frame = around.getBoundingClientRect();
    const box = text.getBoundingClientRect();
    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
}).map(text => text.textContent)"""
WIDER = "node => node.scrollWidth - node.clientWidth"


def long_numbers():
    """Row stationary with words of eight digits and psums of sixteen."""
    done = traced.row_stationary()
    nest, shape = done.trace.nest, done.trace.nest.shape
    words = [10**7 * tensor for tensor in (random_ifmap(shape, seed=3), random_filters(shape, seed=4))]
    return run(nest, Machine.unbounded(), *words, trace=True)


def many_pes():
    """An array of 3 x 16 PEs."""
    nest = Nest(
        LayerShape(M=16, C=3, H=2, W=3, R=2), WEIGHTS_STAY, {"GLB": {"ifmap", "psum"}, "RF": {"filter"}}
    )
    ifmap, filters = random_ifmap(nest.shape, seed=3), random_filters(nest.shape, seed=4)
    return run(nest, Machine.unbounded(), ifmap, filters, trace=True)


WEIGHTS_STAY = [*((dim, 1, "GLB") for dim in "RSEF"), ("C", 1, "ROWS"), ("M", 1, "COLS")]


@pytest.mark.parametrize("example", [traced.primitive, long_numbers, many_pes], ids=lambda it: it.__name__)
def test_nothing_is_clipped_however_wide_the_page(own_page, example):
    page, _ = own_page(example())
    for width in (1100, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("slider", name="cycle").press("End")
        page.wait_for_timeout(300)
        for _ in range(3):  # words on their way, and at rest
            assert page.locator(".player").evaluate(CLIPPED) == []
            page.wait_for_timeout(450)
        assert page.locator("html").evaluate(WIDER) == 0
        for part in (".array", ".tables", ".controls", ".said"):
            assert page.locator(part).evaluate(WIDER) <= 0, part
        page.locator(".player").screenshot(path=SCREENSHOTS / f"player_{example.__name__}_{width}.png")


def test_nothing_moves_for_who_prefers_it(own_page):
    page, _ = own_page(reduced_motion="reduce")
    page.get_by_role("button", name="one cycle forth").click()
    tokens = page.locator("svg > g").last
    expect(tokens.locator("rect")).to_have_count(9)  # at their places at once
    still = tokens.inner_html()
    page.wait_for_timeout(200)
    assert tokens.inner_html() == still


def test_the_focus_is_seen(own_page):
    page, _ = own_page()
    page.get_by_label("cycles per second").focus()
    page.keyboard.press("Tab")
    body = page.locator(".pe .body").first
    assert body.evaluate("body => getComputedStyle(body).strokeDasharray") != "none"
    page.locator(".player").screenshot(path=SCREENSHOTS / "player_focus.png")


def test_without_scripts_a_picture_says_it_all(own_page):
    page, _ = own_page(java_script_enabled=False)
    figure = page.get_by_role("img", name=re.compile(r"^An array of 3 x 3 PEs, cycle 0: "))
    expect(figure).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "player_without_scripts.png")
