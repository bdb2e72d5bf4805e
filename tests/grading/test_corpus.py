"""Submissions of every kind between honest neighbours: outcomes, points, nobody else's grade changed."""

import pytest
from grading.conftest import HONEST, POINTS, QUESTIONS, notebook, outcomes
from grading.corpus import ATTACKS, BROKEN_FILES, CHEATS, FALSE_PROTOCOL, HONEST_BUT_ODD, ODD_CELLS

RIGHT = dict.fromkeys(QUESTIONS, "right")
NEIGHBOURS = ("_first", "zz last")


def graded(class_of, corpus):
    """Grade a corpus between two honest neighbours, whose grade must not change."""
    submissions = {name: entry[0] if isinstance(entry, tuple) else entry for name, entry in corpus.items()}
    first, last = NEIGHBOURS
    found = class_of({first: notebook(*HONEST), **submissions, last: notebook(*HONEST)})
    for neighbour in NEIGHBOURS:
        assert outcomes(found.pop(neighbour)) == RIGHT
    return found


def as_wanted(found, wanted):
    """The first outcomes that are not as wanted; points follow from outcomes, so both are compared."""
    wrong = {}
    for name, result in found.items():
        got = outcomes(result)
        for question, expected in wanted(name).items():
            if got[question] not in ({expected} if isinstance(expected, str) else expected):
                wrong[name] = (
                    question,
                    got[question],
                    expected,
                    next(q.words for q in result.questions if q.name == question),
                )
        points = sum(POINTS[question] for question in QUESTIONS if got[question] == "right")
        assert result.points == points
    return wrong


def test_honest_but_odd(class_of):
    corpus = HONEST_BUT_ODD | ODD_CELLS
    assert as_wanted(graded(class_of, corpus), lambda name: RIGHT | corpus[name][1]) == {}


def test_broken_files_are_blank_and_named(class_of):
    found = graded(class_of, BROKEN_FILES)
    assert {name: result.outcome for name, result in found.items()} == {
        n: o for n, (_, o) in BROKEN_FILES.items()
    }
    assert {result.points for result in found.values()} == {None}


def _second(expected):
    return RIGHT | (expected if isinstance(expected, dict) else {"rows_never_read": expected})


@pytest.mark.parametrize("corpus", [CHEATS, ATTACKS], ids=["cheats", "attacks"])
def test_cheats_and_attacks_win_nothing_and_cost_nobody(class_of, corpus):
    assert as_wanted(graded(class_of, corpus), lambda name: _second(corpus[name][1])) == {}


def test_who_speaks_the_protocol_falsely_wins_nothing(class_of):
    for name, result in graded(class_of, FALSE_PROTOCOL).items():
        told = outcomes(result)
        assert told.pop("rows_never_read") in ("broke the protocol", "wrong", "crashed", "wall"), name
        assert set(told.values()) == {"right"}, name


def test_the_corpus_is_large_enough():
    sizes = map(len, (HONEST_BUT_ODD | ODD_CELLS, BROKEN_FILES, CHEATS, ATTACKS, FALSE_PROTOCOL))
    assert all(size >= least for size, least in zip(sizes, (25, 15, 25, 20, 10), strict=True))
