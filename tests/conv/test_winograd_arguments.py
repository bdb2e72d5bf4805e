"""Every mistake a reader can make with conv_winograd has its three lines."""

from fractions import Fraction

import numpy as np
import pytest

from cnnhw import LayerShape
from cnnhw.conv.winograd import conv_winograd, keep, transforms, winograd_operations
from cnnhw.errors import ShapeError

IFMAP, FILTERS = np.ones((2, 4, 7, 5)), np.ones((6, 4, 3, 3))
KEPT = keep(FILTERS)

MISTAKES = {
    "m is 0": (lambda: conv_winograd(IFMAP, FILTERS, m=0), "m must be a whole number, 1 or more\n  got m=0"),
    "m is no int": (lambda: conv_winograd(IFMAP, FILTERS, m=2.0), "got m=2.0\n  give m as an int, as in m=2"),
    "m is true": (lambda: keep(FILTERS, m=True), "got m=True"),
    "m is text": (lambda: keep(FILTERS, m="4"), "got m='4'"),
    "one of m is 0": (lambda: keep(FILTERS, m=(2, 0)), "got m=0"),
    "three m": (lambda: keep(FILTERS, m=(2, 2, 2)), "rows and columns of a tile\n  got m=(2, 2, 2)"),
    "r is 0": (lambda: transforms(2, 0), "r must be a whole number, 1 or more\n  got r=0"),
    "a repeated point": (
        lambda: conv_winograd(IFMAP, FILTERS, points=(0, 1, 1)),
        "the points must all be different\n  got 1 twice in points=(0, 1, 1)\n"
        "  replace one of them, as in points=(0, 1, -1)",
    ),
    "the same fraction": (lambda: transforms(2, 3, (0, Fraction(2, 4), Fraction(1, 2))), "got 1/2 twice"),
    "too few points": (
        lambda: keep(FILTERS, m=4, points=(0, 1, -1)),
        "needs m + r - 2 points, infinity not counted\n  got 3 points where 5 are needed\n  give 2 more",
    ),
    "a point that is not exact": (
        lambda: transforms(2, 3, (0, 1, 0.5)),
        "the points must be whole numbers or Fractions\n  got points=(0, 1, 0.5)\n",
    ),
    "points are no points": (lambda: keep(FILTERS, points=3), "whole numbers or Fractions\n  got points=3"),
    "infinity among them": (lambda: transforms(2, 3, (0, 1, np.inf)), "infinity is always the last one"),
    "kept for another stride": (
        lambda: conv_winograd(IFMAP, KEPT, U=2),
        "got U=2 with filters kept for U=1\n  keep them again, as in keep(filters, U=2)",
    ),
    "kept for other groups": (
        lambda: conv_winograd(IFMAP, KEPT, G=2),
        "each filter must see C / G channels\n  got ifmap C=4, G=2 (2 channels a group)",
    ),
    "groups that do not divide": (lambda: conv_winograd(IFMAP, KEPT, G=3), "the groups must divide C evenly"),
    "groups that do not divide M": (
        lambda: conv_winograd(np.ones((1, 8, 5, 5)), keep(np.ones((6, 2, 3, 3))), G=4),
        "the groups must divide M evenly\n  got M=6, G=4",
    ),
    "no groups": (lambda: conv_winograd(IFMAP, KEPT, G=0), "G must be a whole number, 1 or more\n  got G=0"),
    "kept as other words": (
        lambda: conv_winograd(IFMAP, keep(FILTERS.astype(np.float32))),
        "in float64 with filters kept as float32\n  keep them again from filters.astype('float64')",
    ),
    "stride 0": (lambda: conv_winograd(IFMAP, FILTERS, U=0), "U must be a whole number, 1 or more"),
    "stride 0 when kept": (lambda: keep(FILTERS, 0), "U must be a whole number, 1 or more"),
    "a filter too large": (
        lambda: conv_winograd(IFMAP, np.ones((1, 4, 9, 3))), "the filter must fit into the padded ifmap"),
    "a kept filter too large": (
        lambda: conv_winograd(IFMAP, keep(np.ones((1, 4, 9, 3)))), "the filter must fit into the padded"),
    "filters with three axes": (lambda: keep(np.ones((4, 3, 3))), "filters must have four axes"),
    "no filters": (lambda: keep(np.ones((0, 4, 3, 3))), "filters must have at least one word on each axis"),
    "a word that is no number": (lambda: keep(FILTERS * np.nan), "every word of filters must be a finite"),
    "an ifmap word that is none": (
        lambda: conv_winograd(IFMAP * np.inf, KEPT), "every word of ifmap must be a finite number"),
    "text": (lambda: keep(FILTERS.astype(str)), "filters must hold numbers"),
    "counting with m = 0": (lambda: winograd_operations(LayerShape(M=1, C=1, H=5, R=3), 0), "got m=0"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_three_lines(name):
    attempt, text = MISTAKES[name]
    with pytest.raises(ShapeError) as caught:
        attempt()
    message = str(caught.value)
    assert text in message
    assert len(message.splitlines()) == 3
