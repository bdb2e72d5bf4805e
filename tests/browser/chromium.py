"""Find a browser of the Chromium family on this computer; none is ever downloaded."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")

PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)

# No sandbox, because a container's only user is root; no service of the browser's own that asks its maker.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_browser() -> str | None:
    """Return the browser that CNNHW_BROWSER names, else one on the PATH or in its usual place."""
    named = os.environ.get("CNNHW_BROWSER")
    on_path = (shutil.which(name) for name in NAMES)
    usual = (path for place in PLACES if Path(path := os.path.expandvars(place)).exists())
    return named or next(filter(None, on_path), None) or next(usual, None)
