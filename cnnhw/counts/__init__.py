"""How often each word moves: Counts, and two ways to arrive at them that always agree."""

from cnnhw.counts.conventions import CONVENTIONS
from cnnhw.counts.count import count
from cnnhw.counts.counts import Access, Counts, Noc
from cnnhw.counts.walk import walk

__all__ = ["CONVENTIONS", "Access", "Counts", "Noc", "count", "walk"]
