"""Work and weights by layer: the bars' numbers are the layers' numbers, and CONV and FC differ by hatch."""

import pytest

from cnnhw import networks
from cnnhw.networks import from_layers
from cnnhw.pictures.networks.work import conv_against_fc, conv_share, in_thousands, work_per_layer
from cnnhw.shape import LayerShape


def test_alexnet_by_layer():
    words = work_per_layer(networks.alexnet()).words
    assert "CONV2 223,948,800 MACs and 307,200 weights" in words
    assert "FC6 37,748,736 MACs and 37,748,736 weights" in words
    assert "CONV layers have 91.9% of the 724,406,816 MACs" in words
    assert words.endswith("and 3.8% of the 60,954,656 weights.")


def test_fc_bars_are_marked_without_colour():
    conv_only = from_layers("conv", [LayerShape(M=2, C=3, H=7, R=5)])
    fc_only = from_layers("fc", [LayerShape.fc(M=2, C=3)])
    assert "<pattern" not in work_per_layer(conv_only).svg
    assert "<pattern" in work_per_layer(fc_only).svg and " FC</text>" in work_per_layer(fc_only).svg


def test_a_long_network_is_drawn_in_stages():
    assert "inc4 (30 layers) 549,878,784 MACs" in work_per_layer(networks.googlenet()).words


@pytest.mark.parametrize(("network", "share"), [("alexnet", "91.9%"), ("vgg16", "99.2%")])
def test_conv_share_of_the_macs_is_over_ninety_per_cent_slide8(network, share):
    assert f"{conv_share(getattr(networks, network)())[0]:.1%}" == share


def test_shares_of_networks_side_by_side():
    words = conv_against_fc([networks.lenet5(), networks.resnet50()]).words
    assert "LeNet-5 85.9% and 4.1%; ResNet-50 99.9% and 92.0%" in words


def test_a_network_without_conv_has_a_share_of_nothing():
    assert conv_share(from_layers("fc", [LayerShape.fc(M=2, C=3)])) == (0, 0)


def test_short_numbers_keep_three_digits():
    assert [in_thousands(n) for n in (0, 999, 1000, 48_000, 724_406_816, 15_470_264_320)] == [
        "0", "999", "1.00k", "48.0k", "724M", "15.5G",
    ]  # fmt: skip
