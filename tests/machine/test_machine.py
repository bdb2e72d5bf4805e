"""Machine, Level and Costs: what they hold, what they refuse, and how they say so."""

import numpy as np
import pytest

from cnnhw import CapacityError, Costs, CourseError, Level, Machine
from cnnhw.machine import SLIDE_35, Array

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
    machine["NoC"].check(10**6, 10**6)
    machine["GLB"].check({"ifmap": 10**12})
    assert machine.stores_padding


def test_an_unbounded_machine_is_named_so_unless_it_is_named():
    assert (Machine.unbounded().name, Machine.unbounded(name="toy").name) == ("unbounded", "toy")


@pytest.mark.parametrize(("rows", "cols"), [(3, 4), (2, 6), (1, 1)])
def test_a_nest_as_large_as_the_machine_fits(rows, cols):
    Machine(rows, cols)["NoC"].check(rows, cols)
    Machine(pes=rows * cols)["NoC"].check(rows, cols)


def test_with_changes_one_thing():
    assert TOY.with_(first_psum="read").first_psum == "read"
    assert TOY.with_(rows=5).pes == 20
    assert TOY.with_(cols=5).pes == 15
    assert TOY.with_(rows=5, pes=7).pes == 7
    assert Machine(4, 4, pes=9).with_(name="same").pes == 9
    assert TOY.first_psum == "zero" and TOY.first_visits == "zero"


def test_machines_are_values():
    same = Machine(3, 4, [Level("GLB", {"filter": 80, ("ifmap", "psum"): 1000}), Level("RF", 16)], name="toy")
    assert same["RF"] == TOY["RF"] and hash(same["RF"]) == hash(TOY["RF"]) != hash(TOY["GLB"])
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
    shared = Level("RF", 9)
    shared.check({"ifmap": 2, "filter": 3, "psum": 4})
    assert refused(lambda: shared.check({"ifmap": 2, "filter": 3, "psum": 5}), CapacityError)[1] == (
        "  got 2 words of ifmap beside 3 of filter beside 5 of psum, room for 9"
    )
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
            [
                'the first visit of a psum is "zero" or "read"',
                "  got first_psum='bias'",
                '  "read" if the run starts from biases in DRAM, or a level reads the zeros that lie there',
            ],
        ),
        (
            {"stores_padding": 1},
            ["padding is stored or it is not", "  got stores_padding=1", "  use True or False"],
        ),
        (
            {"costs": 200},
            ["a machine's costs are Costs", "  got costs=200", "  use Costs(DRAM=200, GLB=6, ...)"],
        ),
        (
            {"levels": ["GLB"]},
            ["a machine's levels are Levels", "  got 'GLB'", '  use Level("GLB", 54_000)'],
        ),
        (
            {"levels": 54_000},
            ["a machine's levels are Levels", "  got 54000", '  use Level("GLB", 54_000)'],
        ),
        (
            {"levels": "GLB"},
            ["a machine's levels are Levels", "  got 'GLB'", '  use Level("GLB", 54_000)'],
        ),
        (
            {"levels": [Level("RF"), Level("RF"), Level("GLB")]},
            ["each level is named once", "  got RF, RF, GLB", "  give one Level each, with all its memories"],
        ),
    ],
)
def test_wrong_options(options, lines):
    assert refused(lambda: Machine(**options)) == lines


NO_WORDS = "a level has room for a whole number of words, 0 or more"
HOW_MANY = "  give an int, None for no limit, or a mapping tensor -> int"
KEPT = "a level keeps ifmap, filter and psum"
WHICH = "  name these; an ofmap word is a psum that is finished"
TWICE = "each tensor has one memory at a level"


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ("ROWS",),
            [
                "a level or an array has a name of its own",
                "  got 'ROWS'",
                '  use text such as "L2" or "tiles"; ROWS, COLS, MAC mean something else in a nest',
            ],
        ),
        (("RF", -1), [NO_WORDS, "  got words=-1 for RF", HOW_MANY]),
        (("RF", 1.5), [NO_WORDS, "  got words=1.5 for RF", HOW_MANY]),
        (("GLB", {"psum": "9"}), [NO_WORDS, "  got words='9' for GLB", HOW_MANY]),
        (("RF", {"ofmap": 1}), [KEPT, "  got 'ofmap'", WHICH]),
        (("RF", {5: 1}), [KEPT, "  got 5", WHICH]),
        (
            ("RF", {"psum": 1, ("psum", "ifmap"): 2}),
            [TWICE, "  got psum twice in RF", "  name each tensor once"],
        ),
        (
            ("RF", {("psum", "ifmap"): 1, ("ifmap", "psum"): 2}),
            [TWICE, "  got ifmap, psum twice in RF", "  name each tensor once"],
        ),
    ],
)
def test_wrong_levels(arguments, lines):
    assert refused(lambda: Level(*arguments)) == lines


def test_an_empty_level_is_a_level():
    """Room for no word is a limit, no limit is none."""
    assert (Level("RF", 0).total, Level("RF", {}).total, Level("RF").total) == (0, 0, None)
    assert Level("RF", 0).rooms == {("ifmap", "filter", "psum"): 0} and Level("RF").rooms == {}
    assert Level("RF", 0) != Level("RF") and Level("RF") != Level("GLB") and Level("RF") != "RF"


