"""The loop nest explorer, moved by Python: each move ends in a card or in three lines."""

import html
import random

import pytest

from cnnhw import Array, CourseError, LayerShape, Level, Machine, networks
from cnnhw.counts import count, walk
from cnnhw.dataflows import DATAFLOWS
from cnnhw.energy import energy
from cnnhw.mapper import search
from cnnhw.nest import Loop
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.widgets import explore_nest
from cnnhw.widgets.nest import MACHINE
from cnnhw.widgets.nest_best import KEPT, Known, best_known, climbed
from cnnhw.widgets.nest_found import FOUND
from cnnhw.widgets.nest_starts import LAYERS, STARTS


def choose(explorer, dim, where):
    """Choose the loop over a dim at a place."""
    explorer.chosen.index = next(
        place for place, loop in enumerate(explorer.loops) if (loop.dim, loop.where) == (dim, where)
    )


def per_mac(explorer):
    return f"{energy(count(explorer.nest(), MACHINE), MACHINE).per_mac:.2f}".rstrip("0").rstrip(".")


def test_every_control_is_labelled_and_one_is_a_slider():
    explorer = explore_nest()
    tools = [explorer.layer, explorer.start, explorer.chosen, explorer.step, explorer.where, explorer.dim]
    assert all(tool.description for tool in [*tools, *explorer.keeps.values()])
    assert sum(type(tool).__name__ == "IntSlider" for tool in tools) == 1


def test_it_starts_with_the_lessons_weight_stationary():
    explorer = explore_nest()
    shown = explorer.view.value
    assert "2,592 MACs in 216 cycles, 12.0 of 12 PEs busy on average" in shown
    best = best_known(explorer.shape, MACHINE).per_mac
    assert f"Energy per MAC: start 38.14, best {short(best)}, now 38.14." in shown
    assert explorer.chosen.options[0] == ("DRAM  m in chunks of 4", 0)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("layer", [name for name, _ in LAYERS])
def test_every_start_runs_on_every_layer(layer, start):
    explorer = explore_nest()
    explorer.layer.label, explorer.start.value = layer, start
    assert "<figure" in explorer.view.value
    assert count(explorer.nest(), MACHINE) == walk(explorer.nest(), MACHINE)


def test_moving_a_loop_out_changes_what_is_counted():
    explorer = explore_nest()
    choose(explorer, "E", "GLB")
    explorer.move(-1)
    explorer.move(-1)  # e r s f: weights are fetched for each of 6 rows
    assert explorer.nest().loops[2] == Loop("E", 1, "GLB")
    assert "DRAM filter 648" in explorer.view.value
    explorer.keeps["GLB", "filter"].value = True
    assert "DRAM filter 108" in explorer.view.value and "GLB filter 648" in explorer.view.value
    assert f"now {per_mac(explorer)}." in explorer.view.value


def test_the_tools_follow_the_chosen_loop_and_change_nothing_else():
    explorer = explore_nest()
    before = list(explorer.loops)
    choose(explorer, "F", "GLB")
    assert (explorer.step.value, explorer.step.max, explorer.where.value) == (1, 4, "GLB")
    assert explorer.loops == before


def test_a_loop_left_in_chunks_says_so_and_another_repairs_it():
    explorer = explore_nest()
    choose(explorer, "E", "GLB")
    explorer.step.value = 2
    assert "MappingError: the loops over a dim must cut it down to 1" in explorer.view.value
    assert "got E=6 is left in chunks of 2" in explorer.view.value and "<svg" not in explorer.view.value
    explorer.split()  # chunks of 4 around those of 2
    explorer.chosen.index += 1
    explorer.step.value = 1
    assert "for e, 4 at a time, for e, one by one" in explorer.view.value


def test_a_loop_out_of_order_says_so():
    explorer = explore_nest()
    explorer.where.value = "RF"
    assert "MappingError: loops run from the outside in" in explorer.view.value


def test_a_loop_taken_out_is_missed():
    explorer = explore_nest()
    choose(explorer, "S", "GLB")
    explorer.remove()
    assert "got S=3 is left in chunks of 3" in explorer.view.value


def test_too_many_pes_and_too_large_tiles_say_so():
    explorer = explore_nest()
    explorer.layer.label = LAYERS[1][0]
    choose(explorer, "M", "DRAM")
    explorer.step.value = 5
    assert "CapacityError: the loops on COLS must fit on the array" in explorer.view.value
    assert "got 5 PE cols wanted, the array has 4" in explorer.view.value
    explorer = explore_nest()
    explorer.layer.label = LAYERS[-1][0]
    explorer.start.value = "output stationary"
    choose(explorer, "M", "DRAM")
    explorer.step.value = 8
    assert "CapacityError: the tile of a tensor must fit" in explorer.view.value


