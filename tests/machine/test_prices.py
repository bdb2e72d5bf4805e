"""Prices by size: through their anchors, rising, and what they change for six dataflows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import Array, Costs, CourseError, LayerShape, Level, Machine, Nest, count
from cnnhw.energy import energy
from cnnhw.experiments.isca2016 import under_prices_by_size
from cnnhw.machine import price_by_size, priced


def test_the_cited_points():
    """TALK slide 35: RF of 0.5 to 1 kB 1, buffer 6. Horowitz: 10, 20, 100 pJ for 64 bits, MAC 1.5."""
    assert price_by_size(512) == price_by_size(700) == price_by_size(1024) == 1
    assert price_by_size(100 * 1024) == pytest.approx(6)
    for kilobytes, picojoules in ((8, 10), (32, 20), (1024, 100)):
        assert price_by_size(kilobytes * 1024) == pytest.approx(picojoules / 4 / 1.5)


def test_between_beyond_and_nothing():
    middle = price_by_size(16 * 1024)  # half way from 8 to 32 kB, on logarithms
    assert middle == pytest.approx(math.sqrt(price_by_size(8 * 1024) * price_by_size(32 * 1024)))
    assert price_by_size(512 / 8) == pytest.approx(1 / price_by_size(8 * 1024)), "the line goes on"
    assert price_by_size(10 * 2**20) / price_by_size(2**20) == pytest.approx(
        (price_by_size(2**20) / price_by_size(102_400)) ** (math.log(10) / math.log(10.24))
    )
    assert price_by_size(0) == 0
    with pytest.raises(CourseError, match="0 bytes or more"):
        price_by_size(-1)


@given(st.floats(1, 2**30), st.floats(1, 2**30))
def test_a_larger_memory_is_never_cheaper(one, other):
    assert price_by_size(min(one, other)) <= price_by_size(max(one, other)) * (1 + 1e-12)


def test_a_priced_machine():
    rooms = {"ifmap": 200, "psum": 56}
    parts = [Level("DRAM"), Level("L2", 2**19), Array("PEs"), Level("RF", rooms), Level("free", cost=3)]
    machine = priced(Machine.of(parts, costs=Costs(MAC=1.5, DRAM=320, unit="pJ")))
    assert machine.cost("L2") == pytest.approx(25) and machine.cost("RF") == pytest.approx(1.5)
    assert (machine.cost("DRAM"), machine.cost("PEs"), machine.cost("free")) == (320, 2, 3)
    assert priced(machine, lambda size_bytes: 2).cost("L2") == 3
    with pytest.raises(CourseError, match="cost of an access"):
        priced(machine, lambda size_bytes: -1)


def test_energy_follows_them():
    nest = Nest(LayerShape(M=1, C=1, H=1, W=5, R=1, S=3), [("F", 1, "GLB"), ("S", 1, "RF")])
    chip = Machine(levels=(Level("GLB", 4096), Level("RF", 256)))
    counts = count(nest, chip)
    flat, sized = energy(counts, chip), energy(counts, priced(chip))
    assert sized.level("GLB") == pytest.approx(flat.level("GLB") / 6 * price_by_size(8192))
    assert sized.level("RF") == flat.level("RF") and sized.level("DRAM") == flat.level("DRAM")


def test_who_still_wins():
    """RS does. OS_A and OS_B change places on CONV layers: OS_B has the smaller RF, of 10 bytes."""
    for kind in ("CONV", "FC"):
        found = under_prices_by_size(kind)
        orders = [sorted(found, key=lambda name: found[name][which]) for which in (0, 1)]  # noqa: B023
        assert orders[0][0] == orders[1][0] == "RS"
        assert (orders[0] == orders[1]) == (kind == "FC")
        if kind == "CONV":
            assert orders[0][1:3] == ["OS_A", "OS_B"] and orders[1][1:3] == ["OS_B", "OS_A"]
            assert found["NLR"][1] > 1.3 * found["NLR"][0], "all it reads comes from the buffer"
