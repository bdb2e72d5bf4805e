"""LeNet-5: the accuracy of the shipped weights, recomputed, and the script that made them."""

import re
from pathlib import Path

import numpy as np
import pytest

from cnnhw import networks, tensors
from cnnhw.course import train_lenet5

DOCUMENT = " ".join((Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8").split())
STILL = {name: np.zeros(5) for name in ("turn", "down", "right")} | {
    name: np.ones(5) for name in ("rows", "columns")
}


def right_answers(images, labels) -> int:
    return round(train_lenet5.accuracy(tensors.lenet5_weights(), images, labels) * len(labels))


def test_accuracy_on_the_held_out_digits_is_the_stated_one_and_at_least_98_percent():
    digits = tensors.digits()
    right = right_answers(digits.test_images, digits.test_labels)
    stated = re.search(r"\*\*(\d+) of the (\d+)\*\* held-out digits, ([\d.]+) %", DOCUMENT).groups()
    assert right == tensors.LENET5_RIGHT
    assert stated == (str(right), str(len(digits.test_labels)), f"{right / len(digits.test_labels):.1%}"[:-1])
    assert right / len(digits.test_labels) >= 0.98


def test_accuracy_on_the_training_digits_is_the_stated_one():
    digits = tensors.digits()
    stated = re.search(r"([\d,]+) of the 1,415 training digits", DOCUMENT).group(1)
    assert f"{right_answers(digits.train_images, digits.train_labels):,}" == stated


def test_shipped_weights_fit_lenet5_and_its_glue_is_what_they_were_trained_for():
    network, weights = networks.lenet5(), tensors.lenet5_weights()
    assert list(weights) == list(network.layers)
    assert dict(network.glue) == {
        "C1": ("relu", "max_pool 2/2"),
        "C3": ("relu", "max_pool 2/2"),
        "C5": ("relu",),
        "F6": ("relu",),
        "OUT": (),
    }
    for name, (filters, bias) in weights.items():
        shape = network.layers[name]
        assert filters.shape == (shape.M, shape.C, shape.R, shape.S)
        assert bias.shape == (shape.M,)
        assert filters.dtype == bias.dtype == np.float32


def first_losses(seed):
    digits = tensors.digits()
    losses = []
    two_batches = slice(0, 2 * train_lenet5.BATCH)
    train_lenet5.train(
        digits.train_images[two_batches],
        digits.train_labels[two_batches],
        epochs=2,
        seed=seed,
        progress=lambda epoch, loss: losses.append(loss),
    )
    return losses


def test_training_repeats_with_its_seed_and_learns():
    losses = first_losses(seed=3)
    np.testing.assert_allclose(first_losses(seed=3), losses, rtol=1e-5)
    assert not np.allclose(first_losses(seed=4), losses, rtol=1e-3)
    assert losses[1] < losses[0]


def test_an_image_that_does_not_move_is_only_scaled():
    images = tensors.digits().train_images[:5]
    assert np.array_equal(train_lenet5.sample(images, **STILL), tensors.digits_32x32(images))


@pytest.mark.parametrize(
    ("movement", "row", "column"),
    [({"down": np.ones(5)}, 4, 0), ({"right": np.ones(5)}, 0, 4), ({}, 0, 0)],
)
def test_a_shift_of_one_word_is_four_words_of_the_ifmap(movement, row, column):
    image = np.zeros((5, 8, 8))
    image[:, 3, 3] = 16
    lit = np.argwhere(train_lenet5.sample(image, **STILL | movement)[0, 0] > 0.7).mean(axis=0)
    assert tuple(lit) == (3 * 4 + 1.5 + row, 3 * 4 + 1.5 + column)


def test_a_quarter_turn_is_exact():
    images = tensors.digits().train_images[:5]
    turned = train_lenet5.sample(images, **STILL | {"turn": np.full(5, np.pi / 2)})
    expected = np.rot90(tensors.digits_32x32(images), axes=(2, 3), k=-1)
    np.testing.assert_allclose(turned, expected, atol=1e-6)


def test_saved_weights_come_back(tmp_path):
    train_lenet5.save(tensors.lenet5_weights(), tmp_path / "again.npz")
    with np.load(tmp_path / "again.npz") as stored:
        for name, (filters, bias) in tensors.lenet5_weights().items():
            assert np.array_equal(stored[f"{name}.filters"], filters)
            assert np.array_equal(stored[f"{name}.bias"], bias)
