"""JupyterLab once for all browser tests, and a fresh page for each."""

import os

import pytest
from browser.chromium import FLAGS, find_browser
from browser.lab_page import opened
from browser.server import running_lab


@pytest.fixture(scope="session")
def browser():
    """The computer's own Chromium; without one the tests skip, except on CI."""
    path = find_browser()
    if path is None:
        assert not os.environ.get("CI"), "CI needs a browser: .ci/run installs Debian's chromium"
        pytest.skip("no Chromium, Chrome or Edge on this computer (CNNHW_BROWSER may name one)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The course in JupyterLab, started as `course.py lab` starts it."""
    with running_lab(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture
def lab(browser, server):
    """A page with JupyterLab; the test fails if anything in it asked another computer."""
    with opened(browser, server) as page:
        yield page
