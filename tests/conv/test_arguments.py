"""Everything wrong that can be handed to a convolution ends in three lines that say what to change."""

import numpy as np
import pytest

from cnnhw import ShapeError
from cnnhw.conv import conv_loops, conv_windows

IFMAP, FILTERS = np.ones((2, 6, 7, 5), int), np.ones((4, 6, 3, 2), int)


def with_nan():
    ifmap = IFMAP.astype(float)
    ifmap[1, 2, 3, 4] = np.nan
    return ifmap


CASES = {
    "three axes": (
        dict(ifmap=IFMAP[0]),
        "ifmap must have four axes (N, C, H, W)\n  got shape (6, 7, 5)\n"
        "  add axes of one word, as in ifmap[None, None]",
    ),
    "five axes": (
        dict(filters=FILTERS[None]),
        "filters must have four axes (M, C/G, R, S)\n  got shape (1, 4, 6, 3, 2)\n  drop or merge axes",
    ),
    "ragged": (
        dict(ifmap=[[1, 2], [3]]),
        "ifmap must be an array with axes (N, C, H, W)\n  got a list that is not rectangular\n"
        "  give every row the same number of words",
    ),
    "empty": (
        dict(ifmap=IFMAP[:0]),
        "ifmap must have at least one word on each axis (N, C, H, W)\n  got shape (0, 6, 7, 5)\n"
        "  check the slice that made ifmap",
    ),
    "text": (
        dict(filters=FILTERS.astype(str)),
        "filters must hold numbers\n  got dtype <U21\n  convert it first, as in filters.astype(float)",
    ),
    "NaN": (
        dict(ifmap=with_nan()),
        "every word of ifmap must be a finite number\n  got nan at ifmap[1, 2, 3, 4]\n"
        "  replace it before convolving, as in np.nan_to_num",
    ),
    "channels": (
        dict(G=2),
        "each filter must see C / G channels\n  got ifmap C=6, G=2 (3 channels a group) but filters with 6 "
        "channels\n  give filters 3 channels, or use G=1",
    ),
    "groups": (
        dict(G=4),
        "the groups must divide C evenly\n  got C=6, G=4 (remainder 2)\n"
        "  use a G that divides both C=6 and M=4, or pad the channels",
    ),
    "filters in groups": (
        dict(filters=FILTERS[:, :2], G=3),
        "the groups must divide M evenly\n  got M=4, G=3 (remainder 1)\n"
        "  use a G that divides both C=6 and M=4, or pad the channels",
    ),
    "stride": (dict(U=0), "U must be a whole number, 1 or more\n  got U=0\n  give U as an int"),
    "filter too large": (
        dict(filters=np.ones((4, 6, 9, 2))),
        "the filter must fit into the padded ifmap\n  got R=9 but H + 2P = 7 + 2*0 = 7\n"
        "  use R <= 7, a larger H, or P >= 1",
    ),
    "word too large": (
        dict(ifmap=np.full((1, 6, 7, 5), 2**63, np.uint64)),
        f"whole numbers must fit a signed 64-bit word\n  got ifmap with a word of magnitude {2**63}\n"
        "  use smaller words, or ifmap.astype(object) for exact Python integers",
    ),
    "sum too large": (
        dict(ifmap=IFMAP * 2**62),
        "every psum of whole numbers must fit a signed 64-bit word\n"
        f"  got 36 products that may add up to {36 * 2**62}\n"
        "  use smaller words, or astype(object) for exact Python integers",
    ),
}


@pytest.mark.parametrize("conv", [conv_loops, conv_windows])
@pytest.mark.parametrize("wrong, text", CASES.values(), ids=CASES)
def test_wrong_arguments_are_refused_in_three_lines(conv, wrong, text):
    with pytest.raises(ShapeError) as caught:
        conv(**{"ifmap": IFMAP, "filters": FILTERS, **wrong})
    assert str(caught.value) == text


def test_object_words_that_are_not_numbers_are_refused():
    words = np.full((1, 1, 2, 2), "word", dtype=object)
    with pytest.raises(ShapeError, match="must hold numbers"):
        conv_windows(words, np.ones((1, 1, 1, 1)))
