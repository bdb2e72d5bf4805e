"""Channels, filters and batches: sums over channels, stacks of sheets, cards and photographs."""

import re

import numpy as np
import pytest

from cnnhw.conv import conv_windows
from cnnhw.errors import CourseError, ShapeError
from cnnhw.pictures.convolution.channels import channel_sum
from cnnhw.pictures.convolution.photo import colours, planes
from cnnhw.pictures.convolution.volumes import layer_volumes, shown
from cnnhw.pictures.networks.layer_card import layer_card
from cnnhw.shape import LayerShape

WORDS = np.random.RandomState(7)
IFMAP, FILTER = WORDS.randint(-9, 10, (3, 5, 4)), WORDS.randint(-9, 10, (3, 2, 3))


@pytest.mark.parametrize(
    ("C", "U", "P", "e", "f"), [(3, 1, 0, 0, 0), (3, 1, 0, 3, 1), (2, 2, 1, 2, 1), (2, 3, 2, 1, 0)]
)
def test_a_channel_sum_is_the_convolutions_word(C, U, P, e, f):
    word = conv_windows(IFMAP[None, :C], FILTER[None, :C], U, P)[0, 0, e, f]
    picture = channel_sum(IFMAP[:C], FILTER[:C], U, P, e, f)
    assert picture.caption.startswith(f"ofmap[{e}, {f}] = ") and picture.caption.endswith(f" = {word}")
    assert picture.caption.count(" + ") == C - 1


def test_channels_that_differ_or_do_not_fit_a_page_are_refused():
    with pytest.raises(CourseError, match="got ifmap C=3 but a filter with 2 channels"):
        channel_sum(IFMAP, FILTER[:2])
    with pytest.raises(CourseError, match="draw fewer channels"):
        channel_sum(np.ones((9, 5, 5)), np.ones((9, 2, 2)))
    with pytest.raises(CourseError, match="pick one image or one filter, as in ifmap"):
        channel_sum(IFMAP[None], FILTER)
    with pytest.raises(CourseError, match="the window must stand at a word of the ofmap"):
        channel_sum(IFMAP, FILTER, e=4)
    with pytest.raises(ShapeError, match="the filter must fit"):
        channel_sum(IFMAP, np.ones((3, 7, 2)))


def test_a_layer_is_drawn_with_the_letters_of_the_notation():
    picture = layer_volumes(LayerShape(N=2, M=5, C=3, H=7, W=11, R=2, S=3), m=4)
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)
    assert {"n=0", "n=1", "m=0", "m=4", "H=7", "W=11", "R=2", "S=3", "E=6", "F=9"} <= set(labels)
    assert "N*M*E*F = 2*5*6*9 = 540 ofmap words" in picture.caption
    assert "9,720 MACs" in picture.caption  # 540 * 3*2*3


def test_a_group_lights_only_the_channels_its_filters_see():
    picture = layer_volumes(LayerShape(M=4, C=6, H=5, R=3, G=2), m=3)
    assert "Filter 3 sees channels 3 to 5 of each ifmap and makes channel 3" in repr(picture)
    assert "C/G*R*S = 3*3*3 = 27 products" in picture.caption


def test_large_counts_are_drawn_with_gaps_and_every_index_is_covered():
    for count in (1, 2, 4, 5, 6, 100):
        for keep in {0, 1, count // 2, count - 1}:
            parts = shown(count, keep)
            assert [index for part in parts for index in part] == list(range(count))
            assert range(keep, keep + 1) in parts or count <= 4 or keep <= 1
    assert len(layer_volumes(LayerShape(N=64, M=512, C=512, H=28, R=3, P=1)).svg) < 40_000


def test_a_filter_that_is_not_there_is_refused():
    with pytest.raises(CourseError, match="got m=4 but M=4\n  use m from 0 to 3"):
        layer_volumes(LayerShape(M=4, C=3, H=5, R=2), m=4)


@pytest.mark.parametrize(
    "shape",
    [
        LayerShape(N=2, M=6, C=4, H=9, W=7, R=3, S=2, U=2, P=1, G=2),
        LayerShape.fc(M=11, C=5, H=3),
        LayerShape(M=1, C=1, H=40, R=1, U=8),  # most words are never read: reuse below 1
    ],
)
def test_the_card_says_what_layer_shape_computes(shape):
    words = repr(layer_card(shape))
    assert f"E={shape.E}, F={shape.F}" in words and f"= {shape.macs:,}." in words
    for count in (
        shape.ifmap_words,
        shape.filter_words,
        shape.ofmap_words,
        shape.filter_reuse,
        shape.ofmap_reuse,
    ):
        assert f"{count:,}" in words


def test_planes_give_their_range_and_a_photograph_its_size():
    picture = planes({"edges": np.array([[-512, 0], [7, 633]])}, title="Edges")
    assert "edges -512 to 633" in picture.caption and "edges 2x2" in repr(picture)
    assert "<image" not in picture.svg
    assert repr(planes({"flat": np.zeros((3, 2))})).endswith("flat 0 to 0.")
    assert (
        repr(colours(np.zeros((3, 5, 7), np.uint8), "crop"))
        == "crop: 3 channels (red, green, blue), 5x7 words"
    )


def test_planes_and_photographs_that_cannot_be_drawn_are_refused():
    with pytest.raises(CourseError, match="draw fewer of them, as in red"):
        planes({"red": np.zeros((65, 3))})
    with pytest.raises(CourseError, match=r"got shape \(4, 3, 3\)"):
        colours(np.zeros((4, 3, 3)))
    with pytest.raises(CourseError, match="got words from 0 to 300"):
        colours(np.array([[[0]], [[300]], [[1]]]))
