"""Dataflows side by side: what the pictures of lesson 11 say is what the mapper computed."""

import re

import pytest

from cnnhw.chips import isca16
from cnnhw.dataflows import DATAFLOWS, OS_C, RS
from cnnhw.errors import CourseError
from cnnhw.experiments.isca2016 import Bars
from cnnhw.machine import Level, Machine
from cnnhw.mapper import landscape, search
from cnnhw.pictures.energy.area import equal_area_bars
from cnnhw.pictures.energy.comparison import energy_of_plans, paired_bars
from cnnhw.pictures.energy.landscape import landscape_picture
from cnnhw.pictures.energy.sweep import ratio_grid
from cnnhw.shape import LayerShape

SMALL = LayerShape(N=2, M=8, C=1, H=3, R=3)
MACHINE = Machine(2, 3, (Level("GLB", 54), Level("RF", 1)))


def bar(pes, N, **energy):
    return Bars("CONV", pes, N, energy)


def test_pairs_say_both_numbers_and_what_does_not_fit():
    picture = paired_bars({"WS": (None, 2.5), "RS": (1, 1.0004)}, ("published", "computed"), "ratio", "why")
    assert repr(picture) == "ratio, published and computed: WS does not fit and 2.5; RS 1 and 1."
    assert "does not fit published" in picture.svg and "2.5 computed" in picture.svg
    assert picture.caption == "why"


def test_noise_of_a_last_digit_changes_no_byte():
    def drawn(noise):
        return paired_bars({"A": (1.5 + noise, 2)}, ("one", "two"), "energy").svg

    assert drawn(0) == drawn(1e-12)


def test_energies_of_plans_by_level_and_tensor_add_up():
    layer = LayerShape(N=2, M=7, C=5, H=11, R=3)
    plan = search(RS, layer, isca16("RS"))
    words = repr(energy_of_plans({"RS": [plan, plan], "WS": None}))
    by_level, by_tensor = ([float(part.split()[-1]) for part in cut.split(",")] for cut in _cuts(words))
    assert sum(by_level) == pytest.approx(plan.energy_per_mac, abs=0.03)  # each part to two digits
    assert sum(by_tensor) == pytest.approx(plan.energy_per_mac, abs=0.03)
    assert words.endswith("WS: does not fit.")


def _cuts(words):
    return words.split("; ")[0].split(" WS:")[0].rstrip(".").split(" = ")[-2:]


def test_area_is_shared_out_as_isca2016_does_eq2():
    rf_bytes = {name: dataflow.rf_bytes for name, dataflow in DATAFLOWS.items()}
    words = repr(equal_area_bars(rf_bytes))
    assert "RS 512 bytes in each RF take 62% of it, leaving a GLB of 128.0 kB" in words
    assert "WS 2 bytes in each RF take 1% of it, leaving a GLB of 334.3 kB" in words
    assert "with 512 PEs" in repr(equal_area_bars(rf_bytes, pes=512))


def test_a_grid_lists_and_outlines_ratios():
    found = [bar(256, 1, WS=2.0, RS=1.0), bar(256, 16, WS=None, RS=2.0), bar(512, 16, WS=2.6, RS=2.0)]
    picture = ratio_grid(found, outside=(1.4, 2.5))
    assert repr(picture) == (
        "Energy per MAC over that of RS, CONV layers. "
        "256 PEs, N=1: WS 2.00; 256 PEs, N=16: WS does not fit; 512 PEs, N=16: WS 1.30."
    )
    assert picture.svg.lower().count("#f0e442") == 1  # 1.30 alone
    assert ratio_grid(found).svg.lower().count("#f0e442") == 0


def test_a_ratio_is_outside_by_the_digits_that_are_shown():
    just = ratio_grid([bar(256, 1, WS=1.3951, RS=1.0), bar(512, 1, WS=1.3949, RS=1.0)], outside=(1.4, 2.5))
    assert just.svg.lower().count("#f0e442") == 1


def test_a_landscape_says_its_plan_and_how_many_fit():
    plan = search(OS_C, SMALL, MACHINE)
    picture = landscape_picture(landscape(plan, "n", "p"))
    best = f"{plan.energy_per_mac:.2f}".rstrip("0").rstrip(".")
    assert f"planned {best} at n=2, p=3" in repr(picture)
    assert "7 of 8 places fit" in repr(picture)  # p up to 4 for one image, 3 for two: m = 4, and 6 PEs
    assert "does not fit" in picture.svg and "up to 2% above" in picture.svg
    # Told apart without colour: the place that does not fit and its key are hatched.
    assert len(re.findall(r"fill: url\(#", picture.svg)) == 2


def test_a_landscape_is_cut_where_nothing_fits_any_more():
    plan = search(OS_C, SMALL, MACHINE)
    few, many = (repr(landscape_picture(landscape(plan, "n", "p", most=most))) for most in (8, 150))
    assert few == many


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: paired_bars({"RS": (None, None)}, ("a", "b"), "ratio"),
            "bars need a number at least\n  got none that fits\n  give name -> (first, second)",
        ),
        (
            lambda: energy_of_plans({"RS": None}),
            'a picture of energies needs a plan at least\n  got none\n  give {"RS": [plan], ...}',
        ),
        (
            lambda: equal_area_bars({}),
            'area is shared out to one dataflow at least\n  got none\n  give {"RS": 512}',
        ),
        (
            lambda: ratio_grid([bar(1, 1, RS=1.0), Bars("FC", 1, 1, {"RS": 1.0})]),
            "one grid is of one kind of layer\n  got CONV and FC\n  pick those of one kind",
        ),
        (lambda: ratio_grid([]), "one grid is of one kind of layer\n  got nothing\n  pick those of one kind"),
        (
            lambda: landscape_picture(landscape(search(OS_C, SMALL, MACHINE), "p")),
            "this picture has two parameters\n  got p\n  use landscape(plan, name, name); curves() draws one",
        ),
    ],
)
def test_what_cannot_be_drawn_says_why(call, text):
    with pytest.raises(CourseError) as caught:
        call()
    assert str(caught.value) == text
