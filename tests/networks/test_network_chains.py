"""Chains: the sizes that flow from layer to layer, followed here with arithmetic of their own."""

import math
from dataclasses import replace

import pytest

from cnnhw import CourseError, LayerShape, ShapeError, networks

CHAINS = [
    networks.lenet5(),
    networks.lenet5(input_size=28),
    networks.alexnet(),
    networks.zfnet(),
    networks.overfeat(),
    networks.vgg16(),
]


def pooled(size, step):
    kind, *rest = step.split()
    if not kind.endswith("_pool"):
        return size
    window, stride = map(int, rest[0].split("/"))
    round_ = math.ceil if rest[1:] == ["ceil"] else math.floor
    return round_((size - window) / stride) + 1


@pytest.mark.parametrize("network", CHAINS, ids=lambda network: network.name)
def test_each_layer_receives_what_the_one_before_leaves(network):
    names = list(network.layers)
    for before, name in zip(names, names[1:], strict=False):
        left, shape = network.layers[before], network.layers[name]
        size = (left.H + 2 * left.P - left.R) // left.U + 1
        for step in network.glue[before]:
            size = pooled(size, step)
        assert (shape.C, shape.H, shape.W) == (left.M, size, size), f"{before} -> {name}"
    assert network.glue[names[-1]] == ()


def test_zfnet_needs_the_overhanging_window():
    """ZFNet's figure has 110 -> 55 and 26 -> 13, which floor((H - 3) / 2) + 1 = 54 and 12 does not give."""
    glue = networks.zfnet().glue
    assert "max_pool 3/2 ceil" in glue["CONV1"]
    with pytest.raises(ShapeError, match=r"leaves \(96, 54, 54\)"):
        replace(networks.zfnet(), glue={**glue, "CONV1": ("max_pool 3/2",)})


def test_networks_with_branches_have_no_glue():
    assert networks.googlenet().glue is None
    assert networks.resnet50().glue is None


def test_a_layer_that_does_not_fit_the_chain_is_an_error():
    layers = {"A": LayerShape(M=5, C=2, H=11, R=3), "B": LayerShape(M=7, C=5, H=5, R=3)}
    with pytest.raises(ShapeError) as error:
        networks.Network(name="two", layers=layers, glue={"A": ("relu", "max_pool 3/2")})
    assert str(error.value).splitlines() == [
        "a layer of a chain must receive what the one before it leaves",
        "  got B with C, H, W = (5, 5, 5), but A followed by relu, max_pool 3/2 leaves (5, 4, 4)",
        "  change C, H, W of B, or what follows A",
    ]


def test_an_fc_layer_may_take_its_ifmap_flattened():
    layers = {"A": LayerShape(M=5, C=2, H=11, R=3), "B": LayerShape.fc(M=7, C=5 * 9 * 9)}
    assert networks.Network(name="flat", layers=layers, glue={}).glue == {"A": (), "B": ()}


def test_an_unknown_step_is_an_error():
    with pytest.raises(CourseError) as error:
        networks.parse_step("maxpool 3")
    assert str(error.value).splitlines() == [
        "what follows a layer must be relu, lrn, max_pool or avg_pool",
        "  got 'maxpool 3'",
        '  write pooling as "max_pool window/stride", such as "max_pool 3/2" or "max_pool 3/2 ceil"',
    ]


@pytest.mark.parametrize("H", range(3, 40))
@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 2), (3, 1), (2, 3)])
@pytest.mark.parametrize("ceil", [False, True])
def test_pooled_size_against_counting_windows(H, window, stride, ceil):
    starts = range(0, H, stride)
    inside = [start for start in starts if start + window <= H]
    # With ceil, the first window that hangs over the edge counts, if it leaves words that no window reached.
    over = ceil and inside[-1] + window < H and inside[-1] + stride < H
    assert networks.Pool("max", window, stride, ceil).size(H) == len(inside) + over


def test_a_window_larger_than_the_map_is_an_error():
    with pytest.raises(ShapeError) as error:
        networks.Pool("avg", 7, 1).size(6)
    assert str(error.value).splitlines() == [
        "the pooling window must fit into the map",
        "  got a window of 7 on a map of 6",
        "  use a window of 6 or less, or a larger map",
    ]
