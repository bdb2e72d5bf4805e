"""An open exercise prints the score and draws the answer of the student; an error shows their line."""

import linecache
import sys
from dataclasses import replace

import pytest

import cnnhw.checks
from cnnhw import LayerShape
from cnnhw.checks import check, find, guard, judge, registry

pytestmark = pytest.mark.usefixtures("examples")
GOOD, POOR = LayerShape(M=1, C=1, H=7, W=5, R=3, S=2), LayerShape(M=1, C=1, H=6, R=3)


@pytest.fixture
def scored(monkeypatch):
    """The example layer with a score, a bar, a best known and a picture."""
    exercise = replace(
        find("example_layer"), score=lambda shape: shape.macs, unit="MACs", bar=150, best=(102, "all tried")
    )
    exercise = replace(exercise, draw=lambda shape: f"a picture of {shape.macs} MACs")
    monkeypatch.setitem(registry.exercises(), exercise.name, exercise)
    return exercise


@pytest.mark.parametrize(("answer", "macs"), [(GOOD, 120), (POOR, 144)])
def test_the_score_stands_beside_the_bar_and_the_best_known(scored, answer, macs):
    words = f"your score: {macs} MACs; the bar is 150; the best known is 102 (all tried)"
    assert words in judge(scored, answer).text


def test_an_answer_without_a_score_gets_none(scored):
    broken = replace(scored, score=lambda shape: 1 // 0)
    assert "score" not in judge(broken, GOOD).text
    assert "score" not in judge(replace(scored, score=None), GOOD).text


def test_the_own_answer_is_drawn_in_a_notebook_alone(scored, monkeypatch, capsys):
    shown = []
    check("example_layer", GOOD)
    assert capsys.readouterr().out.startswith("example_layer: correct")
    monkeypatch.setattr(cnnhw.checks, "_show", shown.append)
    monkeypatch.setitem(sys.modules, "IPython", object())
    check("example_layer", GOOD)
    check("example_layer", POOR)
    check("example_layer", 3)
    check("example_layer", None)
    assert shown == ["a picture of 120 MACs", "a picture of 144 MACs"]


def test_a_picture_that_fails_stops_nothing(scored, monkeypatch, capsys):
    failing = replace(scored, draw=lambda shape: 1 // 0)
    monkeypatch.setitem(registry.exercises(), "example_layer", failing)
    check("example_layer", GOOD)
    assert capsys.readouterr().out.startswith("example_layer: correct")


def cell(number, source, names):
    """Run a cell as IPython does: each is a file of its own."""
    name = f"/tmp/ipykernel_1/{number}.py"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), names)
    return names


def test_an_error_shows_the_students_own_line():
    names = cell(1, "import numpy as np\n\ndef helper(a):\n    return np.reshape(a, (2, 5))\n", {})
    cell(2, "def answer(a):\n    b = a\n    return helper(b)\n\nquick = lambda a: helper(a) + 1\n", names)
    for name in ("answer", "quick"):
        error = guard.run(lambda name=name: names[name]([1, 2, 3]), seconds=5).error
        assert error.splitlines()[1] == "  at line 4: return np.reshape(a, (2, 5))"


def test_a_predicate_that_raises_in_the_answers_code_shows_the_line():
    names = cell(3, "class Answer(tuple):\n    def __len__(self):\n        return 1 // 0\n", {})
    one = (("has one", lambda a: len(a) == 1),)
    exercise = replace(find("example_layer"), wants=names["Answer"], properties=one)
    text = judge(exercise, names["Answer"]()).text
    assert (
        "no   has one (ZeroDivisionError: integer division or modulo by zero; at line 3: return 1 // 0)"
        in text
    )


def test_a_rounded_tolerance_tells_the_truth():
    exercise = replace(find("example_macs"), tolerance=0.001)
    assert "too small (within 0.1 % passes)" in judge(exercise, 100).text
