"""Machine, Level and Costs: what they hold, what they refuse, and how they say so."""

import pytest

from cnnhw import CapacityError, Costs, CourseError, Level, Machine
from cnnhw.machine import SLIDE_35

TOY = Machine(3, 4, (Level("RF", 16), Level("GLB", {("ifmap", "psum"): 1000, "filter": 80})), name="toy")


def refused(wrong, error=CourseError):
    with pytest.raises(error) as caught:
        wrong()
    return str(caught.value).splitlines()


def test_a_machine_in_numbers():
    assert (TOY.rows, TOY.cols, TOY.pes, TOY.word_bytes) == (3, 4, 12, 2)
    assert [level.name for level in TOY.levels] == ["GLB", "RF"], "from the outside in"
    assert (TOY.words("GLB"), TOY.words("RF"), TOY.words("DRAM")) == (1080, 16, None)
    assert TOY["GLB"].rooms == {("ifmap", "psum"): 1000, ("filter",): 80}


def test_unbounded_has_room_for_everything():
    machine = Machine.unbounded(stores_padding=True)
    assert (machine.rows, machine.cols, machine.pes, machine.levels) == (None, None, None, ())
    machine.check_array(10**6, 10**6)
    machine["GLB"].check({"ifmap": 10**12})
    assert machine.stores_padding


def test_with_changes_one_thing():
    assert TOY.with_(first_psum="read").first_psum == "read"
    assert TOY.with_(rows=5).pes == 20
    assert TOY.with_(rows=5, pes=7).pes == 7
    assert TOY.first_psum == "zero"


def test_machines_are_values():
    same = Machine(3, 4, [Level("GLB", {"filter": 80, ("ifmap", "psum"): 1000}), Level("RF", 16)], name="toy")
    assert same["RF"] == TOY["RF"] and hash(same["RF"]) == hash(TOY["RF"])
    assert TOY == TOY.with_() and hash(TOY) == hash(TOY.with_())
    with pytest.raises(AttributeError):
        TOY.rows = 9


def test_tensors_that_share_a_room_share_it():
    level = Level("GLB", {("ifmap", "psum"): 100, "filter": 10})
    level.check({"ifmap": 60, "psum": 40, "filter": 10})
    assert refused(lambda: level.check({"ifmap": 61, "psum": 40}), CapacityError) == [
        "the tile of a tensor must fit into the level that keeps it: ifmap in GLB",
        "  got 61 words of ifmap beside 40 of psum, room for 100",
        "  cut the loops inside GLB into smaller steps, let ifmap bypass GLB, or give GLB more words",
    ]
    assert (
        refused(lambda: level.check({"filter": 11}), CapacityError)[1]
        == "  got 11 words of filter, room for 10"
    )


@pytest.mark.parametrize("size", ["rows", "cols", "pes", "word_bits"])
@pytest.mark.parametrize("value", [0, -3, 2.5, "4", True])
def test_sizes_are_whole_numbers_from_1_on(size, value):
    assert refused(lambda: Machine(**{size: value})) == [
        f"{size} is a whole number, 1 or more",
        f"  got {size}={value!r}",
        f"  give {size} as an int, or leave it out",
    ]


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (
            {"first_psum": "bias"},
            ['the first visit of a psum is "zero" or "read"', "  got first_psum='bias'"],
        ),
        ({"stores_padding": 1}, ["padding is stored or it is not", "  got stores_padding=1"]),
        ({"costs": 200}, ["a machine's costs are Costs", "  got costs=200"]),
        ({"levels": ["GLB"]}, ["a machine's levels are Levels", "  got 'GLB'"]),
        ({"levels": 54_000}, ["a machine's levels are Levels", "  got 54000"]),
        ({"levels": [Level("RF"), Level("RF")]}, ["each level is named once", "  got RF, RF"]),
    ],
)
def test_wrong_options(options, lines):
    assert refused(lambda: Machine(**options))[:2] == lines


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("NoC",), ["a level is one of DRAM, GLB, RF", "  got 'NoC'"]),
        (("RF", -1), ["a level has room for a whole number of words, 0 or more", "  got words=-1 for RF"]),
        (("RF", 1.5), ["a level has room for a whole number of words, 0 or more", "  got words=1.5 for RF"]),
        (("RF", {"ofmap": 1}), ["a level keeps ifmap, filter and psum", "  got 'ofmap'"]),
        (("RF", {5: 1}), ["a level keeps ifmap, filter and psum", "  got 5"]),
        (
            ("RF", {"psum": 1, ("psum", "ifmap"): 2}),
            ["each tensor has one memory at a level", "  got psum twice in RF"],
        ),
    ],
)
def test_wrong_levels(arguments, lines):
    assert refused(lambda: Level(*arguments))[:2] == lines


def test_unknown_level():
    assert refused(lambda: TOY.words("L2"))[1] == "  got 'L2'"


def test_slide_35():
    """TALK slide 35: a MAC 1, RF 1, inter-PE 2, global buffer 6, DRAM 200, on 16-bit words."""
    assert [SLIDE_35[place] for place in ("MAC", "RF", "NoC", "GLB", "DRAM")] == [1, 1, 2, 6, 200]
    assert Machine().costs == SLIDE_35 and Machine().word_bits == 16


@pytest.mark.parametrize("cost", [-1, "x", float("nan"), float("inf"), None, True])
def test_wrong_costs(cost):
    assert refused(lambda: Costs(GLB=cost)) == [
        "the cost of an access is a number, 0 or more",
        f"  got GLB={cost!r}",
        "  give GLB in the unit of the other costs, here MAC",
    ]


def test_unknown_cost():
    assert refused(lambda: SLIDE_35["L2"])[:2] == ["costs exist for DRAM, GLB, NoC, RF, MAC", "  got 'L2'"]


def test_relative_costs():
    """Twice everything, in units of a MAC, is the same."""
    double = Costs(DRAM=400, GLB=12, NoC=4, RF=2, MAC=2, unit="pJ").relative()
    assert [double[place] for place in ("DRAM", "GLB", "NoC", "RF", "MAC")] == [200, 6, 2, 1, 1]
    assert double.unit == "MAC"
    assert refused(lambda: Costs(MAC=0).relative())[1] == "  got MAC=0"


def test_no_more_pes_than_rows_times_columns():
    assert refused(lambda: Machine(2, 2, pes=9)) == [
        "an array has no more PEs than rows times columns",
        "  got pes=9 in 2 x 2",
        "  use pes <= 4, or leave it out",
    ]
