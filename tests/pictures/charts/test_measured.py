"""Measured beside computed, and run-length coding: words, numbers and refusals of the two pictures."""

import pytest

from cnnhw import CourseError
from cnnhw.emulator import run_length_decode
from cnnhw.pictures.arrays.run_length import run_length
from cnnhw.pictures.charts.measured import measured_beside

ROWS = {
    "CONV1": {"ideal": 13.94, "with buses": 15.2, "measured": 16.5},
    "CONV5": {"ideal": 9.58, "with buses": 10.8, "measured": 10.0},
}


def test_words_list_every_number_and_the_drawing_shows_it():
    picture = measured_beside(ROWS, "latency (ms)", "a caption")
    assert picture.words == (
        "Bars of latency (ms). CONV1: ideal 13.94, with buses 15.2, measured 16.5; "
        "CONV5: ideal 9.58, with buses 10.8, measured 10."
    )
    for text in (
        "CONV1",
        "CONV5",
        "ideal",
        "with buses",
        "measured",
        "13.94",
        "16.5",
        "9.58",
        "latency (ms)",
    ):
        assert f">{text}<" in picture.svg.replace("&#160;", " ")
    assert picture.caption == "a caption"


def test_the_same_numbers_give_the_same_bytes():
    assert measured_beside(ROWS, "ms") == measured_beside(ROWS, "ms")


@pytest.mark.parametrize(
    ("groups", "rule"),
    [
        ({}, "every layer has the same 2 to 4 bars"),
        ({"A": {"measured": 1}}, "every layer has the same 2 to 4 bars"),
        ({"A": {"a": 1, "b": 2}, "B": {"a": 1, "c": 2}}, "every layer has the same 2 to 4 bars"),
        ({"A": dict.fromkeys("abcde", 1)}, "every layer has the same 2 to 4 bars"),
        ({"A": {"a": 1, "b": -2}}, "bars show quantities of 0 or more"),
        ({"A": {"a": 1, "b": float("nan")}}, "bars show quantities of 0 or more"),
    ],
)
def test_groups_that_cannot_be_drawn(groups, rule):
    with pytest.raises(CourseError) as caught:
        measured_beside(groups, "ms")
    assert str(caught.value).splitlines()[0] == rule
    assert len(str(caught.value).splitlines()) == 3


def test_the_stream_of_the_paper():
    picture = run_length([0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22])
    assert picture.words.endswith("Its run-length code has 3 pairs: (2, 12) (4, 53) (2, 22).")
    assert picture.caption == "11 words * 16 bits = 176 bits; 3 pairs go into 64 bits, so 64 bits"
    assert ">(4, 53)<" in picture.svg


def test_a_stream_without_zeros_becomes_longer():
    picture = run_length([7, 8, 9, 10])
    assert picture.caption.startswith("4 words * 16 bits = 64 bits") and picture.caption.endswith(
        "so 128 bits"
    )
    assert run_length_decode([(0, 7), (0, 8), (0, 9), (0, 10)]) == [7, 8, 9, 10]


@pytest.mark.parametrize("words", [[], [0] * 15])
def test_streams_that_do_not_fit_the_page(words):
    with pytest.raises(CourseError) as caught:
        run_length(words)
    assert str(caught.value).splitlines() == [
        "this picture shows 1 to 14 words",
        f"  got {len(words)} words",
        "  slice the stream to show fewer",
    ]
