"""One small exercise of each kind: the tests' own, and an example of how exercises are registered."""

import numpy as np

from cnnhw.checks import Function, Number, Open, Value, recorded, registry
from cnnhw.shape import LayerShape
from cnnhw_grading import lessons, record

NOTEBOOK = "99_example"


def _slide(ifmap, filter, U):
    R, S = filter.shape
    E, F = (ifmap.shape[0] - R) // U + 1, (ifmap.shape[1] - S) // U + 1
    ofmap = np.zeros((E, F), dtype=ifmap.dtype)
    for e, f in np.ndindex(E, F):
        ofmap[e, f] = np.sum(ifmap[U * e : U * e + R, U * f : U * f + S] * filter)
    return ofmap


def _draw(rng, H, W, R, S, U):
    return rng.integers(-9, 10, (H, W)), rng.integers(-9, 10, (R, S)), U


def _counts(ifmap, filter, U):
    return {"MACs": _slide(ifmap, filter, U).size * filter.size, "filter words": filter.size}


EXERCISES = (
    Number(
        name="example_macs",
        notebook=NOTEBOOK,
        points=1,
        rule="MACs = E*F*R*S",
        answer=5 * 4 * 3 * 2,
        unit="MACs",
        mistakes={"the ofmap is as large as the ifmap": 7 * 5 * 3 * 2},
    ),
    Value(
        name="example_ofmap",
        notebook=NOTEBOOK,
        points=1,
        rule="ofmap[e] = sum over r of ifmap[e + r] * filter[r]",
        answer=np.array([8, 14, 20]),
        mistakes={"the filter is flipped": np.array([7, 13, 19])},
    ),
    Function(
        name="example_slide",
        notebook=NOTEBOOK,
        points=3,
        rule="ofmap[e, f] = sum over r, s of ifmap[U*e + r, U*f + s] * filter[r, s]",
        reference=_slide,
        draw=_draw,
        cases=({"H": 7, "W": 5, "R": 3, "S": 2, "U": 1}, {"H": 8, "W": 11, "R": 2, "S": 3, "U": 2}),
        hidden=({"H": 13, "W": 9, "R": 4, "S": 1, "U": 3},),
        counts=_counts,
        mistakes={
            "the stride is ignored": lambda ifmap, filter, U: _slide(ifmap, filter, 1),
            "the two axes are swapped": lambda ifmap, filter, U: _slide(ifmap, filter, U).T,
            "the last row is left out": lambda ifmap, filter, U: _slide(ifmap, filter, U)[:-1],
        },
    ),
    Open(
        name="example_layer",
        notebook=NOTEBOOK,
        points=2,
        rule="a layer may have any sizes with these properties",
        wants=LayerShape,
        properties=(
            ("has a filter that is not square", lambda shape: shape.R != shape.S),
            ("needs between 100 and 200 MACs", lambda shape: 100 <= shape.macs <= 200),
        ),
        mistakes={"the filter is square": LayerShape(M=1, C=1, H=6, R=3)},
    ),
)


def register() -> None:
    """Put the exercises where check() finds students' exercises, as data, and grade() the instructor's."""
    opens = tuple(exercise for exercise in EXERCISES if isinstance(exercise, Open))
    data = recorded.text_of([record.recorded(exercise) for exercise in EXERCISES])
    registry.exercises().update(registry.by_name(recorded.read(data, opens)))
    lessons.exercises().update(registry.by_name(EXERCISES))
