"""check() in a real Jupyter kernel, which has its own streams, threads and signals."""

import nbformat
import pytest
from example_notebook import IMPORTS
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

CELLS = {
    "raises": "def example_slide(ifmap, filter, U):\n    R = 0\n    return U // R\n\n"
    'check("example_slide", example_slide)',
    "warns": "import sys, warnings\n\ndef noisy(ifmap, filter, U):\n    warnings.warn('careful')\n"
    "    print('to stderr', file=sys.stderr)\n    return 3\n\n"
    'check("example_slide", noisy)',
    "never-ends": "def endless(ifmap, filter, U):\n    while True:\n        print('still here')\n\n"
    'check("example_slide", endless)',
    "exits": 'import sys\n\ncheck("example_slide", lambda ifmap, filter, U: sys.exit(3))',
    "recurses": "def deep(ifmap, filter, U):\n    return deep(ifmap, filter, U)\n\n"
    'check("example_slide", deep)',
    "later": "import time\n\ntime.sleep(0.2)\nprint('the notebook goes on')",
}


@pytest.fixture(scope="module")
def outputs():
    """What each cell printed; a cell that raises fails here."""
    cells = [new_code_cell(source, id=name) for name, source in {"imports": IMPORTS, **CELLS}.items()]
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return {cell.id: cell.outputs for cell in notebook.cells[1:]}


def text_of(outputs):
    assert {(output.output_type, output.name) for output in outputs} == {("stream", "stdout")}
    return "".join(output.text for output in outputs)


def test_everything_is_plain_text_on_stdout(outputs):
    assert all(text_of(each) for each in outputs.values())
    nbformat.validate(new_notebook(cells=[new_code_cell("", outputs=each) for each in outputs.values()]))


def test_an_error_names_the_students_line(outputs):
    words = "ZeroDivisionError: integer division or modulo by zero\n    at line 3: return U // R\n"
    assert words in text_of(outputs["raises"])


def test_prints_are_quoted(outputs):
    assert "your code printed\n    to stderr\n" in text_of(outputs["warns"])


def test_an_endless_loop_ends(outputs):
    assert "no result after 5 s: is there an endless loop?\n" in text_of(outputs["never-ends"])


def test_exit_and_recursion_leave_the_kernel_alive(outputs):
    assert "SystemExit: 3" in text_of(outputs["exits"])
    assert "RecursionError: maximum recursion depth exceeded" in text_of(outputs["recurses"])
    assert text_of(outputs["later"]) == "the notebook goes on\n"
