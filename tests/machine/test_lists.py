"""Machines made from lists: their order, their costs, and what they refuse."""

import numpy as np
import pytest

from cnnhw import Array, Costs, CourseError, LayerShape, Level, Machine, MappingError, Nest, count, run
from cnnhw.counts import Access
from cnnhw.energy import energy
from cnnhw.machine.hierarchy import MAC

PARTS = [
    Level("DRAM"),
    Level("L2", 64, cost=12),
    Array("tiles", 2, 2, cost=5),
    Level("GLB"),
    Array("PEs"),
    Level("RF"),
]


def refused(wrong, error=CourseError):
    with pytest.raises(error) as caught:
        wrong()
    return str(caught.value).splitlines()


def test_todays_constructor_is_a_list():
    machine = Machine(3, 4, (Level("RF", 16), Level("GLB", 1000)), pes=10)
    assert machine.parts == (Level("DRAM"), Level("GLB", 1000), Array("NoC", 3, 4, pes=10), Level("RF", 16))
    assert Machine.of(machine.parts) == machine and machine.hierarchy.usual
    assert machine.with_(rows=5).parts[2] == Array("NoC", 5, 4)
    assert machine.with_(levels=()).parts[3] == Level("RF") and machine.with_(levels=()).pes == 10


def test_order():
    order = Machine.of(PARTS).hierarchy
    assert order.levels == ("DRAM", "L2", "GLB", "RF") and order.arrays == ("tiles", "PEs")
    assert order.outside("GLB") == ("DRAM", "L2") and order.arrays_outside("GLB") == ("tiles",)
    assert order.outside(MAC) == order.levels and order.arrays_outside(MAC) == order.arrays
    assert order.place("ROWS") is None and order.place(("PEs", "ROWS")) == ("PEs", "ROWS")
    assert Machine.of(PARTS).rows is None and Machine.of(PARTS)["tiles"].pes == 4


def test_costs_of_its_own_go_first():
    machine = Machine.of(PARTS, costs=Costs(GLB=7))
    assert [machine.cost(part.name) for part in PARTS] == [200, 12, 5, 7, 2, 1]
    usual = Machine.of([Level("DRAM", cost=100), Level("GLB"), Array("PEs", cost=3), Level("RF")])
    assert (usual.costs.DRAM, usual.costs.NoC, usual.costs.GLB) == (100, 3, 6)
    assert refused(lambda: Machine.of([Level("store")]).cost("store")) == [
        "every level has a cost, of its own or among the machine's costs",
        "  got store has none; costs name DRAM, GLB, NoC, RF, MAC",
        '  give it one, as in Level("store", cost=6)',
    ]
    assert refused(lambda: Level("L2", cost=-1))[1] == "  got L2=-1"
    assert Level("L2", cost=1) != Level("L2", cost=2)


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ([Array("PEs", 2, 2), Level("RF")], [
            "a machine begins with a level, which keeps everything: an array stands inside one",
            "  got Array 'PEs' first", '  put Level("DRAM") before it']),
        ([], ["a machine begins with a level, which keeps everything: an array stands inside one",
              "  got an empty list", '  put Level("DRAM") before it']),
        ([Level("DRAM"), Level("L2"), Level("L2")], [
            "each level is named once", "  got DRAM, L2, L2",
            "  give one Level each, with all its memories"]),
        ([Level("DRAM"), Array("L2"), Level("L2")], [
            "each level and each array is named once", "  got DRAM, L2, L2",
            "  give one Level each, with all its memories"]),
        (["DRAM"], ["a machine is a list of Levels and Arrays", "  got 'DRAM'",
                    '  use Machine.of([Level("DRAM"), Level("GLB", 54_000), Array("PEs", 12, 14), '
                    'Level("RF")])']),
    ],
)  # fmt: skip
def test_wrong_lists(parts, lines):
    assert refused(lambda: Machine.of(parts)) == lines


def test_other_ways_to_be_wrong():
    assert refused(lambda: Machine(2, 2, (Level("L2"),))) == [
        "a machine of rows, cols and levels has the levels DRAM, GLB, RF",
        "  got L2",
        "  use these names, or give the whole list to Machine.of",
    ]
    assert refused(lambda: Machine.of(PARTS).with_(rows=3)) == [
        "a machine made from a list is changed by another list",
        "  got rows of DRAM, L2, tiles, GLB, PEs, RF",
        "  make it anew with Machine.of",
    ]
    assert refused(lambda: Array("PEs", 2, 2, pes=5))[1] == "  got pes=5 in 2 x 2"
    assert refused(lambda: Array("", 2, 2))[1] == "  got ''"


