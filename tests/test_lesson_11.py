"""What lesson 11 reads off its comparison is what comes out: gaps of formula and count, percentages."""

import re
from pathlib import Path

import pytest
from later_numbers import (
    OS_C,
    conv_energy,
    exact_less_formula,
    gap,
    layer_of_os_c,
    search,
)

from cnnhw.chips import isca16
from cnnhw.course.files import LESSONS, read_notebook
from cnnhw.mapper import landscape

LESSON = Path(__file__).parents[1] / LESSONS / "11_which_dataflow_wins.ipynb"
PROSE = " ".join(cell.source for cell in read_notebook(LESSON).cells if cell.cell_type == "markdown")
GAPS = re.findall(r"\*\*(\w+)\*\* (\d\.\d\d) (more|less)", PROSE)


def test_all_six_gaps_are_told():
    assert {name for name, _, _ in GAPS} == {"WS", "OS_A", "OS_B", "OS_C", "NLR", "RS"}


@pytest.mark.parametrize(("name", "told", "side"), GAPS)
def test_a_gap_is_exact_less_formula(name, told, side):
    assert round(gap(name) * (1 if side == "more" else -1), 2) == float(told)


def test_a_search_for_the_report_helps_rs():
    gain = 100 * (1 - conv_energy("RS", "energy") / conv_energy("RS"))
    assert f"RS gets better by {gain:.1f} %" in PROSE


def test_one_image_at_a_time_costs_more():
    seen = landscape(search(OS_C, layer_of_os_c(), isca16("OS_C")), "n")  # the rest as planned
    careless = seen.energy_per_mac[0] / seen.plan.energy_per_mac
    assert f"n = 1 takes {100 * (careless - 1):.0f} % more" in PROSE


def test_ws_saves_in_the_glb_and_pays_on_the_noc():
    saved, hops = (exact_less_formula("WS")[level, "psum"] for level in ("GLB", "NoC"))
    assert f"{-saved:.2f} less in the GLB, {hops:.2f} more on the NoC" in PROSE
