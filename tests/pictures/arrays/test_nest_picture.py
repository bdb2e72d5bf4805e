"""A nest's picture: loops, tiles and PEs are those of the nest, for clipped chunks and large arrays too."""

import html

import pytest
from drawn_hierarchies import placed
from drawn_nests import nests
from hypothesis import given, settings

from cnnhw.counts import count
from cnnhw.energy import energy
from cnnhw.errors import CourseError
from cnnhw.machine import Array, Level, Machine
from cnnhw.nest import Nest
from cnnhw.pictures.arrays.architectures import two_architectures
from cnnhw.pictures.arrays.dataflow import dataflow, row_stationary_array
from cnnhw.pictures.arrays.nest import headings, kept_inside, nest_picture
from cnnhw.pictures.arrays.nest_card import nest_card
from cnnhw.pictures.energy.energy import WIDTH as KEY_WIDTH
from cnnhw.pictures.energy.energy import energy_by_level, swatches
from cnnhw.shape import LayerShape

SHAPE = LayerShape(M=5, C=3, H=9, W=6, R=3)
NEST = Nest(
    SHAPE,
    [
        ("M", 3, "DRAM"), ("E", 4, "GLB"), ("F", 1, "GLB"), ("M", 1, "GLB"), ("C", 1, "GLB"),
        ("R", 1, "ROWS"), ("E", 3, "COLS"), ("E", 1, "RF"), ("S", 1, "RF"),
    ],
    {"GLB": {"ifmap"}, "RF": {"psum", "filter"}},
)  # fmt: skip


def test_loops_tiles_and_pes_in_words():
    words = nest_picture(NEST).words
    assert "A nest on 3 x 2 PEs. DRAM: for m, 3 at a time; it keeps ifmap 162, filter 135, psum 140." in words
    assert "GLB: for e, 4 at a time, for f, one by one, for m, one by one, for c, one by one" in words
    assert "array: r on PE rows, 1 each, e on PE columns, 3 each." in words
    assert "RF: for e, one by one, for s, one by one; it keeps filter 3, psum 3." in words
    assert words.endswith("PE rows: r 0; r 1; r 2. PE columns: e 0-2; e 3.")


def test_headings_are_chunks_of_the_first_iteration_the_last_one_clipped():
    assert headings(NEST, "COLS") == ["e 0-2", "e 3"]
    assert headings(Nest(SHAPE, [(dim, 1, "RF") for dim in "MCEFRS"]), "ROWS") == [""]


def test_a_pe_beyond_the_end_of_a_clipped_chunk_is_idle():
    row = LayerShape(M=1, C=1, H=1, W=3, R=1, S=3)  # 3 weights in twos, each two cut into ones: 2 x 2 PEs
    nest = Nest(row, [("S", 2, "ROWS"), ("S", 1, "ROWS")])
    assert headings(nest, "ROWS") == ["s 0", "s 1", "s 2", "idle"]
    assert "stroke-dasharray" in nest_picture(nest).svg


@settings(max_examples=30)
@given(nests())
def test_every_nest_can_be_drawn(nest):
    drawn = nest_picture(nest)
    assert drawn.svg.startswith("<svg") and f"{nest.rows} x {nest.cols} PEs" in drawn.words
    assert len(headings(nest, "ROWS")) == nest.rows and len(headings(nest, "COLS")) == nest.cols


def test_a_large_array_is_drawn_in_part_and_says_so():
    wide = Nest(LayerShape.fc(M=16, C=16), [("C", 1, "ROWS"), ("M", 1, "COLS")])
    drawn = nest_picture(wide)
    assert "the first of 16 x 16" in drawn.svg and "m 4; ... 16 in all" in drawn.words
    assert len(drawn.svg) < 60_000


def test_idle_pes_of_the_machine_are_drawn_dotted():
    busy, idle = nest_picture(NEST).svg, nest_picture(NEST, Machine(4, 3)).svg
    assert "stroke-dasharray" not in busy and "stroke-dasharray" in idle


def test_a_card_shows_words_moved_and_energies():
    machine = Machine(3, 4)
    counts = count(NEST, machine)
    card = nest_card(NEST, machine, {"start": energy(counts, machine)})
    for (level, tensor), words in counts.accesses().items():
        assert (f"{level} {tensor} {words:,}" in card.words) == bool(words)
    assert "Energy per MAC: start" in card.words and ">start</text>" in card.svg and ">now</text>" in card.svg
    assert html.escape(card.words, quote=True) in card._repr_html_()