def test_numpy_integers_become_ints():
    machine = Machine(np.int64(3), np.uint8(4), (Level("RF", np.int64(16)),), word_bits=np.int16(8))
    sizes = machine.rows, machine.cols, machine.pes, machine.word_bits, machine["RF"].words
    assert [(type(size), size) for size in sizes] == [(int, 3), (int, 4), (int, 12), (int, 8), (int, 16)]


def test_unknown_level():
    assert refused(lambda: TOY.words("L2"))[1] == "  got 'L2', where it has DRAM, GLB, NoC, RF"


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
    assert refused(lambda: SLIDE_35["L2"]) == [
        "costs exist for DRAM, GLB, NoC, RF, MAC",
        "  got 'L2'",
        "  use one of these names, as it is written here",
    ]


def test_relative_costs():
    """Twice everything, in units of a MAC, is the same."""
    double = Costs(DRAM=400, GLB=12, NoC=4, RF=2, MAC=2, unit="pJ", source="twice").relative()
    assert [double[place] for place in ("DRAM", "GLB", "NoC", "RF", "MAC")] == [200, 6, 2, 1, 1]
    assert (double.unit, double.source) == ("MAC", "twice; over the cost of a MAC")
    assert refused(lambda: Costs(MAC=0).relative()) == [
        "costs relative to a MAC need a MAC that costs something",
        "  got MAC=0",
        "  give MAC a cost above 0",
    ]


def test_horowitz():
    """ISSCC 2014, figure 1.1.9: 640 pJ for 32 bits of DRAM, 20 for 64 bits of a cache; a MAC is 1.1 + 0.4."""
    costs = Costs.horowitz()
    assert [costs[place] for place in ("DRAM", "GLB", "NoC", "RF", "MAC")] == [320, 5, 3, 1.5, 1.5]
    assert costs.unit == "pJ"
    assert costs.source == "Horowitz, ISSCC 2014, 45 nm; RF and NoC from the ratios of TALK slide 35"


def test_no_more_pes_than_rows_times_columns():
    assert refused(lambda: Machine(2, 3, pes=7)) == [
        "an array has no more PEs than rows times columns",
        "  got pes=7 in 2 x 3",
        "  use pes <= 6, or leave it out",
    ]
    assert Machine(2, 3, pes=6).pes == 6
    assert Machine(2, pes=7).pes == 7, "any number of columns"


def test_a_tensor_that_a_level_has_no_room_for():
    level = Level("RF", {"ifmap": 3, "psum": 1})
    assert refused(lambda: level.check({"ifmap": 3, "filter": 1}), CapacityError)[:2] == [
        "the tile of a tensor must fit into the level that keeps it: filter in RF",
        "  got 1 words of filter, room for 0",
    ]


def test_levels_stand_from_the_outside_in_however_they_are_given():
    glb, rf = Level("GLB", 100), Level("RF", 10)
    for levels in ((glb, rf), [rf, glb], iter((rf, glb))):
        assert Machine(levels=levels).levels == (glb, rf)
    assert Machine(levels=rf).levels == (rf,)


def test_a_nest_that_takes_more_pes_than_there_are():
    Machine(3, 4)["NoC"].check(3, 4)
    Machine(pes=12)["NoC"].check(4, 3)
    Machine.unbounded()["NoC"].check(10**6, 10**6)
    for rows, cols, loops, wanted, there in ((4, 4, "ROWS", 4, 3), (3, 5, "COLS", 5, 4)):
        assert refused(lambda r=rows, c=cols: Machine(3, 4)["NoC"].check(r, c), CapacityError) == [
            f"the loops on {loops} must fit on the array",
            f"  got {wanted} PE {loops.lower()} wanted, the array has {there}",
            f"  use larger steps on {loops}, so that they make fewer chunks, or move a loop to GLB",
        ]
    assert refused(lambda: Machine(pes=11)["NoC"].check(4, 3), CapacityError) == [
        "a nest must not take more PEs than there are",
        "  got 4 x 3 = 12 PEs wanted, the machine has 11",
        "  use larger steps on ROWS or COLS, so that they make fewer chunks, or move a loop to GLB",
    ]


def test_each_level_has_its_rule_for_the_first_psum():
    machine = Machine(2, 2, (Level("GLB", 100, first_psum="read"), Level("RF", 9)))
    assert [machine.reads_first(name) for name in ("DRAM", "GLB", "RF")] == [False, True, False]
    assert machine.first_visits == "read at GLB"
    assert machine.with_(first_psum="read").first_visits == "read"
    listed = Machine.of([Level("outside", first_psum="read"), Array("PEs")])
    assert listed.reads_first("outside") and listed.first_visits == "read"
    assert Level("GLB") != Level("GLB", first_psum="read")
    with pytest.raises(CourseError) as caught:
        Level("GLB", first_psum="one")
    assert caught.value.got == "first_psum='one'"


def test_words_of_several_widths():
    machine = Machine(widths={"psum": 32, "filter": 8})
    assert [machine.bits(tensor) for tensor in ("ifmap", "filter", "psum")] == [16, 8, 32]
    assert machine.with_(word_bits=8).share("psum") == 4 and machine.with_(rows=2).widths == machine.widths
    assert hash(machine) == hash(Machine(widths={"filter": 8, "psum": 32})) != hash(Machine())
    for wrong in ({"ofmap": 8}, 8, "psum", [8]):
        with pytest.raises(CourseError) as caught:
            Machine(widths=wrong)
        assert caught.value.rule == "widths are bits for ifmap, filter and psum"
    with pytest.raises(CourseError, match="widths of psum"):
        Machine(widths={"psum": 0})
