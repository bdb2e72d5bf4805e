"""GoogLeNet and ResNet-50: branches concatenate, shortcuts add up; structure written down here anew."""

import pytest

from cnnhw import networks


def ceil_pool(H):
    return -(-(H - 3) // 2) + 1


def floor_pool(H):
    return (H - 3) // 2 + 1


def leaves(shape):
    assert shape.E == shape.F
    return shape.M, shape.E


def receives(shape):
    assert shape.H == shape.W
    return shape.C, shape.H


def inception(layers, name, arriving):
    """Check one module; give the channels and the size that leave it."""
    ends = []
    for branch in (("1x1",), ("3x3_reduce", "3x3"), ("5x5_reduce", "5x5"), ("pool_proj",)):
        flowing = arriving  # a 3x3 pooling at stride 1 with padding 1 before pool_proj keeps every size
        for part in branch:
            shape = layers.pop(f"{name}/{part}")
            assert receives(shape) == flowing, f"{name}/{part}"
            assert shape.R == {"3x3": 3, "5x5": 5}.get(part, 1), f"{name}/{part}"
            flowing = leaves(shape)
        ends.append(flowing)
    channels, sizes = zip(*ends, strict=True)
    assert len(set(sizes)) == 1
    return sum(channels), sizes[0]


@pytest.mark.parametrize(
    ("pooling", "pool", "sizes"),
    [("ceil", ceil_pool, [56, 28, 14, 7]), ("floor", floor_pool, [55, 27, 13, 6])],
)
def test_googlenet_branches_concatenate(pooling, pool, sizes):
    layers = dict(networks.googlenet(pooling=pooling).layers)
    flowing, seen = (3, 224), []
    for stage in (["conv1/7x7_s2"], ["conv2/3x3_reduce", "conv2/3x3"]):
        for name in stage:
            shape = layers.pop(name)
            assert receives(shape) == flowing, name
            flowing = leaves(shape)
        flowing = flowing[0], pool(flowing[1])
        seen.append(flowing[1])
    for stage, modules in (("3", "ab"), ("4", "abcde"), ("5", "ab")):
        for module in modules:
            flowing = inception(layers, f"inc{stage}{module}", flowing)
        if stage != "5":
            flowing = flowing[0], pool(flowing[1])
            seen.append(flowing[1])
    assert seen == sizes
    assert receives(layers.pop("loss3/classifier")) == (flowing[0], 1) == (1024, 1)  # after global pooling
    assert not layers


@pytest.mark.parametrize("version", ["v1", "v1.5"])
def test_resnet50_shortcuts_add_up(version):
    layers = dict(networks.resnet50(version=version).layers)
    conv1 = layers.pop("conv1")
    assert receives(conv1) == (3, 224)
    flowing = 64, (leaves(conv1)[1] + 2 - 3) // 2 + 1  # 3x3 max pooling at stride 2 with padding 1
    assert flowing == (64, 56)
    for stage, blocks in (("2", "abc"), ("3", "abcd"), ("4", "abcdef"), ("5", "abc")):
        for block in blocks:
            name, arriving = f"res{stage}{block}", flowing
            for part, R in (("2a", 1), ("2b", 3), ("2c", 1)):
                shape = layers.pop(f"{name}_branch{part}")
                assert (receives(shape), shape.R) == (flowing, R), f"{name}_branch{part}"
                flowing = leaves(shape)
            shortcut = layers.pop(f"{name}_branch1", None)
            assert (shortcut is not None) == (block == "a")
            assert shortcut is None or receives(shortcut) == arriving
            assert flowing == (arriving if shortcut is None else leaves(shortcut)), name
            assert flowing[1] == arriving[1] // (2 if block == "a" and stage != "2" else 1)
    assert receives(layers.pop("fc1000")) == (flowing[0], 1) == (2048, 1)  # after global pooling
    assert not layers
