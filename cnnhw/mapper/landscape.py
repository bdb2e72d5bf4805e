"""The landscape around a plan: its energy as one or two parameters vary and the others stay."""

from dataclasses import dataclass

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.mapper.plan import Plan
from cnnhw.mapper.weigh import weigh


@dataclass(frozen=True)
class Landscape:
    """Energies around a plan.

    plan            the plan in the middle
    names           the parameters that vary, one or two
    values          for each of them an array of the values tried
    energy_per_mac  published energy per MAC, one axis for each name; nan where it does not fit
    active_pes      as large; 0 where it does not fit
    """

    plan: Plan
    names: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    energy_per_mac: np.ndarray
    active_pes: np.ndarray


def landscape(plan: Plan, *names: str, most: int = 200) -> Landscape:
    """Give the energy as one or two parameters vary and the others stay as planned.

    plan     a Plan
    names    one or two of its parameters
    most     try 1 to this for each of them, the planned value always among them
    returns  Landscape; energies by the published closed form, as they are reported, or exact without one
    raises   CourseError if a name is no parameter of the dataflow, or there are none or more than two

    >>> from cnnhw import LayerShape
    >>> from cnnhw.dataflows import OS_C
    >>> from cnnhw.machine import Level, Machine
    >>> from cnnhw.mapper import search
    >>> machine = Machine(2, 3, (Level("GLB", 54), Level("RF", 1)))
    >>> plan = search(OS_C, LayerShape(N=2, M=8, C=1, H=3, R=3), machine)
    >>> landscape(plan, "p").active_pes.tolist()[:5]        # n = 2 images; past 3 filters the PEs run out
    [2, 4, 6, 0, 0]
    """
    known = set(plan.dataflow.parameters)
    if not 1 <= len(names) <= 2 or len(set(names)) < len(names) or not set(names) <= known:
        raise CourseError(
            f"a landscape has one or two parameters of {plan.dataflow.name}",
            ", ".join(names) or "none",
            f"name one or two of {', '.join(plan.dataflow.parameters)}",
        )
    values = tuple(np.union1d(np.arange(1, most + 1), plan.parameters[name]) for name in names)
    grids = np.meshgrid(*values, indexing="ij")
    parameters = {**plan.parameters, **dict(zip(names, grids, strict=True))}
    energy, active = weigh(plan.dataflow, plan.shape, plan.machine, parameters)
    fits = energy < np.inf
    per_mac = plan.machine.costs["MAC"] + np.where(fits, energy, np.nan) / plan.shape.macs
    return Landscape(plan, names, values, per_mac, np.where(fits, active, 0))
