"""Feature maps and scores tell sizes and largest words, stay small, and refuse wrong shapes."""

import numpy as np
import pytest

from cnnhw.errors import ShapeError
from cnnhw.pictures.convolution.feature_maps import feature_maps
from cnnhw.pictures.neurons.scores import class_scores


def maps(channels, height, width):
    return np.arange(channels * height * width, dtype=float).reshape(channels, height, width)


def test_words_tell_sizes_and_the_largest_word_of_every_channel():
    picture = feature_maps({"C1": maps(2, 3, 5), "S2": -maps(1, 2, 2)}, "Maps")
    assert repr(picture) == (
        "Maps, channels x height x width and the largest word by channel: "
        "C1 2 x 3 x 5, 14 29; S2 1 x 2 x 2, 0."
    )


def test_a_batch_of_one_is_one_image():
    assert feature_maps({"C1": maps(2, 3, 5)[None]}).svg == feature_maps({"C1": maps(2, 3, 5)}).svg


def test_channels_that_are_left_out_are_counted():
    assert feature_maps({"C3": maps(7, 3, 2)}, most=5).caption.endswith("C3 shows 5 of its 7.")


def test_nothing_is_embedded_and_the_largest_drawing_stays_small():
    noise = np.random.default_rng(11).random((6, 28, 28))
    svg = feature_maps({"C1": noise}).svg
    assert "<image" not in svg
    assert len(svg) < 500_000  # noise has no runs of equal cells: the worst case, a digit has a tenth


@pytest.mark.parametrize("shape", [(28, 28), (2, 3, 5, 5), (1, 65, 7), (0, 3, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ShapeError) as error:
        feature_maps({"C1": np.zeros(shape)})
    assert str(error.value).splitlines() == [
        "a feature map picture shows one image's fmap, (C, H, W), at most 64 x 64",
        f"  got C1 of shape {shape}",
        "  pick one image, as in ofmap[0], and crop large fmaps",
    ]


def test_scores_name_the_largest_and_the_right_class():
    picture = class_scores([0.25, 0.5, 0.125], label=0, title="Scores")
    assert repr(picture) == "Scores by class: 0: 0.250, 1: 0.500, 2: 0.125. Largest: 1, right: 0."
    assert "right" not in class_scores([0.0, 0.0]).words
