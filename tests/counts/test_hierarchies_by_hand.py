"""Hierarchies that are not the course's, in numbers found by hand; a part without work changes nothing."""

import numpy as np
import pytest
from drawn_hierarchies import listed_machines, nests_on
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import Array, CapacityError, LayerShape, Level, Loop, Machine, Nest, count, run, walk
from cnnhw.counts import Access, Noc
from cnnhw.energy import energy
from cnnhw.timing import Timing, cycles

ROW = LayerShape(M=2, C=1, H=1, W=5, R=1, S=3)  # 3 ofmap words of 3 products, for two filters
L2 = [Level("DRAM"), Level("GLB"), Level("L2", cost=3), Array("PEs"), Level("RF")]
TILES = [
    Level("DRAM"),
    Level("eDRAM", cost=8),
    Array("tiles", 2, 2),
    Level("local", 2, cost=1),
    Array("lanes", 2, 2),
]


def test_an_l2_between_buffer_and_array():
    """The window slides at the GLB: L2 gets 3, 1, 1 words; then it goes back, and lacks 2."""
    nest = Nest(
        ROW,
        [("M", 1, "DRAM"), ("F", 1, "GLB"), ("S", 1, "RF")],
        {"GLB": {"ifmap"}, "L2": {"ifmap"}, "RF": {"psum"}},
    )
    counts = count(nest, Machine.of(L2))
    assert counts["DRAM", "ifmap"] == Access(reads=5)
    assert counts["GLB", "ifmap"] == Access(reads=3 + 1 + 1 + 2 + 1 + 1, fills=5)
    assert counts["L2", "ifmap"] == Access(reads=18, fills=9)
    assert counts["L2", "psum"] == Access()
    assert counts.levels == ("DRAM", "GLB", "L2", "RF")
    spent = energy(counts, Machine.of(L2))
    assert spent.by["L2", "ifmap"] == 3 * 18 and spent.by["PEs", "ifmap"] == 2 * 18
    assert spent.levels == ("DRAM", "GLB", "L2", "PEs", "RF", "MAC")


def test_tiles_of_lanes():
    """As in DaDianNao: filters wait in each tile, ifmap words go to all, a lane for each channel."""
    shape = LayerShape(M=2, C=2, H=1, R=1)
    nest = Nest(
        shape,
        [("M", 1, ("tiles", "COLS")), ("C", 1, ("lanes", "ROWS"))],
        {"eDRAM": {"ifmap"}, "local": {"filter"}},
    )
    counts = count(nest, Machine.of(TILES))
    assert counts["eDRAM", "ifmap"] == Access(reads=2, fills=2)
    assert counts["local", "filter"] == Access(reads=4, fills=4)
    assert counts["DRAM", "psum"] == Access(updates=2)
    assert counts.arrays["tiles", "ifmap"] == counts.arrays["lanes", "ifmap"] == Noc(deliveries=4)
    assert counts.arrays["tiles", "psum"] == Noc() and counts.arrays["lanes", "psum"] == Noc(hops=2)
    assert (counts.cycles, counts.active_pes, counts.noc["psum"].hops) == (1, 4, 2)


def test_a_sum_over_both_arrays():
    """Four channels: the lanes of each tile join two products, then the tiles join two sums."""
    shape = LayerShape(M=1, C=4, H=1, R=1)
    loops = [("C", 2, ("tiles", "ROWS")), ("C", 1, ("lanes", "COLS"))]
    for first_psum, reads in (("zero", 0), ("read", 1)):
        counts = count(Nest(shape, loops, {}), Machine.of(TILES, first_psum=first_psum).with_(word_bits=8))
        assert counts["DRAM", "psum"] == Access(reads=reads, updates=1)
        assert counts.arrays["lanes", "psum"].hops == 2 and counts.arrays["tiles", "psum"].hops == 1


def test_loops_in_time_inside_an_array():
    """Three rows on two tiles: the first does two, one after the other; the second idles in its last step."""
    shape = LayerShape(M=1, C=1, H=3, W=1, R=1)
    nest = Nest(shape, [("E", 2, ("tiles", "ROWS")), ("E", 1, "local")], {})
    counts = count(nest, Machine.of(TILES))
    assert (counts.cycles, counts.active_pes, counts.macs) == (2, 2, 3)


def test_rooms_hold_for_each_instance():
    shape = LayerShape(M=4, C=2, H=1, R=1)
    fits = Nest(shape, [("M", 1, "eDRAM"), ("C", 1, ("lanes", "ROWS"))], {"local": {"filter"}})
    assert count(fits, Machine.of(TILES))["local", "filter"].fills == 8
    wide = Nest(
        shape, [("M", 2, ("tiles", "ROWS")), ("M", 1, "local"), ("C", 1, "local")], {"local": {"filter"}}
    )
    with pytest.raises(CapacityError) as caught:
        count(wide, Machine.of(TILES))
    assert str(caught.value).splitlines()[:2] == [
        "the tile of a tensor must fit into the level that keeps it: filter in local",
        "  got 4 words of filter, room for 2",
    ]
    many = Nest(shape, [("M", 1, ("tiles", "ROWS")), ("C", 1, "local")])
    with pytest.raises(CapacityError) as caught:
        count(many, Machine.of(TILES))
    assert str(caught.value).splitlines()[:2] == [
        "the loops on ROWS must fit on array tiles", "  got 4 PE rows wanted, array tiles has 2",
    ]  # fmt: skip


