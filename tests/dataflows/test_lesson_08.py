"""Lesson 08 compares dataflows on CONV3, each at its best: here is the search that its bars come from."""

import re
from itertools import product
from pathlib import Path

import pytest

from cnnhw import CapacityError, LayerShape, Level, Machine, Nest, count, networks
from cnnhw.course.files import LESSONS, read_notebook
from cnnhw.energy import energy

MACHINE = Machine(16, 16, Level("GLB", 54_000))
CONV3 = networks.alexnet().layers["CONV3"]
LESSON = Path(__file__).parents[2] / LESSONS / "08_arrays_of_pes.ipynb"
GLB = [{"ifmap"}, {"ifmap", "psum"}, {"ifmap", "filter"}, {"ifmap", "filter", "psum"}]
CHANNELS_BY_FILTERS = [("C", 1, "ROWS"), ("M", 1, "COLS")]
PIXELS = [("E", 1, "ROWS"), ("F", 1, "COLS")]


def divisors(size, of=1):
    """The divisors of a size that are multiples of another."""
    return [one for one in range(of, size + 1, of) if size % one == 0]


def at(where, dims, steps=()):
    return [(dim, dict(steps).get(dim, 1), where) for dim in dims]


def weights_on_the_array(keeps, orders):
    for m, c, order, glb in product(divisors(CONV3.M, 16), divisors(CONV3.C, 16), orders, GLB):
        outside = [("M", m, "DRAM"), ("C", c, "DRAM"), *at("GLB", order, {"M": 16, "C": 16})]
        yield Nest(CONV3, [*outside, *CHANNELS_BY_FILTERS], {"GLB": glb, "RF": keeps})


def psums_on_the_array(keeps):
    window = [*PIXELS, *at("RF", "RS")] if "ifmap" in keeps else [*at("GLB", "RS"), *PIXELS]
    for m, glb in product(divisors(CONV3.M), GLB):
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


def bars_of_the_lesson():
    """Dataflow -> energy per MAC, as the lesson's bars of the repaired nests say it."""
    for cell in read_notebook(LESSON).cells:
        if cell.cell_type == "code" and "OS, window kept" in cell.source:
            words = cell.outputs[0]["data"]["text/plain"].partition(": ")[2]
            return {
                name.strip(): float(bar) for name, bar in re.findall(r"([A-Z][A-Za-z, ]+?) ([\d.]+) =", words)
            }
    raise AssertionError("no cell of lesson 08 compares a window that is kept")


def prose_of_the_lesson():
    return " ".join(cell.source for cell in read_notebook(LESSON).cells if cell.cell_type == "markdown")


SEARCHED = {
    "WS": lambda: weights_on_the_array({"filter"}, ["MCRSEF", "CMRSEF"]),
    "OS": lambda: psums_on_the_array({"psum"}),
    "OS, window kept": lambda: psums_on_the_array({"psum", "ifmap"}),
    "NLR": lambda: weights_on_the_array(set(), ["MCRSEF", "MCEFRS"]),
}


@pytest.mark.parametrize("name", SEARCHED)
def test_the_bars_are_the_best_of_their_kind(name):
    assert least(SEARCHED[name]()) == bars_of_the_lesson()[name]


def test_the_summary_repeats_the_bars():
    bars = bars_of_the_lesson()
    assert list(bars) == list(SEARCHED)
    assert (
        "WS {WS}, OS {OS} ({} with windows kept), NLR {NLR} ".format(bars["OS, window kept"], **bars)
        in prose_of_the_lesson()
    )


def test_the_answer_about_the_loop_over_e():
    """At the top of the GLB's loops it brings 648 weights, from DRAM or from a GLB that keeps them."""
    layer = LayerShape(M=4, C=3, H=8, W=6, R=3)
    loops = [("M", 4, "DRAM"), ("C", 3, "DRAM"), *at("GLB", "ERSF"), *CHANNELS_BY_FILTERS]
    for keeps, level in (({"ifmap", "psum"}, "DRAM"), ({"ifmap", "filter", "psum"}, "GLB")):
        counts = count(Nest(layer, loops, {"GLB": keeps, "RF": {"filter"}}), Machine(3, 4))
        assert counts[level, "filter"].reads == 648
    assert counts["DRAM", "filter"].reads == 108
