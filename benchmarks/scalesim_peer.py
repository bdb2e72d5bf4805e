"""SCALE-Sim as a peer: started in its own environment, given a layer and an array."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks import child
from benchmarks.peer import Peer
from cnnhw import LayerShape, networks
from cnnhw.formats.scalesim import topology
from cnnhw.systolic import Dataflow, Plan

RUN = Path(__file__).with_name("scalesim_run.py")
SCALESIM = Peer(
    name="SCALE-Sim",
    packages='scalesim==3.0.0 "numpy<2.4"',
    # 3.0.0 makes a number of an array of one word, which NumPy refuses from 2.4 on.
    ask="from importlib.metadata import version; import numpy, scalesim.single_layer_sim;"
    "int(numpy.ones(1)); print(version('scalesim'))",
    benchmark="emulator",
)
DATAFLOWS = {Dataflow.OUTPUT: "os", Dataflow.WEIGHT: "ws", Dataflow.INPUT: "is"}


@dataclass(frozen=True)
class Answer:
    """What SCALE-Sim says of one layer.

    seconds             of processor time
    array_seconds       of those without its memories
    cycles              as it reports them: the index of the last one
    stalls              of those, 0 if its memories keep up
    ifmap, filter       words that the array reads
    psum                words that it writes
    """

    seconds: float
    array_seconds: float
    cycles: int
    stalls: int
    ifmap: int
    filter: int
    psum: int


def run(python: str, shape: LayerShape, plan: Plan) -> tuple[Answer, float | None]:
    """Let SCALE-Sim simulate a layer.

    python   of its environment
    shape    the layer: one image, one group
    plan     whose array and dataflow are taken
    returns  Answer, and the most memory it held, in MB, or None where the system does not tell
    raises   subprocess.CalledProcessError if it fails, whose own words are on stderr
    """
    job = {
        "topology": topology(networks.from_layers("one", {"layer": shape})),
        "rows": plan.rows,
        "cols": plan.cols,
        "dataflow": DATAFLOWS[plan.dataflow],
    }
    answer, peak = child.run([python, "-I", str(RUN)], job)
    return Answer(**answer), peak


def psums_it_counts(plan: Plan) -> int:
    """Give the psum words that SCALE-Sim 3.0.0 reports for a plan.

    Where psums stay, it adds rows + cols words a fold that nothing writes (its issue 166 asks about them).
    """
    extra = (plan.rows + plan.cols) * len(plan.folds) if plan.dataflow == Dataflow.OUTPUT else 0
    return plan.words["psum"] + extra
