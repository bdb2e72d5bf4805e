"""Plans for all layers of a network, with a progress bar when it takes longer than a second."""

from cnnhw.dataflows import Dataflow
from cnnhw.mapper.plan import Plan
from cnnhw.mapper.search import ENERGY, search
from cnnhw.networks import Network


def search_network(dataflow: Dataflow, network: Network, machine, objective: str = ENERGY) -> dict[str, Plan]:
    """Find the best parameters for each layer of a network.

    dataflow            one of the six in cnnhw.dataflows
    network             a Network, such as networks.alexnet().with_batch(16)
    machine, objective  as in search
    returns             layer name -> Plan
    raises              CourseError as search does, at the first layer for which nothing fits

    >>> from cnnhw import networks
    >>> from cnnhw.dataflows import OS_C
    >>> from cnnhw.machine import Level, Machine
    >>> plans = search_network(OS_C, networks.lenet5(), Machine(8, 8, (Level("GLB", 50_000), Level("RF", 1))))
    >>> plans["C1"].parameters
    {'m': 6, 'n': 1, 'p': 6}
    """
    from tqdm import tqdm

    layers = tqdm(network.layers.items(), desc=f"{dataflow.name} on {network.title}", delay=1, leave=False)
    return {name: search(dataflow, shape, machine, objective) for name, shape in layers}


def energy_per_mac(plans: dict[str, Plan]) -> float:
    """Give the published energy of all plans over their MACs, in the unit of the machine's costs.

    plans    layer name -> Plan, or a part of what search_network gives

    >>> energy_per_mac({})
    0.0
    """
    macs = sum(plan.shape.macs for plan in plans.values())
    return sum(plan.published_energy for plan in plans.values()) / macs if macs else 0.0
