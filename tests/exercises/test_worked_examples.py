"""The worked examples in the text of solutions/: what they say is what the reference gives, and is a case."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from cnnhw import LayerShape, networks
from cnnhw.checks import Function
from cnnhw.checks.compare import difference
from cnnhw.checks.plain import plain
from cnnhw.course.files import notebooks_in, read_notebook
from cnnhw_grading.lessons import exercises

SOLUTIONS = notebooks_in(Path(__file__).parents[2] / "solutions")
FUNCTIONS = [each for each in exercises().values() if isinstance(each, Function)]
# This list only shrinks: the text of these lessons gives its examples in words.
IN_WORDS = ("07_", "08_", "09_", "10_", "11_", "12_")
CALL = re.compile(r"`(\w+\([^`]*\))`\s+is\s+`([^`]+)`")
SUM = re.compile(r"(?<![\w.^])-?[(\d][\d,.() ]*(?:[-+*/x][\d,.() ]+)+ = -?\d[\d,.]*")


def text_of(path: Path) -> str:
    return "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")


TEXTS = {path.stem: text_of(path) for path in SOLUTIONS}
SUMS = [(stem, found) for stem, text in TEXTS.items() for found in SUM.findall(text)]


def examples(exercise: Function) -> list[tuple[tuple, object]]:
    """Arguments and value of each "`name(arguments)` is `value`" in the text, arrays as tuples."""
    names = {"LayerShape": LayerShape, "networks": networks, exercise.name: lambda *arguments: arguments}
    calls = [
        call for call in CALL.findall(TEXTS[exercise.notebook]) if call[0].startswith(exercise.name + "(")
    ]
    return [(plain(eval(call, names)), plain(ast.literal_eval(value))) for call, value in calls]


def as_tuples(value):
    """The same with every array as nested tuples."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return tuple(map(as_tuples, value)) if isinstance(value, (list, tuple)) else value


def as_python(expression: str) -> str:
    return expression.replace(",", "").replace("x", "*").rstrip(".")


@pytest.mark.parametrize(
    "exercise", [e for e in FUNCTIONS if not e.notebook.startswith(IN_WORDS)], ids=lambda each: each.name
)
def test_the_worked_example_in_the_text_is_a_case(exercise):
    told = [arguments for arguments, _ in examples(exercise)]
    assert told
    assert set(map(repr, told)) == {repr(as_tuples(case)) for case in exercise.worked}


@pytest.mark.parametrize("exercise", [e for e in FUNCTIONS if e.worked], ids=lambda each: each.name)
def test_the_value_in_the_text_is_the_references(exercise):
    given = {repr(as_tuples(case)): case for case in exercise.worked}
    for arguments, value in examples(exercise):
        expected = plain(exercise.reference(*given[repr(arguments)]))
        assert not difference(value, expected, exercise.tolerance), (arguments, value)


@pytest.mark.parametrize(("stem", "line"), SUMS)
def test_a_sum_in_the_text_is_right(stem, line):
    left, right = line.rsplit(" = ", 1)
    assert eval(as_python(left)) == pytest.approx(float(as_python(right))), line