def test_buttons_do_what_they_say():
    explorer = explore_nest()
    row = explorer.children[0].children[1].children[1].children
    buttons = {button.description: button for button in row}
    assert list(buttons) == ["Out", "In", "Split", "Add", "Remove", "Undo", "Play"]
    for name in ("Out", "In", "In", "Split", "Remove"):  # Out at the top stays where it is
        buttons[name].click()
    assert [loop.dim for loop in explorer.loops[:3]] == ["C", "R", "M"] and len(explorer.loops) == 8


def test_any_row_of_moves_ends_in_a_card_or_in_three_lines():
    explorer, moves = explore_nest(), random.Random(8)
    for _ in range(60):
        explorer.chosen.index = moves.randrange(len(explorer.loops))
        move = moves.randrange(8)
        if move == 0:
            explorer.step.value = moves.randint(1, explorer.step.max)
        elif move == 1:
            explorer.where.value = moves.choice([place for _, place in explorer.where.options])
        elif move == 2:
            toggle = explorer.keeps[moves.choice(tuple(explorer.keeps))]
            toggle.value = not toggle.value
        else:
            moves.choice(
                [
                    explorer.split, explorer.remove, explorer.add, explorer.undo,
                    lambda: explorer.move(-1), lambda: explorer.move(1),
                ]
            )()  # fmt: skip
        shown = explorer.view.value
        assert ("<figure" in shown) != ("Error: " in shown)


def test_the_chosen_loop_can_grow_past_the_old_sliders_end():
    explorer = explore_nest()
    choose(explorer, "R", "GLB")
    choose(explorer, "E", "GLB")
    explorer.step.value = 6
    assert explorer.loops[explorer.chosen.index] == Loop("E", 6, "GLB")


def test_with_no_loop_chosen_the_first_is_meant():
    explorer = explore_nest()
    explorer.chosen.index = None
    explorer.step.value = 2
    assert explorer.loops[0] == Loop("M", 2, "DRAM")


def test_the_last_loop_stays():
    explorer = explore_nest()
    for _ in range(20):
        explorer.remove()
    assert len(explorer.loops) == 1


def state(explorer):
    kept = {key: toggle.value for key, toggle in explorer.keeps.items()}
    return explorer.layer.label, explorer.start.value, list(explorer.loops), kept


def test_undo_takes_back_every_change_and_nothing_is_lost():
    explorer, moves, seen = explore_nest(), random.Random(9), []

    def changes():
        explorer.chosen.index = moves.randrange(len(explorer.loops))
        yield explorer.add
        yield explorer.remove
        yield lambda: explorer.move(1)
        yield lambda: setattr(explorer.where, "value", "RF")  # out of order: three lines
        yield lambda: setattr(explorer.step, "value", explorer.step.max)
        yield lambda: setattr(explorer.keeps["RF", "psum"], "value", not explorer.keeps["RF", "psum"].value)
        yield lambda: setattr(explorer.start, "value", "output stationary")
        yield lambda: setattr(explorer.layer, "label", LAYERS[2][0])

    for change in changes():
        before = state(explorer)
        change()
        if state(explorer) != before:
            seen.append(before)
    assert len(seen) >= 6
    while seen:
        explorer.undo()
        assert state(explorer) == seen.pop()
    explorer.undo()  # nothing is left to take back
    assert "<figure" in explorer.view.value


def test_a_change_that_makes_no_nest_stays_as_it_was_typed():
    explorer = explore_nest()
    choose(explorer, "E", "GLB")
    explorer.step.value = 5
    assert "MappingError" in explorer.view.value
    assert "e in chunks of 5" in str(explorer.chosen.options) and explorer.step.value == 5
    assert "(&quot;E&quot;, 5, &quot;GLB&quot;)" in explorer.code.value
    explorer.undo()
    assert "<figure" in explorer.view.value


def test_a_loop_is_added_inside_the_chosen_one():
    explorer = explore_nest()
    explorer.chosen.index, explorer.dim.value = 1, "E"
    explorer.add()
    assert explorer.loops[2] == Loop("E", 1, "DRAM") and explorer.chosen.index == 2


def test_the_code_makes_the_nest_and_every_start_on_a_layer_of_all_dims():
    layer = LayerShape(N=2, M=4, C=4, H=6, R=3, U=2, P=1, G=2)
    explorer = explore_nest(layer, Machine(3, 4))
    for start in STARTS:
        explorer.start.value = start
        source, made = html.unescape(explorer.code.value).split("<pre")[1].split(">", 1)[1], {}
        exec(source.removesuffix("</pre>"), made)
        assert made["nest"] == explorer.nest() and made["nest"].shape == layer


def test_any_layer_on_any_machine():
    conv2 = networks.alexnet().layers["CONV2"]
    for machine in (Machine.unbounded(), Machine(12, 14, (Level("RF", 512), Level("GLB", 54_000)))):
        explorer = explore_nest(conv2, machine)
        assert explorer.shape == conv2 and "223,948,800 MACs" in explorer.view.value
        explorer.play()
        assert (
            "the explorer plays layers of at most 10,000,000 MACs"
            in explorer.stage.outputs[0]["data"]["text/html"]
        )
    tiny = explore_nest(conv2, Machine(1, 1, (Level("RF", 1), Level("GLB", 1))))
    assert "CapacityError" in tiny.view.value


