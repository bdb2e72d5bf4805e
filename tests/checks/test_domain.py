"""A stated domain: what is drawn from it is legal, holds its corners, and is the same on every machine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw.checks import Function, judge
from cnnhw.checks.cases import hidden_cases, visible_cases
from cnnhw.checks.domain import Domain, by_size, weight
from cnnhw_grading.lessons import exercises, find

WINDOWS = Domain(
    {"H": range(1, 13), "R": range(1, 6), "U": range(1, 7), "P": range(0, 4)},
    where=lambda H, R, U, P: R <= H + 2 * P,
)
FUNCTIONS = [each for each in exercises().values() if isinstance(each, Function)]


def test_every_function_states_its_domain():
    assert [each.name for each in FUNCTIONS if each.domain is None] == []


@pytest.mark.parametrize("exercise", [e for e in FUNCTIONS if e.domain], ids=lambda each: each.name)
def test_listed_cases_are_in_the_domain_or_larger(exercise):
    for sizes in (*exercise.cases, *exercise.hidden):
        assert set(sizes) == set(exercise.domain.sizes)
        assert exercise.domain.where(**sizes), sizes


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_a_sample_is_legal_and_without_repeats(count, seed):
    sample = WINDOWS.sample(count, seed)
    assert len(sample) == count
    assert all(sizes in WINDOWS for sizes in sample)
    assert len({tuple(sizes.items()) for sizes in sample}) == count
    assert [list(sizes) for sizes in sample] == [["H", "R", "U", "P"]] * count


def test_a_sample_holds_the_corners():
    sample = WINDOWS.sample(60, seed=1)
    for name, values in WINDOWS.sizes.items():
        assert {values[0], values[-1]} <= {sizes[name] for sizes in sample}
    assert any(s["R"] == s["U"] for s in sample) and any(s["R"] < s["U"] for s in sample)
    whole = [(s["H"] + 2 * s["P"] - s["R"]) % s["U"] == 0 for s in sample if s["U"] > 1]
    assert any(whole) and not all(whole)


def test_the_sample_is_the_same_on_every_machine():
    assert WINDOWS.sample(3, seed=1) == (
        {"H": 1, "R": 1, "U": 3, "P": 0},
        {"H": 12, "R": 2, "U": 2, "P": 1},
        {"H": 1, "R": 1, "U": 3, "P": 1},
    )
    assert WINDOWS.sample(3, seed=2) != WINDOWS.sample(3, seed=1)


def test_a_domain_with_few_inputs_gives_what_there_is():
    few = Domain({"a": (1, 2), "b": ("x", "y")}, where=lambda a, b: (a, b) != (1, "x"))
    assert sorted(few.sample(9, seed=1), key=str) == [
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]
    assert {"a": 1, "b": "x"} not in few
    assert {"a": 3, "b": "x"} not in few
    assert {"a": 1} not in few


def test_cases_are_ordered_by_what_is_large_to_look_at():
    cases = [(3, np.zeros((2, 2))), (1, np.zeros((2, 3))), (1, np.zeros((2, 2))), (2, np.zeros((1, 1)))]
    assert by_size(cases) == [cases[3], cases[2], cases[1], cases[0]]
    assert weight(float("inf")) < float("inf")
    assert weight([(1, 2)]) < weight([(1, 2), (1, 2)])


def rows_never_read(H, R, U, P):
    return find("rows_never_read").reference(H, R, U, P)


def test_drawn_cases_are_tried():
    exercise = find("rows_never_read")
    assert len(visible_cases(exercise)) >= len(exercise.cases) + 15
    assert len(hidden_cases(exercise)) >= len(exercise.hidden) + 50
    assert visible_cases(exercise)[0] == (6, 3, 2, 0)
    fewer = replace(exercise, drawn=(2, 0))
    assert len(visible_cases(fewer)) <= len(exercise.cases) + 3


def test_the_smallest_input_that_fails_is_shown():
    def no_padding_in_E(H, R, U, P):
        E = (H - R) // U + 1
        return len(set(range(H)) - {U * e + r - P for e in range(E) for r in range(R)})

    exercise = find("rows_never_read")
    text = judge(exercise, no_padding_in_E).text
    failing = [c for c in visible_cases(exercise) if no_padding_in_E(*c) != exercise.reference(*c)]
    H, R, U, P = by_size(failing)[0]
    assert f"smallest input that fails: H={H}, R={R}, U={U}, P={P}\n" in text


def test_all_mistakes_that_match_are_named_and_the_one_that_agrees_most_first(examples):
    exercise = find("example_slide")
    right = exercise.reference
    mistakes = {
        "the sign is lost, and words above 50 are 0": lambda *a: np.where(right(*a) > 50, 0, -right(*a)),
        "the sign is lost": lambda *a: -right(*a),
        "the words are doubled": lambda *a: 2 * right(*a),
    }
    ones = replace(
        exercise, mistakes=mistakes, cases=({"H": 3, "W": 2, "R": 2, "S": 1, "U": 1}, *exercise.cases)
    )
    text = judge(ones, lambda *a: -right(*a)).text
    assert "hint: this is what you get when the sign is lost\n    or when the sign is lost, and" in text
    assert "doubled" not in text
