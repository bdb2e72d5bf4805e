"""The growth picture keeps computed and quoted figures apart, and quotes nothing it has no source for."""

import pytest

from cnnhw import networks
from cnnhw.errors import CourseError
from cnnhw.pictures.networks.accuracy import MILESTONES, growth


def test_computed_and_quoted_are_named():
    picture = growth([networks.lenet5(), networks.vgg16()])
    assert "LeNet-5 (1998): 416,520 MACs, 61,470 weights, 5 layers, top-5 error not measured" in picture.words
    assert "VGG-16 (2014): 15,470,264,320 MACs, 138,344,128 weights, 16 layers" in picture.words
    assert picture.words.endswith("top-5 error 7.4 %.")
    assert "(quoted)" in picture.svg and picture.svg.count("(computed)") == 3


def test_errors_of_the_survey_table_2():
    errors = {title: fact.top5_error for title, fact in MILESTONES.items()}
    assert errors == {
        "LeNet-5": None, "AlexNet": 16.4, "OverFeat": 14.2, "VGG-16": 7.4, "GoogLeNet": 6.7, "ResNet-50": 5.3,
    }  # fmt: skip


def test_a_variant_of_a_network_is_that_network():
    assert "1,431,556,352 MACs" in growth([networks.alexnet(), networks.googlenet(pooling="floor")]).words


def test_a_network_without_a_quoted_error_is_refused():
    with pytest.raises(CourseError) as error:
        growth([networks.zfnet()])
    assert str(error.value).splitlines() == [
        "this picture quotes an error for each network",
        "  got ZFNet, about which nothing is quoted here",
        "  use networks among LeNet-5, AlexNet, OverFeat, VGG-16, GoogLeNet, ResNet-50",
    ]
