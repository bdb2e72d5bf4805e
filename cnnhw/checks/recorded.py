"""Exercises as data: inputs, expected values and what known mistakes give, without the code that gives them.

cnnhw/checks/data/NN.json holds those of lesson NN, a line each; `cnnhw exercises` writes them. The rules of
exercises without one right answer are in cnnhw/checks/opens.
"""

import base64
import copy
import functools
import importlib
import inspect
import json
import zlib
from collections.abc import Mapping
from pathlib import Path

from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.wire import message, parts

_BY_PLACE = inspect.Parameter.POSITIONAL_OR_KEYWORD
DATA = Path(__file__).parent / "data"
SAME = "name", "notebook", "points", "rule", "formula", "seconds"
_KINDS = {"Number": (Number, ("answer", "unit", "tolerance")), "Value": (Value, ("answer", "tolerance"))}


class NotRecorded(Exception):
    """An input that the data does not hold, or on which a known mistake gives no value."""


class Recorded:
    """A function that is known on some inputs alone.

    signature  of the function it stands for
    numbers    key of the arguments -> where in `values` its value is; see `key`
    values     each [True, value], or [False, None] where there is none
    """

    def __init__(self, signature: inspect.Signature, numbers: Mapping[bytes, int], values: list):
        self.__signature__ = signature
        self._numbers, self._values = numbers, values

    def __call__(self, *arguments):
        known, value = self._values[self._numbers.get(key(arguments), -1)]
        if not known:
            raise NotRecorded("an input without a recorded value")
        return copy.deepcopy(value)


class _Drawn:
    """The numbers of the cases that were drawn from an exercise's domain, in that domain's place."""

    def __init__(self, first: int, end: int):
        self._numbers = tuple({"number": number} for number in range(first, end))

    def sample(self, count: int, seed: int) -> tuple[dict, ...]:
        return self._numbers


def key(arguments: tuple) -> bytes:
    """Arguments as bytes: equal for equal values."""
    return b"".join(parts({"arguments": tuple(arguments)}))


def lessons() -> tuple[Path, ...]:
    """The files of data, in the order of the lessons."""
    return tuple(sorted(DATA.glob("*.json")))


def text_of(told: list[Mapping[str, object]]) -> str:
    """Exercises, each as `exercise_from` takes it, as the text of a file of data."""
    lines = []
    for each in told:
        header, body = parts(each)
        words = base64.b64encode(zlib.compress(body, 9)).decode("ascii")
        lines.append(json.dumps([json.loads(header), words], separators=(",", ":")))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def read(text: str, opens: tuple[Open, ...]) -> tuple[Exercise, ...]:
    """The exercises of a file of data.

    text   as `text_of` writes it
    opens  the lesson's exercises without one right answer, whose place alone is in the data
    """
    told = (
        message(json.dumps(header).encode(), zlib.decompress(base64.b64decode(words)))
        for header, words in json.loads(text)
    )
    return tuple(exercise_from(each, opens) for each in told)


def read_lesson(path: Path) -> tuple[Exercise, ...]:
    """The exercises of a lesson."""
    opens = importlib.import_module(f"cnnhw.checks.opens.n{path.stem}").OPENS
    return read(path.read_text(encoding="utf-8"), opens)


def exercise_from(told: Mapping[str, object], opens: tuple[Open, ...]) -> Exercise:
    """Build an exercise from its fields."""
    if told["kind"] == "Open":
        return next(exercise for exercise in opens if exercise.name == told["name"])
    same = {field: told[field] for field in SAME}
    if told["kind"] == "Function":
        return Function(**same, **_of_function(told))
    kind, fields = _KINDS[told["kind"]]
    return kind(**same, mistakes=told["mistakes"], **{field: told[field] for field in fields})


def _of_function(told: Mapping[str, object]) -> dict[str, object]:
    cases, worked, listed = told["cases"], told["worked"], told["listed"]
    signature = inspect.Signature(
        inspect.Parameter(name, _BY_PLACE, default=told["defaults"].get(name, inspect.Parameter.empty))
        for name in told["parameters"]
    )
    numbers = {key(case): number for number, case in reversed(list(enumerate(cases)))}
    values = functools.partial(_values, signature, numbers)
    return {
        "reference": values([[True, value] for value in told["expected"]]),
        "mistakes": {label: values(given) for label, given in told["mistakes"].items()},
        "worked": tuple(cases[:worked]),
        "cases": tuple({"number": number} for number in range(worked, worked + listed)),
        "hidden": (),
        "domain": _Drawn(worked + listed, len(cases)),
        "draw": lambda rng, number: copy.deepcopy(cases[number]),
        "tolerance": told["tolerance"],
        "without": tuple(told["without"]),
        "cost": values(told["cost"]) if told["cost"] else None,
        "counts": values(told["counts"]) if told["counts"] else None,
    }


def _values(signature: inspect.Signature, numbers: Mapping[bytes, int], values: list) -> Recorded:
    return Recorded(signature, numbers, [*values, [False, None]])
