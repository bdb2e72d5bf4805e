"""A network's blocks carry the sizes that its layers have, in the picture and in its words."""

from cnnhw import networks
from cnnhw.networks import from_layers
from cnnhw.pictures.networks.network import network_blocks
from cnnhw.pictures.networks.stages import stages
from cnnhw.shape import LayerShape


def test_lenet_shows_every_fmap_and_its_poolings():
    assert repr(network_blocks(networks.lenet5())) == (
        "LeNet-5 from left to right, channels x height x width: ifmap 1 x 32 x 32, C1 6 x 28 x 28, "
        "pool 6 x 14 x 14, C3 16 x 10 x 10, pool 16 x 5 x 5, C5 120 x 1 x 1, F6 84 x 1 x 1, OUT 10 x 1 x 1."
    )


def test_a_rectangle_keeps_its_height_and_its_width():
    network = from_layers("wide", [LayerShape(M=7, C=3, H=5, W=11, R=2, S=3)])
    assert "ifmap 3 x 5 x 11, CONV1 7 x 4 x 9." in repr(network_blocks(network))


def test_a_long_network_is_drawn_in_stages():
    picture = network_blocks(networks.vgg16())
    assert "CONV3 256 x 56 x 56, CONV4 512 x 28 x 28" in picture.words
    assert "16 layers in 8 stages" in picture.caption
    assert "pool" not in picture.words


def test_a_stage_with_branches_hands_on_all_of_their_channels():
    words = network_blocks(networks.googlenet()).words
    for stage in ("inc3 480 x 28 x 28", "inc4 832 x 14 x 14", "inc5 1,024 x 7 x 7", "loss3 1,000 x 1 x 1"):
        assert stage in words


def test_sizes_are_written_and_kinds_differ_without_colour():
    svg = network_blocks(networks.lenet5()).svg
    assert "28 x 28" in svg
    assert "stroke-dasharray" in svg and "<pattern" in svg  # pooled fmaps are dashed, FC fmaps hatched


def test_stages_keep_all_work_and_all_weights():
    for network in networks.all_networks():
        for most in (1, 100):
            groups = stages(network, most)
            assert sum(stage.macs for stage in groups) == network.macs
            assert sum(stage.filter_words for stage in groups) == network.filter_words


def test_layers_without_a_common_name_are_called_from_first_to_last():
    same = LayerShape(M=3, C=3, H=5, R=3, P=1)
    assert stages(from_layers("two", {"left": same, "right": same}), most=1)[0].label == "left .. right"