def test_what_is_no_layer_or_machine_says_so():
    with pytest.raises(CourseError, match="an explorer of nests takes a LayerShape and a Machine"):
        explore_nest(3)


def test_the_score_is_the_best_known_over_the_readers():
    explorer = explore_nest()
    best, mine = best_known(explorer.shape, MACHINE), energy(count(explorer.nest(), MACHINE), MACHINE).per_mac
    assert (
        f"Score: {best.per_mac / mine:.0%} of the best known, {best.per_mac:.2f} per MAC"
        in explorer.view.value
    )
    assert f"It is from {best.source}" in explorer.view.value
    assert energy(count(best.nest, MACHINE), MACHINE).per_mac == best.per_mac < mine
    explorer.loops = list(best.nest.loops)
    with explorer.together():
        for (level, tensor), toggle in explorer.keeps.items():
            toggle.value = tensor in best.nest.keeps[level]
    assert "Score: 100% of the best known" in explorer.view.value


def test_play_shows_a_window_of_the_trace_until_the_nest_changes():
    explorer = explore_nest()
    explorer.play()
    shown = explorer.stage.outputs[0]["data"]
    assert (
        shown["text/plain"].startswith("An array of 3 x 4 PEs, cycle 0: ")
        and "<script>" in shown["text/html"]
    )
    explorer.move(1)
    assert explorer.stage.outputs == ()
    choose(explorer, "S", "GLB")
    explorer.remove()
    explorer.play()
    assert "MappingError" in explorer.stage.outputs[0]["data"]["text/html"]


def test_a_kept_nest_beats_every_start_and_the_mapper():
    for layer in FOUND:
        assert layer in dict(LAYERS).values()
        assert best_known(layer, MACHINE).source == KEPT
    assert best_known(next(iter(FOUND)), Machine(2, 2)).source != KEPT  # of another machine


def test_a_climb_is_the_same_each_time_and_never_ends_above_its_start():
    nest = search(DATAFLOWS["RS"], LAYERS[-1][1], MACHINE).nest
    start = Known(nest, energy(count(nest, MACHINE), MACHINE).per_mac, "the start")
    ends = [climbed(start, MACHINE, tries) for tries in (0, 60, 60)]
    assert ends[0] == start and ends[1] == ends[2] and ends[1].per_mac < start.per_mac
    assert ends[1].source == "a climb of 60 tries from the start"
    assert energy(count(ends[1].nest, MACHINE), MACHINE).per_mac == ends[1].per_mac


DEEP = Machine.of([
    Level("DRAM"), Level("shared", 900, cost=8), Array("tiles", 2, 2, cost=3), Level("local", 60, cost=2),
    Array("lanes", 1, 3, cost=1),
])  # fmt: skip


FLAT = Machine.of([Level("DRAM"), Level("L1", 500, cost=2)])


@pytest.mark.parametrize("machine", [DEEP, FLAT, Machine.of([Level("DRAM")])])
@pytest.mark.parametrize("start", STARTS)
def test_any_levels_and_arrays(machine, start):
    explorer = explore_nest(machine=machine)
    explorer.start.value = start
    nest = explorer.nest()
    shown = explorer.view.value
    try:
        counts = count(nest, machine)
    except CourseError as error:
        assert html.escape(error.rule) in shown
        return
    assert counts == walk(nest, machine)
    assert f"{counts.macs:,} MACs in {counts.cycles:,} cycles" in shown and "Score: " in shown
    space = {}
    exec(html.unescape(explorer.code.value.split(">", 3)[3].rsplit("</pre>")[0]), space)
    assert count(space["nest"], machine) == counts
    explorer.play()
    (shown,) = explorer.stage.outputs
    assert shown["data"]["text/plain"].startswith("An array of ") and "<script>" in shown["data"]["text/html"]


def test_a_layer_that_plays_too_long():
    explorer = explore_nest(LayerShape(M=32, C=32, H=32, R=3, P=1), DEEP)
    explorer.play()
    assert "the explorer plays layers of at most 300,000 MACs" in str(explorer.stage.outputs)


def test_a_loop_can_go_onto_any_array():
    explorer = explore_nest(machine=DEEP)
    explorer.loops = [Loop("M", 1, ("lanes", "COLS")), *(Loop(dim, 1, "local") for dim in "CEFRS")]
    explorer._listed(0)
    assert [name for name, _ in explorer.where.options][2:4] == ["tiles ROWS", "tiles COLS"]
    explorer.where.value = ("tiles", "ROWS")
    assert explorer.loops[0] == Loop("M", 1, ("tiles", "ROWS"))
    assert '("M", 1, ("tiles", "ROWS")),' in html.unescape(explorer.code.value)
