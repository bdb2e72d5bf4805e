"""Work that must be one's own: library calls are refused however made, and operations are counted."""

import importlib
import operator
import sys

import numpy as np
import pytest

import cnnhw.conv
from cnnhw.checks import Function, judge
from cnnhw.checks.counted import Counted, Tally, values
from cnnhw.checks.own_work import count, forbidden, only_own
from cnnhw.checks.plain import Refused
from cnnhw.conv import conv_windows as another_name
from cnnhw_grading.lessons import exercises, find, grade

IFMAP, FILTERS = np.arange(20).reshape(1, 1, 4, 5), np.ones((1, 1, 2, 3), dtype=int)


def imported_inside():
    from cnnhw.conv.loops import conv_loops

    return conv_loops(IFMAP, FILTERS)


def by_getattr():
    return getattr(cnnhw.conv, "conv_" + "loops")(IFMAP, FILTERS)


def caught():
    try:
        return another_name(IFMAP, FILTERS)
    except BaseException:
        return 3


CALLS = {
    "an alias": lambda: another_name(IFMAP, FILTERS),
    "an import inside": imported_inside,
    "by getattr": by_getattr,
    "the refusal is caught": caught,
    "through map": lambda: list(map(another_name, [IFMAP], [FILTERS])),
    "numpy.convolve": lambda: np.convolve([1, 2, 3], [1, 1]),
    "a built-in function": lambda: np.correlate([1, 2, 3], [1, 1]),
}


@pytest.mark.parametrize("answer", CALLS.values(), ids=CALLS)
def test_forbidden_calls_are_refused(answer):
    with (
        pytest.raises(Refused, match="^write this yourself: your code calls "),
        only_own(("cnnhw.conv", "numpy.convolve", "numpy.correlate", "no_such_module.function")),
    ):
        answer()


