"""What the open exercises of notebook 11_which_dataflow_wins want: the rule itself, no answer."""

from cnnhw.checks import own_nests
from cnnhw.checks.exercise import Open
from cnnhw.checks.own_nests import listed
from cnnhw.chips import isca16
from cnnhw.counts import count
from cnnhw.nest import Nest
from cnnhw.networks import alexnet

_FC7 = alexnet().with_batch(16).layers["FC7"]


def fc7_nest(loops) -> Nest:
    """Build the nest of loops for FC7 with N=16; an error says why it is none."""
    return listed(loops, _FC7)


def fc7_energy(loops) -> float:
    """Energy per MAC of loops for FC7 with N=16 on the machine of RS, the score.

    raises  CourseError if they make no nest, or do not fit; ValueError if they are no list of loops
    """
    machine = isca16("RS", 256)
    return own_nests.per_mac(count(fc7_nest(loops), machine), machine)


def fc7_fits(loops) -> bool:
    """Whether the loops are a nest for FC7 that fits RS's machine; otherwise the error says what is wrong."""
    return fc7_energy(loops) < float("inf")


def fc7_below(bar: float):
    """Give the check that the score is below a bar."""
    return lambda loops: fc7_energy(loops) < bar


def drawn_fc7(loops):
    """Draw the nest, with what it moves: a Picture."""
    return own_nests.card(fc7_nest(loops), isca16("RS", 256))


NOTEBOOK = "11_which_dataflow_wins"


OPENS = (
    Open(
        name="fc7_loops",
        notebook=NOTEBOOK,
        points=3,
        rule="loops (dim, step, where) for FC7 with N=16 that fit RS's machine and take less than "
        "17.95 per MAC",
        wants=list,
        properties=(
            ("they are a nest for FC7 that fits the machine", fc7_fits),
            ("it takes less than 18.05 per MAC, as no plan of the six does", fc7_below(18.05)),
            ("it takes less than 17.95 per MAC", fc7_below(17.95)),
        ),
        score=fc7_energy,
        unit="per MAC",
        bar=17.95,
        best=(17.92, "the best of a random search over nests"),
        draw=drawn_fc7,
    ),
)
