"""axe-core on a page: what a reader with a screen reader, or without a mouse, would stumble over."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("moderate", "serious", "critical")  # axe's words for everything above "minor"

# What nbconvert's and JupyterLab's own templates write, and no file of the course can change: prompts such as
# Out[3] in a pale colour, highlighted code (its colours are the template's), the sign beside each heading.
TEMPLATE = ".jp-InputPrompt, .jp-OutputPrompt, .jp-CodeCell .jp-InputArea, a.anchor-link"
# Inside a drawing with a name nothing is read; its colours are tested in tests/pictures. It saves much time.
DRAWN = "figure > svg[role=img] > *"
# ipywidgets gives the handle of a slider no name, and no setting to give one; ours is written beside it.
UNNAMED = ("aria-input-field-name", '<div class="noUi-handle')


def grave_faults(page: Page, part: str | None = None) -> list[str]:
    """Give what axe finds above "minor": its rule, how grave it is, and the element.

    page  Playwright's page; what the template wrote, and the inside of drawings, is taken out of it
    part  a selector of what to look at; None for the whole page
    """
    page.evaluate(f"document.querySelectorAll('{TEMPLATE}, {DRAWN}').forEach(node => node.remove())")
    found = Axe().run(page, context=part, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
        if not (fault["id"] == UNNAMED[0] and node["html"].startswith(UNNAMED[1]))
    ]
