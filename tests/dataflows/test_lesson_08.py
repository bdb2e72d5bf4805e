"""Lesson 08 compares dataflows on CONV3, each at its best: here is the search that its bars come from."""

from itertools import product

import pytest

from cnnhw import CapacityError, Level, Machine, Nest, count, networks
from cnnhw.energy import energy

MACHINE = Machine(16, 16, Level("GLB", 54_000))
CONV3 = networks.alexnet().layers["CONV3"]
GLB = [{"ifmap"}, {"ifmap", "psum"}, {"ifmap", "filter"}, {"ifmap", "filter", "psum"}]
CHANNELS_BY_FILTERS = [("C", 1, "ROWS"), ("M", 1, "COLS")]
PIXELS = [("E", 1, "ROWS"), ("F", 1, "COLS")]


def at(where, dims, steps=()):
    return [(dim, dict(steps).get(dim, 1), where) for dim in dims]


def weights_on_the_array(keeps, orders):
    for m, c, order, glb in product((16, 48, 128, 384), (16, 64, 256), orders, GLB):
        outside = [("M", m, "DRAM"), ("C", c, "DRAM"), *at("GLB", order, {"M": 16, "C": 16})]
        yield Nest(CONV3, [*outside, *CHANNELS_BY_FILTERS], {"GLB": glb, "RF": keeps})


def psums_on_the_array(keeps):
    window = [*PIXELS, *at("RF", "RS")] if "ifmap" in keeps else [*at("GLB", "RS"), *PIXELS]
    for m, glb in product((1, 4, 16, 48, 128, 384), GLB):
        outside = [("M", m, "DRAM"), ("E", 13, "GLB"), ("F", 13, "GLB"), *at("GLB", "MC")]
        yield Nest(CONV3, [*outside, *window], {"GLB": glb, "RF": keeps})


def least(nests):
    found = []
    for nest in nests:
        try:
            found.append(energy(count(nest, MACHINE), MACHINE).per_mac)
        except CapacityError:
            continue
    return round(min(found), 2)


@pytest.mark.parametrize(
    "nests, best",
    [
        (weights_on_the_array({"filter"}, ["MCRSEF", "CMRSEF"]), 8.22),
        (psums_on_the_array({"psum"}), 13.53),
        (psums_on_the_array({"psum", "ifmap"}), 9.69),
        (weights_on_the_array(set(), ["MCRSEF", "MCEFRS"]), 15.33),
    ],
    ids=["WS", "OS", "OS, window kept", "NLR"],
)
def test_the_bars_are_the_best_of_their_kind(nests, best):
    assert least(nests) == best
