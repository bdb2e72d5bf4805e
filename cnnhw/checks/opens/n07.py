"""What the open exercises of notebook 07_memory_is_the_bottleneck want: the rule itself, no answer."""

from cnnhw.checks import own_nests
from cnnhw.checks.exercise import Open
from cnnhw.checks.plain import Refused, plain
from cnnhw.counts import count
from cnnhw.errors import CourseError
from cnnhw.machine import Level, Machine
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

LAYER = LayerShape(M=24, C=16, H=9, R=3, P=1)  # like AlexNet's CONV3, but small; chosen for teaching
GLB_WORDS = 1_000
SMALL = Machine(levels=(Level("GLB", GLB_WORDS),))
BAR = 10_000  # DRAM accesses
_ALL = {"ifmap", "filter", "psum"}
_MOST_CUTS = 8  # chosen for teaching: two for each of M, C, E and F


def cuts_are_listed(cuts) -> bool:
    """Whether an answer is a list of a few pairs (dim, step) that make a nest; an error says why not."""
    nest_of(cuts)
    return True


def cuts_fit(cuts) -> bool:
    """Whether the tiles fit; CapacityError says which does not."""
    try:
        nest_of(cuts)
    except (CourseError, Refused):
        return False  # the property before says why
    return dram_accesses(cuts) > 0


def at_most(accesses: int):
    """Give the test whether an answer has at most so many DRAM accesses."""

    def holds(cuts) -> bool:
        try:
            return dram_accesses(cuts) <= accesses
        except (CourseError, Refused):
            return False  # the first two properties say why

    return holds


def dram_accesses(cuts) -> int:
    """Count the DRAM accesses of LAYER with these cuts and a GLB of GLB_WORDS words."""
    counts = count(nest_of(cuts), SMALL)
    return sum(counts["DRAM", tensor].reads + counts["DRAM", tensor].updates for tensor in _ALL)


def nest_of(cuts) -> Nest:
    """Build the nest of LAYER whose loops at DRAM are these cuts; Refused or MappingError if none are."""
    cuts = plain(cuts)
    for cut in cuts:
        if type(cut) is not tuple or len(cut) != 2:
            raise Refused('each cut is a pair such as ("M", 8)')
    if len(cuts) > _MOST_CUTS:
        raise Refused(f"{len(cuts)} cuts; {_MOST_CUTS} are enough")
    loops = [(dim, step, "DRAM") for dim, step in cuts] + [(dim, 1, "RF") for dim in "MCEFRS"]
    return Nest(LAYER, loops, keeps={"GLB": _ALL, "RF": _ALL})


def drawn_cuts(cuts):
    """Draw the nest of these cuts, with what it moves: a Picture."""
    return own_nests.card(nest_of(cuts), SMALL)


NOTEBOOK = "07_memory_is_the_bottleneck"


OPENS = (
    Open(
        name="glb_cuts",
        notebook=NOTEBOOK,
        points=4,
        rule=f"cuts at DRAM as pairs (dim, step), outermost first; at most {GLB_WORDS:,} words",
        wants=list,
        properties=(
            ("it is a list of cuts that make a nest", cuts_are_listed),
            (f"its tiles fit into {GLB_WORDS:,} words", cuts_fit),
            ("at most 30,000 DRAM accesses", at_most(30_000)),
            ("at most 15,000", at_most(15_000)),
            ("at most 11,000", at_most(11_000)),
            ("at most 10,000", at_most(BAR)),
        ),
        score=dram_accesses,
        unit="DRAM accesses",
        bar=BAR,
        best=(9_288, "the best of all orders and numbers of chunks, one cut a dim"),
        draw=drawn_cuts,
    ),
)
