"""What check() says, word for word, and that grade() agrees."""

from dataclasses import replace

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape
from cnnhw.checks import check, find, registry
from cnnhw_grading import lessons
from cnnhw_grading.lessons import grade

pytestmark = pytest.mark.usefixtures("examples")

RULE = "\n  rule: ofmap[e, f] = sum over r, s of ifmap[U*e + r, U*f + s] * filter[r, s]\n"


def slide(ifmap, filter, U):
    return lessons.find("example_slide").reference(ifmap, filter, U)


def stub(ifmap, filter, U):
    raise NotImplementedError("not attempted yet")


def feedback(capsys, name, answer):
    assert check(name, answer) is None
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_success_shows_the_counts(capsys):
    # Case 1: 5*4 ofmap words of 3*2 products; case 2: 4*5 of 2*3.
    said = feedback(capsys, "example_slide", slide)
    assert said == "example_slide: correct on 2 cases; 240 MACs, 12 filter words\n"
    assert grade("example_slide", slide) is None


def test_failure_shows_case_values_index_and_hint(capsys):
    said = feedback(capsys, "example_slide", lambda ifmap, filter, U: slide(ifmap, filter, 1))
    assert said == (
        "example_slide: not right yet\n"
        "  smallest input that fails: ifmap (8, 11), filter=[[9, -4, 9], [4, 7, 5]], U=2\n"
        "  shape\n"
        "    yours     (7, 9)\n"
        "    expected  (4, 5)\n"
        "  hint: this is what you get when the stride is ignored\n"
    )


def test_feedback_tells_more_each_time(capsys, monkeypatch):
    exercise = replace(find("example_slide"), formula="E = (H - R)//U + 1")
    monkeypatch.setitem(registry.exercises(), exercise.name, exercise)
    said = [feedback(capsys, "example_slide", lambda *a: -slide(*a)) for _ in range(4)]
    assert said[0].splitlines()[1] == "  the sign is turned"
    assert "rule:" not in said[0]
    assert said[1] == said[0].rstrip("\n") + RULE
    assert said[2] == said[1] + "  formula: E = (H - R)//U + 1\n"
    assert said[3] == said[2]
    feedback(capsys, "example_slide", stub)
    feedback(capsys, "example_slide", slide)
    assert feedback(capsys, "example_slide", lambda *a: -slide(*a)) == said[2]


def test_failure_shows_the_first_differing_index(capsys):
    def last_word_wrong(ifmap, filter, U):
        ofmap = slide(ifmap, filter, U)
        ofmap[-1, -1] += 1
        return ofmap

    said = feedback(capsys, "example_slide", last_word_wrong)
    assert "first differing index [4, 3] (1 of 20 words differ)" in said
    assert said.splitlines()[1] == "  each wrong value is 1 too large"
    yours, expected = (int(line.split()[-1]) for line in said.splitlines()[4:6])
    assert yours == expected + 1


@pytest.mark.parametrize("nothing", [None, stub])
def test_a_stub_is_not_attempted_yet(capsys, nothing):
    assert feedback(capsys, "example_slide", nothing) == "example_slide: not attempted yet\n"
    with pytest.raises(AssertionError, match="^example_slide: not attempted yet$"):
        grade("example_slide", nothing)


def test_unknown_name_gets_the_closest(capsys):
    said = feedback(capsys, "example_slid", slide).splitlines()
    assert said[0] == "check needs the name of an exercise"
    assert said[1].startswith("  got 'example_slid', which is none of the ")
    assert said[2].startswith("  the closest are example_slide")
    with pytest.raises(CourseError, match="check needs the name"):
        grade("example_slid", slide)


@pytest.mark.parametrize("name", [7, None, [], slide])
def test_a_name_may_be_anything(capsys, name):
    assert feedback(capsys, name, slide).startswith("check needs the name of an exercise")


def test_a_hard_coded_answer_passes_check_but_not_grade(capsys):
    seen = {}
    check("example_slide", lambda ifmap, filter, U: seen.setdefault(U, slide(ifmap, filter, U)))
    remembered = dict(seen)

    def hard_coded(ifmap, filter, U):
        return remembered.get(U)

    assert "correct on 2 cases" in feedback(capsys, "example_slide", hard_coded)
    with pytest.raises(AssertionError, match="fails: ifmap .7, 5., filter"):
        grade("example_slide", hard_coded)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (120, "example_macs: correct, 120 MACs\n"),
        (np.int64(120), "example_macs: correct, 120 MACs\n"),
        (120.0, "example_macs: correct, 120 MACs\n"),
        (119, "119 MACs is too small (the exact number passes)"),
        pytest.param(10**5000, "an int too large for any number in this course", id="huge"),
        (float("nan"), "a finite number of MACs is expected, not nan"),
        (True, "1 MACs is too small"),
        (1j, "one number of MACs is expected, not 1j"),
        ("120", "one number of MACs is expected, not '120'"),
        ([120], "one number of MACs is expected, not [120]"),
        (210, "hint: this is what you get when the ofmap is as large as the ifmap"),
    ],
)
def test_number(capsys, answer, said):
    assert said in feedback(capsys, "example_macs", answer)


def test_a_wrong_number_does_not_give_the_answer_away(capsys):
    assert "120" not in feedback(capsys, "example_macs", 7)


def test_value(capsys):
    assert feedback(capsys, "example_ofmap", [8, 14, 20]) == "example_ofmap: correct, [8, 14, 20]\n"
    said = feedback(capsys, "example_ofmap", np.array([8, 14, 21]))
    assert "first differing index [2] (1 of 3 words differ)\n    yours     21\n" in said
    assert "20" not in said
    said = feedback(capsys, "example_ofmap", [7, 13, 19])
    assert "hint: this is what you get when the filter is flipped" in said


def test_open_reports_every_property(capsys):
    said = feedback(capsys, "example_layer", LayerShape(M=1, C=1, H=7, W=5, R=3, S=2))
    assert said == (
        "example_layer: correct, all 2 properties hold\n"
        "  yes  has a filter that is not square\n"
        "  yes  needs between 100 and 200 MACs\n"
    )
    said = feedback(capsys, "example_layer", LayerShape(M=1, C=1, H=6, R=3))
    assert "  no   has a filter that is not square\n  yes  needs between 100 and 200 MACs" in said
    assert "a LayerShape is expected, yours is of type int" in feedback(capsys, "example_layer", 3)
