"""Hypothesis strategies shared by the tests: layers, and arrays of whole numbers for them."""

import os

import numpy as np
from hypothesis import strategies as st

from cnnhw.shape import LayerShape, sides


def cases(many: int) -> int:
    """Give how many cases a test draws: fewer where mutmut runs it once for every mutant.

    CNNHW_CASES=10 python3 course.py test tests/counts    draws ten times as many
    """
    if "MUTANT_UNDER_TEST" in os.environ:
        return min(many, 60)
    return many * int(os.environ.get("CNNHW_CASES", "1"))


@st.composite
def layer_shapes(draw, largest=11, batch=3, channels=4, groups=3, stride=5):
    """Draw any layer that can exist: strides past the filter, padding past it, sizes that do not divide."""
    R, S = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    P = draw(st.integers(0, 3))
    H = draw(st.integers(max(1, R - 2 * P), max(largest, R)))
    W = draw(st.integers(max(1, S - 2 * P), max(largest, S)))
    G = draw(st.integers(1, groups))
    return LayerShape(
        N=draw(st.integers(1, batch)),
        M=G * draw(st.integers(1, channels)),
        C=G * draw(st.integers(1, channels)),
        H=H, W=W, R=R, S=S, U=draw(st.integers(1, stride)), P=P, G=G,
    )  # fmt: skip


@st.composite
def uneven_layers(draw, largest=11, batch=2, channels=3, groups=2):
    """Draw any layer whose axes have strides, dilation and padding of their own."""
    R, S, slides = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(uneven_slides(1))
    H, W = (draw(st.integers(least, max(largest, least))) for least in least_sizes(R, S, slides))
    G = draw(st.integers(1, groups))
    return LayerShape(
        N=draw(st.integers(1, batch)), M=G * draw(st.integers(1, channels)),
        C=G * draw(st.integers(1, channels)), H=H, W=W, R=R, S=S, G=G, **slides,
    )  # fmt: skip


@st.composite
def even_slides(draw, least_stride=1):
    """Draw one stride and one padding."""
    return {"U": draw(st.integers(least_stride, 4)), "P": draw(st.integers(0, 3))}


@st.composite
def uneven_slides(draw, least_stride=1):
    """Draw a stride and a dilation for each axis, and padding for each side."""
    strides, dilations, padding = st.integers(least_stride, 4), st.integers(1, 3), st.integers(0, 3)
    return {
        "U": draw(st.tuples(strides, strides)), "D": draw(st.tuples(dilations, dilations)),
        "P": draw(st.tuples(st.tuples(padding, padding), st.tuples(padding, padding))),
    }  # fmt: skip


def least_sizes(R: int, S: int, slides: dict) -> list[int]:
    """Give the least H and W that filters of R x S words fit into."""
    D, P = slides.get("D", (1, 1)), sides(slides["P"])
    return [max(1, D[axis] * (taps - 1) + 1 - sum(P[axis])) for axis, taps in enumerate((R, S))]


def whole_numbers(shape: LayerShape, seed: int, magnitude: int = 99):
    """Give an ifmap and filters of seeded whole numbers, no symmetry in them."""
    random = np.random.default_rng(seed)
    ifmap = random.integers(-magnitude, magnitude + 1, (shape.N, shape.C, shape.H, shape.W))
    filters = random.integers(-magnitude, magnitude + 1, (shape.M, shape.seen, shape.R, shape.S))
    return ifmap, filters


seeds = st.integers(0, 2**32 - 1)
