"""AlexNet's layers on the emulated Eyeriss chip, beside the latencies and the traffic that were measured."""

import numpy as np
import pytest

from cnnhw import chips, count
from cnnhw.chips.emulated import BUSES, emulate_alexnet
from cnnhw.chips.sparse import coded_dram, coded_share, sparse_words
from cnnhw.emulator import run_length_encode
from cnnhw.errors import CourseError

CHIP = chips.eyeriss()
LAYERS = tuple(CHIP.printed)


@pytest.fixture(scope="module")
def runs():
    return {layer: emulate_alexnet(layer) for layer in LAYERS}


def test_counts_are_those_of_the_mapping(runs):
    for layer, done in runs.items():
        counts = count(CHIP.nests()[layer], CHIP.machine)
        assert done.run.counts.macs * 4 == counts.macs * done.images
        assert done.run.counts.cycles * 4 == counts.cycles * done.images
        assert done.run.counts.active_pes == counts.active_pes


def test_jssc_2017_table_v_processing_latency(runs):
    """Measured 16.5, 39.2, 21.8, 16.0, 10.0 ms; not reproduced: ideal 4 to 16 % below, buses within 11 %."""
    assert [round(done.ideal_ms, 2) for done in runs.values()] == [13.94, 33.18, 19.32, 14.38, 9.58]
    assert [round(done.realistic_ms, 2) for done in runs.values()] == [15.2, 35.05, 21.73, 16.19, 10.8]
    for done in runs.values():
        assert 0.84 < done.ideal_ms / done.measured_ms < 0.96
        assert abs(done.realistic_ms / done.measured_ms - 1) < 0.11
        assert done.run.options["timing"] is BUSES


def test_conv4_over_conv5_is_one_and_a_half_in_every_model_and_1_6_on_the_chip(runs):
    for name in ("ideal_ms", "realistic_ms"):
        ratio = getattr(runs["CONV4"], name) / getattr(runs["CONV5"], name)
        assert round(ratio, 2) == 1.5
    assert runs["CONV4"].measured_ms / runs["CONV5"].measured_ms == pytest.approx(1.6)


def test_gated_macs_follow_the_zeros_and_the_padding(runs):
    gated = [round(100 * done.gated, 1) for done in runs.values()]
    assert gated == pytest.approx([0.0, 44.0, 75.3, 81.4, 79.8], abs=0.1)
    for layer in LAYERS[1:]:
        assert runs[layer].gated > float(CHIP.measured[layer]["zeros_in_ifmaps_percent"]) / 100


def test_coded_ifmaps_with_the_paddings_zeros(runs):
    shares = [done.coded_ifmap for done in runs.values()]
    assert shares == pytest.approx([1.333, 0.627, 0.281, 0.213, 0.231], abs=0.002)


def test_traffic_with_random_zeros():
    """Measured 5.0, 4.0, 3.0, 2.1, 1.3 MB. Not reproduced: where the zeros are is not published."""
    plain, coded = zip(*(coded_dram(layer) for layer in LAYERS), strict=True)
    assert [f"{megabytes:.2f}" for megabytes in plain] == ["6.06", "5.43", "5.05", "3.92", "2.61"]
    assert coded == pytest.approx([5.63, 4.21, 2.92, 2.05, 1.40], abs=0.01)
    for layer, megabytes in zip(LAYERS, coded, strict=True):
        assert abs(megabytes / float(CHIP.measured[layer]["dram_mb"]) - 1) < 0.13


def test_code_of_random_zeros_by_hand():
    """A word that is not zero takes 64/3 bits, however many zeros up to 31 are before it."""
    assert coded_share(0, words=300) == 64 / 48
    for zeros in (0.25, 0.5, 0.75):
        assert coded_share(zeros) == pytest.approx(64 / 48 * (1 - zeros), rel=0.02)
    words = sparse_words((1000,), 0.6)
    assert coded_share(0.6, words=1000) == 64 * -(-len(run_length_encode(words)) // 3) / 16_000


def test_sparse_words_are_those_of_the_seed():
    one, again, other = (sparse_words((3, 500), 0.3, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert abs((one == 0).mean() - 0.3) < 0.05 and one.max() <= 99


@pytest.mark.parametrize("function", [emulate_alexnet, coded_dram])
def test_a_layer_that_was_not_mapped(function):
    with pytest.raises(CourseError, match="the mapping on Eyeriss is published for CONV1"):
        function("CONV9")
