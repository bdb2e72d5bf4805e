"""Every layer of the seven networks against the course's tables of facts, which the library never reads."""

import copy
import csv
import pickle
from pathlib import Path

import pytest

from cnnhw import CourseError, networks

FACTS = Path(__file__).parent / "facts"
TABLES = {
    "lenet5_32x32": networks.lenet5(),
    "lenet5_slide18": networks.lenet5(input_size=28),
    "alexnet": networks.alexnet(),
    "zfnet": networks.zfnet(),
    "overfeat_fast": networks.overfeat(),
    "vgg16": networks.vgg16(),
    "googlenet_v1": networks.googlenet(),
    "googlenet_v1_floorpool": networks.googlenet(pooling="floor"),
    "resnet50": networks.resnet50(),
}


def rows(table):
    with (FACTS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("table", TABLES)
def test_sizes_and_derived_numbers_are_those_of_the_table(table):
    network = TABLES[table]
    assert [row["layer"] for row in rows(table)] == list(network.layers)
    for row in rows(table):
        shape = network.layers[row["layer"]]
        sizes = shape.N, shape.M, shape.C, shape.H, shape.W, shape.R, shape.S, shape.U, shape.P, shape.G
        columns = ("N", "M", "C_in", "H", "H", "R", "R", "U", "P", "G")
        assert sizes == tuple(int(row[column]) for column in columns), row["layer"]
        words = shape.filter_words, shape.ifmap_words, shape.ofmap_words
        derived = shape.seen, shape.E, shape.F, *words, shape.macs
        columns = ("C", "E", "E", "weights", "ifmap", "ofmap", "macs")
        assert derived == tuple(int(row[column]) for column in columns), row["layer"]
        assert (row["layer"] in network.fc) == (row["type"] == "FC"), row["layer"]


@pytest.mark.parametrize("table", TABLES)
def test_sums_are_those_of_the_table(table):
    network = TABLES[table]
    assert network.macs == sum(int(row["macs"]) for row in rows(table))
    assert network.filter_words == sum(int(row["weights"]) for row in rows(table))
    assert [*network.conv, *network.fc] == list(network.layers)


def test_lenet_c5_is_a_convolution_by_name_and_fc_by_shape():
    c5 = networks.lenet5().layers["C5"]
    assert (c5.R, c5.H, c5.E, c5.C, c5.M) == (5, 5, 1, 16, 120)
    assert list(networks.lenet5().conv) == ["C1", "C3"]
    assert list(networks.lenet5().fc) == ["C5", "F6", "OUT"]


def test_resnet_v1_5_moves_the_stride_and_nothing_else():
    """4.09 G MACs, facts section 1: the stride of 2 sits in the 3x3 layer of three blocks."""
    v1, v1_5 = networks.resnet50(), networks.resnet50(version="v1.5")
    moved = [name for name in v1.layers if v1.layers[name] != v1_5.layers[name]]
    assert moved == [f"res{stage}a_branch2{part}" for stage in (3, 4, 5) for part in "ab"]
    assert v1.filter_words == v1_5.filter_words
    assert sum(shape.macs for shape in v1_5.conv.values()) == 4_087_136_256


def test_networks_are_values():
    network = networks.alexnet()
    assert copy.deepcopy(network) == network == pickle.loads(pickle.dumps(network))
    assert len({network, networks.alexnet(), networks.vgg16()}) == 2
    with pytest.raises(TypeError):
        network.layers["CONV1"] = None
    assert [net.name for net in networks.all_networks()] == [
        "lenet5", "alexnet", "zfnet", "overfeat", "vgg16", "googlenet", "resnet50",
    ]  # fmt: skip
    assert all(net.source and net.title for net in networks.all_networks())


@pytest.mark.parametrize(
    ("make", "argument", "value", "known"),
    [
        (networks.lenet5, "input_size", 30, "32 or 28"),
        (networks.googlenet, "pooling", "round", "'ceil' or 'floor'"),
        (networks.resnet50, "version", "v2", "'v1' or 'v1.5'"),
    ],
)
def test_an_unknown_variant_names_the_known_ones(make, argument, value, known):
    with pytest.raises(CourseError) as error:
        make(**{argument: value})
    assert str(error.value).splitlines() == [
        f"{argument} must be {known}",
        f"  got {argument}={value!r}",
        f"  write {argument}={known}",
    ]
