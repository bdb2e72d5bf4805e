"""ISCA 2016 again: six dataflows, and a reader's own, on AlexNet with equal area, over sizes and batches."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cnnhw.chips.isca16 import isca16
from cnnhw.dataflows import DATAFLOWS, Dataflow, known
from cnnhw.errors import CourseError
from cnnhw.machine import priced
from cnnhw.mapper.network import energy_per_mac
from cnnhw.mapper.plan import Plan
from cnnhw.mapper.search import ISCA_2016, search
from cnnhw.networks import Network, alexnet

PES, BATCHES = (256, 512, 1024), (1, 16, 64)
KINDS = ("CONV", "FC")
# Energy per MAC relative to RS: AlexNet, 256 PEs, N=16. Source: bars of SURVEY figures 33, 34, read to 0.01.
BARS = {
    "CONV": {"WS": 1.92, "OS_A": 1.42, "OS_B": 1.447, "OS_C": 1.75, "NLR": 2.16, "RS": 1.0},
    "FC": {"WS": 2.23, "OS_A": 2.36, "OS_B": 1.88, "OS_C": 1.80, "NLR": 1.39, "RS": 1.0},
}


def plans(
    dataflow: str | Dataflow, network: Network, pes: int, by_size: bool = False
) -> dict[str, Plan | CourseError]:
    """Search all layers of a network as the paper did; where nothing fits, the layer's entry is the error.

    dataflow, pes  as in chips.isca16
    network        a Network with its batch
    by_size        whether prices follow the sizes of the memories, in place of slide 35's
    """
    machine = isca16(dataflow, pes)
    machine = priced(machine) if by_size else machine
    flow = known(dataflow)
    return {name: _plan(flow, shape, machine) for name, shape in network.layers.items()}


@dataclass(frozen=True)
class Bars:
    """All DATAFLOWS on the CONV or the FC layers of AlexNet.

    kind            "CONV" or "FC"
    pes, N          array size and batch
    energy_per_mac  dataflow name -> published energy per MAC, MACs included; None where a layer has no plan
    refused         dataflow name -> why a layer of it has none
    """

    kind: str
    pes: int
    N: int
    energy_per_mac: dict[str, float | None]
    refused: dict[str, CourseError] = field(default_factory=dict)

    def relative(self) -> dict[str, float | None]:
        """Give energy per MAC over that of RS, dataflow name -> ratio."""
        rs = self.energy_per_mac["RS"]
        return {name: None if value is None else value / rs for name, value in self.energy_per_mac.items()}

    @property
    def nearest(self) -> float:
        """The smallest ratio of another of the six to RS."""
        return min(self._others())

    @property
    def farthest(self) -> float:
        """The largest ratio of another of the six to RS."""
        return max(self._others())

    def _others(self) -> list[float]:
        ratios = self.relative()
        return [ratios[name] for name in BARS[self.kind] if name != "RS" and ratios.get(name) is not None]


def bars(pes: int = 256, N: int = 16) -> tuple[Bars, Bars]:
    """Compute the bars of SURVEY figures 33 and 34: AlexNet's CONV layers, and its FC layers.

    pes, N   array size and batch
    returns  Bars for CONV and for FC

    >>> conv, fc = bars()
    >>> round(conv.relative()["WS"], 2), round(fc.relative()["WS"], 2)
    (1.92, 2.23)
    """
    network = alexnet().with_batch(N)
    found = {name: plans(name, network, pes) for name in DATAFLOWS}
    kinds = zip(KINDS, (network.conv, network.fc), strict=True)
    return tuple(
        Bars(
            kind,
            pes,
            N,
            {name: _energy_per_mac(found[name], layers) for name in DATAFLOWS},
            {name: why for name in DATAFLOWS if (why := _refusal(found[name], layers))},
        )
        for kind, layers in kinds
    )


def sweep(pes: Iterable[int] = PES, batches: Iterable[int] = BATCHES) -> tuple[Bars, ...]:
    """Compute the bars for each array size and batch; CONV and FC in turn."""
    return tuple(bar for count in pes for N in batches for bar in bars(count, N))


@dataclass(frozen=True)
class Claim:
    """A sentence of the paper, and whether the computed bars say so.

    text      the claim
    computed  what the bars give, in words
    holds     whether it is true as it is printed, to the digits that are printed
    """

    text: str
    computed: str
    holds: bool


def claims(found: Iterable[Bars]) -> tuple[Claim, ...]:
    """Examine the paper's claims about row stationary on a sweep.

    found    Bars, such as those of sweep()
    returns  a Claim for each: 1.4 to 2.5 times on CONV; 1.3 times on FC for batches above 16, and what
             smaller batches give, for which it is not claimed
    source   ISCA 2016
    """
    found = tuple(found)
    conv = [bar for bar in found if bar.kind == "CONV"]
    low, high = min(bar.nearest for bar in conv), max(bar.farthest for bar in conv)
    rows = [
        Claim(
            "on CONV layers RS needs 1.4 to 2.5 times less energy",
            f"{low:.2f} to {high:.2f} times",
            round(low, 1) >= 1.4 and round(high, 1) <= 2.5,
        )
    ]
    for N in sorted({bar.N for bar in found}, reverse=True):
        least = min(bar.nearest for bar in found if bar.kind == "FC" and bar.N == N)
        text = "on FC layers RS needs at least 1.3 times less energy"
        text += f", N={N}" if N > 16 else f"; claimed for N above 16, here N={N}"
        rows.append(Claim(text, f"{least:.2f} times", round(least, 1) >= 1.3))
    return tuple(rows)


def conv_share(pes: int = 256, N: int = 16) -> float:
    """Give the part of AlexNet's energy that its CONV layers take on RS.

    pes, N   array size and batch

    >>> round(conv_share(), 2)           # the paper: about 80 %
    0.79
    """
    network = alexnet().with_batch(N)
    energy = {name: plan.published_energy for name, plan in plans("RS", network, pes).items()}
    return sum(energy[name] for name in network.conv) / sum(energy.values())


def under_prices_by_size(kind: str = "CONV", pes: int = 256, N: int = 16) -> dict[str, tuple[float, float]]:
    """Compare the six dataflows under slide 35's prices and under prices that follow size.

    kind     layers of AlexNet, "CONV" or "FC"
    returns  dataflow -> energy per MAC of its best plans, in energies of a MAC: flat, and by size. Plans are
             searched for anew under each; None where nothing fits
    source   the plans: ISCA 2016; the prices: machine/prices.py, an interpolation
    """
    network = alexnet().with_batch(N)
    layers = network.conv if kind == "CONV" else network.fc
    return {
        name: tuple(_energy_per_mac(plans(name, network, pes, by_size), layers) for by_size in (False, True))
        for name in DATAFLOWS
    }


def _plan(dataflow, shape, machine) -> Plan | CourseError:
    try:
        return search(dataflow, shape, machine, ISCA_2016)
    except CourseError as nothing_fits:
        return nothing_fits


def _refusal(found: dict, layers: Iterable[str]) -> CourseError | None:
    """Give why the first layer without a plan has none."""
    return next((found[name] for name in layers if isinstance(found[name], CourseError)), None)


def _energy_per_mac(found: dict, layers: Iterable[str]) -> float | None:
    some = {name: found[name] for name in layers}
    return energy_per_mac(some) if all(isinstance(plan, Plan) for plan in some.values()) else None
