"""Hypothesis strategies shared by the tests: layers, and arrays of whole numbers for them."""

import os

import numpy as np
from hypothesis import strategies as st

from cnnhw.shape import LayerShape


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


def whole_numbers(shape: LayerShape, seed: int, magnitude: int = 99):
    """Give an ifmap and filters of seeded whole numbers, no symmetry in them."""
    random = np.random.default_rng(seed)
    ifmap = random.integers(-magnitude, magnitude + 1, (shape.N, shape.C, shape.H, shape.W))
    filters = random.integers(-magnitude, magnitude + 1, (shape.M, shape.C // shape.G, shape.R, shape.S))
    return ifmap, filters


seeds = st.integers(0, 2**32 - 1)
