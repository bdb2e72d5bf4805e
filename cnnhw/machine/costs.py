"""What one access costs at each level: the slide's table, Horowitz' measurements, or a reader's own."""

from dataclasses import dataclass, replace

from cnnhw.errors import CourseError, is_finite

PLACES = ("DRAM", "GLB", "NoC", "RF", "MAC")


@dataclass(frozen=True, kw_only=True)
class Costs:
    """The energy of moving one word at each level, and of one MAC.

    DRAM, GLB, RF  one word read from, or written to, that memory
    NoC            one word delivered to one PE, or handed from one PE to another
    MAC            one multiply-accumulate
    unit           what the numbers are counted in: "MAC" where they are relative to one MAC, or "pJ"
    source         where the numbers are from
    raises         CourseError if a cost is no finite number of 0 or more

    The defaults are slide 35's.

    >>> Costs()["DRAM"], Costs(DRAM=160, source="LPDDR4, my data sheet")["DRAM"]
    (200, 160)
    """

    DRAM: float = 200
    GLB: float = 6
    NoC: float = 2
    RF: float = 1
    MAC: float = 1
    unit: str = "MAC"
    source: str = "the reader's own"

    def __post_init__(self):
        for place in PLACES:
            checked_cost(place, getattr(self, place), self.unit, optional=False)

    def __getitem__(self, place: str) -> float:
        if place not in PLACES:
            raise CourseError(
                f"costs exist for {', '.join(PLACES)}",
                f"{place!r}",
                "use one of these names, as it is written here",
            )
        return getattr(self, place)

    def relative(self) -> "Costs":
        """Give the same costs in units of one MAC.

        returns  Costs with MAC = 1
        raises   CourseError if a MAC costs nothing

        >>> Costs.horowitz().relative().MAC
        1.0
        """
        if not self.MAC:
            raise CourseError(
                "costs relative to a MAC need a MAC that costs something", "MAC=0", "give MAC a cost above 0"
            )
        scaled = {place: self[place] / self.MAC for place in PLACES}
        return replace(self, **scaled, unit="MAC", source=f"{self.source}; over the cost of a MAC")

    @classmethod
    def horowitz(cls) -> "Costs":
        """Give the costs that follow from Horowitz' table, in pJ for a 16-bit word at 45 nm and 0.9 V.

        returns  MAC: a 16-bit floating-point product and sum, 1.1 + 0.4; the table has no product of 16-bit
                 whole numbers.
                 DRAM: half of a 32-bit read, 640 / 2.
                 GLB: a quarter of a 64-bit read of the 32 kB cache, 20 / 4; a 1 MB cache would be 100 / 4.
                 RF and NoC are not in the table: slide 35's ratios to a MAC, 1 and 2, stand in.
        source   Horowitz, ISSCC 2014, figure 1.1.9; TALK slide 35 for RF and NoC

        >>> costs = Costs.horowitz()
        >>> costs.DRAM, round(costs.DRAM / costs.MAC)         # 320 pJ; one access costs 213 MACs
        (320.0, 213)
        """
        mac = 1.1 + 0.4
        return cls(
            DRAM=640 / 2, GLB=20 / 4, NoC=2 * mac, RF=mac, MAC=mac, unit="pJ",
            source="Horowitz, ISSCC 2014, 45 nm; RF and NoC from the ratios of TALK slide 35",
        )  # fmt: skip


def checked_cost(name: str, cost, unit: str = "MAC", optional: bool = True) -> None:
    """Refuse what is no cost of an access.

    optional  whether None, for the machine's own, is one
    raises    CourseError if it is no finite number of 0 or more
    """
    if optional and cost is None:
        return
    number = isinstance(cost, (int, float)) and not isinstance(cost, bool)
    if not number or not is_finite(cost) or cost < 0:
        raise CourseError(
            "the cost of an access is a number, 0 or more",
            f"{name}={cost!r}",
            f"give {name} in the unit of the other costs, here {unit}",
        )


SLIDE_35 = Costs(
    source="TALK slide 35, 16-bit words, normalised to one MAC; RF of 0.5-1.0 kB, GLB of 100-500 kB"
)
