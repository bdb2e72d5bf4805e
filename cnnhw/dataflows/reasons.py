"""The reasons why a nest and the paper's closed form move different numbers of words."""

from typing import NamedTuple

from cnnhw.shape import Tensor

STRIPS = "strips are counted one by one: a short last strip has a halo like any other"
SLIDES = "a tile keeps the rows and columns it shares with the one before it; the paper fetches them again"
STAYS = "all of it is in the buffer, so it stays; the paper fetches it again"
STAYS_IN_RF = "what a PE needs next is in its RF already; the paper delivers it again"
NESTED = "chunks inside chunks: the inner step does not divide the outer one, so there are more of them"
THROUGH = "a finished psum is written to the buffer on its way to DRAM; the paper charges DRAM alone"
RETURNS = "a psum that comes back from the buffer is delivered to a PE; the paper charges the buffer alone"
FIRST_WRITE = "the first product of a piece of a psum is written too; the paper starts with the second"
BACK_IN_RF = "a psum that came back is read from the RF for its next product, like any other"
DELIVERED = "the delivery of a weight to its PE counts; the paper does not charge it"
WAITS = "a pixel waits in the RF of its PE and every MAC reads it there; the paper charges its delivery alone"
PARTS = "only a part of a window fits the RF, and pixels between two parts come for both"
DILATED = "windows with holes: the one beside it in a PE shares fewer words than a whole one would"
UNREACHED = "rows and columns that no window reaches are not fetched"
ONE_STEP = "all rows of a filter add up in one step; the paper's psums wait in the buffer between rows"
PIXELS = "the pixels of every step are read from the buffer; the paper charges DRAM and the array alone"
BATCHES = "the buffer holds the pixels too, so fewer images fit, and the weights come again for each lot"
NO_STRIPS = "whole ifmaps are in the buffer, no strips of f columns"
NO_ROOM = "not one image fits beside the psums, so the pixels of every step come from DRAM"


class Reason(NamedTuple):
    """One reason for a difference: where, how many words more (or fewer), and why."""

    level: str
    tensor: Tensor
    words: float
    why: str
