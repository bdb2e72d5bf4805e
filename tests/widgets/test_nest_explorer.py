"""The loop nest explorer, moved by Python: each move ends in a card or in three lines."""

import random

import pytest

from cnnhw.counts import count, walk
from cnnhw.energy import energy
from cnnhw.nest import Loop
from cnnhw.widgets import explore_nest
from cnnhw.widgets.nest import KEEPERS, MACHINE
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
    tools = [explorer.layer, explorer.start, explorer.chosen, explorer.step, explorer.where]
    assert all(tool.description for tool in [*tools, *explorer.keeps.values()])
    assert sum(type(tool).__name__ == "IntSlider" for tool in tools) == 1


def test_it_starts_with_the_lessons_weight_stationary():
    explorer = explore_nest()
    shown = explorer.view.value
    assert "2,592 MACs in 216 cycles, 12.0 of 12 PEs busy on average" in shown
    assert "Energy per MAC: start 38.14, now 38.14." in shown
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
    assert list(buttons) == ["Out", "In", "Split", "Remove"]
    for name in ("Out", "In", "In", "Split", "Remove"):  # Out at the top stays where it is
        buttons[name].click()
    assert [loop.dim for loop in explorer.loops[:3]] == ["C", "R", "M"] and len(explorer.loops) == 8


def test_any_row_of_moves_ends_in_a_card_or_in_three_lines():
    explorer, moves = explore_nest(), random.Random(8)
    for _ in range(60):
        explorer.chosen.index = moves.randrange(len(explorer.loops))
        move = moves.randrange(6)
        if move == 0:
            explorer.step.value = moves.randint(1, explorer.step.max)
        elif move == 1:
            explorer.where.value = moves.choice(explorer.where.options)
        elif move == 2:
            toggle = explorer.keeps[moves.choice(KEEPERS)]
            toggle.value = not toggle.value
        else:
            moves.choice(
                [explorer.split, explorer.remove, lambda: explorer.move(-1), lambda: explorer.move(1)]
            )()
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
