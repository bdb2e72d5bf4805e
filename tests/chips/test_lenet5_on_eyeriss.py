"""LeNet-5, the shipped weights, in fixed point, on the emulated Eyeriss chip: all 382 held-out digits.

The classes are those of floating point, the words those of whole-number convolutions without a chip, the
counts those of count(nest), and the cycles those of the mapping by hand.
"""

from dataclasses import replace

import numpy as np
import pytest

from cnnhw import LayerShape, Machine, Nest, chips, count, networks, tensors
from cnnhw.chips.emulated import BUSES
from cnnhw.chips.fitting import fitting_nest
from cnnhw.chips.lenet5_formats import fraction_bits, largest_ofmap_words, lenet5_formats
from cnnhw.chips.lenet5_on_eyeriss import lenet5_nests, lenet5_on_eyeriss
from cnnhw.chips.lenet5_words import lenet5_words
from cnnhw.errors import CourseError, ShapeError
from cnnhw.layers import forward
from cnnhw.machine import Level

DIGITS = tensors.digits()
CHIP = chips.eyeriss()


@pytest.fixture(scope="module")
def every():
    return lenet5_on_eyeriss(DIGITS.test_images)


def right(bits):
    classes = lenet5_words(DIGITS.test_images, lenet5_formats(bits)).argmax(axis=1)
    return int((classes == DIGITS.test_labels).sum())


def test_378_of_the_382_held_out_digits_are_right(every):
    assert len(every.classes) == 382
    assert every.right(DIGITS.test_labels) == 378 == tensors.LENET5_RIGHT
    assert every.saturated == 0


def test_every_class_is_that_of_floating_point(every):
    ifmap = tensors.digits_32x32(DIGITS.test_images)
    scores = forward(networks.lenet5(), tensors.lenet5_weights(), ifmap)
    assert np.array_equal(every.classes, scores.argmax(axis=1))
    assert (
        np.abs(every.scores - scores).max() < 0.1
    )  # the largest score is 25, a word of 10 fraction bits 0.001


def test_words_are_those_without_a_chip(every):
    formats = lenet5_formats()
    words = lenet5_words(DIGITS.test_images, formats)
    assert np.array_equal(tensors.from_fixed(words, formats["OUT"].ofmap_fraction), every.scores)


@pytest.mark.parametrize("bits", [8, 5, 3])
def test_words_are_those_without_a_chip_where_they_saturate(bits):
    formats = lenet5_formats(bits)
    done = lenet5_on_eyeriss(DIGITS.test_images[:11], formats)
    words = lenet5_words(DIGITS.test_images[:11], formats)
    assert np.array_equal(tensors.from_fixed(words, formats["OUT"].ofmap_fraction), done.scores)


def test_counts_are_those_of_the_nests(every):
    for layer in every.layers.values():
        assert layer.run.counts == count(layer.nest, CHIP.machine.with_(first_psum="read"))  # biases
    assert every.counts.macs == 382 * networks.lenet5().macs
    assert every.energy.total == sum(
        every.energy.level(level) for level in ("DRAM", "GLB", "NoC", "RF", "MAC")
    )


def test_cycles_of_one_digit_by_hand():
    """Steps of one PE: columns, a row of the filter, and the channels and filters that take turns."""
    one = lenet5_on_eyeriss(DIGITS.test_images[:1])
    cycles = {name: layer.run.cycles for name, layer in one.layers.items()}
    assert cycles == {
        "C1": 28 * 5 * 6,
        "C3": 10 * 5 * 4 * 16,  # lots of 4 and 2 channels, 2 at a time: as slow as 4 and 4
        "C5": 5 * 8 * 20,
        "F6": 3 * 21,
        "OUT": 10,
    }
    assert one.cycles == 4_913
    assert round(one.frames_per_second) == round(200e6 / 4_913) == 40_708


def test_words_take_time_if_asked():
    ideal, slow = (lenet5_on_eyeriss(DIGITS.test_images[:1], timing=timing) for timing in (None, BUSES))
    assert slow.cycles > ideal.cycles
    assert slow.counts == ideal.counts
    assert np.array_equal(slow.scores, ideal.scores)


def test_a_digit_in_a_batch_takes_less_energy(every):
    one = lenet5_on_eyeriss(DIGITS.test_images[:1])
    assert every.energy.total / 382 < one.energy.total / 3
    assert every.frames_per_second == one.frames_per_second


def test_accuracy_falls_with_the_bits():
    assert [right(bits) for bits in (16, 8, 6, 5, 4, 3, 2)] == [378, 378, 377, 369, 352, 163, 38]


def test_formats_come_from_the_training_digits_alone():
    largest = largest_ofmap_words()
    ifmap = tensors.digits_32x32(DIGITS.train_images)
    steps = forward(networks.lenet5(), tensors.lenet5_weights(), ifmap, keep=True)
    assert largest == pytest.approx({name: np.abs(steps[name]).max() for name in largest}, rel=1e-5)


