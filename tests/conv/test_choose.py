"""choose: rankings by counts, by memory and by the clock, and every candidate against the reference."""

import time

import numpy as np
import pytest
from drawn import whole_numbers

from cnnhw import CourseError, LayerShape, networks
from cnnhw.conv import conv_windows
from cnnhw.conv.choose import Candidate, Choice, choose, every_candidate
from cnnhw.conv.operations import Operations

VGG_CONV3 = networks.vgg16().layers["CONV3-1"]
SMALL = LayerShape(N=2, M=3, C=2, H=35, W=33, R=3, P=1)


@pytest.mark.parametrize(
    "shape",
    [
        SMALL,
        LayerShape(M=4, C=6, H=19, R=5, U=2, P=2, G=2),
        LayerShape(M=2, C=3, H=23, R=11, U=4),
        LayerShape(M=5, C=7, H=6, R=1),
        LayerShape.fc(M=5, C=3, H=6),
    ],
)
def test_every_candidate_convolves_with_the_filters_it_keeps(shape):
    ifmap, filters = (words / 16 for words in whole_numbers(shape, 0))
    expected = conv_windows(ifmap, filters, shape.U, shape.P, shape.G)
    for candidate in every_candidate(shape):
        ofmap = candidate.convolve(ifmap, candidate.keep(filters, shape), shape.U, shape.P, shape.G)
        np.testing.assert_allclose(ofmap, expected, atol=1e-6, err_msg=candidate.label)


def test_winograd_is_left_out_where_it_has_nothing_to_share_or_no_digit_left():
    labels = [[c.label for c in every_candidate(LayerShape(M=1, C=1, H=224, R=R, U=U))] for R, U in
              ((1, 1), (3, 1), (12, 1), (16, 1), (2, 2), (11, 4))]  # fmt: skip
    ms = [[label[-1] for label in row if label.startswith("winograd")] for row in labels]
    assert ms == [[], list("2346"), list("234"), [], [], list("2346")]


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("multiplications", lambda count: count.multiplications),
        ("operations", lambda count: count.multiplications + count.additions),
        ("memory", lambda count: count.filter_words + count.workspace_words),
    ],
)
def test_rankings_are_in_order_of_what_they_are_by(by, value):
    rows = choose(VGG_CONV3, by)
    assert len(rows) == len(every_candidate(VGG_CONV3))
    assert [row.value for row in rows] == sorted(value(row.operations) for row in rows)
    assert all(row.value == value(row.operations) for row in rows)
    assert all(row.ratio == row.value / rows[0].value for row in rows)


def test_vgg_layer_wants_transforms_for_its_multiplications_and_none_for_its_memory():
    multiplications, memory = (choose(VGG_CONV3, by) for by in ("multiplications", "memory"))
    assert multiplications[-1].value == VGG_CONV3.macs
    assert multiplications[0].value < VGG_CONV3.macs / 3
    assert memory[0].label == "direct" and memory[-1].label == "fft whole"


def test_large_filters_belong_to_the_fft():
    best = choose(LayerShape(M=16, C=16, H=56, R=15, P=7), "operations")[0]
    assert best.label.startswith("fft") and best.value < LayerShape(M=16, C=16, H=56, R=15, P=7).macs / 20


def test_time_measures_every_candidate():
    rows = choose(SMALL, "time", rounds=1)
    assert {row.label for row in rows} == {candidate.label for candidate in every_candidate(SMALL)}
    assert rows[0].ratio == 1 and all(row.value > 0 for row in rows)


def test_time_puts_the_slow_one_last_and_keeps_filters_before_the_clock_starts(monkeypatch):
    calls, clock = [], [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    def slow(ifmap, filters, U, P, G):
        calls.append(filters)
        clock[0] += 0.02

    def quick(ifmap, filters, U, P, G):
        clock[0] += 0.01

    def keep(filters, shape):
        clock[0] += 0.1
        return "kept"

    none = lambda shape: Operations()  # noqa: E731
    rivals = [Candidate("slow", none, slow, keep), Candidate("quick", none, quick)]
    quick, slow = choose(SMALL, "time", rivals, rounds=2)
    assert (quick.label, slow.label) == ("quick", "slow")
    assert (quick.value, slow.value) == pytest.approx((0.01, 0.02))
    assert calls == ["kept"] * 3  # one to warm up


def test_equal_candidates_stay_in_their_order():
    rivals = [Candidate(name, lambda shape: Operations(multiplications=7), conv_windows) for name in "ba"]
    assert choose(SMALL, candidates=rivals) == (
        Choice("b", Operations(multiplications=7), 7, 1.0),
        Choice("a", Operations(multiplications=7), 7, 1.0),
    )


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(CourseError) as refused:
        choose(SMALL, "speed")
    assert str(refused.value) == (
        "a layer's algorithms are ranked by one of multiplications, operations, memory, time\n"
        "  got by='speed'\n"
        "  use one of these words"
    )
    for arguments in ({"candidates": []}, {"by": "time", "rounds": 0}):
        with pytest.raises(
            CourseError, match="a ranking needs a candidate, and a time at least one round\n  got"
        ):
            choose(SMALL, **arguments)