def test_a_level_alone():
    """One memory, one MAC a step: it reads two words for each, and the psum but for the first of each sum."""
    nest = Nest(ROW, [("M", 1, "store"), ("F", 1, "store"), ("S", 1, "store")])
    counts = count(nest, Machine.of([Level("store", cost=5)]))
    assert counts["store", "ifmap"].reads == counts["store", "filter"].reads == 18
    assert counts["store", "psum"] == Access(reads=18 - 6, updates=18)
    assert energy(counts, Machine.of([Level("store", cost=5)])).total == 5 * (18 + 18 + 12 + 18) + 18


@settings(max_examples=80)
@given(st.data())
def test_a_part_without_work_changes_nothing(data):
    """A level that keeps nothing, or an array that no loop runs on, anywhere inside the outermost level."""
    machine = data.draw(listed_machines())
    nest = data.draw(nests_on(machine))
    more = list(machine.parts)
    at = data.draw(st.integers(1, len(more)))
    idle = data.draw(st.sampled_from([Level("idle"), Array("idle")]))
    larger = Machine.of([*more[:at], idle, *more[at:]], stores_padding=machine.stores_padding,
                        first_psum=machine.first_psum)  # fmt: skip
    alone = machine.hierarchy.arrays if len(machine.hierarchy.arrays) == 1 else ()
    loops = [
        Loop(loop.dim, loop.step, (*alone, loop.where) if loop.where in ("ROWS", "COLS") else loop.where)
        for loop in nest.loops
    ]
    before, after = count(nest, machine), count(Nest(nest.shape, loops, nest.keeps), larger)
    assert {key: access for key, access in after.by.items() if key[0] != "idle"} == before.by
    assert {key: noc for key, noc in after.arrays.items() if key[0] != "idle"} == before.arrays
    assert (after.cycles, after.macs, after.active_pes) == (before.cycles, before.macs, before.active_pes)
    assert all(noc.hops == 0 for (array, _), noc in after.arrays.items() if array == "idle")


@settings(max_examples=80)
@given(st.data())
def test_words_are_conserved(data):
    """Every sum reaches the outermost level once more than it comes back; what joins was a piece before."""
    machine = data.draw(listed_machines())
    nest = data.draw(nests_on(machine)).on(machine)
    counts, shape = count(nest, machine), nest.shape
    outermost = counts[counts.levels[0], "psum"]
    starts = 0 if machine.reads_first(counts.levels[0]) else shape.ofmap_words
    assert outermost.updates - outermost.reads == starts
    for level in nest.kept_by("psum")[1:]:
        keeper = nest.keeper(level, "psum")
        assert counts[level, "psum"].fills == counts[keeper, "psum"].reads
        hops = sum(
            counts.arrays[array, "psum"].hops
            for array in nest.order.arrays_outside(level)
            if array not in nest.order.arrays_outside(keeper)
        )
        assert counts[level, "psum"].drains == counts[keeper, "psum"].updates + hops


def test_two_names_for_one_place():
    """With one array ROWS is enough; its name is the reader's."""
    machine = Machine.of([Level("DRAM"), Level("GLB"), Array("PEs", 3, 3), Level("RF")])
    named = Nest(ROW, [("F", 1, ("PEs", "ROWS")), ("M", 1, "RF"), ("S", 1, "RF")])
    short = Nest(ROW, [("F", 1, "ROWS"), ("M", 1, "RF"), ("S", 1, "RF")])
    assert named.on(machine) == short.on(machine) and named.on(machine).rows == 3
    assert count(named, machine) == count(short, machine) == walk(short, machine)
    assert count(short, Machine(3, 3)).by == count(short, machine).by


@pytest.mark.parametrize("engine", ["plain", "fast", "listed", None])
def test_wide_words_take_their_share_of_room(engine):
    """Three psums of 24 bits beside two weights and four pixels of 8: 3 * 1.5 + 6 * 0.5 rooms of 16 bits."""
    nest = Nest(LayerShape(M=1, C=1, H=1, W=4, R=1, S=2), [("F", 1, "RF"), ("S", 1, "RF")])
    words = np.arange(4).reshape(1, 1, 1, 4), np.ones((1, 1, 1, 2), int)

    def attempt(room):
        machine = Machine(1, 1, (Level("RF", room),), widths={"psum": 24, "filter": 8, "ifmap": 8})
        return run(nest, machine, *words, engine=engine).counts if engine else count(nest, machine)

    assert attempt(8).macs == 6
    with pytest.raises(CapacityError):
        attempt(7)


def test_wide_words_take_their_share_of_energy_and_time():
    """Three psums go to DRAM: 32 bits each, two words' price and time; five pixels of 4 bits, a quarter."""
    nest = Nest(LayerShape(M=1, C=1, H=1, W=5, R=1, S=3), [("F", 1, "GLB"), ("S", 1, "RF")])
    plain, wide = Machine(), Machine(widths={"psum": 32, "ifmap": 4})
    one, other = (energy(count(nest, machine), machine) for machine in (plain, wide))
    assert count(nest, plain) == count(nest, wide)
    assert (other.tensor("psum"), other.tensor("ifmap")) == (2 * one.tensor("psum"), one.tensor("ifmap") / 4)
    assert other.tensor("filter") == one.tensor("filter") and other.level("MAC") == one.level("MAC")
    slow = Timing(words_per_cycle={"DRAM": 0.5})
    assert cycles(nest, plain, slow) == 2 * (5 + 3) + 9 + 2 * 3
    assert cycles(nest, wide, slow) == 2 * 5 / 4 + 0.5 + 9 + 2 * 3 * 2 + 2 * 3
