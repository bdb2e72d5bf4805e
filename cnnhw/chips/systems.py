"""The systems that slides 36 to 38 name for each dataflow, as far as their papers were read."""

from dataclasses import dataclass

from cnnhw.chips.rows import rows


@dataclass(frozen=True, kw_only=True)
class System:
    """An accelerator of the literature.

    name            of the system, or of its first author
    dataflow        "WS", "OS_A", "OS_B", "OS_C", "NLR" or "RS"
    venue, year     of the paper
    read            what was read in the paper; empty if it was not
    reported        what others report, not verified
    macs_per_cycle  at most; None if not known
    clock_hz        cycles per second; None if not known
    stated_gops     the paper's rate as printed, 10^9 operations per second; empty if not known
    confidence      "A" if rate, MACs and clock were read in the paper, "C" if they are reported
    """

    name: str
    dataflow: str
    venue: str
    year: int
    read: str
    reported: str
    macs_per_cycle: int | None
    clock_hz: float | None
    stated_gops: str
    confidence: str

    @property
    def peak_gops(self) -> float | None:
        """Twice the MACs per second, in 10^9: a MAC is two operations. None if MACs or clock are not known.

        A paper's own rate may count otherwise, or be what was measured and not a peak.
        """
        if None in (self.macs_per_cycle, self.clock_hz):
            return None
        return 2 * self.macs_per_cycle * self.clock_hz / 1e9


def systems(dataflow: str | None = None) -> tuple[System, ...]:
    """Give the systems of slides 36 to 38, and Eyeriss.

    dataflow  "WS", "OS_A", "OS_B", "OS_C", "NLR" or "RS" for those alone; "OS" for all three; None for all
    source    TALK slides 36-38, and the papers named in each row

    >>> [(system.name, system.year, system.peak_gops) for system in systems("WS")][1]   # 800 * 2 * 142e6
    ('nn-X / neuFlow', 2014, 227.2)
    """
    every = (_system(row) for row in rows("systems.csv"))
    return tuple(system for system in every if dataflow is None or system.dataflow.startswith(dataflow))


def _system(row: dict[str, str]) -> System:
    return System(
        name=row["name"], dataflow=row["dataflow"], venue=row["venue"], year=int(row["year"]),
        read=row["read"], reported=row["reported"],
        stated_gops=row["stated_gops"], confidence=row["confidence"],
        macs_per_cycle=int(row["macs_per_cycle"]) if row["macs_per_cycle"] else None,
        clock_hz=float(row["clock_mhz"]) * 1e6 if row["clock_mhz"] else None,
    )  # fmt: skip
