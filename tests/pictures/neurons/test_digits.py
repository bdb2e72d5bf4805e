"""Digits as cells, alone and on their way through a net."""

import re

import numpy as np
import pytest

from cnnhw.errors import ShapeError
from cnnhw.pictures.neurons.digits import digit_images
from cnnhw.pictures.neurons.forward import digit_forward
from cnnhw.tensors import digits


def test_digits_are_named_in_words():
    data = digits()
    picture = digit_images(data.train_images[:11], data.train_labels[:11])
    assert repr(picture) == "11 handwritten digits: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0."


def test_only_wrong_guesses_get_a_cross():
    picture = digit_images(np.zeros((3, 8, 8)), [1, 2, 3], guesses=[1, 7, 3])
    assert repr(picture) == "3 handwritten digits: 1 guessed as 1, 2 guessed as 7, 3 guessed as 3."
    assert picture.svg.count("✗") == 1
    assert "✗ says 7" in picture.svg


def test_cells_are_vectors_and_stay_small():
    data = digits()
    picture = digit_images(data.train_images[:32], data.train_labels[:32])
    assert "<image" not in picture.svg
    assert len(picture.svg) < 150_000


def test_a_darker_word_gets_a_darker_cell():
    image = np.zeros((8, 8))
    image[0, 0], image[7, 7] = 16, 4
    greys = re.findall(r"fill: #([0-9a-f]{2})\1\1[;\"]", digit_images(image[None], [0]).svg)
    assert sorted(set(greys) & {"14", "c4"}) == ["14", "c4"]  # 255 * (1 - 0.92) and 255 * (1 - 0.92 / 4)


def test_the_forward_pass_counts_its_macs_and_names_the_winner():
    hidden = np.array([0, 2.5, 0, 1, 0, 3])
    picture = digit_forward(np.ones((8, 8)), hidden, [-1, 0.25, 4], label=1)
    assert picture.caption == "64*6 + 6*3 = 402 MACs. The largest score, 4, is class 2; the label is 1."
    assert "6 hidden words of which 3 are above 0" in repr(picture)
    assert "Scores by class: 0: -1, 1: 0.25, 2: 4." in repr(picture)


def test_scores_that_are_all_alike_can_be_drawn():
    assert "class 0" in digit_forward(np.zeros((8, 8)), np.zeros(5), np.zeros(3), label=0).caption


@pytest.mark.parametrize(
    ("images", "labels", "guesses", "text"),
    [
        (
            np.zeros((2, 64)),
            [0, 1],
            None,
            "this picture shows 1 to 32 digits of 8x8 words\n  got images (2, 64)\n"
            "  reshape flat digits with .reshape(-1, 8, 8), and slice to show fewer",
        ),
        (
            np.zeros((2, 8, 8)),
            [0],
            None,
            "the labels are one for each image\n  got 2 images and 1 labels\n"
            "  slice the labels as you sliced the images",
        ),
        (
            np.zeros((2, 8, 8)),
            [0, 1],
            [0, 1, 2],
            "the guesses are one for each image\n  got 2 images and 3 guesses\n"
            "  slice the guesses as you sliced the images",
        ),
    ],
)
def test_digits_that_cannot_be_drawn_are_shape_errors(images, labels, guesses, text):
    with pytest.raises(ShapeError) as caught:
        digit_images(images, labels, guesses)
    assert str(caught.value) == text
