"""What a student does in JupyterLab, as functions: open, run all, move a slider, look."""

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

from browser.server import Server
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

PATIENCE = 120_000  # ms; two cores may be busy with other things
LOOK = 200  # ms between two looks at the page
HERE = {"127.0.0.1", "localhost", ""}

# JupyterLab's own object tells what the page shows only in part: when a kernel is idle, which cells have run.
APP = "window.jupyterapp"
KERNEL = f"{APP}?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().trim())
    .map(cell => ({
        id: cell.model.id,
        count: cell.model.executionCount,
        errors: cell.model.outputs.toJSON().filter(output => output.output_type === 'error')
            .map(output => output.ename + ': ' + output.evalue)
    }))"""

# To load JupyterLab anew takes as long as many a lesson.
INSTEAD = f"""async path => {{
    await {APP}.shell.currentWidget.sessionContext.shutdown();
    {APP}.shell.currentWidget.dispose();
    await {APP}.commands.execute('docmanager:open', {{path}});
}}"""

FIGURES = """() => [...document.querySelectorAll('.jp-OutputArea figure > svg[role=img]')]
    .filter(drawing => !drawing.closest('.jupyter-widgets'))
    .map(drawing => drawing.getAttribute('aria-label'))"""
AS_WANTED = f"""([words, live]) => {{
    const shown = ({FIGURES})();
    const saved = shown.filter(each => words.includes(each));
    return saved.join('\\n') === words.join('\\n') && shown.length === words.length + live;
}}"""

VIEW = {"width": 1280, "height": 900}
SCROLLED = ".jp-WindowedPanel-outer"
TALLEST = 16_000  # px; Chromium draws no taller picture


class LabPage:
    """One browser page with JupyterLab in it.

    page     Playwright's page; every request it makes is noted
    server   the JupyterLab it shows
    """

    def __init__(self, page: Page, server: Server):
        self.page, self.server = page, server
        self.outside: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.route(lambda url: urlsplit(url).hostname not in HERE | {None}, lambda route: route.abort())

    def _wait(self, condition: str, argument=None) -> None:
        """Wait until a condition holds, and look seldom: a look at every cell keeps a core busy."""
        self.page.wait_for_function(condition, arg=argument, polling=LOOK)

    def _note(self, url: str) -> None:
        if (urlsplit(url).hostname or "") not in HERE:
            self.outside.append(url)

    def open(self, notebook: str) -> None:
        """Open a notebook, in place of the one that is open, and wait until its kernel is idle.

        Before that, a click on Run All is lost.

        notebook  path under the course's folder, such as "notebooks/03_convolution.ipynb"
        """
        if self.page.evaluate(f"() => {APP} === undefined"):
            self.page.goto(self.server.link(notebook))
        else:
            self.page.evaluate(INSTEAD, notebook)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self._wait(f"() => {KERNEL} === 'idle'")

    def menu(self, menu: str, item: str) -> None:
        """Choose an item of the menu bar."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def run_all(self) -> list[str]:
        """Clear what was saved, run every cell from the menu and wait for the last one.

        returns  the errors that cells ended in; JupyterLab runs no cell after such a one
        """
        self.menu("Edit", "Clear Outputs of All Cells")
        self._wait(f"() => ({CELLS})().every(cell => cell.count === null)")
        self.menu("Run", "Run All Cells")
        self._wait(
            f"""() => {{
                const cells = ({CELLS})();
                const failed = cells.some(cell => cell.errors.length);
                return (failed || cells.every(cell => cell.count !== null)) && {KERNEL} === 'idle';
            }}"""
        )
        return [error for cell in self.page.evaluate(CELLS) for error in cell["errors"]]

    def figures(self) -> list[str]:
        """Return the words of every picture whose drawing is shown, in order, explorers aside."""
        return self.page.evaluate(FIGURES)

    def wait_for_figures(self, words: list[str], live: int = 0) -> None:
        """Wait until exactly these pictures are shown, and `live` others; on a failure say which are."""
        try:
            self._wait(AS_WANTED, [words, live])
        except PlaywrightTimeout:
            shown = self.figures()
            assert [each for each in shown if each in words] == words
            assert len(shown) == len(words) + live

    def move_slider(self, explorer: str, label: str, key: str = "ArrowRight") -> tuple[str, str]:
        """Move a slider by one with the keyboard and wait until the explorer's picture says something else.

        explorer  what the cell calls, such as "explore_sliding_window"
        label     the text beside the slider, such as "R, filter height"
        key       ArrowRight or ArrowLeft
        returns   the picture's words before and after
        """
        cell = self.cell(explorer)
        figure = cell.locator("figure > svg[role=img]").first
        before = figure.get_attribute("aria-label")
        slider = cell.locator(".widget-slider", has=self.page.get_by_text(label, exact=True))
        handle = slider.locator("[role=slider]").first
        handle.scroll_into_view_if_needed()
        handle.focus()
        handle.press(key)
        expect(figure).not_to_have_attribute("aria-label", before, timeout=PATIENCE)
        return before, figure.get_attribute("aria-label")

    def cell(self, source: str) -> Locator:
        """Return the code cell whose source has this text."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".jp-Editor", has_text=source)).first

    def screenshot(self, path: Path) -> None:
        """Save the whole notebook as one picture, as tall as it must be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        height = self.page.evaluate(f"document.querySelector('{SCROLLED}').scrollHeight")
        self.page.set_viewport_size({"width": 1280, "height": min(height + 120, TALLEST)})
        self.page.evaluate(f"document.querySelector('{SCROLLED}').scrollTop = 0")
        self.page.screenshot(path=path)
        self.page.set_viewport_size(VIEW)

    def screenshot_of(self, cell: Locator, path: Path, width: int) -> None:
        """Save one cell as a picture, on a screen of so many pixels across."""
        path.parent.mkdir(parents=True, exist_ok=True)
        # Some are taller than a screen; the list of files would take most of a narrow one.
        self.page.evaluate("window.jupyterapp.shell.collapseLeft()")
        self.page.set_viewport_size({"width": width, "height": 3 * VIEW["height"]})
        cell.scroll_into_view_if_needed()
        cell.screenshot(path=path)
        self.page.set_viewport_size(VIEW)


@contextlib.contextmanager
def opened(browser, server: Server):
    """Open a page; in the end nothing may have asked another computer."""
    context = browser.new_context(viewport=VIEW)
    page = LabPage(context.new_page(), server)
    yield page
    context.close()
    assert page.outside == [], "the page asked another computer"
    assert server.outside() == [], "JupyterLab or a kernel asked another computer"
