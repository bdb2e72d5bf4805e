"""What the open exercises of notebook 09_row_stationary want: the rule itself, no answer."""

from cnnhw.checks import own_nests
from cnnhw.checks.exercise import Open
from cnnhw.checks.own_nests import chunks_at, counted, rebuilt
from cnnhw.machine import Level, Machine
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

TENSORS = frozenset({"ifmap", "filter", "psum"})
OWN = LayerShape(N=2, M=6, C=4, H=8, W=9, R=3)
SMALL = Machine(6, 6, (Level("RF", 40), Level("GLB", 1200)))
BAR = 21.0  # energies of a MAC per MAC; a set without folding takes 25.5


def is_row_stationary(nest: Nest) -> bool:
    """Whether filter rows are on the PE rows, ofmap rows on the columns, and a PE keeps and slides a row."""
    again = rebuilt(nest, OWN)
    rows, cols, turns = (chunks_at(again, where) for where in ("ROWS", "COLS", "RF"))
    # A loop of one iteration is on no axis, whatever it says.
    whole = rows.get("R") == OWN.R and turns.get("S") == OWN.S and cols.get("E", 1) > 1
    return whole and again.keeps["RF"] == TENSORS


def all_busy(nest: Nest) -> bool:
    """Whether all 36 PEs work in every step."""
    return counted(nest, OWN, SMALL).cycles * SMALL.pes == OWN.macs


def own_per_mac(nest: Nest) -> float:
    """Energy per MAC, the score."""
    return own_nests.per_mac(counted(nest, OWN, SMALL), SMALL)


def below_bar(nest: Nest) -> bool:
    """Whether the energy is below the bar."""
    return own_per_mac(nest) < BAR


def drawn_set(nest: Nest):
    """Draw the nest, with what it moves: a Picture."""
    return own_nests.card(rebuilt(nest, OWN), SMALL)


NOTEBOOK = "09_row_stationary"


OPENS = (
    Open(
        name="own_set",
        notebook=NOTEBOOK,
        points=4,
        rule="a row-stationary nest for the exercise's layer and machine that keeps all 36 PEs busy, "
        f"below {BAR:g} per MAC",
        wants=Nest,
        properties=(
            ("r is on ROWS, e on COLS, s in the RF, and the RF keeps all", is_row_stationary),
            ("all 36 PEs work in every step", all_busy),
            (f"it takes less than {BAR:g} energies of a MAC per MAC", below_bar),
        ),
        score=own_per_mac,
        unit="per MAC",
        bar=BAR,
        best=(19.97, "the best of a random search over nests"),
        draw=drawn_set,
    ),
)
