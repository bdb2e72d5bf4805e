"""Build the small solution notebook that the tests of generating and grading use."""

from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

EXAMPLE = Path(__file__).parent / "exercises" / "example"

SLIDE = '''\
def example_slide(ifmap, filter, U):
    """Slide `filter` (R, S) over `ifmap` (H, W) with stride U; returns ofmap (E, F)."""
    ### BEGIN SOLUTION
    (H, W), (R, S) = ifmap.shape, filter.shape
    ofmap = np.zeros(((H - R) // U + 1, (W - S) // U + 1), dtype=ifmap.dtype)
    for e, f in np.ndindex(ofmap.shape):
        ofmap[e, f] = np.sum(ifmap[U * e : U * e + R, U * f : U * f + S] * filter)
    return ofmap
    ### END SOLUTION'''

# The kernel that grades must find the example exercises too: they are not part of the course.
IMPORTS = f"""\
import numpy as np

import sys

from cnnhw import LayerShape
from cnnhw.checks import check

sys.path.append({str(EXAMPLE)!r})
import n99

n99.register()"""


def solution_cell(name: str, source: str):
    """A cell that students fill in."""
    nbgrader = _nbgrader(name, solution=True)
    return new_code_cell(source, id=f"solve-{name}".replace("_", "-"), metadata={"nbgrader": nbgrader})


def margin_cell(name: str, answer: str):
    """A solution cell whose answer is a value."""
    return solution_cell(name, f"{name} = None\n### BEGIN SOLUTION\n{name} = {answer}\n### END SOLUTION")


def grade_cell(name: str, points: int):
    """A locked cell that checks in the open and grades in secret."""
    source = (
        f'check("{name}", {name})\n### BEGIN HIDDEN TESTS\nfrom cnnhw_grading.lessons import grade\n\n'
        f'grade("{name}", {name})\n### END HIDDEN TESTS'
    )
    nbgrader = _nbgrader(f"check_{name}", grade=True, locked=True, points=points)
    return new_code_cell(source, id=f"check-{name}".replace("_", "-"), metadata={"nbgrader": nbgrader})


def _nbgrader(grade_id: str, **flags):
    none = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"schema_version": 3, "grade_id": grade_id, **none, **flags}


def example_notebook():
    """The solution notebook of tests/exercises/example/n99.py, worth 1 + 1 + 3 + 2 = 7 points."""
    cells = [
        new_markdown_cell("# Slide one window: exercises", id="title"),
        new_code_cell(IMPORTS, id="imports"),
        margin_cell("example_macs", "5 * 4 * 3 * 2"),
        grade_cell("example_macs", 1),
        margin_cell("example_ofmap", "np.array([8, 14, 20])"),
        grade_cell("example_ofmap", 1),
        solution_cell("example_slide", SLIDE),
        grade_cell("example_slide", 3),
        margin_cell("example_layer", "LayerShape(M=1, C=1, H=7, W=5, R=3, S=2)"),
        grade_cell("example_layer", 2),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})
