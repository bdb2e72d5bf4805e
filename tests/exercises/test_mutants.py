"""Every small change to a right answer that gives another value on the stated domain loses its points."""

import ast

import pytest

from cnnhw.checks import Function
from cnnhw.checks.verdict import right
from cnnhw.course.cli import main
from cnnhw_grading.lessons import exercises, find
from cnnhw_grading.strength import mutants as mutants_module
from cnnhw_grading.strength.mutants import try_mutants
from cnnhw_grading.strength.mutation import mark, mutants
from cnnhw_grading.strength.sources import of_function
from cnnhw_grading.strength.survivors import SURVIVORS

# A function that states no domain (tests/checks/test_domain.py lists them) cannot be compared everywhere yet.
STATED = [each for each in exercises().values() if not isinstance(each, Function) or each.domain]


@pytest.mark.parametrize("exercise", STATED, ids=lambda exercise: exercise.name)
def test_every_mutant_that_differs_loses_its_points(exercise):
    tally = try_mutants(exercise)
    assert tally.left == []
    argued = {words for name, words in SURVIVORS if name == exercise.name}
    assert argued <= set(tally.survivors), "no longer survive: take them out of survivors.py"


def changed(code):
    tree = mark(ast.parse(code), "tick", {"H": 1})
    found = [(words, ast.unparse(tree)) for words in mutants(tree)]
    assert ast.unparse(tree).replace("    tick()\n", "").replace("tick()", "") == ast.unparse(ast.parse(code))
    return [words.split(" -> ")[1] for words, _ in found]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("x = a + b", ["x = a - b", "x = a", "x = b", "pass"]),
        ("x = a - b", ["x = b - a", "x = a + b"]),
        ("x = a // b", ["x = a / b", "x = a * b", "x = -(-a // b)", "x = b // a"]),
        ("x = -a", ["x = a"]),
        ("x = 3", ["x = 4", "x = 2", "x = 0"]),
        ("x = a < b <= c", ["x = a <= b <= c", "x = a < b < c", "x = a < b", "x = b <= c"]),
        ("x = a and b", ["x = a or b", "x = a", "x = b"]),
        ("x = min(a, b)", ["x = max(a, b)", "x = a", "x = b"]),
        ("x = f(a, b)", ["x = f(b, a)"]),
        ("x = f(a, k=b)", ["x = f(a)"]),
        ("x = abs(a)", ["x = a"]),
        ("x = ceil(a)", ["x = floor(a)", "x = a"]),
        ("x = a[i]", ["x = a[i + 1]", "x = a[i - 1]"]),
        ("x = a[i, j:k]", ["x = a[i + 1, j:k]", "x = a[i, j + 1:k]", "x = a[i, j:k - 1]"]),
        ("x = a[:]", ["x = a[1:]", "x = a[:-1]"]),
        ("x = a[::k]", ["x = a[:]"]),
        ("x = a.T", ["x = a"]),
        ("x = a, b", ["x = (b, a)"]),
        ("x = a if b else c", ["x = a", "x = c", "x = a if not b else c", "x = a if True else c"]),
        ("for i in range(n): f(i)", ["for i in range(1, n):", "for i in range(n - 1):"]),
        ("for i in a: f(i)", ["for i in list(a)[1:]:", "for i in list(a)[:-1]:", "for i in a: one round"]),
        ("if a: f()\nelse: g()", ["if True:", "if False:", "if not a:", "the branches swapped"]),
        ("x = [i for i in a if i]", ["x = [i for i in a if True]", "x = [i for i in list(a)[1:] if i]"]),
        ("x += a", ["x -= a", "x = a", "x += x"]),
        ("def f(H, R): return H", ["H, R = R, H", "H = R", "H = 1", "return None", "return H + 1"]),
    ],
)  # fmt: skip
def test_each_kind_of_slip_is_made(code, wanted):
    assert set(wanted) <= set(changed(code))


def test_a_mutant_that_never_ends_is_stopped():
    source = of_function(endless)
    made = dict(source.mutants())
    assert source.original()(3) == 0
    with pytest.raises(RuntimeError, match="too many rounds"):
        made["n -= 1 -> n += 1"](3)


def endless(n):
    while n > 0:
        n -= 1
    return n


def test_helpers_are_mutated_too():
    words = [words for words, _ in of_function(calls_a_helper).mutants()]
    assert "return 2 * n -> return 3 * n" in words
    assert "return twice(n) + 1 -> return twice(n) - 1" in words


def twice(n):
    return 2 * n


def calls_a_helper(n):
    return twice(n) + 1


def test_a_weak_check_is_found(monkeypatch):
    # A check with one case, and a judge that passes all else.
    monkeypatch.setattr(mutants_module, "visible_cases", lambda exercise: [(6, 3, 2, 0)])
    monkeypatch.setattr(mutants_module, "hidden_cases", lambda exercise: [])
    monkeypatch.setattr(mutants_module, "judge", lambda exercise, *_, **__: right(exercise, "all is well"))
    left = try_mutants(find("rows_never_read")).left
    assert "def rows_never_read(H, R, U, P): -> P = 0" in left
    assert "E = (H + 2 * P - R) // U + 1 -> E = (H - R) // U + 1" in left
    assert "return len(set(range(H)) - read) -> return 0" not in left


def test_the_table_names_each_exercise(capsys):
    assert main(["exercises", "--mutants", "rows_never_read"]) == 0
    assert capsys.readouterr().out.startswith("03 rows_never_read")
