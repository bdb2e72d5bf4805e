"""What cannot run says in three lines why, and what to change."""

import numpy as np
import pytest
from emulator.emulated import words

from cnnhw import LayerShape, Level, Machine, Nest
from cnnhw.emulator import engines, run
from cnnhw.emulator.memory import glb, register_file
from cnnhw.errors import CourseError, ShapeError
from cnnhw.machine import CapacityError

SHAPE = LayerShape(M=3, C=2, H=5, W=7, R=3, S=2)
LOOPS = [
    ("C", 1, "DRAM"),
    ("M", 1, "GLB"),
    ("F", 1, "GLB"),
    ("R", 1, "ROWS"),
    ("E", 1, "COLS"),
    ("S", 1, "RF"),
]
NEST = Nest(SHAPE, LOOPS)
ANY = Machine.unbounded()


def refused(kind, *told, nest=NEST, machine=ANY, **changes):
    ifmap, filters, _ = words(SHAPE)
    given = {"ifmap": ifmap, "filters": filters} | changes
    with pytest.raises(kind) as error:
        run(nest, machine, **given)
    text = str(error.value)
    assert len(text.splitlines()) == 3
    for part in told:
        assert part in text


def test_too_few_pes():
    refused(CapacityError, "3 PE rows wanted, the array has 2", machine=Machine(2, 4))


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (Level("RF", {"ifmap": 1, "filter": 9, "psum": 9}), "ifmap in RF"),
        (Level("RF", 4), "2 words of ifmap beside 2 of filter beside 1 of psum, room for 4"),
        (Level("GLB", {"ifmap": 99, "psum": 53}), "54 words of psum, room for 53"),
    ],
)
def test_tiles_that_do_not_fit(level, told):
    refused(CapacityError, told, machine=ANY.with_(levels=(level,)))


def test_everything_that_fits_just_so_runs():
    levels = (Level("RF", {"ifmap": 2, "filter": 2, "psum": 1}), Level("GLB", {"ifmap": 35, "psum": 54}))
    ifmap, filters, _ = words(SHAPE)
    for engine in ("plain", "fast"):
        assert run(NEST, Machine(3, 3, levels), ifmap, filters, engine=engine).counts.macs == SHAPE.macs


def test_a_register_file_never_holds_more_than_fits():
    file = register_file(Level("RF", {"ifmap": 1, ("filter", "psum"): 2}), 2, 3)
    file.write("ifmap", (0, 0, 0, 0), 5)
    file.write("ifmap", (0, 0, 0, 0), 6)  # in the place of the old one
    file.write("filter", (0, 0, 0, 0), 7)
    file.write("psum", (0, 0, 0, 0), 8)
    with pytest.raises(CapacityError) as error:
        file.write("psum", (0, 0, 0, 1), 9)
    assert str(error.value) == (
        "a memory never holds more words than it has room for\n"
        "  got psum[0, 0, 0, 1] for the RF of PE (2, 3), which holds 2 of 2 words\n"
        "  cut the loops inside RF into smaller steps, or give it more words"
    )


def test_a_tensor_without_room_has_none():
    buffer = glb(Level("GLB", {"ifmap": 1}))
    with pytest.raises(CapacityError, match=r"got psum\[0, 0, 0, 1\] for the GLB, which holds 0 of 0 words"):
        buffer.write("psum", (0, 0, 0, 1), 9)


def test_arrays_of_another_layer():
    refused(
        ShapeError,
        "the arrays must have the sizes of the nest's layer\n"
        "  got ifmap (1, 2, 6, 7) and filters (3, 2, 3, 2)\n"
        "  give ifmap (1, 2, 5, 7) and filters (3, 2, 3, 2)",
        ifmap=np.ones((1, 2, 6, 7), int),
    )
    refused(ShapeError, "each filter must see C / G channels", filters=np.ones((3, 1, 3, 2), int))
    refused(ShapeError, "must have four axes", ifmap=np.ones((5, 7), int))
    refused(ShapeError, "finite", filters=np.full((3, 2, 3, 2), np.nan))


