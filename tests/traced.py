"""Runs with a trace that are small enough to be looked at: one for each kind of array on slides 36-42."""

import numpy as np

from cnnhw import Array, LayerShape, Level, Machine, Nest
from cnnhw.emulator import Run, run
from cnnhw.tensors import random_filters, random_ifmap


def primitive(**options) -> Run:
    """Slides 40-42: three taps slide over five pixels in one PE."""
    shape = LayerShape(M=1, C=1, H=1, W=5, R=1, S=3)
    nest = Nest(shape, [("F", 1, "GLB"), ("S", 1, "RF")])
    ifmap, filters = np.array([[[[1, 2, 3, 4, 5]]]]), np.array([[[[100, 10, 1]]]])
    return run(nest, Machine.unbounded(), ifmap, filters, **{"trace": True, **options})


def row_stationary(**options) -> Run:
    """A filter row in each PE row, an ifmap row along each diagonal, psums down the columns: 3 x 3 PEs."""
    loops = [
        ("M", 1, "GLB"),
        ("C", 1, "GLB"),
        ("F", 1, "GLB"),
        ("R", 1, "ROWS"),
        ("E", 1, "COLS"),
        ("S", 1, "RF"),
    ]
    return _run(LayerShape(M=2, C=2, H=5, W=4, R=3, S=2), loops, None, options)


def weight_stationary(**options) -> Run:
    """A weight in each of 2 x 3 PEs; pixels go to whole rows, psums down the columns."""
    loops = [*((dim, 1, "GLB") for dim in "RSEF"), ("C", 1, "ROWS"), ("M", 1, "COLS")]
    return _run(
        LayerShape(M=3, C=2, H=4, W=5, R=2), loops, {"GLB": {"ifmap", "psum"}, "RF": {"filter"}}, options
    )


def output_stationary(**options) -> Run:
    """A psum in each of 3 x 4 PEs; a weight goes to all of them. The ifmap is padded."""
    loops = [*((dim, 1, "GLB") for dim in "MCRS"), ("E", 1, "ROWS"), ("F", 1, "COLS")]
    return _run(
        LayerShape(M=2, C=2, H=2, W=3, R=2, P=1), loops, {"GLB": {"ifmap", "filter"}, "RF": {"psum"}}, options
    )


def tiled() -> tuple[Run, Machine]:
    """Two arrays, one inside the other, with a memory in each of 2 x 2 tiles; and the machine."""
    machine = Machine.of([
        Level("DRAM"), Level("L2", 900, cost=12), Level("GLB", 400), Array("tiles", 2, 2, cost=3),
        Level("local", 60, cost=2, write_cost=3), Array("lanes", 1, 3, cost=1),
    ])  # fmt: skip
    shape = LayerShape(M=4, C=4, H=4, W=4, R=2, S=2)
    loops = [
        ("M", 2, "DRAM"), ("E", 1, "GLB"), ("F", 1, "GLB"), ("M", 1, ("tiles", "COLS")),
        ("C", 2, ("tiles", "ROWS")), ("R", 1, "local"), ("S", 1, "local"), ("C", 1, ("lanes", "COLS")),
    ]  # fmt: skip
    keeps = {"L2": {"filter", "ifmap"}, "GLB": {"ifmap", "psum"}, "local": {"filter", "psum"}}
    nest, words = Nest(shape, loops, keeps), (random_ifmap(shape, seed=3), random_filters(shape, seed=4))
    return run(nest, machine, *words, trace=True), machine


def _run(shape, loops, keeps, options) -> Run:
    nest = Nest(shape, loops) if keeps is None else Nest(shape, loops, keeps)
    ifmap, filters = random_ifmap(shape, seed=3), random_filters(shape, seed=4)
    return run(nest, Machine.unbounded(), ifmap, filters, **{"trace": True, **options})


ALL = (primitive, row_stationary, weight_stationary, output_stationary)
