"""What the open exercises of notebook 08_arrays_of_pes want: the rule itself, no answer."""

from cnnhw.checks import own_nests
from cnnhw.checks.exercise import Open
from cnnhw.checks.own_nests import chunks_at, counted, rebuilt
from cnnhw.machine import Level, Machine
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

TURNED, ARRAY = LayerShape(M=4, C=6, H=8, W=6, R=3), Machine(3, 4)
OWN, SMALL = LayerShape(M=8, C=6, H=14, R=3), Machine(4, 4, (Level("RF", 24), Level("GLB", 1000)))
BAR = 17.0  # energies of a MAC per MAC; a row stationary nest takes 20.4


def channels_on_rows(nest: Nest) -> bool:
    """Whether channels are cut over the PE rows, and filters over the PE columns, and nothing else is."""
    again = rebuilt(nest, TURNED)
    return chunks_at(again, "ROWS") == {"C": 3} and chunks_at(again, "COLS") == {"M": 4}


def psums_leave_once(nest: Nest) -> bool:
    """Whether every psum leaves the array finished, and none comes back."""
    psums = counted(nest, TURNED, ARRAY)["GLB", "psum"], counted(nest, TURNED, ARRAY)["DRAM", "psum"]
    visits = max(access.updates for access in psums)
    return visits == TURNED.ofmap_words and not any(access.reads for access in psums)


def weights_once(nest: Nest) -> bool:
    """Whether DRAM is read once for each weight."""
    return counted(nest, TURNED, ARRAY)["DRAM", "filter"].reads == TURNED.filter_words


def all_busy(nest: Nest) -> bool:
    """Whether all 12 PEs work in every step."""
    return counted(nest, TURNED, ARRAY).cycles * ARRAY.pes == TURNED.macs


def own_busy(nest: Nest) -> bool:
    """Whether 12 of 16 PEs work on average."""
    return counted(nest, OWN, SMALL).mean_active_pes >= 12


def own_dram(nest: Nest) -> bool:
    """Whether every word of the layer crosses the DRAM's pins once."""
    dram = [access for (level, _), access in counted(nest, OWN, SMALL).by.items() if level == "DRAM"]
    words = OWN.ifmap_words + OWN.filter_words + OWN.ofmap_words
    return sum(access.reads + access.updates for access in dram) == words


def own_per_mac(nest: Nest) -> float:
    """Energy per MAC, the score."""
    return own_nests.per_mac(counted(nest, OWN, SMALL), SMALL)


def own_below_bar(nest: Nest) -> bool:
    """Whether the energy is below the bar."""
    return own_per_mac(nest) < BAR


def drawn_own(nest: Nest):
    """Draw the nest, with what it moves: a Picture."""
    return own_nests.card(rebuilt(nest, OWN), SMALL)


def drawn_turned(nest: Nest):
    """Draw the turned nest, with what it moves: a Picture."""
    return own_nests.card(rebuilt(nest, TURNED), ARRAY)


NOTEBOOK = "08_arrays_of_pes"


OPENS = (
    Open(
        name="turned_nest",
        notebook=NOTEBOOK,
        points=3,
        rule="channels on the PE rows, filters on the columns, and psums that stay until they are finished",
        wants=Nest,
        properties=(
            ("it has c on 3 PE rows and m on 4 PE columns", channels_on_rows),
            ("all 12 PEs work in every step", all_busy),
            ("every psum leaves the array once, finished, and none comes back", psums_leave_once),
            ("DRAM reads each weight once", weights_once),
        ),
        draw=drawn_turned,
    ),
    Open(
        name="own_nest",
        notebook=NOTEBOOK,
        points=4,
        rule="a nest for the layer and the machine of the exercise, with 12 PEs busy, every word once "
        "across the "
        f"DRAM's pins, and less than {BAR:g} per MAC",
        wants=Nest,
        properties=(
            ("12 of the 16 PEs work on average", own_busy),
            ("every word of the layer crosses the DRAM's pins once", own_dram),
            (f"it takes less than {BAR:g} energies of a MAC per MAC", own_below_bar),
        ),
        score=own_per_mac,
        unit="per MAC",
        bar=BAR,
        best=(15.6, "the best of a random search over nests"),
        draw=drawn_own,
    ),
)
