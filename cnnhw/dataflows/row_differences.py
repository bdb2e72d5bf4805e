"""Why row stationary's nest and its closed form differ, worked out tensor by tensor."""

from collections.abc import Iterator

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.dataflows.strips import positions, shared_words, strip_sum
from cnnhw.nest.cuts import lengths, pieces
from cnnhw.shape import Axis


def reasons(z: Sizes, **parameters) -> Iterator[Reason]:
    """Give the reasons for RS, from the sizes of a layer and its parameters."""
    yield from _ifmap(z, **parameters)
    yield from _ifmap_in_place(z, **parameters)
    yield from _filter(z, **parameters)
    yield from _psum(z, **parameters)


def _ifmap(z: Sizes, *, m, n, e, p, q, r, t) -> Iterator[Reason]:
    """Strips and chunks that the paper rounds or divides."""
    width, rows = positions(z.F, z.S, z.columns), strip_sum(z.E, e, z.R, z.R, z.rows)
    paper = z.ifmap_planes * z.rows_moved(e) * z.W
    reached, strips = z.ifmap_planes * z.rows_moved(e) * width, z.ifmap_planes * rows * width
    for level, published in (("DRAM", chunks(z.M, m)), ("GLB", chunks(z.M, p * t))):
        yield Reason(level, IFMAP, (reached - paper) * published, why.UNREACHED)
        yield Reason(level, IFMAP, (strips - reached) * published, why.STRIPS)
    slid = (
        _left_behind(z.columns, 1) * (z.F - 1) + z.S
    )  # words that a PE gets as its window slides along a row
    dilated, nested = z.ifmap_planes * rows * (slid - width), z.ifmap_planes * rows * slid
    yield Reason("GLB", IFMAP, dilated * chunks(z.M, p * t), why.DILATED)
    yield Reason("GLB", IFMAP, nested * (pieces(z.M, [m, p * t]) - chunks(z.M, p * t)), why.NESTED)
    rows_of_pes = z.ifmap_planes * z.R * z.E
    more = pieces(z.M, [m, p * t, p]) - chunks(z.M, p)
    yield Reason("NoC", IFMAP, rows_of_pes * (width - z.W) * chunks(z.M, p), why.UNREACHED)
    yield Reason("NoC", IFMAP, rows_of_pes * (slid - width) * chunks(z.M, p), why.DILATED)
    yield Reason("NoC", IFMAP, rows_of_pes * slid * more, why.NESTED)


def _ifmap_in_place(z: Sizes, *, m, n, e, p, q, r, t) -> Iterator[Reason]:
    """Words that are where they are wanted already."""
    width, rows = positions(z.F, z.S, z.columns), strip_sum(z.E, e, z.R, z.R, z.rows)
    if chunks(z.C, q * r) == 1:
        shared, _ = shared_words((z.E, e, z.rows), (z.F, z.F, z.columns))
        yield Reason("DRAM", IFMAP, -z.ifmap_planes * rows * width * (chunks(z.M, m) - 1), why.STAYS)
        yield Reason("DRAM", IFMAP, -z.ifmap_planes * shared, why.SLIDES)
    alone = sum(often for images, often in lengths(z.N, [n]).items() if images == 1)
    if alone:  # the next filters begin where the last window of the same image may still be, at the left
        left, planes = z.S - _left_behind(z.columns, z.F - 1), z.G * alone * z.C
        begins, filled = _begins(z, m, p, t, anew=chunks(z.C, q * r) > 1)
        fetches, deliveries = begins - pieces(z.M, [m, p * t]), filled - pieces(z.M, [m, p * t, p])
        yield Reason("GLB", IFMAP, planes * rows * left * fetches, why.STAYS_IN_RF)
        yield Reason("NoC", IFMAP, planes * z.R * z.E * left * deliveries, why.STAYS_IN_RF)


def _left_behind(axis: Axis, steps: int) -> int:
    """Count the words of a window along an axis that the window so many steps before has not got."""
    apart, rest = divmod(axis.U * steps, axis.D)
    return axis.filter if rest else min(axis.filter, apart)


def _begins(z: Sizes, m: int, p: int, t: int, anew: bool) -> tuple[int, int]:
    """How often a strip begins with some set of PEs empty, and how many are empty when it does.

    anew  whether the channels of a pass are others when the next m filters begin
    """
    begins = filled = busy = 0
    for part, often in lengths(z.M, [m]).items():
        for _ in range(often):
            sets = chunks(min(part, p * t), p)
            begins += sets > busy  # one read, for however many
            filled += max(0, sets - busy)
            busy = 0 if anew else chunks((part - 1) % (p * t) + 1, p)
    return begins, filled


def _filter(z: Sizes, *, m, n, e, p, q, r, t) -> Iterator[Reason]:
    if chunks(z.C, q * r) * pieces(z.M, [m, p * t]) > 1:
        return
    lots, last = chunks(z.N, n), (z.E - 1) % e + 1
    # PE columns without work in the last strip lose their weights, and get them again for the next lot.
    idle = e - last
    fetches, deliveries = 1 + (lots - 1) * (idle > 0), e + (lots - 1) * idle
    yield Reason("DRAM", FILTER, z.filter_words * (fetches - lots * chunks(z.E, e)), why.STAYS_IN_RF)
    yield Reason("NoC", FILTER, z.filter_words * (deliveries - lots * z.E), why.STAYS_IN_RF)


def _psum(z: Sizes, *, m, n, e, p, q, r, t) -> Iterator[Reason]:
    passes, rows = chunks(z.C, q * r), chunks(z.C, q) * z.R
    yield Reason("GLB", PSUM, z.ofmap_words, why.THROUGH)
    # Where all psums of the buffer are in the PEs, they wait there for more channels.
    alone = sum(often for images, often in lengths(z.N, [n]).items() if images == 1) * (z.F == 1)
    kept = sum(part * often for part, often in lengths(z.M, [m]).items() if part <= p * t)
    waits = z.G * alone * z.E * kept
    if waits:
        first = chunks(min(z.C, q * r), q) * z.R
        yield Reason("GLB", PSUM, -2 * waits * (passes - 1), why.STAYS_IN_RF)
        yield Reason("NoC", PSUM, waits * (first - rows + passes - 1), why.STAYS_IN_RF)
        yield Reason("RF", PSUM, 2 * waits * (rows - first), why.STAYS_IN_RF)
        yield Reason("RF", PSUM, waits * first, why.FIRST_WRITE)
    goes = z.ofmap_words - waits
    if goes:
        yield Reason("NoC", PSUM, goes * (passes - 1), why.RETURNS)
        yield Reason("RF", PSUM, goes * rows, why.FIRST_WRITE)
        yield Reason("RF", PSUM, goes * (passes - 1), why.BACK_IN_RF)
