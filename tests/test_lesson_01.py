"""Claims that lesson 01 makes in prose and that no output of the notebook shows."""

import numpy as np
import pytest

from cnnhw import layers, networks, tensors

# The first eight held-out digits that the lesson's fully connected net gets wrong.
WRONG_IN_LESSON_01 = [56, 70, 76, 80, 85, 99, 107, 114]


def trained(start_noise, hidden=32, seed=0):
    """Train the lesson's net, its first weights moved by a little noise; returns the held-out scores."""
    data, rng = tensors.digits(), np.random.RandomState(seed)
    ifmaps = data.train_images.reshape(-1, 64) / 16
    filters1, bias1 = rng.uniform(-1, 1, (hidden, 64)) / 8 + start_noise, np.zeros(hidden)
    filters2, bias2 = rng.uniform(-1, 1, (10, hidden)) / 6, np.zeros(10)
    for _ in range(30):
        for batch in np.array_split(rng.permutation(1415), 45):
            ifmap, labels = ifmaps[batch], data.train_labels[batch]
            hidden = layers.relu(ifmap @ filters1.T + bias1)
            error = (layers.softmax(hidden @ filters2.T + bias2) - np.eye(10)[labels]) / len(labels)
            hidden_error = (error @ filters2) * (hidden > 0)
            filters2 -= 0.2 * error.T @ hidden
            filters1 -= 0.2 * hidden_error.T @ ifmap
            bias2 -= 0.2 * error.sum(axis=0)
            bias1 -= 0.2 * hidden_error.sum(axis=0)
    hidden = layers.relu(data.test_images.reshape(-1, 64) / 16 @ filters1.T + bias1)
    return hidden @ filters2.T + bias2


def test_rounding_of_another_machine_does_not_change_the_printed_result():
    # A relative error of a float64 is 1e-16; a start that differs by 1e-12 is far worse than that.
    noise = 1e-12 * np.random.RandomState(9).standard_normal((32, 64))
    scores, moved = trained(0), trained(noise)
    margin = np.diff(np.sort(scores, axis=1)[:, -2:], axis=1).min()
    assert np.abs(scores - moved).max() < 1e-6 < 1e-2 < margin
    wrong = np.flatnonzero(scores.argmax(axis=1) != tensors.digits().test_labels)
    assert len(wrong) == 31
    assert wrong[:8].tolist() == WRONG_IN_LESSON_01


@pytest.mark.parametrize(
    ("hidden", "right"),
    [(8, [343, 345, 335, 348, 344]), (32, [351, 346, 348, 347, 346]), (128, [350, 350, 347, 349, 349])],
)
def test_five_seeds_of_each_size_end_the_same_on_another_machine(hidden, right):
    """The lesson draws these of 382; noise far above a machine's rounding does not change one of them."""
    labels = tensors.digits().test_labels
    noise = 1e-12 * np.random.RandomState(9).standard_normal((hidden, 64))
    scores = [trained(noise, hidden, seed) for seed in range(5)]
    assert [(one.argmax(axis=1) == labels).sum() for one in scores] == right


def test_lenet5_reads_the_eight_digits_that_the_lesson_gets_wrong():
    data = tensors.digits()
    ifmap = tensors.digits_32x32(data.test_images[WRONG_IN_LESSON_01])
    scores = layers.forward(networks.lenet5(), tensors.lenet5_weights(), ifmap)
    assert scores.argmax(axis=1).tolist() == data.test_labels[WRONG_IN_LESSON_01].tolist()


def test_alexnets_weights_need_122_megabytes_of_16_bit_words():
    assert round(2 * networks.alexnet().filter_words / 1e6) == 122


def test_13_words_find_exactly_one_pixel_and_one_hidden_neuron_cannot():
    images = np.array([[int(bit) for bit in f"{number:04b}"] for number in range(16)])
    on = images.sum(axis=1)
    assert ((on - 2 * np.maximum(on - 1, 0) > 0) == (on == 1)).all()
    # One hidden neuron gives a score that only rises or only falls with one weighted sum. Two images with
    # one pixel on add up to what none and both of these pixels on add up to, so no sum sets the two apart.
    assert (images[[0b1000, 0b0100]].sum(axis=0) == images[[0b0000, 0b1100]].sum(axis=0)).all()