SHAPE = LayerShape(M=2, C=1, H=3, W=1, R=1)


def test_wrong_places_and_order():
    machine = Machine.of(PARTS)
    assert refused(lambda: count(Nest(SHAPE, [("M", 1, "ROWS"), ("E", 1, "RF")]), machine), MappingError) == [
        "a loop runs at a level of the machine, or along an axis of one of its arrays",
        "  got Loop('M', 1, 'ROWS') on a machine of DRAM, L2, tiles, GLB, PEs, RF",
        "  use DRAM, L2, GLB, RF, ('tiles', 'ROWS'), ('tiles', 'COLS'), ('PEs', 'ROWS'), ('PEs', 'COLS')",
    ]
    late = Nest(SHAPE, [("M", 1, "GLB"), ("E", 1, ("tiles", "ROWS"))])
    assert refused(lambda: count(late, machine), MappingError) == [
        "loops run from the outside in: DRAM, L2, tiles, GLB, PEs, RF",
        "  got Loop('M', 1, 'GLB') is followed by Loop('E', 1, ('tiles', 'ROWS'))",
        "  move the loop over E up, or place it at GLB or further inside",
    ]
    kept = Nest(SHAPE, [("M", 1, "GLB"), ("E", 1, "RF")], {"L3": {"psum"}})
    assert refused(lambda: count(kept, machine), MappingError) == [
        "only a machine's levels keep words",
        "  got 'L3' on a machine of DRAM, L2, tiles, GLB, PEs, RF",
        "  use DRAM, L2, GLB, RF",
    ]


def test_who_knows_one_hierarchy_refuses_others():
    """A nest of the usual places, too: an engine that skipped the L2 would be silently wrong."""
    from cnnhw.dataflows import RS
    from cnnhw.mapper import search
    from cnnhw.pictures.arrays.array_map import array_map
    from cnnhw.pictures.arrays.nest import nest_picture
    from cnnhw.pictures.energy.energy import energy_by_level

    l2 = Machine.of([Level("DRAM"), Level("L2", cost=9), Level("GLB"), Array("PEs", 4, 4), Level("RF")])
    nest = Nest(SHAPE, [("M", 1, "GLB"), ("E", 1, "ROWS")])
    words = np.ones((1, 1, 3, 1), int), np.ones((2, 1, 1, 1), int)
    spent = energy(count(nest, l2), l2)
    for use in (
        lambda: run(nest, l2, *words, engine="plain"),
        lambda: search(RS, SHAPE, l2),
    ):
        lines = refused(use, MappingError)
        assert lines[0].endswith("knows one hierarchy: DRAM, GLB, one array, RF") and len(lines) == 3
        assert "DRAM, L2, GLB, PEs, RF" in lines[1]
    for told in (nest_picture(nest, l2).words, energy_by_level({"A": spent}).words, _explored(l2)):
        assert "L2" in told  # these know it
    assert array_map(nest, l2).words.startswith("4 x 4 PEs, 3 at work")
    assert refused(lambda: energy(count(nest, l2), Costs()))[0] == "every level that counts has a price"


def _explored(machine) -> str:
    from cnnhw.widgets import explore_nest

    return explore_nest(machine=machine).view.value


def test_a_named_array_runs():
    machine = Machine.of([Level("DRAM"), Level("GLB"), Array("PEs", 4, 4), Level("RF")])
    nest = Nest(SHAPE, [("M", 1, "GLB"), ("E", 1, ("PEs", "ROWS"))])
    done = run(nest, machine, np.ones((1, 1, 3, 1), int), np.full((2, 1, 1, 1), 5))
    assert done.counts == count(nest, machine) and done.ofmap.ravel().tolist() == [5] * 6


def test_keeps_that_nobody_named():
    """By default GLB keeps ifmap and psum, every other level all; keeps that are given are all there is."""
    machine = Machine.of([Level("DRAM"), Level("L2"), Array("PEs"), Level("RF")])
    nest = Nest(SHAPE, [("M", 1, "L2"), ("E", 1, "RF")]).on(machine)
    assert nest.kept_by("filter") == ("DRAM", "L2", "RF") and nest.keeper("RF", "ifmap") == "L2"
    only = Nest(SHAPE, [("M", 1, "L2"), ("E", 1, "RF")], {"RF": {"psum"}}).on(machine)
    assert only.kept_by("filter") == ("DRAM",) and only.keeper(MAC, "psum") == "RF"
    assert count(only, machine)["L2", "filter"] == Access()
