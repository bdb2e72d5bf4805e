"""SCALE-Sim's topology files: round trips, its own rules, and files that are wrong."""

from pathlib import Path

import pytest
from drawn import layer_shapes, uneven_layers
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import LayerShape, networks
from cnnhw.errors import CourseError
from cnnhw.formats import from_scalesim, to_scalesim

HEADER = (
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n"
)


def written(shape: LayerShape, folder: Path, **options):
    """What comes back of one layer."""
    path = folder / "drawn.csv"
    to_scalesim(networks.from_layers("drawn", {"L": shape}), path, **options)
    return from_scalesim(path, **options).layers


def same(one: LayerShape, other: LayerShape) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("M", "C", "G", "R", "S", "E", "F", "U", "macs", "filter_words", "ofmap_words")
    )


@given(shape=st.one_of(layer_shapes(batch=1), uneven_layers(batch=1)))
def test_a_layer_comes_back_with_its_zeros_stored_or_is_refused(shape, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scalesim")
    if not isinstance(shape.U, int) or shape.D != 1:
        with pytest.raises(CourseError, match=r"a row of SCALE-Sim has (one stride|no dilation)"):
            written(shape, folder)
        assert not (folder / "drawn.csv").exists()
        return
    (found,) = written(shape, folder).values()
    assert same(shape, found) and found.P == 0
    assert written(found, folder) == {"L": found}  # nothing is lost any more
    for mine, back in ((shape.rows, found.rows), (shape.columns, found.columns)):
        assert back.ifmap == mine.at(mine.ofmap - 1, mine.filter - 1) - mine.at(0, 0) + 1


@given(shape=st.one_of(layer_shapes(), uneven_layers()))
def test_any_layer_comes_back_as_its_matrix_product(shape, tmp_path_factory):
    (found,) = written(shape, tmp_path_factory.mktemp("scalesim"), gemm=True).values()
    assert (found.macs, found.filter_words, found.ofmap_words) == (
        shape.macs, shape.filter_words, shape.ofmap_words,
    )  # fmt: skip
    assert (found.G, found.seen) == (shape.G, shape.ofmap_reuse)


@pytest.mark.parametrize("network", networks.all_networks(), ids=lambda network: network.name)
def test_the_networks_of_the_course_keep_macs_and_weights(network, tmp_path):
    for gemm in (False, True):
        to_scalesim(network, tmp_path / "topology.csv", gemm=gemm)
        back = from_scalesim(tmp_path / "topology.csv", gemm=gemm)
        assert (back.macs, back.filter_words) == (network.macs, network.filter_words)
        assert list(back.layers) == list(network.layers)


def read(text: str, tmp_path: Path, **options):
    (tmp_path / "topology.csv").write_text(text, encoding="utf-8")
    return from_scalesim(tmp_path / "topology.csv", **options)


def test_the_tool_rounds_the_ofmap_up(tmp_path):
    # 230 rows with their padding, filters of 7, stride 2: (230 - 7) / 2 leaves a rest.
    (layer,) = read(HEADER + "Conv1, 230, 229, 7, 7, 3, 64, 2,\n", tmp_path).layers.values()
    assert (layer.E, layer.F) == (113, 112)
    assert (layer.P, layer.U) == (((0, 1), (0, 0)), 2)


def test_depthwise_two_strides_ratios_and_names_that_come_twice(tmp_path):
    rows = "a DP, 9, 9, 3, 3, 8, 2, 1,\nb, 9, 8, 3, 2, 4, 5, 3, 2, 2:2,\n\nb, 3, 3, 3, 3, 4, 5, 1, 1:1,\n"
    found = read(HEADER + rows, tmp_path).layers
    assert found == {
        "a": LayerShape(M=16, C=8, H=9, R=3, G=8),
        "b": LayerShape(M=5, C=4, H=9, W=8, R=3, S=2, U=(3, 2)),
        "b (2)": LayerShape(M=5, C=4, H=3, R=3),
    }


def test_a_matrix_product_of_one_row_is_fully_connected(tmp_path):
    found = read("Layer name, M, N, K,\nq, 12, 7, 5,\nhead, 1, 10, 5,\n", tmp_path, gemm=True)
    assert found.layers["q"] == LayerShape(M=7, C=5, H=12, W=1, R=1)
    assert list(found.fc) == ["head"]


WRONG = {
    "no header": ("a, 9, 9, 3, 3, 8, 2, 1,\n", "the first line is a header"),
    "no layer": (HEADER, "a topology file has a header and a row for each layer"),
    "empty": ("", "a topology file has a header and a row for each layer"),
    "no last comma": (HEADER + "a, 9, 9, 3, 3, 8, 2, 1\n", "a row ends with a comma"),
    "too few cells": (HEADER + "a, 9, 9, 3, 3, 8, 2,\n", "a row has Layer name, IFMAP Height"),
    "too many cells": (HEADER + "a, 9, 9, 3, 3, 8, 2, 1, 1, 1,\n", "a row has Layer name, IFMAP Height"),
    "no name": (HEADER + ", 9, 9, 3, 3, 8, 2, 1,\n", "a row has Layer name, IFMAP Height"),
    "not a number": (HEADER + "a, 9, nine, 3, 3, 8, 2, 1,\n", "IFMAP Width is a whole number, 1 or more"),
    "zero": (HEADER + "a, 9, 9, 3, 3, 8, 2, 0,\n", "Strides is a whole number, 1 or more"),
    "filter too large": (HEADER + "a, 9, 9, 3, 10, 8, 2, 1,\n", "a filter is not larger than the ifmap"),
    "sparse": (HEADER + "a, 9, 9, 3, 3, 8, 2, 1, 2:4,\n", "layers are dense here"),
    "group missing": (HEADER + "a_group_1_of_2, 9, 9, 3, 3, 8, 2, 1,\n", "the groups of a layer follow"),
    "group first": (HEADER + "a_group_2_of_2, 9, 9, 3, 3, 8, 2, 1,\n", "the groups of a layer follow"),
    "groups differ": (
        HEADER + "a_group_1_of_2, 9, 9, 3, 3, 8, 2, 1,\na_group_2_of_2, 9, 9, 3, 3, 8, 3, 1,\n",
        "the groups of a layer follow",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_is_refused_in_three_lines(wrong, tmp_path):
    text, rule = WRONG[wrong]
    with pytest.raises(CourseError) as refused:
        read(text, tmp_path)
    lines = str(refused.value).splitlines()
    assert len(lines) == 3 and lines[0].startswith(rule) and "topology.csv" in lines[1]


@pytest.mark.parametrize(
    ("layers", "options", "value"),
    [
        ({"a, b": LayerShape(M=1, C=1, H=3, R=3)}, {"gemm": True}, "'a, b' of a, b"),
        ({"ADP": LayerShape(M=1, C=1, H=3, R=3)}, {}, "'ADP' of ADP"),
        ({"a": LayerShape(N=2, M=1, C=1, H=3, R=3)}, {}, "N=2 of a"),
        ({"a_group_1_of_2": LayerShape(M=1, C=1, H=3, R=3)}, {}, "'a_group_1_of_2' of a_group_1_of_2"),
    ],
)
def test_what_a_row_cannot_say_is_refused_and_an_older_file_stays(layers, options, value, tmp_path):
    path = tmp_path / "topology.csv"
    path.write_text("older", encoding="utf-8")
    with pytest.raises(CourseError, match=r"^a row of SCALE-Sim has") as refused:
        to_scalesim(networks.from_layers("mine", layers), path, **options)
    assert refused.value.got == value
    assert path.read_text(encoding="utf-8") == "older"
