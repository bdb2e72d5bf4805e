"""A systolic array (Gupta et al., ICML 2015; the TPU, ISCA 2017): words enter skewed at its edges, and meet.

A PE talks to its neighbours only: what comes from the left or from above in one cycle is handed on in the
next. There is no register file beyond the words in transit, and no network; a word that enters is used by a
whole row or column of PEs.

SCALE-Sim 3.0.0 reports, for the same array, the index of the last cycle: one less than there are. Its
output-stationary fold takes rows + cols + T - 2 cycles, which is drain="bus" here. The paper's
2*rows + cols + T - 2 is the default; SCALE-Sim's authors agree that their code should give it (scale-sim-v3,
issue 4). It gives every fold the time of a full one: ragged="array".
"""

from cnnhw.systolic.convolve import LayerRun, convolve, plan
from cnnhw.systolic.multiply import Run, multiply
from cnnhw.systolic.plan import Dataflow, Drain, Plan, Ragged
from cnnhw.systolic.watch import Trace

__all__ = ["Dataflow", "Drain", "LayerRun", "Plan", "Ragged", "Run", "Trace", "convolve", "multiply", "plan"]
