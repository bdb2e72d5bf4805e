"""a, b, c, d: the closed form of ISCA 2016 beside nests that do it; and the three kinds of reuse."""

from itertools import product

import pytest

from cnnhw import Costs, LayerShape, Machine, Nest, count, networks
from cnnhw.energy import value_accesses
from cnnhw.errors import CourseError
from cnnhw.pictures.energy.reuse import PLACES, reuse_energy
from cnnhw.pictures.energy.reuse_kinds import reuse_kinds

LETTERS = list(product((1, 2, 3), repeat=4))
EVERYTHING = {"ifmap", "filter", "psum"}


def reusing(a, b, c, d):
    """An FC layer whose loops over C push each of 4 ifmap words out before it is used again."""
    outside = [("M", b * c * d, "DRAM"), ("C", 2, "DRAM"), ("M", c * d, "GLB"), ("C", 1, "GLB")]
    return Nest(LayerShape.fc(M=a * b * c * d, C=4), [*outside, ("M", d, "COLS"), ("M", 1, "RF")])


def summing(a, b, c, d):
    """The same with M and C exchanged, so that it is the 4 psums that come and go."""
    outside = [("C", b * c * d, "DRAM"), ("M", 2, "DRAM"), ("C", c * d, "GLB"), ("M", 1, "GLB")]
    return Nest(LayerShape.fc(M=4, C=a * b * c * d), [*outside, ("C", d, "ROWS"), ("C", 1, "RF")])


def moved(nest, tensor):
    accesses = count(nest, Machine.unbounded()).accesses("transfer")
    return {place: accesses[place, tensor] / 4 for place in PLACES}


@pytest.mark.parametrize("letters", LETTERS)
def test_a_nest_moves_an_input_as_equation_3_says(letters):
    assert moved(reusing(*letters), "ifmap") == value_accesses("input", *letters)


@pytest.mark.parametrize("letters", LETTERS)
def test_a_nest_moves_a_psum_as_equation_4_says_but_through_every_level(letters):
    a, b, c, d = letters
    # The paper's psums skip levels: the GLB to and from DRAM, the RF as a stay ends or begins, the NoC back.
    skipped = {"DRAM": 0, "GLB": 2 * a - 1, "NoC": a * b - 1, "RF": a * b * c + a * b - 1}
    paper = value_accesses("psum", *letters)
    assert moved(summing(*letters), "psum") == {place: paper[place] + skipped[place] for place in PLACES}


def test_isca_2016_equations_3_and_4_at_the_lectures_costs():
    assert " = 248 for 24 MACs" in reuse_energy("input", 1, 2, 3, 4).caption
    assert " = 708 for 36 MACs" in reuse_energy("psum", 2, 3, 3, 2).caption


def test_slide_29_four_dram_accesses_for_each_mac_of_alexnet():
    machine = Machine.unbounded(stores_padding=True, first_psum="read")
    accesses = 0
    for shape in networks.alexnet().layers.values():
        nest = Nest(shape, [(dim, 1, "DRAM") for dim in "GMCEFRS"], keeps={})
        accesses += sum(count(nest, machine).accesses()["DRAM", tensor] for tensor in EVERYTHING)
    assert accesses == 2_897_627_264


def test_slide_30_up_to_500_times_fewer_reads_in_alexnets_conv_layers():
    worst, best, ratios = 0, 0, []
    for shape in networks.alexnet().conv.values():
        dims = "GMCEFRS"
        far = Nest(shape, [(dim, 1, "DRAM") for dim in dims], keeps={})
        near = Nest(shape, [(dim, 1, "RF") for dim in dims], keeps={"GLB": EVERYTHING, "RF": EVERYTHING})
        reads = [
            sum(count(nest, machine)["DRAM", tensor].reads for tensor in ("ifmap", "filter"))
            for nest, machine in ((far, Machine.unbounded(stores_padding=True)), (near, Machine.unbounded()))
        ]
        worst, best, ratios = worst + reads[0], best + reads[1], [*ratios, round(reads[0] / reads[1])]
    assert ratios == [1113, 1187, 322, 308, 295]
    assert round(worst / best, 1) == 487.7


def test_the_words_list_every_level():
    assert repr(reuse_energy("psum", 2, 3, 3, 2)).startswith(
        "Energy of one psum by level. DRAM 2a - 1 = 3 accesses, energy 600; "
        "GLB 2a(b - 1) = 8 accesses, energy 48; "
        "NoC ab(c - 1) = 12 accesses, energy 24; RF 2abc(d - 1) = 36 accesses, energy 36."
    )


def test_costs_of_0_and_other_units_are_drawn():
    free = Costs(DRAM=0, GLB=0, NoC=0, RF=0, MAC=0)
    assert " = 0 for 1 MACs: 0 each" in reuse_energy("psum", 1, 1, 1, 1, free).caption
    assert "1*320 + 1*5 + 1*3 + 1*1.5 = 329.5" in reuse_energy("input", 1, 1, 1, 1, Costs.horowitz()).caption


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("ofmap", 1, 1, 1, 1),
            "a value is an input or a psum\n  got 'ofmap'\n"
            '  use "input" for a word of the ifmap or of a filter, "psum" for a word of the ofmap',
        ),
        (
            ("input", 1, 0, 1, 1),
            "a level uses a value a whole number of times, 1 or more\n  got b=0\n"
            "  1 is a level that only passes the value on",
        ),
        (
            ("input", 1, 1, 1, 2.0),
            "a level uses a value a whole number of times, 1 or more\n  got d=2.0\n"
            "  1 is a level that only passes the value on",
        ),
    ],
)
def test_what_cannot_be_counted_says_why(arguments, text):
    with pytest.raises(CourseError) as caught:
        value_accesses(*arguments)
    assert str(caught.value) == text


def most_uses(shape):
    """Windows that hold each ifmap word, counted one by one; the most of them."""
    windows = {}
    for e, f, r, s in product(range(shape.E), range(shape.F), range(shape.R), range(shape.S)):
        word = shape.U * e + r, shape.U * f + s
        windows[word] = windows.get(word, 0) + 1
    return max(windows.values())


@pytest.mark.parametrize("U", [1, 2, 3, 5])
@pytest.mark.parametrize(("H", "R"), [(13, 3), (11, 4), (7, 7), (9, 1)])
def test_the_uses_of_an_ifmap_word_are_counted(U, H, R):
    shape = LayerShape(N=2, M=3, C=5, H=H, R=R, U=U)
    times = most_uses(shape)
    assert f"an ifmap word up to {times} times; fmap: 3 times; filter: 2 times" in reuse_kinds(shape).caption


def test_the_kinds_are_explained_in_words():
    words = repr(reuse_kinds(networks.alexnet().layers["CONV2"]))
    assert "Convolutional: windows of one ifmap overlap" in words
    assert "fmap: 128 times; filter: 1 times" in words  # 256 filters in 2 groups