def test_a_module_that_nobody_had_imported_yet_is_refused_too(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    forbidden(("colorsys",))
    assert "colorsys" not in sys.modules  # looking it up costs no import
    with (
        pytest.raises(Refused, match="^write this yourself: your code imports colorsys, "),
        only_own(("colorsys",)),
    ):
        importlib.import_module("colorsys")


def test_the_students_own_line_is_shown():
    with pytest.raises(Refused) as error, only_own(("cnnhw.conv",)):
        by_getattr()
    first, line = str(error.value).splitlines()
    assert first == (
        "write this yourself: your code calls conv_loops of cnnhw.conv.loops, which is the exercise"
    )
    assert line.endswith('return getattr(cnnhw.conv, "conv_" + "loops")(IFMAP, FILTERS)')


def test_other_calls_go_through():
    with only_own(("cnnhw.conv", "numpy.convolve")):
        assert np.dot([1, 2], [3, 4]) == 11
    assert another_name(IFMAP, FILTERS).shape == (1, 1, 3, 3)


def three_products(a, b, c, d):
    return find("gauss").reference(a, b, c, d)


def loops(a, b, c, d):
    def product(left, right):
        words = np.zeros((len(left), right.shape[1]), dtype=int)
        for m, n, k in np.ndindex(len(left), right.shape[1], left.shape[1]):
            words[m, n] += left[m, k] * right[k, n]
        return words

    k1, k2, k3 = product(a + b, c), product(a, d - c), product(b, c + d)
    return k1, k2, k3, k1 - k3, k1 + k2


def four(product):
    def sneaky(a, b, c, d):
        k1, k2, k3 = product(a + b, c), product(a, d - c), product(b, c + d)
        return k1, k2, k3, product(a, c) - product(b, d), k1 + k2

    return sneaky


def complex_product(a, b, c, d):
    z = (a + 1j * b) @ (c + 1j * d)
    k1, k2, k3 = (a + b) @ c, a @ (d - c), b @ (c + d)
    return k1, k2, k3, k1 - k3, k1 + k2 + 0 * z.imag


FOUR = {
    "@": four(operator.matmul),
    "np.matmul": four(np.matmul),
    "np.dot": four(np.dot),
    "einsum": four(lambda x, y: np.einsum("mk,kn->mn", x, y)),
    "sums": four(lambda x, y: (x[:, :, None] * y).sum(axis=1)),
    "lists": four(lambda x, y: np.array([[sum(map(operator.mul, row, col)) for col in y.T] for row in x])),
    "one product of plain numbers": lambda a, b, c, d: four(
        lambda x, y: (x.astype(int) @ y.astype(int)) if x is a else x @ y
    )(a, b, c, d),
    "floats": lambda *parts: four(operator.matmul)(*(part.astype(float) for part in parts)),
    "words times 1": lambda *parts: four(operator.matmul)(*((p * 1).astype(int) for p in parts)),
    "complex numbers": complex_product,
}  # fmt: skip


@pytest.mark.parametrize("answer", FOUR.values(), ids=FOUR)
def test_gauss_refuses_four_products(answer):
    text = judge(find("gauss"), answer).text
    assert "too many multiplications" in text or "nobody can count" in text, text
    with pytest.raises(AssertionError):
        grade("gauss", answer)


@pytest.mark.parametrize("answer", [three_products, loops])
def test_gauss_takes_three_products_and_shows_the_score(answer):
    verdict = judge(find("gauss"), answer, hidden=True)
    assert verdict.right, verdict.text
    M, K, N = 5, 7, 2
    assert (
        f"your score: {3 * M * K * N} multiplications (at most {3 * M * K * N}) on a (5, 7)" in verdict.text
    )


def test_operations_are_counted():
    tally = Tally()
    a, b = Counted(7, tally), Counted(2, tally)
    results = [a * b, 3 * a, a / b, a // b, a % b, a**3, a + b, 1 + a, a - b, 9 - a]
    assert [each.value for each in results] == [14, 21, 3.5, 3, 1, 343, 9, 8, 5, 2]
    assert (tally.multiplications, tally.additions) == (1 + 1 + 1 + 1 + 1 + 2, 4)
    assert divmod(a, b) == (3, 1)
    assert (abs(-a), +a, round(a), int(a), float(a), bool(a - 7)) == (7, 7, 7, 7, 7.0, False)
    assert [a > b, a >= 7, a < b, a <= b, a == 7, a != 7] == [True, True, False, False, True, False]
    assert max(a, b).value == 7
    assert tally.multiplications == 7 + 2


def test_numpy_counts_too():
    a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    for product in (np.matmul, np.dot, lambda x, y: np.einsum("mk,kn->mn", x, y)):
        result, tally = count(product, (a, b))
        assert tally.multiplications == 2 * 3 * 4
        assert np.array_equal(result, a @ b)
    result, tally = count(lambda x, y: x.sum() + np.maximum(y, 3).max(), (a, b))
    assert (result, tally.multiplications) == (15 + 11, 0)
    assert tally.additions >= 6


def test_a_word_that_is_no_product_stays_a_word():
    words = Tally(guarded=True).words(np.arange(3))
    for convert in (int, float, complex, lambda word: [0, 1, 2][word]):
        with pytest.raises(Refused, match="nobody can count"):
            convert(words[1])
    assert int(words[1] * words[2]) == 2
    assert values(words).tolist() == [0, 1, 2]


def test_strassen_by_the_definition_is_refused():
    exercise = find("one_level")

    def by_definition(a, b):
        return exercise.reference(a, b)[0], a @ b

    assert "too many multiplications" in judge(exercise, by_definition).text


def test_mistakes_may_call_the_library():
    exercise = find("gauss")
    assert isinstance(exercise, Function) and exercise.without
    swapped = exercise.mistakes["the two parts are swapped"]
    assert "when the two parts are swapped" in judge(exercise, swapped).text


def test_what_is_not_installed_needs_no_refusal():
    assert forbidden(("no_such_package", "no_such_package.part", "math.no_such_part.deeper"))[0] == ()


@pytest.mark.parametrize("name", [e.name for e in exercises().values() if getattr(e, "without", ())])
def test_an_exercise_is_checked_where_no_optional_package_is(name, monkeypatch):
    """Students have neither PyTorch nor SciPy unless they add them."""
    for package in ("torch", "scipy"):
        for module in [each for each in sys.modules if each.split(".")[0] == package]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, package, None)
    forbidden.cache_clear()
    try:
        assert judge(find(name), find(name).reference).attempted
        assert not [each for each in forbidden(find(name).without)[0] if each.startswith(("torch", "scipy"))]
    finally:
        forbidden.cache_clear()
