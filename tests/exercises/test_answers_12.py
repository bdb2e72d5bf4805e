"""The answers of notebook 12 against the library, and answers to its open exercise that play tricks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw.checks import judge
from cnnhw.chips import eyeriss
from cnnhw.chips.compared import glb_words
from cnnhw.chips.lenet5_formats import fraction_bits
from cnnhw.chips.sparse import coded_share
from cnnhw.counts import count
from cnnhw.emulator import run_length_decode, run_length_encode
from cnnhw.nest import Loop
from cnnhw.shape import LayerShape
from cnnhw_grading import lessons
from cnnhw_grading.lessons import find

answers = lessons.answers("12")
table = lessons.table("12")

CHIP = eyeriss()
SOLUTION = [
    ("E", 2, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"), ("M", 4, "COLS"), ("C", 2, "COLS"), ("E", 1, "ROWS"),
    ("R", 1, "ROWS"), ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF"),
]  # fmt: skip


def test_the_predicted_words_are_those_of_the_nest():
    parameters = CHIP.mapping("CONV4") | {"r": 1, "t": 4}
    nest = CHIP.nest(CHIP.network.layers["CONV4"], parameters)
    assert answers.predicted_words() == glb_words(count(nest, CHIP.machine))


def test_the_zeros_give_five_megabytes():
    ifmap, filters, ofmap = (2e-6 * words for words in answers.dram_words(4, 96, 3, 55, 11, 4, 96, 1, 7))
    coded = ofmap * coded_share(answers.needed_zeros() / 100)
    assert ifmap + filters + coded == pytest.approx(5.0, abs=0.01)


@pytest.mark.parametrize("layer", CHIP.printed)
def test_dram_words_are_those_of_the_chips_nests(layer):
    shape, sizes = CHIP.network.layers[layer], CHIP.mapping(layer)
    counts = count(CHIP.nests()[layer], CHIP.machine)
    words = answers.dram_words(
        shape.N, shape.made, shape.seen, shape.E, shape.R, shape.U,
        sizes["m"], sizes["n"], sizes["e"],
    )  # fmt: skip
    moved = tuple(counts["DRAM", t].reads + counts["DRAM", t].updates for t in ("ifmap", "filter", "psum"))
    assert tuple(shape.G * each for each in words) == moved


@pytest.mark.parametrize("case", table.LAYERS + table.OTHER_LAYERS, ids=str)
def test_dram_words_of_the_cases_are_a_layers(case):
    shape = LayerShape(
        N=case["N"], M=case["M"], C=case["C"], H=case["U"] * (case["E"] - 1) + case["R"],
        R=case["R"], U=case["U"],
    )  # fmt: skip
    assert shape.E == case["E"]
    assert answers.dram_words(**{**case, "m": case["M"], "n": case["N"], "e": case["E"]}) == (
        shape.ifmap_words, shape.filter_words, shape.ofmap_words,
    )  # fmt: skip


@given(st.lists(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 7]), max_size=120))
def test_the_coder_is_the_emulators(words):
    assert answers.run_pairs(words) == run_length_encode(words)
    assert run_length_decode(answers.run_pairs(words)) == words


def test_streams_have_long_runs_and_end_in_zeros():
    assert any(case["end"] > 32 for case in table.STREAMS)


@given(st.floats(1e-6, 1e6), st.integers(2, 20))
def test_the_format_is_the_lessons_or_one_finer_where_rounding_allows(largest, bits):
    ours = answers.most_fraction_bits([largest], bits)
    assert ours - fraction_bits(largest, bits) in (0, 1)


def test_the_right_loops_pass_written_as_loops_too():
    assert judge(find("c3_loops"), SOLUTION).right
    assert judge(find("c3_loops"), [Loop(*loop) for loop in SOLUTION]).right


class Flattering(int):
    """A step that says it is smaller than it is."""

    def __le__(self, other):
        return True


@pytest.mark.parametrize(
    "loops",
    [
        [],
        ["E", 2, "DRAM"],
        [("E", 2)],
        [("E", 2.0, "DRAM")],
        [("E", Flattering(2), "DRAM"), *SOLUTION[1:]],
        SOLUTION * 5,
        [("E", 10**400, "DRAM"), *SOLUTION],
        [("X", 1, "DRAM"), *SOLUTION],
        SOLUTION[:-1],
        [*SOLUTION[:3], *reversed(SOLUTION[3:])],
        [None],
        [[["E", 2, "DRAM"]]],
    ],
    ids=str,
)
def test_loops_that_are_none_are_wrong_and_say_why(loops):
    verdict = judge(find("c3_loops"), loops)
    assert not verdict.right and verdict.text.startswith("c3_loops: not right yet\n")


def test_a_list_that_changes_is_looked_at_each_time():
    class Moody(list):
        def __iter__(self):
            return iter(())

    assert not judge(find("c3_loops"), Moody(SOLUTION)).right


def test_the_bar_leaves_the_lessons_mapping_out():
    shape = replace(CHIP.network.layers["CONV1"], N=1)  # another layer's nest is no answer either
    assert not judge(find("c3_loops"), CHIP.nest(shape, CHIP.mapping("CONV1"))).right
