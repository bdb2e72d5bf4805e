"""The published closed forms: worked out once by hand, and what must hold for any parameters."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import layer_shapes
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.dataflows import DATAFLOWS, NLR, OS_A, OS_B, OS_C, RS, WS, Room
from cnnhw.errors import CourseError

# G=2, N=3; M=5 and C=7 a group; H=13 with its padding; E=6. W = 2*5*7*9, IN = 2*3*7*13*13, OUT = 2*3*5*6*6.
LAYER = LayerShape(N=3, M=10, C=14, H=11, R=3, U=2, P=1, G=2)
W, IN, OUT, MACS = 630, 7098, 1080, 68040


def test_the_layer_is_what_the_comments_say():
    assert (LAYER.E, LAYER.F, LAYER.filter_words, LAYER.ofmap_words, LAYER.macs) == (
        6,
        6,
        W,
        OUT,
        MACS,
    )


def test_row_stationary_by_hand():
    words = RS.published(LAYER, {"m": 4, "n": 2, "e": 4, "p": 2, "q": 3, "r": 2, "t": 1})
    strips = IN * (6 / 13) * (9 / 4)  # a / b with a = 6/13, b = 4/h, h = 2*4 + 3 - 2 = 9
    expected = {
        ("DRAM", "filter"): W * 2 * 2, ("DRAM", "ifmap"): strips * 2, ("DRAM", "psum"): OUT,
        ("GLB", "filter"): 0, ("GLB", "ifmap"): strips * 3, ("GLB", "psum"): 2 * OUT * 1,
        ("NoC", "filter"): W * 2 * 6, ("NoC", "ifmap"): IN * 9 * 6 / 13, ("NoC", "psum"): OUT * (3 * 3 - 2),
        ("RF", "filter"): MACS, ("RF", "ifmap"): MACS, ("RF", "psum"): 2 * OUT * (63 - 9),
    }  # fmt: skip
    assert {key: pytest.approx(value) for key, value in expected.items()} == words


def test_weight_stationary_by_hand():
    words = WS.published(LAYER, {"r": 2, "t": 3, "f": 2})
    expected = {
        ("DRAM", "filter"): W, ("DRAM", "ifmap"): IN * 2 * (6 / 13) * (5 / 2), ("DRAM", "psum"): OUT,
        ("GLB", "filter"): 0, ("GLB", "ifmap"): 0, ("GLB", "psum"): 2 * OUT * (4 * 3 - 1),
        ("NoC", "filter"): 0, ("NoC", "ifmap"): MACS, ("NoC", "psum"): OUT * (63 - 12),
        ("RF", "filter"): MACS, ("RF", "ifmap"): 0, ("RF", "psum"): 0,
    }  # fmt: skip
    assert {key: pytest.approx(value) for key, value in expected.items()} == words


@pytest.mark.parametrize(
    ("dataflow", "parameters", "dram_ifmap", "glb_filter", "glb_ifmap"),
    [
        (OS_A, {"m": 4, "n": 2, "e": 3, "f": 2}, IN * 2 * (6 * 7 / 39) * (6 * 5 / 26), W * 2 * 2 * 3,
         IN * 5 * (6 * 7 / 39) * (6 * 5 / 26)),
        (OS_B, {"m": 4, "n": 2, "p": 2, "f": 2}, IN * 2 * (3 * 6 / 13) * (6 * 5 / 26), W * 2 * 6 * 3,
         IN * 3 * (3 * 6 / 13) * (6 * 5 / 26)),
        (OS_C, {"m": 4, "n": 2, "p": 2}, IN * 2 * 9 * (6 / 13) ** 2, W * 2 * 36, IN * 3 * 9 * (6 / 13) ** 2),
    ],
)  # fmt: skip
def test_output_stationary_by_hand(dataflow, parameters, dram_ifmap, glb_filter, glb_ifmap):
    words = dataflow.published(LAYER, parameters)
    expected = {
        ("DRAM", "filter"): W, ("DRAM", "ifmap"): dram_ifmap, ("DRAM", "psum"): OUT,
        ("GLB", "filter"): glb_filter, ("GLB", "ifmap"): glb_ifmap, ("GLB", "psum"): 0,
        ("NoC", "filter"): MACS, ("NoC", "ifmap"): MACS, ("NoC", "psum"): 0,
        ("RF", "filter"): 0, ("RF", "ifmap"): 0, ("RF", "psum"): 2 * OUT * 62,
    }  # fmt: skip
    assert {key: pytest.approx(value) for key, value in expected.items()} == words


def test_no_local_reuse_by_hand():
    words = NLR.published(LAYER, {"n": 2, "m": 4, "p": 2, "q": 3, "e": 3, "f": 2})
    expected = {
        ("DRAM", "filter"): W * 2 * 2 * 3, ("DRAM", "ifmap"): IN * 2 * (6 * 7 / 39) * (6 * 5 / 26),
        ("DRAM", "psum"): OUT,
        ("GLB", "filter"): MACS, ("GLB", "ifmap"): IN * 3 * 9 * (6 / 13) ** 2, ("GLB", "psum"): 2 * OUT * 26,
        ("NoC", "filter"): 0, ("NoC", "ifmap"): MACS, ("NoC", "psum"): OUT * (63 - 27),
        ("RF", "filter"): 0, ("RF", "ifmap"): 0, ("RF", "psum"): 0,
    }  # fmt: skip
    assert {key: pytest.approx(value) for key, value in expected.items()} == words


def test_constraints_by_hand():
    room = Room(glb_words=1000, rf_words=40, pes=50)
    parameters = {"m": 4, "n": 2, "e": 4, "p": 2, "q": 3, "r": 2, "t": 1}
    buffer, register_file, pes, *_ = RS.constraints(LAYER, parameters, room)
    assert buffer[1:] == (2 * 4 * 4 * 6 + 2 * 3 * 2 * 9 * 13, 1000)
    assert register_file[1:] == (2 * 3 * 3 + 3 * 3 + 2, 40)
    assert pes[1:] == (3 * 4 * 2 * 1, 50)
    assert not RS.fits(LAYER, parameters, room)
    assert RS.fits(LAYER, parameters, room._replace(glb_words=1596))
    assert RS.active_pes(LAYER, parameters) == 24


@pytest.mark.parametrize("dataflow", DATAFLOWS.values(), ids=DATAFLOWS)
@given(shape=layer_shapes(), data=st.data())
def test_arrays_give_what_single_numbers_give(dataflow, shape, data):
    number = st.integers(1, 6)
    rows = [{name: data.draw(number) for name in dataflow.parameters} for _ in range(3)]
    columns = {name: np.array([row[name] for row in rows]) for name in dataflow.parameters}
    together = dataflow.published(shape, columns)
    for index, row in enumerate(rows):
        assert {key: words[index] for key, words in together.items()} == dataflow.published(shape, row)


@pytest.mark.parametrize("dataflow", [OS_A, NLR])
@given(shape=layer_shapes(), data=st.data())
def test_rows_and_columns_change_places(dataflow, shape, data):
    """A layer that is not square: turned on its side, with e and f exchanged, it moves the same words."""
    parameters = {name: data.draw(st.integers(1, 6)) for name in dataflow.parameters}
    turned = replace(shape, H=shape.W, W=shape.H, R=shape.S, S=shape.R)
    exchanged = {**parameters, "e": parameters["f"], "f": parameters["e"]}
    assert dataflow.published(turned, exchanged) == pytest.approx(dataflow.published(shape, parameters))


@pytest.mark.parametrize("dataflow", DATAFLOWS.values(), ids=DATAFLOWS)
@given(shape=layer_shapes(groups=1), data=st.data())
def test_groups_multiply(dataflow, shape, data):
    parameters = {name: data.draw(st.integers(1, 6)) for name in dataflow.parameters}
    three = replace(shape, M=3 * shape.M, C=3 * shape.C, G=3)
    one, words = (dataflow.published(layer, parameters) for layer in (shape, three))
    assert {key: 3 * count for key, count in one.items()} == pytest.approx(words)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"m": 1, "n": 1}, "OS_C has the parameters m, n, p\n  got m, n\n  give each of them once"),
        (
            {"m": 1, "n": 1, "p": 0},
            "p of OS_C is a whole number from 1 on\n  got p=0\n  p is filters on the array at once",
        ),
        (
            {"m": 1.5, "n": 1, "p": 1},
            "m of OS_C is a whole number from 1 on\n  got m=1.5\n  m is filters in the buffer at once",
        ),
    ],
)  # fmt: skip
def test_wrong_parameters(parameters, message):
    with pytest.raises(CourseError) as error:
        OS_C.published(LAYER, parameters)
    assert str(error.value) == message