def test_row_stationary_shares_rows_along_three_directions():
    words = row_stationary_array(3, 3).words
    assert (
        "PE (1, 1) filter row 1 and ifmap row 2" in words
        and "PE (0, 2) filter row 0 and ifmap row 2" in words
    )


@pytest.mark.parametrize(
    ("draw", "rule"),
    [
        (lambda: dataflow("XX"), "this picture knows WS, OS, NLR"),
        (lambda: row_stationary_array(9, 2), "this picture has room for"),
    ],
)
def test_what_cannot_be_drawn_says_why(draw, rule):
    with pytest.raises(CourseError, match=rule):
        draw()


def test_two_architectures_in_words():
    assert "ALUs cannot pass words" in two_architectures().words


TILED = Machine.of([
    Level("DRAM"), Level("eDRAM", cost=8), Array("tiles", 2, 2), Level("local", cost=2), Array("lanes", 1, 3),
])  # fmt: skip
REST = [(dim, 1, "local") for dim in "ECFRS"]
ON_TILES = Nest(
    LayerShape(M=6, C=4, H=4, R=2),
    [("E", 1, "DRAM"), ("M", 3, ("tiles", "COLS")), ("C", 2, ("tiles", "ROWS")), ("F", 1, "local"),
     ("C", 1, "local"), ("R", 1, "local"), ("S", 1, "local"), ("M", 1, ("lanes", "COLS"))],
    {"eDRAM": {"ifmap"}, "local": {"filter", "psum"}},
)  # fmt: skip


def test_a_machine_of_two_arrays_is_drawn_level_by_level():
    card = nest_card(ON_TILES, TILED)
    for told in (
        "A nest on 2 x 2 tiles and 1 x 3 lanes.",
        "tiles: m on tiles columns, 3 each, c on tiles rows, 2 each.",
        "lanes: m on lanes columns, 1 each.",
        "tiles rows: c 0-1; c 2-3. tiles columns: m 0-2; m 3-5. lanes rows: one.",
        "lanes columns: m 0; m 1; m 2.",
        "eDRAM: no loops; it keeps ifmap",
    ):
        assert told in card.words, card.words
    for (place, tensor), words in count(ON_TILES, TILED).accesses().items():
        assert (f"{place} {tensor} {words:,}" in card.words) == bool(words)
    bars = energy_by_level({"tiled": energy(count(ON_TILES, TILED), TILED)})
    assert all(f"{name} " in bars.words for name in ("DRAM", "eDRAM", "tiles", "local", "lanes", "MAC"))


def test_an_array_is_drawn_with_what_is_kept_between_it_and_the_next():
    """Tiles hold what their local memory keeps, lanes their registers; lanes begin in the first tile."""
    deep = Machine.of([*TILED.parts, Level("register")])
    keeps = {"local": {"filter", "psum"}, "register": {"ifmap"}}
    loops = [("M", 3, ("tiles", "COLS")), *REST, ("M", 2, ("lanes", "COLS")), ("M", 1, "register")]
    nest = Nest(ON_TILES.shape, loops, keeps).on(deep)
    assert [kept_inside(nest, array) for array in ("tiles", "lanes")] == [["filter", "psum"], ["ifmap"]]
    assert headings(nest, ("tiles", "COLS")) == ["m 0-2", "m 3-5"]
    assert headings(nest, ("lanes", "COLS")) == ["m 0-1", "m 2"]


def test_the_key_of_a_long_list_takes_lines():
    names = tuple(f"memory{number}" for number in range(9)) + ("MAC",)
    places = swatches(11.4, names)
    assert len(places) == 10 and max(x for x, _ in places) < KEY_WIDTH - 2.5 and places[-1][1] > 1
    assert {x for x, down in places if down == 0} >= {11.4} and swatches(0, ("DRAM", "MAC"))[-1][1] == 0


@settings(max_examples=30)
@given(placed(most_macs=100))
def test_every_nest_on_any_hierarchy_can_be_drawn(drawn):
    nest, machine = drawn
    nest = nest.on(machine)
    words = nest_picture(nest, machine).words
    assert all(f"{level}: " in words for level in nest.order.levels)
    for array in nest.order.arrays:
        rows, cols = nest.taken(array)
        assert [len(headings(nest, axis)) for axis in nest.order.axes(array)] == [rows, cols]
        assert f"{rows} x {cols} " in words


def test_energies_of_different_machines_are_not_cut_alike():
    tiled = energy(count(ON_TILES, TILED), TILED)
    plain = energy(count(NEST, Machine()), Machine())
    with pytest.raises(CourseError, match="levels and arrays of one machine"):
        energy_by_level({"tiled": tiled, "plain": plain})
