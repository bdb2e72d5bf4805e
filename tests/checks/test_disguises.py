"""Values decide, not types: right values pass in every type that holds them, wrong ones in none."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cnnhw.checks import Function, Open, judge
from cnnhw.checks.compare import difference
from cnnhw.checks.judge import as_wanted, expected
from cnnhw.checks.plain import plain
from cnnhw_grading.lessons import exercises
from cnnhw_grading.strength.sources import solution
from cnnhw_grading.strength.wrong_answers import values_only


def nested(value, kind=list, number=lambda number: number):
    """Lists (or tuples) in place of lists, tuples and arrays, and `number` of each number."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return kind(nested(item, kind, number) for item in value)
    return number(value) if isinstance(value, (bool, int, float, np.number, Fraction)) else value


def array(value, dtype=None):
    """An array where the values fit into one; else a list of arrays."""
    if isinstance(value, (list, tuple)) and len({np.shape(item) for item in value}) > 1:
        return [array(item, dtype) for item in value]
    return np.array(value, dtype=dtype) if np.size(value) else value


def only_numbers(value):
    if isinstance(value, (list, tuple)):
        return all(map(only_numbers, value))
    return isinstance(value, (bool, int, float, Fraction, np.number, np.ndarray))


def objects(value):
    numbers = nested(value)
    return array(numbers, dtype=object) if only_numbers(numbers) else numbers


def integer(number):
    return np.int64(number) if number == int(number) else np.float64(number)


def yes_or_no(number, kind=bool):
    return kind(number) if number in (0, 1) else number


DISGUISES = {
    "lists": nested,
    "tuples": lambda value: nested(value, tuple),
    "arrays": lambda value: array(value) if only_numbers(value) else value,
    "NumPy numbers": lambda value: nested(value, list, integer),
    "floats": lambda value: nested(value, tuple, float),
    "Fractions": lambda value: nested(value, list, Fraction),
    "Decimals": lambda value: nested(value, tuple, lambda number: Decimal(float(number))),
    "0-d arrays": lambda value: nested(value, list, np.array),
    "objects": objects,
    "arrays of objects of Fractions": lambda value: objects(nested(value, list, Fraction)),
    "yes and no": lambda value: nested(value, list, yes_or_no),
    "NumPy's yes and no": lambda value: nested(value, list, lambda number: yes_or_no(number, np.bool_)),
}
each_exercise = pytest.mark.parametrize("exercise", exercises().values(), ids=lambda each: each.name)


def bumped(value):
    """The value with its first number one more."""
    if isinstance(value, (tuple, list)) or isinstance(value, np.ndarray) and value.ndim:
        items = list(value)
        for place, item in enumerate(items):
            other = bumped(item)
            if difference(plain(other), plain(item)):
                return [*items[:place], other, *items[place + 1 :]]
        return value
    return value + 1 + abs(value) if isinstance(value, (bool, int, float, np.number)) else value


def answers(exercise, change=lambda value: value):
    for name, disguise in DISGUISES.items():
        if isinstance(exercise, Function):
            yield name, lambda *given, d=disguise: d(change(plain(exercise.reference(*given))))
        elif isinstance(exercise, Open):
            yield name, disguise(solution(exercise).original())
        else:
            yield name, disguise(change(expected(exercise)))


def few_cases(exercise):
    exercise = values_only(exercise)
    return replace(exercise, drawn=(6, 0)) if isinstance(exercise, Function) else exercise


def different(exercise):
    """The answers that an exercise can tell apart."""
    seen = set()
    for name, answer in answers(exercise):
        text = repr(as_wanted(exercise, answer)) if isinstance(exercise, Open) else name
        if text not in seen:
            yield name, answer
        seen.add(text)


@each_exercise
def test_right_values_pass_in_every_type(exercise):
    for name, answer in different(exercise):
        verdict = judge(few_cases(exercise), answer)
        assert verdict.right, (name, verdict.text)


@pytest.mark.parametrize(
    "exercise", [e for e in exercises().values() if not isinstance(e, Open)], ids=lambda each: each.name
)
def test_wrong_values_pass_in_no_type(exercise):
    for name, answer in answers(exercise, bumped):
        assert not judge(few_cases(exercise), answer).right, name


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_is_not_finite_is_met_by_itself_alone(value):
    assert not difference(plain([value, 1.0]), (value, 1.0), 1e-9)
    assert difference(plain([value, 2.0]), (value, 1.0), 1e-9)
    assert difference(plain([3.0, 1.0]), (value, 1.0), 1e-9)
    assert difference(plain([value, 1.0]), (3.0, 1.0), 1e-9)


def test_large_integers_stay_exact():
    assert not difference(2**70, 2**70)
    assert difference(2**70 + 1, 2**70)
    assert difference(plain([2**70, 1]), (2**70, 2))
    assert not difference(plain(np.array([2**60, 1], dtype=object)), (2**60, 1))
