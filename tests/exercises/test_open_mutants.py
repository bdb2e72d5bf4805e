"""Open exercises: properties and definition agree on every answer near a right one; mutants are noticed."""

from dataclasses import replace

import numpy as np
import pytest

from cnnhw import LayerShape, Nest
from cnnhw.checks import Open
from cnnhw_grading.lessons import exercises, find
from cnnhw_grading.strength.mutants import try_mutants
from cnnhw_grading.strength.nearby import around


def test_every_open_exercise_has_a_definition():
    opened = [each for each in exercises().values() if isinstance(each, Open)]
    assert {each.name for each in opened if each.definition is None} == set()


def three_odd(sizes):
    return len(sizes) == 3 and all(size % 2 == 1 for size in sizes)


def odd_product(properties, definition, **fields):
    exercise = replace(find("odd_product"), properties=properties, definition=definition, mistakes={})
    return try_mutants(replace(exercise, **fields))


def test_agreeing_properties_leave_nothing():
    tally = odd_product((("three odd sizes", three_odd),), lambda s: len(s) == 3 == sum(x & 1 for x in s))
    assert tally.left == [] and tally.killed > 20


def test_a_property_that_passes_too_much_is_found():
    tally = odd_product((("three sizes", lambda sizes: len(sizes) == 3),), three_odd)
    assert tally.left[0].startswith("the answer (")
    assert len(tally.left) >= 6


def test_a_property_that_passes_too_little_is_found():
    tally = odd_product((("odd and sorted", lambda s: three_odd(s) and list(s) == sorted(s)),), three_odd)
    assert any(words.startswith("the answer (") for words in tally.left)


def test_further_answers_may_be_given():
    properties = (("three odd sizes", three_odd),)
    fewer = odd_product(properties, lambda s: three_odd(s) and s != (1, 1, 1))
    assert fewer.left == []
    more = odd_product(properties, lambda s: three_odd(s) and s != (1, 1, 1), nearby=lambda: [(1, 1, 1)])
    assert more.left == ["the answer (1, 1, 1)"]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (3, [4, 2]),
        ((3, "GLB"), [(4, "GLB"), ("GLB", 3), (3,)]),
        ([("M", 8), ("C", 1)], [[("M", 7), ("C", 1)], [("C", 1), ("M", 8)], [("C", 1)]]),
        (True, [False]),
    ],
)
def test_near_answers(value, wanted):
    found = around(value)
    assert all(each in found for each in wanted)
    assert value not in found


def test_near_layers_nests_and_arrays():
    layer = LayerShape(M=2, C=3, H=5, W=7, R=3, S=2)
    assert LayerShape(M=2, C=3, H=7, W=5, R=3, S=2) in around(layer)
    assert LayerShape(M=2, C=3, H=5, W=7, R=2, S=2) in around(layer)
    on_array = [("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")]
    loops = [("M", 1, "GLB"), ("C", 1, "GLB"), ("F", 1, "GLB"), *on_array]
    nest = Nest(layer, loops)
    swapped = Nest(layer, [loops[1], loops[0], *loops[2:]])
    assert swapped in around(nest)
    assert any(np.array_equal(each, [[1, 3]]) for each in around(np.array([[1, 2]])))
