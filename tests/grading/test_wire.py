"""Values travel as frames: what is sent arrives, and nothing else is taken for a frame."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.checks.wire import LENGTHS, WireError, frame, message
from cnnhw.errors import CourseError

NUMBERS = st.booleans() | st.integers(-(2**999), 2**999) | st.floats() | st.complex_numbers() | st.fractions()
ARRAYS = st.tuples(
    st.sampled_from(["?", "i1", "u2", "<i4", ">i4", "i8", "f2", "f4", ">f8", "c8", "c16"]),
    st.lists(st.integers(0, 3), max_size=8),
).map(lambda pair: np.arange(math.prod(pair[1])).astype(pair[0]).reshape(pair[1]))
SHAPES = st.builds(
    lambda H, R, P: LayerShape(M=2, C=3, H=H, R=R, P=P), *map(st.integers, (5, 1, 0), (9, 5, 2))
)
VALUES = st.recursive(
    st.none() | NUMBERS | st.text(max_size=9) | ARRAYS | SHAPES,
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)


def parts(data):
    header, body = LENGTHS.unpack_from(data)
    rest = data[LENGTHS.size :]
    assert len(rest) == header + body
    return rest[:header], rest[header:]


def same(a, b):
    if isinstance(a, np.ndarray):
        return (
            isinstance(b, np.ndarray)
            and a.shape == b.shape
            and a.dtype == b.dtype.newbyteorder(a.dtype.byteorder)
            and a.tolist() == b.tolist()
        )
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and repr(a) == repr(b)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_what_is_sent_arrives(value):
    assert same(value, message(*parts(frame({"value": value})))["value"])


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Many(list):
    def __iter__(self):
        raise OSError


class Equal(LayerShape):
    def __eq__(self, other):
        return True


def test_subclasses_stay_behind():
    sent = [Many([1]), np.ones(2).view(type("A", (np.ndarray,), {})), Equal(M=2, C=3, H=5, R=3)]
    got = message(*parts(frame({"value": sent})))["value"]
    assert [type(each) for each in got] == [list, np.ndarray, LayerShape]
    with pytest.raises(WireError):
        frame({"value": Liar(3)})


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        object(),
        print,
        10**400,
        np.array(["a"]),
        np.zeros((1,) * 9),
        np.zeros(3_000_000),
        (x for x in "ab"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_travel_is_refused(value):
    with pytest.raises(WireError):
        frame({"value": value})


def test_a_list_in_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(WireError, match="too deep"):
        frame({"value": loop})


BAD = [
    b"", b"7", b"[]", b"{", b"\xff", b'{"v": NaN}', b'{"v": 1}', b'{"v": 1.5}', b'{"v": {}}', b'{"v": []}', b'{"v": [[]]}',
    b'{"v": ["pickle", "x"]}', b'{"v": ["int"]}', b'{"v": ["int", 3]}', b'{"v": ["int", "0x3"]}', b'{"v": ["int", "1", "2"]}',
    b'{"v": ["int", "' + b"9" * 5000 + b'"]}', b'{"v": ["float", "x"]}', b'{"v": ["ratio", "1", "0"]}',
    b'{"v": ["array", "<f8", [1]]}', b'{"v": ["array", "|O", [0]]}', b'{"v": ["array", "<f3", [0]]}', b'{"v": ["array", "<f8", [-1]]}',
    b'{"v": ["array", "<f8", [true]]}', b'{"v": ["array", "<f8", [99999999, 99999999, 0]]}', b'{"v": ["array", "<i1", [1,1,1,1,1,1,1,1,0]]}',
    b'{"v": ["objects"]}', b'{"v": ["objects", [2], null]}', b'{"v": ["map", ["a"]]}', b'{"v": ["map", [1, null]]}',
    b'{"v": ["value", "os", {}]}', b'{"v": ["value", "LayerShape", {}]}', b'{"v": ["value", "LayerShape", []]}', b"[" * 99_999,
    b'{"v": ' + b'["list",' * 30 + b"null" + b"]" * 30 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("header", BAD, ids=lambda header: header[:40].decode("latin-1"))
def test_what_is_no_frame_is_refused(header):
    with pytest.raises(WireError):
        message(header, b"")


def test_words_that_no_array_takes_are_refused():
    with pytest.raises(WireError, match="longer"):
        message(b'{"v": null}', b"x")


_HEADER, _BODY = parts(
    frame({"a": [1, 2.5, Fraction(1, 3), np.arange(3)], "b": LayerShape(M=2, C=3, H=5, R=3)})
)


@given(st.integers(0, len(_HEADER) - 1), st.integers(0, 255), st.integers(0, 30))
@settings(max_examples=300, deadline=None)
def test_a_damaged_frame_is_refused_or_is_another_value(place, byte, cut):
    """Whatever arrives, only these two exceptions leave."""
    damaged = bytearray(_HEADER)
    damaged[place] = byte
    for header, body in ((bytes(damaged), _BODY), (_HEADER[: place + 1], _BODY), (_HEADER, _BODY[:cut])):
        try:
            message(header, body)
        except (WireError, CourseError):
            continue


def test_a_header_is_plain_json():
    assert json.loads(_HEADER)["a"][1] == ["int", "1"]
