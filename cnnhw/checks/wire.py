"""Values as bytes, in an exercise's data and between the grader and a box: nothing runs when they are read.

A frame is two little-endian u32 (bytes of the header, bytes of the body), a JSON header, and the words of its
arrays one after the other. Both sides write frames; only the grader needs to distrust what it reads.
"""

import dataclasses
import json
import math
import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from cnnhw.errors import CourseError

LARGEST_FRAME = 20_000_000  # bytes of header and body together
MOST_AXES = 8
DEEPEST = 12  # values in values; the deepest of the course's is 5
LENGTHS = struct.Struct("<II")
_LARGEST_BITS = 1_000  # of an int, as in cnnhw.checks.plain
_KINDS = "biufc"
_DTYPE = re.compile(r"[<|][biufc](1|2|4|8|16)")
_INT = re.compile(r"-?[0-9]{1,400}")


class WireError(Exception):
    """A value that no frame can carry, or bytes that are no frame: the words say which."""


def rebuilt() -> dict[str, type]:
    """The course's own values that travel field by field, and are built again by their constructors."""
    from cnnhw import Level, Loop, Machine, Nest
    from cnnhw.machine import Array, Costs, Hierarchy
    from cnnhw.networks import Network
    from cnnhw.shape import LayerShape

    kinds = LayerShape, Costs, Level, Array, Hierarchy, Machine, Loop, Nest, Network
    return {kind.__name__: kind for kind in kinds}


def frame(message: Mapping[str, object]) -> bytes:
    """Give a message as one frame.

    message  str -> value; see `header_of` for what a value may be
    raises   WireError for a value that cannot travel, or a frame that would be too large
    """
    text, body = parts(message)
    if len(text) + len(body) > LARGEST_FRAME:
        raise WireError(
            f"the answer takes {len(text) + len(body):,} bytes, {LARGEST_FRAME:,} at most can travel"
        )
    return LENGTHS.pack(len(text), len(body)) + text + body


def parts(message: Mapping[str, object]) -> tuple[bytes, bytes]:
    """Give a message as the two parts of a frame; raises WireError for a value that cannot travel."""
    body = bytearray()
    header = {name: _told(value, body, 0) for name, value in message.items()}
    return json.dumps(header, separators=(",", ":")).encode(), bytes(body)


