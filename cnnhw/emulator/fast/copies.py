"""How many PEs of a group work: those along the dims that do not choose the words of a tensor."""

from dataclasses import dataclass

import numpy as np

from cnnhw.emulator.fast.passes import Passes
from cnnhw.nest import DIMS, INDICES


@dataclass(frozen=True, eq=False)
class Copies:
    """PEs that hold the same words, in two passes; one number each for every pair of passes.

    before, now  that work in the one, in the other
    both         that work in both
    """

    before: np.ndarray
    now: np.ndarray
    both: np.ndarray


def choosing(tensor: str) -> set[str]:
    """Name the dims that choose the words of a tensor."""
    return {dim for index in INDICES[tensor] for dim in index}


def copies(passes: Passes, tensor: str, before, now) -> Copies:
    """Count the PEs along the dims that do not choose the words of a tensor.

    before, now  numbers of passes
    """
    at_work = [1, 1, 1]
    for dim in DIMS:
        if dim not in choosing(tensor):
            old, new = (passes.shares(dim, which)[1] > 0 for which in (before, now))
            found = (old, new, old & new)
            at_work = [many * mask.sum(axis=1) for many, mask in zip(at_work, found, strict=True)]
    return Copies(*at_work)
