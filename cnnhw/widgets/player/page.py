"""The player's script and style, made ready to stand inside a page: no file beside it, no address in it."""

import json
from functools import cache
from pathlib import Path

from cnnhw.widgets.player.score import as_json

# In this order: each uses only what stands above it.
SCRIPTS = ("geometry.js", "journeys.js", "words.js", "array.js", "pe.js", "panels.js", "player.js")


def script(score: dict) -> str:
    """Give a <script> that turns the element before it into a player.

    score    what it plays
    returns  HTML. The script has a scope of its own, so that several players share a page
    """
    start = "mount(document.currentScript.previousElementSibling, "
    return f"<script>(() => {{\n{_source()}\n{start}{as_json(score)});\n}})();</script>"


def page(title: str, body: str) -> str:
    """Give a whole HTML page.

    title   of the page and its heading, escaped
    body    HTML
    """
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


@cache
def _source() -> str:
    """Give all scripts as one, with the style as a constant."""
    style = f"const STYLE = {json.dumps(_read('player.css'))};"
    return "\n".join([style, *(_read(name) for name in SCRIPTS)])


def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
