"""The best known nests of the open exercises: they pass, and their score is the one that is told."""

import pytest

from cnnhw import Nest
from cnnhw.checks import judge
from cnnhw_grading import lessons
from cnnhw_grading.lessons import find

answers08 = lessons.answers("08")
answers09 = lessons.answers("09")

# What benchmarks/open_answers.py finds; a list of loops, or of loops and of what GLB and RF keep.
BEST = {
    "glb_cuts": [("M", 8), ("C", 2)],
    "own_nest": Nest(
        answers08.OWN,
        [
            ("E", 3, "DRAM"), ("M", 4, "GLB"), ("C", 1, "GLB"), ("S", 2, "GLB"), ("R", 1, "GLB"),
            ("F", 3, "COLS"), ("M", 1, "ROWS"), ("E", 1, "RF"), ("F", 1, "RF"), ("S", 1, "RF"),
        ],
        {"GLB": {"ifmap", "filter"}, "RF": {"ifmap", "filter", "psum"}},
    ),
    "own_set": Nest(
        answers09.OWN,
        [
            ("F", 4, "DRAM"), ("M", 1, "GLB"), ("E", 1, "COLS"), ("C", 2, "ROWS"), ("R", 1, "ROWS"),
            ("C", 1, "RF"), ("S", 1, "RF"), ("N", 1, "RF"), ("F", 1, "RF"),
        ],
        {"GLB": {"filter"}, "RF": {"ifmap", "filter", "psum"}},
    ),
    "own_mapping": [
        ("N", 2, "DRAM"), ("M", 103, "DRAM"), ("C", 32, "DRAM"), ("N", 1, "GLB"), ("E", 1, "GLB"),
        ("F", 1, "GLB"), ("C", 8, "ROWS"), ("R", 1, "ROWS"), ("C", 4, "COLS"), ("M", 15, "COLS"),
        ("C", 1, "RF"), ("M", 1, "RF"), ("S", 1, "RF"),
    ],
    "fc7_loops": [("M", 2058, "DRAM"), ("C", 1, "DRAM"), ("M", 14, "ROWS"), ("M", 1, "RF"), ("N", 1, "RF")],
    "c3_loops": [
        ("E", 2, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"), ("M", 4, "COLS"), ("C", 2, "COLS"),
        ("E", 1, "ROWS"), ("R", 1, "ROWS"), ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", BEST)
def test_the_best_known_is_what_is_told(name):
    exercise = find(name)
    assert judge(exercise, BEST[name], hidden=True).right
    assert round(exercise.score(BEST[name]), 2) == exercise.best[0] < exercise.bar


@pytest.mark.parametrize("name", BEST)
def test_the_answer_is_drawn(name):
    assert "it keeps" in str(find(name).draw(BEST[name]))
