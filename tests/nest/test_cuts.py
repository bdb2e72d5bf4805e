"""Cuts of a range, each against cutting a list of numbers for real."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cnnhw.nest.cuts import chunks, first_length, last_length, lengths, most_pieces, pieces, places

ranges = st.integers(1, 60)
cuts = st.lists(st.integers(1, 12), max_size=4)  # a step may be larger than the one before it


def cut(whole: list[int], steps) -> list[list[int]]:
    """The chunks of a list, cut by each step in turn."""
    found = [whole]
    for step in steps:
        found = [part[start : start + step] for part in found for start in range(0, len(part), step)]
    return found


@given(ranges, cuts)
def test_chunks_are_those_of_a_list(length, steps):
    found = cut(list(range(length)), steps)
    starts, sizes = chunks(length, steps)
    assert starts.tolist() == [part[0] for part in found]
    assert sizes.tolist() == [len(part) for part in found]
    assert lengths(length, steps) == Counter(map(len, found))
    assert pieces(length, steps) == len(found)
    assert (first_length(length, steps), last_length(length, steps)) == (len(found[0]), len(found[-1]))


@given(ranges, cuts)
def test_the_most_chunks_of_one_chunk(length, steps):
    wanted = [
        max(len(cut(part, [step])) for part in cut(list(range(length)), steps[:place]))
        for place, step in enumerate(steps)
    ]
    assert most_pieces(length, steps) == wanted


@given(ranges, cuts)
def test_a_place_is_a_chunks_own_and_the_same_in_ranges_of_any_length(length, steps):
    found = places(length, steps)
    owner = np.repeat(np.arange(pieces(length, steps)), chunks(length, steps)[1])
    assert len({*zip(found.tolist(), owner.tolist(), strict=True)}) == len(set(owner)) == len(set(found))
    assert (found[: length // 2] == places(length // 2, steps)).all()
