"""Wrong nests: each says in three lines which rule was broken, by what, and what to change."""

import pytest

from cnnhw import LayerShape, Level, Loop, Machine, MappingError, Nest, count, walk
from cnnhw.machine import CapacityError

SHAPE = LayerShape(M=2, C=3, H=7, W=5, R=3, P=1)
DIMS = {"M": ("M", 1, "GLB"), "C": ("C", 1, "GLB"), "E": ("E", 1, "GLB"), "F": ("F", 1, "GLB")}
INNER = [("R", 1, "ROWS"), ("S", 1, "RF")]
WHOLE = [*DIMS.values(), *INNER]


def refused(error, wrong):
    with pytest.raises(error) as caught:
        wrong()
    assert type(caught.value) is error
    return str(caught.value).splitlines()


def test_a_right_nest_is_not_refused():
    assert count(Nest(SHAPE, WHOLE), Machine.unbounded()).macs == SHAPE.macs


def test_a_dim_that_no_loop_cuts():
    assert refused(MappingError, lambda: Nest(SHAPE, WHOLE[1:])) == [
        "the loops over a dim must cut it down to 1, so that every MAC is done exactly once",
        "  got M=2 is left in chunks of 2",
        '  add a loop of step 1, such as Loop("M", 1, "RF")',
    ]


def test_a_dim_that_is_left_in_chunks():
    loops = [("E", 5, "DRAM"), ("E", 3, "DRAM"), *(loop for loop in WHOLE if loop[0] != "E")]
    assert refused(MappingError, lambda: Nest(SHAPE, loops))[1] == "  got E=7 is left in chunks of 3"


def test_levels_out_of_order():
    assert refused(MappingError, lambda: Nest(SHAPE, [*WHOLE[1:], ("M", 1, "DRAM")])) == [
        "loops run from the outside in: DRAM, then GLB, then ROWS and COLS, then RF",
        "  got Loop('S', 1, 'RF') is followed by Loop('M', 1, 'DRAM')",
        "  move the loop over M up, or place it at RF or further inside",
    ]


def test_glb_inside_the_array():
    lines = refused(MappingError, lambda: Nest(SHAPE, [("R", 1, "COLS"), *DIMS.values(), ("S", 1, "RF")]))
    assert lines[1] == "  got Loop('R', 1, 'COLS') is followed by Loop('M', 1, 'GLB')"


def test_tile_larger_than_its_level():
    machine = Machine(levels=(Level("GLB", {("ifmap", "psum"): 174}),))
    assert refused(CapacityError, lambda: count(Nest(SHAPE, WHOLE), machine)) == [
        "the tile of a tensor must fit into the level that keeps it: ifmap in GLB",
        "  got 105 words of ifmap beside 70 of psum, room for 174",
        "  cut the loops inside GLB into smaller steps, let ifmap bypass GLB, or give GLB more words",
    ]
    count(Nest(SHAPE, WHOLE), Machine(levels=(Level("GLB", {("ifmap", "psum"): 175}),)))


def test_tile_grows_with_stored_padding():
    """9 * 7 positions of 3 channels instead of 7 * 5."""
    machine = Machine(levels=(Level("GLB", 175),), stores_padding=True)
    lines = refused(CapacityError, lambda: count(Nest(SHAPE, WHOLE), machine))
    assert lines[1] == "  got 189 words of ifmap beside 70 of psum, room for 175"


def test_tensor_without_room():
    machine = Machine(levels=(Level("RF", {"ifmap": 3, "filter": 3}),))
    lines = refused(CapacityError, lambda: count(Nest(SHAPE, WHOLE), machine))
    assert lines[:2] == [
        "the tile of a tensor must fit into the level that keeps it: psum in RF",
        "  got 1 words of psum, room for 0",
    ]


@pytest.mark.parametrize(("rows", "cols", "axis"), [(2, 9, "ROWS"), (9, 2, "COLS")])
def test_too_many_pes_along_an_axis(rows, cols, axis):
    nest = Nest(SHAPE, [*DIMS.values(), ("R", 1, axis), ("S", 1, "RF")])
    assert refused(CapacityError, lambda: count(nest, Machine(rows, cols))) == [
        f"the loops on {axis} must fit on the array",
        f"  got 3 PE {axis.lower()} wanted, the array has 2",
        f"  use larger steps on {axis}, so that they make fewer chunks, or move a loop to GLB",
    ]


def test_too_many_pes_in_all():
    nest = Nest(SHAPE, [*DIMS.values(), ("R", 1, "ROWS"), ("S", 1, "COLS")])
    assert refused(CapacityError, lambda: count(nest, Machine(4, 4, pes=8))) == [
        "a nest must not take more PEs than there are",
        "  got 3 x 3 = 9 PEs wanted, the machine has 8",
        "  use larger steps on ROWS or COLS, so that they make fewer chunks, or move a loop to GLB",
    ]


@pytest.mark.parametrize("dim", ["H", "W", "e", "", None, 3, ["E"]])
def test_unknown_dims(dim):
    assert refused(MappingError, lambda: Loop(dim, 1, "RF")) == [
        "a loop's dim is one of N G M C E F R S",
        f"  got dim={dim!r}",
        "  use E and F for rows and columns of the ofmap, R and S for the filter's; H and W follow",
    ]


