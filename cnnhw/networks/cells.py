"""A published number beside the computed one, and whether they agree at the precision that was printed."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

_UNIT = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
_NUMBER = re.compile(r"(?P<digits>\d+(?:\.(?P<decimals>\d+))?)(?P<unit>[kMG]?)")


class Verdict(StrEnum):
    """How a published number fares. QUOTED: no shape can compute it, it is only repeated."""

    REPRODUCED = "reproduced"
    CONVENTION = "reproduced under a convention"
    NOT = "not reproduced"
    QUOTED = "quoted"


@dataclass(frozen=True)
class Cell:
    """One cell of a published table.

    network     title of the network, or name of the layer on slide 16
    cell        which cell: "# CONV MACs"
    published   the printed text: "1.43G"
    straight    computed from the layers, counted plainly; None where only quoting is possible
    under       computed under the convention, where plain counting does not give the printed text
    convention  the convention, or the remark, in words
    cut_off     whether the convention includes cutting digits off instead of rounding
    others      further readings that were tried: (words, value) pairs
    source      where the cell is printed

    >>> Cell("AlexNet", "# CONV weights", "2.3M", 2_332_704).verdict
    <Verdict.REPRODUCED: 'reproduced'>
    >>> Cell("AlexNet", "# CONV weights", "2.3M", 3_745_824).verdict
    <Verdict.NOT: 'not reproduced'>
    """

    network: str
    cell: str
    published: str
    straight: int | str | None
    under: int | str | None = None
    convention: str = ""
    cut_off: bool = False
    others: tuple[tuple[str, int | str], ...] = ()
    source: str = "slide 18"

    @property
    def verdict(self) -> Verdict:
        """Whether the computed value gives the printed text, decided anew at every call."""
        if self.straight is None:
            return Verdict.QUOTED
        if agrees(self.straight, self.published):
            return Verdict.REPRODUCED
        if self.under is not None and agrees(self.under, self.published, cut_off=self.cut_off):
            return Verdict.CONVENTION
        return Verdict.NOT

    @property
    def computed(self) -> int | str | None:
        """The value behind the verdict: under the convention where that is needed, else the plain count."""
        return self.under if self.verdict is Verdict.CONVENTION else self.straight


def agrees(value: int | str, published: str, cut_off: bool = False) -> bool:
    """Say whether a value gives a printed text at the printed precision.

    value      a computed number; or a text, such as "3-256", which must be the same
    published  digits, with k, M or G after them
    cut_off    whether digits are cut off (34,848 is 34k) or rounded, half up (35k)
    returns    bool

    >>> agrees(149_520_384, "150M"), agrees(34_848, "34k"), agrees(34_848, "34k", cut_off=True)
    (True, False, True)
    """
    found = _NUMBER.fullmatch(published)
    if isinstance(value, str) or found is None:
        return str(value) == published
    last_digit = Decimal(1).scaleb(-len(found["decimals"] or ""))
    rounding = ROUND_DOWN if cut_off else ROUND_HALF_UP
    return (Decimal(value) / _UNIT[found["unit"]]).quantize(last_digit, rounding) == Decimal(found["digits"])
