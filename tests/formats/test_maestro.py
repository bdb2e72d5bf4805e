"""MAESTRO's layer files: round trips, the tool's spellings, and files that are wrong."""

import pytest
from drawn import layer_shapes, uneven_layers
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import LayerShape, networks
from cnnhw.errors import CourseError
from cnnhw.formats import from_maestro, to_maestro
from cnnhw.formats.stored import with_zeros_stored


@given(shape=st.one_of(layer_shapes(), uneven_layers()))
def test_a_layer_comes_back_with_its_zeros_stored_or_is_refused(shape, tmp_path_factory):
    path = tmp_path_factory.mktemp("maestro") / "drawn.m"
    network = networks.from_layers("drawn", {"L": shape})
    if shape.D != 1:
        with pytest.raises(CourseError, match=r"^a layer of MAESTRO has no dilation"):
            to_maestro(network, path)
        assert not path.exists()
        return
    to_maestro(network, path)
    assert from_maestro(path).layers == {"L": with_zeros_stored(shape)}


@pytest.mark.parametrize("network", networks.all_networks(), ids=lambda network: network.name)
def test_the_networks_of_the_course_keep_macs_and_weights(network, tmp_path):
    to_maestro(network, tmp_path / "layers.m")
    back = from_maestro(tmp_path / "layers.m")
    assert (back.name, back.macs, back.filter_words) == (network.name, network.macs, network.filter_words)
    assert list(back.layers) == list(network.layers)


WHOLE = """
Constant size 3; // of all
Network mine {
  FPS: 30
  Layer conv-1 {
    Type: CONV
    Stride { X: 2, Y: 1 }
    Dimensions { K: 8, C: 4, R: 3, S: 5, Y: 9, X: 12 }
    Dataflow { SpatialMap(1,1) K; Cluster(4, P); TemporalMap (Sz(R), 1) Y; }
  }
  Layer conv-1 { /* its ofmap
    is said */ Type: DSCONV Stride { X: 2, Y: 2 } Dimensions: { N: 2, K: 1, C: 6, R: 3, S: 3, Y': 4, X':5 } }
  Layer product { Type: GEMM Dimensions { K: 100, M: 30, N: 20 } }
}
"""


def read(text, tmp_path):
    (tmp_path / "layers.m").write_text(text, encoding="utf-8")
    return from_maestro(tmp_path / "layers.m")


def test_a_file_written_by_hand(tmp_path):
    found = read(WHOLE.replace("N: 2, ", ""), tmp_path)
    assert found.name == "mine"
    assert found.layers == {
        "conv-1": LayerShape(M=8, C=4, H=9, W=12, R=3, S=5, U=(1, 2)),
        "conv-1 (2)": LayerShape(M=6, C=6, H=9, W=11, R=3, U=2, G=6),
        "product": LayerShape(M=20, C=100, H=30, W=1, R=1),
    }


WRONG = {
    "empty": (WHOLE, ""),
    "no network": ("Network mine", "Net mine"),
    "no layer": (WHOLE, "Network mine { }"),
    "not closed": ("N: 20 } }\n}", "N: 20 } }\n"),
    "other batches": ("K: 8, C: 4", "N: 3, K: 8, C: 4"),
    "another type": ("Type: GEMM", "Type: LSTM"),
    "no type": ("Type: GEMM ", ""),
    "no size": ("M: 30, ", ""),
    "a size of no number": ("M: 30", "M: thirty"),
    "a size of zero": ("M: 30", "M: 0"),
    "no colon": ("M: 30", "M 30"),
    "filter too large": ("R: 3, S: 5", "R: 10, S: 5"),
    "no brace": ("Layer product {", "Layer product"),
    "a group alone": ("Layer product", "Layer product_group_1_of_2"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_is_refused_in_three_lines(wrong, tmp_path):
    text = WHOLE.replace("N: 2, ", "")
    old, new = WRONG[wrong]
    old = old.replace("N: 2, ", "")
    assert text.count(old) == 1
    with pytest.raises(CourseError) as refused:
        read(text.replace(old, new), tmp_path)
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize("label", ["a b", "a{", "a//b", "a,", "", "a_group_1_of_2"])
def test_a_name_that_the_grammar_cannot_hold_is_refused(label, tmp_path):
    with pytest.raises(CourseError, match="a name in MAESTRO has no spaces"):
        to_maestro(networks.from_layers("mine", {label: LayerShape(M=1, C=1, H=3, R=3)}), tmp_path / "out.m")
    assert not (tmp_path / "out.m").exists()