@pytest.mark.parametrize("step", [0, -1, 1.5, 2.0, "2", None, True, float("nan"), [1]])
def test_steps_that_are_no_whole_number_from_1_on(step):
    assert refused(MappingError, lambda: Loop("E", step, "RF")) == [
        "a loop's step is a whole number, 1 or more",
        f"  got step={step!r} for the loop over E",
        "  give the size of a chunk as an int, such as 7 for strips of seven",
    ]


@pytest.mark.parametrize("where", ["", None, 1, ["RF"], ("tiles", "DIAGONAL"), ("tiles",)])
def test_what_is_no_place(where):
    assert refused(MappingError, lambda: Loop("E", 1, where)) == [
        "a loop runs at a level, such as DRAM, GLB, RF, or on ROWS or COLS of an array",
        f"  got where={where!r} for the loop over E",
        '  use the name of a level, "ROWS" or "COLS", or ("tiles", "ROWS") for one of several arrays',
    ]


@pytest.mark.parametrize("where", ["L2", "rf", ("tiles", "ROWS")])
def test_places_that_the_machine_lacks(where):
    """The names are the reader's own, so only a machine can say that one is wrong."""
    nest = Nest(LayerShape(M=1, C=1, H=2, W=1, R=1), [("E", 1, where)])
    for use in (lambda: count(nest, Machine(2, 2)), lambda: walk(nest, Machine(2, 2))):
        assert refused(MappingError, use) == [
            "a loop runs at a level of the machine, or along an axis of one of its arrays",
            f"  got Loop('E', 1, {where!r}) on a machine of DRAM, GLB, NoC, RF",
            "  use DRAM, GLB, RF, ROWS, COLS",
        ]
    for use in (lambda: nest.rows, lambda: nest.tile_words("GLB", "psum"), lambda: nest.outside("RF")):
        assert refused(MappingError, use) == [
            "a nest with places of its own knows their order from its machine",
            f"  got loops at {' '.join(where) if isinstance(where, tuple) else where}",
            "  use nest.on(machine)",
        ]


@pytest.mark.parametrize("loops", [None, 5, Loop("E", 1, "RF")])
def test_loops_that_are_no_list(loops):
    assert refused(MappingError, lambda: Nest(SHAPE, loops)) == [
        "a nest's loops are a list",
        f"  got {loops!r}",
        '  give a list such as [Loop("E", 1, "DRAM"), ...]',
    ]


@pytest.mark.parametrize("loop", ["E", ("E", 1), ["E", 1, "RF"], 7])
def test_a_loop_that_is_no_loop(loop):
    assert refused(MappingError, lambda: Nest(SHAPE, [loop])) == [
        "a loop says dim, step and where",
        f"  got {loop!r}",
        '  use Loop("E", 7, "DRAM")',
    ]


@pytest.mark.parametrize("shape", [None, (2, 3), "CONV1"])
def test_no_layer(shape):
    assert refused(MappingError, lambda: Nest(shape, WHOLE)) == [
        "a nest is for a LayerShape",
        f"  got {shape!r}",
        "  give the layer first: Nest(shape, loops)",
    ]


@pytest.mark.parametrize(
    ("keeps", "got"),
    [
        ({5: {"psum"}}, "5: ['psum']"),
        ({"GLB": {"ofmap", "filter"}}, "'GLB': ['filter', 'ofmap']"),
        ({"RF": "weights"}, "'RF': ['weights']"),
        ({"GLB": None}, "'GLB': ['None']"),
        ({"GLB": 3}, "'GLB': ['3']"),
        ({"RF": [["psum"]]}, "'RF': [\"['psum']\"]"),
    ],
)
def test_levels_that_cannot_keep_that(keeps, got):
    assert refused(MappingError, lambda: Nest(SHAPE, WHOLE, keeps)) == [
        "a level keeps any of ifmap, filter and psum",
        f"  got {got}",
        '  use {"GLB": {"ifmap", "psum"}, "RF": {"psum"}}; an ofmap word is a psum that is finished',
    ]


def test_keeps_that_is_no_mapping():
    lines = refused(MappingError, lambda: Nest(SHAPE, WHOLE, ["GLB"]))
    assert lines == [
        "keeps says which tensors each level keeps",
        "  got keeps=['GLB']",
        '  use {"GLB": {"ifmap", "psum"}, "RF": {"psum"}}',
    ]


@pytest.mark.parametrize(("level", "tensor"), [("GLB", "ofmap"), ("NoC", "psum"), (None, None), ([], "psum")])
def test_tiles_that_no_level_has(level, tensor):
    lines = refused(MappingError, lambda: Nest(SHAPE, WHOLE).tile_words(level, tensor))
    assert lines == [
        "a tile is of ifmap, filter or psum, at DRAM, GLB or RF",
        f"  got {tensor!r} at {level!r}",
        "  use these names; an ofmap word is a psum that is finished",
    ]