@pytest.mark.parametrize("bits", [2, 5, 8, 12, 16, 20])
def test_no_psum_can_overflow_whatever_the_image(bits):
    for name, arithmetic in lenet5_formats(bits).items():
        filters, bias = tensors.lenet5_weights()[name]
        words = tensors.to_fixed(filters, bits, arithmetic.filter_fraction)
        psum_fraction = arithmetic.ifmap_fraction + arithmetic.filter_fraction
        bias = tensors.to_fixed(bias, 53, psum_fraction)
        worst = np.abs(words).sum(axis=(1, 2, 3)) * 2 ** (bits - 1) + np.abs(bias)
        assert arithmetic.fits(int(worst.max()))


def test_each_layer_takes_the_words_of_the_one_before():
    formats = list(lenet5_formats(9).values())
    for before, after in zip(formats, formats[1:], strict=False):
        assert before.ofmap_fraction == after.ifmap_fraction


def test_fraction_bits_use_the_word_and_no_more():
    for largest in (0.011, 1.0, 1.1, 127.0, 4000.0):
        fraction = fraction_bits(largest, 8)
        assert largest * 2.0**fraction <= 127 < largest * 2.0 ** (fraction + 1)


def test_formats_that_are_too_fine_saturate_and_are_told():
    fine = dict(lenet5_formats())
    fine["OUT"] = replace(fine["OUT"], ofmap_fraction=fine["OUT"].ofmap_fraction + 4)
    done = lenet5_on_eyeriss(DIGITS.test_images[:4], fine)
    assert done.saturated == done.layers["OUT"].saturated > 0


def test_zero_gating_and_run_length_are_counted():
    done = lenet5_on_eyeriss(DIGITS.test_images[:4])
    for layer in done.layers.values():
        saved = layer.run.saved
        assert 0 < saved.gated_macs < layer.run.counts.macs
        assert saved.ifmap_bits == 16 * layer.run.counts["DRAM", "ifmap"].reads


def test_a_nest_of_ones_own_takes_its_layer():
    shape = networks.lenet5().with_batch(4).layers["C3"]
    mine = Nest(
        shape,
        [
            ("E", 2, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"), ("M", 4, "COLS"), ("C", 2, "COLS"),
            ("E", 1, "ROWS"), ("R", 1, "ROWS"), ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF"),
        ],
    )  # fmt: skip
    images = DIGITS.test_images[:4]
    ours, theirs = lenet5_on_eyeriss(images), lenet5_on_eyeriss(images, nests={"C3": mine})
    assert theirs.layers["C3"].run.cycles == 8_000 < ours.layers["C3"].run.cycles
    assert np.array_equal(ours.scores, theirs.scores)


@pytest.mark.parametrize("N", [1, 3, 16, 382])
def test_nests_fit_the_chip(N):
    for name, nest in lenet5_nests(N).items():
        assert nest.shape == networks.lenet5().with_batch(N).layers[name]
        assert nest.rows <= 12 and nest.cols <= 14
        for tensor, words in (("filter", 224), ("ifmap", 12), ("psum", 24)):
            assert nest.tile_words("RF", tensor) <= words


def test_a_layer_for_which_nothing_fits():
    tiny = Machine(3, 3, (Level("GLB", 100), Level("RF", {"filter": 9, "ifmap": 2, "psum": 1})))
    with pytest.raises(CourseError) as caught:
        fitting_nest(LayerShape(M=2, C=1, H=7, R=3), tiny)
    rule, got, change = str(caught.value).splitlines()
    assert rule == "a plan must fit the array and each of its memories"
    assert got.startswith("  got none of the ") and change.startswith("  use a machine with more room")


@pytest.mark.parametrize(
    ("images", "got"),
    [
        (np.full((2, 8, 8), 17), "  got 2 images with words 17 .. 17"),
        (np.full((1, 8, 8), -1), "  got 1 images with words -1 .. -1"),
        (np.zeros((0, 8, 8)), "  got 0 images"),
        (np.full((1, 8, 8), np.nan), "  got nan at images[0, 0, 0]"),
    ],
)
def test_images_that_are_no_digits(images, got):
    with pytest.raises(ShapeError) as caught:
        lenet5_on_eyeriss(images)
    assert str(caught.value).splitlines()[1] == got


@pytest.mark.parametrize(
    ("options", "got"),
    [
        ({"formats": {"C1": lenet5_formats()["C1"]}}, "  got formats for C1"),
        ({"nests": {"CONV3": lenet5_nests(1)["C3"]}}, "  got nests for CONV3"),
    ],
)
def test_layers_that_lenet5_does_not_have(options, got):
    with pytest.raises(CourseError) as caught:
        lenet5_on_eyeriss(DIGITS.test_images[:1], **options)
    rule, found, _ = str(caught.value).splitlines()
    assert rule == "the layers of LeNet-5 are C1, C3, C5, F6, OUT"
    assert found == got


def test_what_it_says():
    assert repr(lenet5_on_eyeriss(DIGITS.test_images[7:8])) == (
        "1 digit: 416,520 MACs in 4,913 cycles, 40,708 frames/s, energy per MAC 43.02"
    )
