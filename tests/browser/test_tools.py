"""The browser tests themselves work: on a small notebook, errors, sliders and requests are all seen."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser.server import clean_environment

pytestmark = pytest.mark.xdist_group("tools")  # one worker: what they share is made once

SOURCES = {
    "picture": """from cnnhw.pictures import Picture
Picture("a red square", '<svg width="9" height="9"></svg>')""",
    "slider": """import ipywidgets as widgets
slider = widgets.IntSlider(value=2, min=1, max=9, description="R, rows")
picture = widgets.HTML()
def draw(change):
    picture.value = f'<figure><svg role="img" aria-label="{slider.value} rows"></svg></figure>'
slider.observe(draw, "value")
draw(None)
widgets.VBox([slider, picture])""",
    "end": "print('the end')",
}


@pytest.fixture
def small(server):
    """A notebook with a picture and an explorer, untrusted as any notebook that was not the course's."""
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in SOURCES.items()]
    return write(server, "small.ipynb", cells)


def write(server, name, cells):
    folder = server.folder / "notebooks"
    folder.mkdir(exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / name)
    return f"notebooks/{name}"


def test_run_all_and_move_a_slider(lab, small):
    lab.open(small)
    assert lab.run_all() == []
    lab.wait_for_figures(["a red square"])
    assert lab.move_slider("IntSlider", "R, rows") == ("2 rows", "3 rows")
    assert lab.move_slider("IntSlider", "R, rows", "ArrowLeft") == ("3 rows", "2 rows")


def test_an_error_in_a_cell_is_seen(lab, server):
    cells = [nbformat.v4.new_code_cell(source) for source in ("1 / 0", "print('never')")]
    lab.open(write(server, "broken.ipynb", cells))
    assert lab.run_all() == ["ZeroDivisionError: division by zero"]


def test_a_request_that_leaves_the_page_is_seen_and_stopped(lab, small):
    lab.open(small)
    lab.page.evaluate("fetch('http://192.0.2.1/picture.svg').catch(() => null)")
    assert lab.outside == ["http://192.0.2.1/picture.svg"]
    lab.outside.clear()


def test_a_connection_that_leaves_python_is_seen(tmp_path):
    code = (
        "import socket; s = socket.socket(); s.settimeout(0.01)\n"
        "for address in (('127.0.0.1', 9), ('192.0.2.1', 9)):\n"
        "    try: s.connect(address)\n"
        "    except OSError: pass"
    )
    subprocess.run([sys.executable, "-c", code], env=clean_environment(tmp_path), check=True)
    (line,) = Path(tmp_path, "outside.log").read_text(encoding="utf-8").splitlines()
    assert line.startswith("socket.connect 192.0.2.1 ")