def test_bias():
    refused(
        ShapeError,
        "a layer has one bias for each filter\n  got 3 filters but a bias of shape (2,)\n"
        "  give a bias of shape (3,), or None",
        bias=np.ones(2, int),
    )
    words = "every word of bias must be a finite number\n  got inf at bias[1]\n  replace it before running"
    refused(ShapeError, words, bias=np.array([1, np.inf, 2]))
    ones = {"ifmap": np.ones((1, 2, 5, 7), int), "filters": np.ones((3, 2, 3, 2), int)}
    largest = 2**63 - 1 - 12  # of 2 * 3 * 2 products of 1
    assert run(NEST, ANY, **ones, bias=np.array([largest, 0, 0])).ofmap.max() == 2**63 - 1
    refused(
        ShapeError,
        "every psum of whole numbers must fit a signed 64-bit word\n"
        f"  got products and bias that may add up to {2**63}\n"
        "  use smaller words, or astype(object) for exact Python integers",
        **ones,
        bias=np.array([largest + 1, 0, 0]),
    )


def test_options():
    for option, value, rule, change in (
        ("engine", "quick", "an engine is one of auto, plain, fast, listed", 'use "auto"'),
        (
            "arithmetic",
            "int16",
            "numbers are taken as they are, or as fixed point",
            "use None, or FixedPoint(bits=16, ...)",
        ),
        (
            "timing",
            5,
            "words take no time, or as Timing says",
            'use Timing(words_per_cycle={"GLB": 4})',
        ),
        ("zero_gating", 1, "a switch is True or False", "use zero_gating=True to count what it saves"),
        ("run_length", "yes", "a switch is True or False", "use run_length=True to count what it saves"),
    ):
        refused(CourseError, f"{rule}\n  got {option}={value!r}\n  {change}", **{option: value})


def test_things_that_are_no_nest_and_no_machine():
    call = "call run(nest, machine, ifmap, filters); Machine.unbounded() has room for everything"
    for wrong, got in (
        ({"nest": LOOPS}, "list in place of a Nest"),
        ({"machine": "Eyeriss"}, "str in place of a Machine"),
    ):
        refused(CourseError, f"a nest runs on a machine\n  got {got}\n  {call}", **wrong)


def test_more_passes_than_the_fast_engine_can_have_at_once(monkeypatch):
    monkeypatch.setattr(engines, "MOST_PASSES", 35)
    refused(
        CourseError,
        "the fast engine has all passes in memory at once\n"
        "  got 36 passes, room for 35\n"  # 2 channels, 3 filters, 6 columns
        "  move loops from DRAM and GLB to the array or the RF, or use a smaller layer",
        engine="fast",
    )
    ifmap, filters, _ = words(SHAPE)
    assert run(NEST, ANY, ifmap, filters).options["engine"] == "plain"
    monkeypatch.setattr(engines, "MOST_PASSES", 36)
    assert run(NEST, ANY, ifmap, filters).options["engine"] == "fast"


def test_the_plain_engine_takes_small_layers_only_by_itself(monkeypatch):
    """Where only it can run, a layer of as many MACs as it does in a minute runs, one more does not."""
    monkeypatch.setattr(engines, "MOST_PASSES", 35)
    monkeypatch.setattr(engines, "MOST_PLAIN_MACS", SHAPE.macs)
    ifmap, filters, _ = words(SHAPE)
    assert run(NEST, ANY, ifmap, filters).options["engine"] == "plain"
    monkeypatch.setattr(engines, "MOST_PLAIN_MACS", SHAPE.macs - 1)
    refused(CourseError, "36 passes, room for 35")
    assert run(NEST, ANY, ifmap, filters, engine="plain").options["engine"] == "plain"


def test_coding_every_step_is_for_small_layers():
    passing = Nest(SHAPE, LOOPS, {"GLB": {"psum"}, "RF": {"filter", "psum"}})
    refused(
        CourseError,
        "the fast engine codes the ifmap words that GLB or RF keep\n"
        f"  got {SHAPE.macs} MACs that fetch each ifmap word from DRAM anew\n"
        '  let the GLB keep the ifmap, or use engine="plain" and patience',
        nest=passing,
        run_length=True,
        engine="fast",
    )
    ifmap, filters, _ = words(SHAPE)
    assert run(passing, ANY, ifmap, filters, run_length=True).options["engine"] == "plain"


def test_a_wide_word_takes_its_share_of_a_memory():
    """Five rooms hold three psums of one and a half; half a weight more, and no whole one."""
    share = Machine(widths={"psum": 24, "filter": 8}).share
    memory = glb(Level("GLB", 5), share)
    for index in range(3):
        memory.write("psum", (index,), 0)
    memory.write("filter", (0,), 0)
    with pytest.raises(CapacityError):
        memory.write("filter", (1,), 0)
