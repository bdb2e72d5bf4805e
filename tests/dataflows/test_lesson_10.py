"""Lesson 10 mends a mapping of CONV3 and sets the chip's own beside it: both are the least of these nests."""

import re
from itertools import product
from pathlib import Path

from cnnhw import CapacityError, LayerShape, Nest, chips, count
from cnnhw.course.files import LESSONS, read_notebook
from cnnhw.dataflows.fit import best_fit
from cnnhw.energy import energy

CHIP = chips.eyeriss()
CONV3 = CHIP.network.layers["CONV3"]
LESSON = Path(__file__).parents[2] / LESSONS / "10_fitting_a_layer.ipynb"
BUSIEST = best_fit(CONV3, CHIP.machine)
Q = 4  # the lesson's, in both


def strips_at_the_glb():
    for p, n, channels, order in product((7, 11, 14), (1, 2, 4), (32, 64, 128, 256), ("NMC", "NCM", "MNC")):
        inside = BUSIEST.nest(p=p, q=Q).at("ROWS", "COLS", "RF")
        steps = {"N": n, "M": p * BUSIEST.t, "C": channels}
        outside = [(dim, steps[dim], "DRAM") for dim in order] + [(dim, 1, "GLB") for dim in "ENF"]
        yield Nest(CONV3, [*outside, *inside])


def whole_sets():
    for p, (r, t), n, lots in product((12, 16), ((1, 4), (2, 2), (4, 1)), (1, 2, 4), (1, 2, 3)):
        sizes = {"m": p * t * lots, "n": n, "e": 13, "p": p, "q": Q, "r": r, "t": t}
        yield CHIP.nest(CONV3, sizes)


def least(nests):
    found = []
    for nest in nests:
        try:
            found.append(energy(count(nest, CHIP.machine), CHIP.machine).per_mac)
        except CapacityError:
            continue
    assert len(found) > 10
    return round(min(found), 2)


def energies(marker):
    """What the cell that holds a marker prints before "per MAC"."""
    cells = [
        cell for cell in read_notebook(LESSON).cells if cell.cell_type == "code" and marker in cell.source
    ]
    return [float(number) for number in re.findall(r"([\d.]+) per MAC", cells[0].outputs[0]["text"])]


def test_nothing_searched_is_below_what_the_lesson_shows():
    assert energies("strips at GLB") == [least(whole_sets()), least(strips_at_the_glb())]


def test_psums_of_four_images_do_not_fit_beside_the_ifmap():
    room = CHIP.machine["GLB"].rooms["ifmap", "psum"]
    psums = 14 * BUSIEST.t * CONV3.E * CONV3.F  # of an image, the rows of all strips
    assert 2 * psums < room < 4 * psums


def test_the_summary_repeats_what_the_cells_print():
    broken, repaired = energies("busy = best_fit")[1], energies("strips at GLB")[1]
    told = " ".join(cell.source for cell in read_notebook(LESSON).cells if cell.cell_type == "markdown")
    assert f"cost {broken:.2f} or {repaired:.2f}, by the loops around them" in told


def test_the_answers_below_the_explorer():
    def utilisation(layer, rows, cols, e=None):
        return best_fit(layer, CHIP.machine.with_(rows=rows, cols=cols), e, layer.R).utilisation

    conv1, conv2 = (CHIP.network.layers[name] for name in ("CONV1", "CONV2"))
    assert {utilisation(conv1, 11, cols) for cols in (5, 11)} == {1}
    depthwise = LayerShape(M=512, C=512, H=14, R=3, P=1, G=512)
    sizes = product((3, 6, 12, 24), (2, 4, 7, 8, 14, 16, 28))
    assert {utilisation(depthwise, rows, cols) for rows, cols in sizes} == {1}
    folded = best_fit(conv2, CHIP.machine.with_(rows=15, cols=9), 27, conv2.R)
    assert (folded.folds, folded.across["E"]) == (3, 9)
