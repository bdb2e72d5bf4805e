"""What this computer's pip is told about where packages come from; uv does not read pip's settings itself."""

import ast
import re
from pathlib import Path

from installer.running import environment, stream_quietly

_LINE = re.compile(r"(?P<section>[^.=]+)\.(?P<key>[a-z-]+)=(?P<value>'.*'|\".*\")$")


def parse(listing: str) -> dict[str, str]:
    """Read what `pip config list` prints; a variable wins over a file, as it does in pip.

    listing  lines such as global.index-url='...' and :env:.find-links='...'
    returns  key -> value

    >>> parse("global.cert='/a.pem'\\n:env:.cert='/b.pem'\\nglobal.timeout='60'")
    {'cert': '/b.pem', 'timeout': '60'}
    """
    found = [match for line in listing.splitlines() if (match := _LINE.match(line.strip()))]
    found.sort(key=lambda match: match["section"] == ":env:")
    return {match["key"]: ast.literal_eval(match["value"]) for match in found}


def pip_settings(python: Path, cwd: Path) -> dict[str, str]:
    """Return pip's settings on this computer, variables and configuration files together.

    python   a Python that has pip
    cwd      the course's folder
    """
    _, listing = stream_quietly([str(python), "-m", "pip", "config", "list"], cwd, environment())
    return parse(listing)


def find_links(settings: dict[str, str]) -> list[str]:
    """Return uv's options for the folders of wheels that pip looks in.

    >>> find_links({"find-links": "/wheels /more"})
    ['--find-links', '/wheels', '--find-links', '/more']
    """
    return [part for link in settings.get("find-links", "").split() for part in ("--find-links", link)]


def index(settings: dict[str, str]) -> list[str]:
    """Return uv's options for a mirror that stands in for the public index.

    >>> index({"index-url": "file:///mirror"})
    ['--default-index', 'file:///mirror']
    """
    return ["--default-index", settings["index-url"]] if settings.get("index-url") else []


def certificate(settings: dict[str, str]) -> dict[str, str]:
    """Return the variable that gives uv the certificates pip was given.

    >>> certificate({"cert": "/a.pem"})
    {'SSL_CERT_FILE': '/a.pem'}
    """
    return {"SSL_CERT_FILE": settings["cert"]} if settings.get("cert") else {}
