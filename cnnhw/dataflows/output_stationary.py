"""Output stationary: a PE keeps the psum of one ofmap word until it is finished. What three kinds share."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Dataflow
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.sizes import Sizes
from cnnhw.dataflows.strips import shared_words, strip_sum


@dataclass(frozen=True, repr=False)
class OutputStationary(Dataflow):
    """Psums never leave their PE, and every MAC's operands come by the NoC."""

    def moved(self, z: Sizes, **parameters) -> dict:
        return {
            ("DRAM", FILTER): z.filter_words,
            ("DRAM", PSUM): z.ofmap_words,
            ("NoC", FILTER): z.macs,
            ("NoC", IFMAP): z.macs,
            ("RF", PSUM): 2 * z.ofmap_words * (z.C * z.R * z.S - 1),
        }


class Window(NamedTuple):
    """How much of a window of pixels a PE keeps beside its psum: loops outside and inside the RF."""

    outside: tuple
    inside: tuple
    keeps: frozenset

    @classmethod
    def of(cls, **kept: int) -> "Window":
        """Give the window of which so many rows R and columns S are kept; all 0 for none of it."""
        if not any(kept.values()):
            return cls(tuple((dim, 1, "GLB") for dim in kept), (), frozenset({PSUM}))
        outside = tuple((dim, step, "GLB") for dim, step in kept.items())
        return cls(outside, tuple((dim, 1, "RF") for dim in kept), frozenset({PSUM, IFMAP}))


def slides(z: Sizes, e: int, f: int, n: int, fetches: int, paper: float) -> Iterator[Reason]:
    """Give DRAM's reasons for the ifmap: tiles of e x f pixels, all channels, for each lot of filters.

    paper  words of a plane that the closed form moves
    """
    tiles = strip_sum(z.E, e, z.R, z.R, z.rows) * strip_sum(z.F, f, z.S, z.S, z.columns)
    shared, around = shared_words((z.E, e, z.rows), (z.F, f, z.columns))
    # the next filters meet the images that are there, if those are all
    turns = fetches - 1 if n >= z.N else 0
    yield Reason("DRAM", IFMAP, z.ifmap_planes * fetches * (tiles - paper), why.STRIPS)
    yield Reason("DRAM", IFMAP, -z.ifmap_planes * (fetches * shared + turns * around), why.SLIDES)


def psum_in_place(z: Sizes, keeps_pixels: bool) -> Iterator[Reason]:
    """Give the reasons at the RF."""
    yield Reason("RF", PSUM, z.ofmap_words, why.FIRST_WRITE)
    yield Reason("RF", IFMAP, z.macs if keeps_pixels else 0, why.WAITS)
