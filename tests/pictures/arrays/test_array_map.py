"""The map of an array and its PE sets, and the picture of passes: what they say is what count finds."""

import re

import drawn_hierarchies
import pytest
from drawn import cases
from emulator.emulated import words
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import Array, CapacityError, LayerShape, Level, Machine, Nest, count, run
from cnnhw.chips import eyeriss
from cnnhw.dataflows.fit import best_fit
from cnnhw.pictures.arrays.array_map import array_map, placements
from cnnhw.pictures.arrays.passes import crossings, pass_count, pass_factors, passes

CHIP = eyeriss()
NESTS = CHIP.nests()


@pytest.mark.parametrize("layer", list(NESTS))
def test_jssc_2017_active_pes(layer):
    words = array_map(NESTS[layer], CHIP.machine).words
    active = int(CHIP.measured[layer]["active_pes"])
    assert words.startswith(f"12 x 14 PEs, {active} at work, {168 - active} idle.")
    assert len(list(placements(NESTS[layer]))) == count(NESTS[layer], CHIP.machine).active_pes


@given(
    M=st.integers(1, 6), C=st.integers(1, 5), E=st.integers(1, 9), R=st.integers(1, 4),
    rows=st.integers(4, 9), cols=st.integers(1, 9),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_every_pe_of_every_set_stands_somewhere_else(M, C, E, R, rows, cols):
    fit = best_fit(LayerShape(M=M, C=C, H=E + R - 1, W=3, R=R, S=2), Machine(rows, cols))
    for last in (False, True):
        placed = list(placements(fit.nest(), last))
        assert len({(pe.row, pe.col) for pe in placed}) == len(placed)
        assert all(pe.row < rows and pe.col < cols for pe in placed)
    assert len(list(placements(fit.nest()))) == fit.active_pes


@settings(max_examples=cases(60))
@given(drawn_hierarchies.placed(most_macs=60))
def test_any_hierarchy_places_pes_where_the_emulator_does(drawn):
    nest, machine = drawn
    ifmap, filters, _ = words(nest.shape)
    trace = run(nest, machine, ifmap, filters, trace=(0, 0)).trace
    placed = list(placements(nest.on(machine)))
    macs = trace.select(what="mac")
    assert sorted((pe.row, pe.col) for pe in placed) == sorted(zip(macs["row"], macs["col"], strict=True))
    psums = {(event.row, event.col): event.index for event in trace if event.what == "mac"}
    filters_of_group = nest.shape.made
    for pe in placed:
        n, m, e, f = psums[pe.row, pe.col]
        first = {dim: low for dim, (low, _) in pe.ranges.items()}
        assert (n, m, e, f) == (
            first["N"], first["G"] * filters_of_group + first["M"], first["E"], first["F"],
        )  # fmt: skip


def test_idle_tiles_stand_between():
    """Two of three lanes, in one of two rows of tiles: a PE of the next tile is three columns further."""
    machine = Machine.of([Level("DRAM"), Array("tiles", 2, 2), Level("tile"), Array("lanes", 1, 3)])
    nest = Nest(LayerShape(M=2, C=2, H=1, R=1), [("M", 1, ("tiles", "COLS")), ("C", 1, ("lanes", "COLS"))])
    words = array_map(nest, machine).words
    assert words.startswith("2 x 6 PEs, 4 at work, 8 idle.")
    assert "Set A: PE row 0, column 0" in words and "Set D: PE row 0, column 4" in words


def test_a_folded_set_has_two_parts():
    fit = best_fit(CHIP.network.layers["CONV2"], CHIP.machine, e=27, height=5)
    words = array_map(fit.nest(), CHIP.machine).words
    assert "Set A: PE rows 0-4, columns 0-13, filter rows 0-4, ofmap rows 0-13; then PE rows 5-9" in words


def test_a_fold_inside_the_filter_rows_is_told_line_by_line():
    layer = LayerShape(M=1, C=1, H=5, W=1, R=2, S=1)
    nest = Nest(layer, [("R", 1, "ROWS"), ("E", 2, "ROWS"), ("E", 1, "COLS")])
    words = array_map(nest, Machine(4, 2)).words
    assert "Set A: PE rows 0 and 2, columns 0-1" in words and "then PE rows 1 and 3" in words


def test_the_last_step_is_clipped():
    assert "132 at work" in array_map(NESTS["CONV1"], CHIP.machine, last=True).words


def test_text_in_every_pe_or_in_the_corners():
    drawn = [array_map(NESTS["CONV3"], CHIP.machine, every=every).svg for every in (True, False)]
    assert [len(re.findall(r">D r\d+<", svg)) for svg in drawn] == [39, 4]


@pytest.mark.parametrize(
    ("shape", "keys"),
    [
        (
            LayerShape(G=2, M=2, C=2, H=4, R=2),
            ["group 0, filter 0, channel 0", "group 1, filter 0, channel 0"],
        ),
        (
            LayerShape(N=2, M=1, C=1, H=4, R=2),
            ["image 0, filter 0, channel 0", "image 1, filter 0, channel 0"],
        ),
        (LayerShape(M=2, C=1, H=4, R=2), ["filter 0, channel 0", "filter 1, channel 0"]),
    ],
    ids=["groups", "images", "filters"],
)
def test_the_key_tells_what_sets_differ_in(shape, keys):
    picture = array_map(best_fit(shape, Machine(4, 3), height=2).nest(), Machine(4, 3))
    told = [text.split(": ")[1] for text in re.findall(r"set [A-Z]: [^<]*", picture.svg)]
    assert sorted(sorted(one.split(", ")) for one in told) == sorted(sorted(key.split(", ")) for key in keys)


def test_many_sets_are_drawn_without_letters():
    fit = best_fit(LayerShape.fc(M=64, C=32), Machine(32, 32))
    picture = array_map(fit.nest(), Machine(32, 32))
    assert picture.words.endswith("1024 sets in all.") and "A r0" not in picture.svg


def test_a_nest_too_large_for_the_array_is_refused():
    with pytest.raises(CapacityError, match="14 PE cols wanted, the array has 13"):
        array_map(NESTS["CONV1"], Machine(12, 13))


@pytest.mark.parametrize(("layer", "number"), [("CONV1", 288), ("CONV2", 1536), ("CONV4", 384)])
def test_passes_multiply(layer, number):
    assert pass_count(NESTS[layer]) == number
    assert repr(passes(NESTS[layer], CHIP.machine)).startswith(f"{number:,} passes = ")


@pytest.mark.parametrize("layer", list(NESTS))
def test_jssc_2017_words_between_glb_and_array(layer):
    crossed = crossings(NESTS[layer], count(NESTS[layer], CHIP.machine))
    megabytes = 2 * sum(one.words for one in crossed if one.level == "GLB") / 1e6
    assert round(megabytes, 1) == float(CHIP.measured[layer]["glb_mb"])


def test_a_clipped_chunk_makes_fewer_passes_than_the_product():
    layer = LayerShape(M=10, C=1, H=4, R=2)
    nest = Nest(layer, [
        ("M", 4, "DRAM"), ("M", 3, "GLB"), ("F", 1, "GLB"), ("E", 1, "COLS"), ("R", 1, "ROWS"),
        ("S", 1, "RF"), ("M", 1, "RF"),
    ])  # fmt: skip
    assert [times for _, _, times in pass_factors(nest)] == [3, 2] and pass_count(nest) == 5  # 3 1, 3 1, 2
    assert repr(passes(nest, Machine.unbounded())).startswith("5 passes of at most 3 (filters by 4) x 2")


def test_one_pass():
    nest = Nest(LayerShape(M=1, C=1, H=1, W=3, R=1, S=2), [("F", 1, "GLB"), ("S", 1, "RF")])
    assert repr(passes(nest, Machine.unbounded())).startswith(
        "1 pass. ifmap, array from GLB: 3 a pass, 3 in all"
    )
