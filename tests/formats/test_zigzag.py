"""ZigZag's workloads: any layer comes back as it was; files that are wrong are refused."""

import pytest
import yaml
from drawn import layer_shapes, uneven_layers
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import LayerShape, networks
from cnnhw.errors import CourseError
from cnnhw.formats import from_zigzag, to_zigzag


@given(shape=st.one_of(layer_shapes(), uneven_layers()))
def test_any_layer_comes_back_as_it_was(shape, tmp_path_factory):
    path = tmp_path_factory.mktemp("zigzag") / "drawn.yaml"
    to_zigzag(networks.from_layers("drawn", {"L": shape}), path)
    assert from_zigzag(path).layers == {"L": shape}


@pytest.mark.parametrize("network", networks.all_networks(), ids=lambda network: network.name)
def test_the_networks_of_the_course_come_back(network, tmp_path):
    to_zigzag(network, tmp_path / "workload.yaml")
    assert from_zigzag(tmp_path / "workload.yaml").layers == network.layers


def test_a_chain_says_where_its_ifmaps_are_from(tmp_path):
    to_zigzag(networks.lenet5(), tmp_path / "chain.yaml")
    to_zigzag(networks.googlenet(), tmp_path / "branches.yaml")
    for file, first in (("chain.yaml", [0, 0, 1]), ("branches.yaml", [0, 1, 2])):
        layers = yaml.safe_load((tmp_path / file).read_text(encoding="utf-8"))
        assert [layer["operand_source"]["I"] for layer in layers[:3]] == first
        assert [layer["operand_source"]["W"] for layer in layers[:3]] == [0, 1, 2]


WHOLE = """
- id: 0
  name: conv
  operator_type: Conv
  equation: O[b][k][oy][ox] += I[b][c][iy][ix] * W[k][c][fy][fx]
  dimension_relations: [ix = ox + 2*fx, iy=3*oy + fy]
  loop_dims: [B, K, C, OY, OX, FY, FX]
  loop_sizes: [1, 8, 4, 3, 5, 2, 3]
  pr_loop_dims: [IX, IY]
  pr_loop_sizes: [8, 7]
  padding: [[1, 0], [0, 1]]
- {id: 1, operator_type: Add, equation: 'O[b]=X[b]+Y[b]', loop_dims: [B], loop_sizes: [1]}
- id: 2
  operator_type: Gemm
  equation: O[d][k]+=A[d][c]*W[c][k]
  loop_dims: [D, K, C]
  loop_sizes: [6, 10, 8]
"""


def read(text, tmp_path):
    (tmp_path / "workload.yaml").write_text(text, encoding="utf-8")
    return from_zigzag(tmp_path / "workload.yaml")


def test_a_file_written_by_hand(tmp_path):
    found = read(WHOLE, tmp_path)
    assert found.layers == {
        "conv": LayerShape(M=8, C=4, H=7, W=8, R=2, S=3, U=(3, 1), D=(1, 2), P=((0, 1), (1, 0))),
        "Layer2": LayerShape(M=10, C=8, H=6, W=1, R=1),
    }
    assert found.source == "workload.yaml, ZigZag; without Layer1"


def test_an_ifmap_that_no_size_gives_is_as_large_as_it_must_be(tmp_path):
    text = WHOLE.replace("  pr_loop_sizes: [8, 7]\n", "")
    assert (read(text, tmp_path).layers["conv"].H, read(text, tmp_path).layers["conv"].W) == (7, 8)


WRONG = {
    "no list": (WHOLE, "id: 0"),
    "no YAML": ("loop_sizes: [1, 8,", "loop_sizes: 1, 8,"),
    "no name": ("- id: 2\n", "- id: 2\n  name: conv\n"),
    "no equation": ("  equation: O[d][k]+=A[d][c]*W[c][k]\n", ""),
    "a sum": ("A[d][c]*W[c][k]", "A[d][c]+W[c][k]"),
    "two activations": ("A[d][c]*W[c][k]", "A[d][c]*B[d][c]"),
    "other letters": ("loop_dims: [D, K, C]", "loop_dims: [L, K, C]"),
    "sizes missing": ("loop_sizes: [6, 10, 8]", "loop_sizes: [6, 10]"),
    "size of no number": ("loop_sizes: [6, 10, 8]", "loop_sizes: [6, ten, 8]"),
    "a relation of no axis": ("iy=3*oy + fy", "iy=3*oy + fx"),
    "a relation of three": ("iy=3*oy + fy", "iy=3*oy + fy + 1"),
    "padding of one": ("[[1, 0], [0, 1]]", "[[1, 0]]"),
    "padding that is none": ("[[1, 0], [0, 1]]", "[1, 0]"),
    "another ofmap": ("pr_loop_sizes: [8, 7]", "pr_loop_sizes: [9, 7]"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_is_refused_in_three_lines(wrong, tmp_path):
    old, new = WRONG[wrong]
    assert WHOLE.count(old) == 1
    with pytest.raises(CourseError) as refused:
        read(WHOLE.replace(old, new), tmp_path)
    assert len(str(refused.value).splitlines()) == 3