def message(header: bytes, body: bytes) -> dict[str, object]:
    """Build the values of a frame again.

    header, body  the two parts of a frame, as many bytes as its lengths said
    returns       str -> value
    raises        WireError if it is not exactly what `frame` writes; CourseError if one of the course's
                  values cannot be built from its fields
    """
    try:
        told = json.loads(header.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a header that is no JSON: {type(error).__name__}") from None
    if type(told) is not dict:
        raise WireError("a header that is no object")
    reader = _Reader(body)
    values = {name: reader.value(item, 0) for name, item in told.items()}
    if reader.at != len(body):
        raise WireError("a body longer than its arrays")
    return values


def read(told: bytes) -> dict[str, object]:
    """Build the values of one whole frame again; raises as `message` does."""
    if len(told) < LENGTHS.size or sum(LENGTHS.unpack_from(told)) != len(told) - LENGTHS.size:
        raise WireError("not one whole frame")
    header = LENGTHS.size + LENGTHS.unpack_from(told)[0]
    return message(told[LENGTHS.size : header], told[header:])


def _refuse(text):
    raise WireError(f"a header with {text}")


def _told(value: object, body: bytearray, depth: int):
    """One value as JSON: null, a bool, a str, or [tag, ...]."""
    if depth > DEEPEST:
        raise WireError("values nested too deep")
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        if value.bit_length() > _LARGEST_BITS:
            raise WireError("an int too large for any number in this course")
        return ["int", str(value)]
    if kind is float:
        return ["float", value.hex()]
    if kind is complex:
        return ["complex", value.real.hex(), value.imag.hex()]
    if issubclass(kind, (list, tuple)) and not _fields(kind):
        # What a subclass makes of itself stays behind: the items are read by list's and tuple's own methods.
        base = list if issubclass(kind, list) else tuple
        return [base.__name__, *(_told(item, body, depth + 1) for item in base.__iter__(value))]
    if issubclass(kind, np.ndarray):
        return _array_told(np.ndarray.view(value, np.ndarray), body, depth)
    if issubclass(kind, np.generic):
        return _told(np.asarray(value).item(), body, depth + 1)
    if issubclass(kind, (Fraction, Decimal)):
        ratio = Fraction(value)
        return ["ratio", str(ratio.numerator), str(ratio.denominator)]
    return _object_told(value, body, depth)


def _array_told(array: np.ndarray, body: bytearray, depth: int):
    if array.dtype.kind == "O":
        return [
            "objects",
            list(array.shape),
            *(_told(item, body, depth + 1) for item in array.ravel().tolist()),
        ]
    if array.dtype.kind not in _KINDS or array.dtype.itemsize > 16:
        raise WireError(f"an array of dtype {array.dtype}: use numbers, such as float64")
    if array.ndim > MOST_AXES:
        raise WireError(f"an array of {array.ndim} axes: {MOST_AXES} at most can travel")
    if array.nbytes > LARGEST_FRAME:
        raise WireError(f"the answer takes {array.nbytes:,} bytes, {LARGEST_FRAME:,} at most can travel")
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    body += little.tobytes()
    return ["array", little.dtype.str, list(array.shape)]


def _object_told(value: object, body: bytearray, depth: int):
    kind = type(value)
    for name, ours in rebuilt().items():
        if issubclass(kind, ours):
            parts = {field: _part_told(getattr(value, field), body, depth) for field in _fields(ours)}
            return ["value", name, parts]
    if issubclass(kind, Mapping):
        pairs = [(str(key), _told(item, body, depth + 1)) for key, item in value.items()]
        return ["map", *map(list, pairs)]
    raise WireError(f"a value of type {str(kind.__name__)[:40]}")


def _part_told(value: object, body: bytearray, depth: int):
    """A field of one of the course's values: enums are text, sets are lists, mappings keep their order."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return ["list", *sorted(str(item) for item in value)]
    if isinstance(value, Mapping):
        return ["map", *([str(key), _part_told(item, body, depth + 1)] for key, item in value.items())]
    if isinstance(value, tuple):
        return ["tuple", *(_part_told(item, body, depth + 1) for item in value)]
    return _told(value, body, depth + 1)


def _fields(kind: type) -> tuple[str, ...]:
    if not dataclasses.is_dataclass(kind):
        return ()
    return tuple(field.name for field in dataclasses.fields(kind) if field.init)


class _Reader:
    """Reads values, taking the words of arrays from the body in order."""

    def __init__(self, body: bytes):
        self.body, self.at = body, 0

    def value(self, told, depth: int):
        if depth > DEEPEST:
            raise WireError("values nested too deep")
        if told is None or type(told) in (bool, str):
            return told
        if type(told) is not list or not told or type(told[0]) is not str:
            raise WireError("a value that is none")
        read = _READERS.get(told[0])
        if read is None:
            raise WireError(f"a value of the unknown kind {told[0][:40]!r}")
        return read(self, told[1:], depth)

    def items(self, told, depth: int) -> list:
        return [self.value(item, depth + 1) for item in told]

    def array(self, told, depth: int) -> np.ndarray:
        _demand(
            len(told) == 2 and type(told[0]) is str and bool(_DTYPE.fullmatch(told[0])), "an array's dtype"
        )
        try:
            dtype = np.dtype(told[0])
        except TypeError:
            raise WireError("an array's dtype") from None
        shape = _shape(told[1])
        size = math.prod(shape) * dtype.itemsize
        _demand(size <= len(self.body) - self.at, "an array longer than the body")
        words = np.frombuffer(self.body, dtype, math.prod(shape), self.at) if size else np.empty(0, dtype)
        self.at += size
        return words.reshape(shape).astype(dtype.newbyteorder("="))

    def objects(self, told, depth: int) -> np.ndarray:
        _demand(bool(told), "an array without a shape")
        shape = _shape(told[0])
        _demand(math.prod(shape) == len(told) - 1, "an array with other words than its shape says")
        array = np.empty(len(told) - 1, dtype=object)
        array[:] = self.items(told[1:], depth)
        return array.reshape(shape)

    def map(self, told, depth: int) -> dict:
        _demand(
            all(type(pair) is list and len(pair) == 2 and type(pair[0]) is str for pair in told), "a mapping"
        )
        return {key: self.value(item, depth + 1) for key, item in told}

    def built(self, told, depth: int):
        _demand(
            len(told) == 2 and type(told[0]) is str and type(told[1]) is dict, "one of the course's values"
        )
        kind = rebuilt().get(told[0])
        _demand(kind is not None, "a value of an unknown type")
        _demand(set(told[1]) == set(_fields(kind)), f"a {told[0]} with other fields")
        fields = {name: self.value(item, depth + 1) for name, item in told[1].items()}
        try:
            return kind(**fields)
        except (CourseError, WireError):
            raise
        except (
            Exception
        ) as error:  # a constructor explains what a person gets wrong, not what nobody can write
            raise WireError(f"a {told[0]} that cannot be built: {type(error).__name__}") from None


def _int(reader, told, depth):
    _demand(len(told) == 1 and type(told[0]) is str and bool(_INT.fullmatch(told[0])), "an int")
    return int(told[0])


def _float(reader, told, depth):
    _demand(len(told) == 1, "a float")
    return _one_float(told[0])


def _complex(reader, told, depth):
    _demand(len(told) == 2, "a complex number")
    return complex(_one_float(told[0]), _one_float(told[1]))


def _ratio(reader, told, depth):
    _demand(len(told) == 2, "a ratio")
    over, under = (_int(reader, [part], depth) for part in told)
    _demand(under > 0, "a ratio over nothing")
    return Fraction(over, under)


def _one_float(text) -> float:
    _demand(type(text) is str and len(text) < 60, "a float")
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        raise WireError("a float") from None


def _shape(told) -> tuple[int, ...]:
    fits = type(told) is list and len(told) <= MOST_AXES
    _demand(fits and all(type(n) is int and 0 <= n <= LARGEST_FRAME for n in told), "an array's shape")
    _demand(math.prod(told) <= LARGEST_FRAME, "an array's shape")
    return tuple(told)


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise WireError(f"a frame with something else for {what}")


_READERS = {
    "int": _int,
    "float": _float,
    "complex": _complex,
    "ratio": _ratio,
    "list": lambda reader, told, depth: reader.items(told, depth),
    "tuple": lambda reader, told, depth: tuple(reader.items(told, depth)),
    "array": _Reader.array,
    "objects": _Reader.objects,
    "map": _Reader.map,
    "value": _Reader.built,
}
