"""What the open exercises of notebook 12_the_eyeriss_chip want: the rule itself, no answer."""

from cnnhw.checks import own_nests
from cnnhw.checks.exercise import Open
from cnnhw.checks.own_nests import listed
from cnnhw.chips import eyeriss
from cnnhw.counts import Counts, count
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.networks import lenet5

MOST_CYCLES, MOST_ENERGY = 8_000, 9.56  # the lesson's mapping takes 12,800 and 9.53


def chip_with_biases() -> Machine:
    """Eyeriss with psums that start from LeNet-5's biases: the first visit of each reads one in DRAM."""
    return eyeriss().machine.with_(first_psum="read")


def c3_nest(loops) -> Nest:
    """Build the nest of loops for C3 of LeNet-5 with four digits; an error says why it is none."""
    return listed(loops, lenet5().with_batch(4).layers["C3"])


def c3_counts(loops) -> Counts:
    """Count the loops on Eyeriss.

    raises  CourseError if they make no nest, or do not fit; ValueError if they are no list of loops
    """
    return count(c3_nest(loops), chip_with_biases())


def c3_fits(loops) -> bool:
    """Whether they are a nest that fits the chip; otherwise the error says what is wrong."""
    return c3_counts(loops).macs > 0


def c3_is_fast(loops) -> bool:
    """Whether they take at most MOST_CYCLES."""
    return c3_counts(loops).cycles <= MOST_CYCLES


def c3_is_low(loops) -> bool:
    """Whether they take at most MOST_ENERGY for each MAC."""
    return c3_energy(loops) <= MOST_ENERGY


def c3_energy(loops) -> float:
    """Energy per MAC, the score."""
    return own_nests.per_mac(c3_counts(loops), chip_with_biases())


def drawn_c3(loops):
    """Draw the nest on the chip, with what it moves: a Picture."""
    return own_nests.card(c3_nest(loops), chip_with_biases())


NOTEBOOK = "12_the_eyeriss_chip"


OPENS = (
    Open(
        name="c3_loops",
        notebook=NOTEBOOK,
        points=4,
        rule="loops (dim, step, where) for LeNet-5's C3 with N=4 that fit Eyeriss, take at most "
        f"{MOST_CYCLES:,} cycles and at most {MOST_ENERGY} per MAC",
        wants=list,
        properties=(
            ("they are a nest for C3 that fits the chip", c3_fits),
            (f"it takes at most {MOST_CYCLES:,} cycles", c3_is_fast),
            (f"it takes at most {MOST_ENERGY} per MAC", c3_is_low),
        ),
        score=c3_energy,
        unit="per MAC",
        bar=MOST_ENERGY,
        best=(9.55, "the best of a random search over nests of at most 8,000 cycles"),
        draw=drawn_c3,
    ),
)
