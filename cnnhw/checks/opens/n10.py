"""What the open exercises of notebook 10_fitting_a_layer want: the rule itself, no answer."""

from collections.abc import Callable

from cnnhw.checks import own_nests
from cnnhw.checks.exercise import Open
from cnnhw.checks.own_nests import listed
from cnnhw.chips import eyeriss
from cnnhw.counts import Counts, count

BAR = 6.26  # energies of a MAC per MAC; the chip's own mapping takes 6.31


def conv3_counts(loops) -> Counts:
    """Count loops for CONV3 with four images on Eyeriss.

    raises  CourseError if they make no nest, or do not fit; ValueError if they are no list of loops
    """
    chip = eyeriss()
    return count(listed(loops, chip.network.layers["CONV3"]), chip.machine)


def conv3_fits(loops) -> bool:
    """Whether they are a nest that fits the chip; otherwise the error says what is wrong."""
    return conv3_counts(loops).macs > 0


def conv3_busy(loops) -> bool:
    """Whether 150 PEs work on average."""
    return conv3_counts(loops).mean_active_pes >= 150


def conv3_energy(loops) -> float:
    """Energy per MAC, the score."""
    return own_nests.per_mac(conv3_counts(loops), eyeriss().machine)


def conv3_below(bar: float) -> Callable[[object], bool]:
    """Give the check that the score is below a bar."""
    return lambda loops: conv3_energy(loops) < bar


def drawn_conv3(loops):
    """Draw the nest on the chip, with what it moves: a Picture."""
    chip = eyeriss()
    return own_nests.card(listed(loops, chip.network.layers["CONV3"]), chip.machine)


NOTEBOOK = "10_fitting_a_layer"


OPENS = (
    Open(
        name="own_mapping",
        notebook=NOTEBOOK,
        points=4,
        rule="loops (dim, step, where) for CONV3 at N=4 that fit Eyeriss, with 150 PEs at work on "
        "average and "
        f"less than {BAR} per MAC",
        wants=list,
        properties=(
            ("they are a nest for CONV3 that fits Eyeriss", conv3_fits),
            ("150 of the 168 PEs work on average", conv3_busy),
            ("it takes less than the chip's own 6.31 per MAC", conv3_below(6.31)),
            (f"it takes less than {BAR} per MAC", conv3_below(BAR)),
        ),
        score=conv3_energy,
        unit="per MAC",
        bar=BAR,
        best=(6.2, "the best of a random search over nests"),
        draw=drawn_conv3,
    ),
)
