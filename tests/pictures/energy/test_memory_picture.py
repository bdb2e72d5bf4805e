"""The picture of one MAC's four words: its sums are those of count and energy, wherever the tensors live."""

from itertools import product

import pytest

from cnnhw import Costs, LayerShape, Machine, Nest, count
from cnnhw.energy import energy
from cnnhw.errors import CourseError
from cnnhw.pictures.energy.memory import HOMES, one_mac

TENSORS = ("ifmap", "filter", "psum")
LAYER = LayerShape(M=2, C=3, H=5, W=4, R=2, S=3)


def test_everything_in_dram_is_807():
    assert one_mac(dict.fromkeys(TENSORS, "DRAM")).caption == (
        "ifmap 202 + filter 202 + psum, read 202 + psum, written 200 + MAC 1 = 807 times the energy of a MAC"
    )


def test_everything_in_the_rf_is_5():
    assert one_mac(dict.fromkeys(TENSORS, "RF")).caption.endswith("= 5 times the energy of a MAC")


def test_the_worst_case_is_what_count_and_energy_say():
    nest = Nest(LAYER, [(dim, 1, "DRAM") for dim in "MCEFRS"], keeps={})
    machine = Machine.unbounded(first_psum="read")
    per_mac = energy(count(nest, machine), machine).per_mac
    assert f"= {per_mac:.0f} times" in one_mac(dict.fromkeys(TENSORS, "DRAM")).caption


@pytest.mark.parametrize("homes", list(product(HOMES, repeat=3)))
def test_the_caption_adds_up(homes):
    caption = one_mac(dict(zip(TENSORS, homes, strict=True))).caption
    parts, total = caption.removesuffix(" times the energy of a MAC").split(" = ")
    assert sum(int(part.split()[-1]) for part in parts.split(" + ")) == int(total)


def test_a_word_in_the_glb_costs_what_the_inner_loop_of_a_nest_pays():
    # All loops inside the GLB, which keeps all tensors, and no RF: every MAC reads three words there.
    nest = Nest(LAYER, [(dim, 1, "GLB") for dim in "MCEFRS"], keeps={"GLB": set(TENSORS)})
    machine = Machine.unbounded(first_psum="read")
    spent = energy(count(nest, machine), machine)
    inside = spent.level("GLB") + spent.level("NoC") + spent.level("MAC")
    assert f"= {inside / LAYER.macs:.0f} times" in one_mac(dict.fromkeys(TENSORS, "GLB")).caption


def test_other_costs_have_their_unit():
    picture = one_mac({"ifmap": "GLB", "filter": "RF", "psum": "RF"}, Costs.horowitz())
    assert picture.caption == ("ifmap 8 + filter 1.5 + psum, read 1.5 + psum, written 1.5 + MAC 1.5 = 14 pJ")
    assert "DRAM 320" in repr(picture) and "ifmap from the GLB" in repr(picture)


def test_the_same_call_gives_the_same_bytes():
    homes = {"ifmap": "GLB", "filter": "DRAM", "psum": "RF"}
    assert one_mac(homes).svg == one_mac(homes).svg


@pytest.mark.parametrize(("homes", "got"), [({"ifmap": "NoC"}, "ifmap in 'NoC'"), ({}, "ifmap in None")])
def test_a_tensor_without_a_memory_says_why(homes, got):
    with pytest.raises(CourseError) as caught:
        one_mac(homes)
    assert str(caught.value) == (
        f"each tensor of a MAC lives in one memory\n  got {got}\n"
        "  give ifmap one of DRAM, GLB, RF; the NoC holds no words"
    )
