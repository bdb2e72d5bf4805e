"""The data that ships: its bytes, its split, its scaling."""

import hashlib
import re
import socket
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnhw import ShapeError, tensors

DOCUMENT = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
FILES = ["digits.csv.gz", "photograph.npy", "lenet5.npz"]


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_the_sha256_that_docs_data_states(name):
    stated = re.search(rf"`{re.escape(name)}` .*?`([0-9a-f]{{64}})`", DOCUMENT).group(1)
    assert hashlib.sha256((files("cnnhw") / "data" / name).read_bytes()).hexdigest() == stated


def test_docs_data_names_every_file_that_ships():
    shipped = {file.name for file in (files("cnnhw") / "data").iterdir() if file.is_file()}
    assert shipped == set(FILES)


def test_reading_needs_no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    for read in (tensors.digits, tensors.photograph, tensors.lenet5_weights):
        read.__wrapped__()


def test_the_digits_are_1797_images_of_words_0_to_16():
    digits = tensors.digits()
    assert digits.train_images.shape == (1415, 8, 8)
    assert digits.test_images.shape == (382, 8, 8)
    assert digits.train_images.dtype == digits.test_labels.dtype == np.int64
    for images in (digits.train_images, digits.test_images):
        assert (images.min(), images.max()) == (0, 16)


def test_every_digit_is_on_both_sides_of_the_split():
    digits = tensors.digits()
    assert np.bincount(digits.train_labels).min() >= 130
    assert np.bincount(digits.test_labels).min() >= 35


def test_the_split_lies_between_two_forms():
    """A form starts with 0 1 .. 9 0 1 .. 9; the held-out part starts and ends with a whole one."""
    digits = tensors.digits()
    labels = np.concatenate([digits.train_labels, digits.test_labels])
    start = [*range(10), *range(10)]
    starts = [i for i in range(len(labels)) if labels[i : i + 20].tolist() == start]
    assert tensors.TRAIN_IMAGES in starts
    assert digits.test_labels[:20].tolist() == start
    first_form = labels[:130].tolist()
    assert digits.test_labels[:130].tolist() == digits.test_labels[-130:].tolist() == first_form


def test_no_held_out_image_is_a_training_image():
    digits = tensors.digits()
    seen = {image.tobytes() for image in digits.train_images}
    assert not any(image.tobytes() in seen for image in digits.test_images)


def test_shipped_arrays_are_read_only():
    digits = tensors.digits()
    arrays_ = [digits.train_images, digits.train_labels, digits.test_images, digits.test_labels]
    arrays_ += [tensors.photograph(), tensors.photograph(grey=True)]
    arrays_ += [array for pair in tensors.lenet5_weights().values() for array in pair]
    assert not any(array.flags.writeable for array in arrays_)


def test_lenet5_weights_cannot_be_replaced():
    with pytest.raises(TypeError):
        tensors.lenet5_weights()["C1"] = None


@given(arrays.arrays(np.int64, (2, 8, 8), elements=st.integers(0, 16)))
def test_scaled_digits_are_whole_numbers_of_1024ths_and_keep_their_ink(images):
    scaled = tensors.digits_32x32(images)
    assert scaled.shape == (2, 1, 32, 32)
    assert scaled.dtype == np.float32
    assert np.array_equal(scaled * 1024, np.rint(scaled * 1024))
    assert scaled.min() >= 0 and scaled.max() <= 1


def test_scaled_digits_equal_pytorch_interpolation():
    torch = pytest.importorskip("torch")
    images = tensors.digits().test_images
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(images[:, None] / 16), size=(32, 32), mode="bilinear", align_corners=False
    )
    assert np.array_equal(tensors.digits_32x32(images), expected.numpy())


def test_scaling_keeps_up_up_and_left_left():
    image = np.zeros((1, 8, 8))
    image[0, 1, 6] = 16
    row, column = np.argwhere(tensors.digits_32x32(image)[0, 0] > 0.7).mean(axis=0)
    assert (row, column) == (1 * 4 + 1.5, 6 * 4 + 1.5)


def test_scaling_refuses_what_is_not_a_stack_of_digits():
    with pytest.raises(ShapeError) as error:
        tensors.digits_32x32(np.zeros((8, 8)))
    assert str(error.value) == (
        "digits are a stack of 8x8 images\n  got an array of shape (8, 8)\n"
        "  give (N, 8, 8); a single image is image[None]"
    )


def test_the_photograph_is_rgb_and_its_grey_lies_between_the_channels():
    colour, grey = tensors.photograph(), tensors.photograph(grey=True)
    assert colour.shape == (3, 256, 256) and grey.shape == (1, 256, 256)
    assert colour.dtype == grey.dtype == np.uint8
    assert (grey[0] >= colour.min(axis=0)).all() and (grey[0] <= colour.max(axis=0)).all()
    orange_suit, white_collar = colour[:, 230, 60].astype(int), grey[0, 20, 128]
    assert white_collar >= 0 and orange_suit[0] > orange_suit[2]
