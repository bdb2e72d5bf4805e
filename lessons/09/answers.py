"""What notebook 09's exercises ask for, right and wrong in the ways that students get it wrong."""

import numpy as np

from cnnhw.checks import second_way
from cnnhw.checks.opens.n09 import OWN, SMALL
from cnnhw.checks.own_nests import chunks
from cnnhw.counts import count
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

# Chosen for teaching: every size its own; and a layer of which two sets of PEs, with some of everything, fit.
PREDICTED = LayerShape(M=1, C=1, H=6, W=9, R=2, S=4)


def plain_set(shape: LayerShape) -> Nest:
    """The lesson's row-stationary nest: a filter row in each PE, one filter, channel and image at a time."""
    outside = [(dim, 1, "GLB") for dim in "NMCF"]
    return Nest(shape, [*outside, ("R", 1, "ROWS"), ("E", 1, "COLS"), ("S", 1, "RF")])


def predicted_deliveries() -> int:
    """Right: ifmap words that arrive in PEs."""
    return count(plain_set(PREDICTED), Machine.unbounded()).noc["ifmap"].deliveries


def row_receivers(h, R, E, U, P):
    """Right: the PEs that want row h."""
    return [(r, e) for r in range(R) for e in range(E) if U * e + r - P == h]


def row_of_ones(rng, W, S, U, rf_words):
    """Draw an ifmap row and a filter row for own_pe."""
    return rng.integers(-9, 10, W), rng.integers(-9, 10, S), U, rf_words


def own_pe(ifmap_row, filter_row, U, rf_words):
    """Right: psums, GLB reads, RF reads, RF writes."""
    return _pe(ifmap_row, filter_row, U, rf_words >= 2 * len(filter_row) + 1)


def pe_always_slides(ifmap_row, filter_row, U, rf_words):
    """Wrong: the window is kept, however small the RF."""
    return _pe(ifmap_row, filter_row, U, True)


def pe_never_slides(ifmap_row, filter_row, U, rf_words):
    """Wrong: every MAC fetches its ifmap word."""
    return _pe(ifmap_row, filter_row, U, False)


def pe_no_room_for_psum(ifmap_row, filter_row, U, rf_words):
    """Wrong: the psum needs no word."""
    return _pe(ifmap_row, filter_row, U, rf_words >= 2 * len(filter_row))


def pe_whole_row(ifmap_row, filter_row, U, rf_words):
    """Wrong: the whole ifmap row is fetched, windows or not."""
    psums, fetched, reads, writes = own_pe(ifmap_row, filter_row, U, rf_words)
    kept = rf_words >= 2 * len(filter_row) + 1
    extra = len(ifmap_row) - fetched if kept else 0
    return psums, fetched + extra, reads, writes + extra


def pe_first_psum_read(ifmap_row, filter_row, U, rf_words):
    """Wrong: the first MAC reads a psum, too."""
    psums, fetched, reads, writes = own_pe(ifmap_row, filter_row, U, rf_words)
    return psums, fetched, reads + len(psums), writes


def pe_fills_free(ifmap_row, filter_row, U, rf_words):
    """Wrong: what arrives in the RF is not written there."""
    psums, fetched, reads, _ = own_pe(ifmap_row, filter_row, U, rf_words)
    return psums, fetched, reads, len(psums) * len(filter_row)


def pe_new_window(ifmap_row, filter_row, U, rf_words):
    """Wrong: each window is fetched anew."""
    psums, fetched, reads, writes = own_pe(ifmap_row, filter_row, U, rf_words)
    macs = len(psums) * len(filter_row)
    return psums, macs, reads, writes + (macs - fetched)


def _pe(ifmap_row, filter_row, U, slides):
    """One PE that keeps the filter row and a psum, and the window if it slides."""
    S = len(filter_row)
    psums = np.array([ifmap_row[f : f + S] @ filter_row for f in range(0, len(ifmap_row) - S + 1, U)])
    macs = len(psums) * S
    fetched = (len(psums) - 1) * min(U, S) + S if slides else macs
    reads = macs + (macs if slides else 0) + macs - len(psums)
    return psums, fetched, reads, S + (fetched if slides else 0) + macs


def rf_words(S, p, q, n):
    """Right: filter rows, windows and psums of p filters, q channels and n images."""
    return p * q * S + n * q * S + n * p


def set_moved(M, C, W, R, E, S, p, q):
    """Right: ifmap words read from the GLB, delivered; hops; psums that come back."""
    psums, groups, passes = M * E * (W - S + 1), chunks(M, p), chunks(C, q)
    return (
        groups * C * (E + R - 1) * W,
        groups * C * R * E * W,
        psums * passes * (R - 1),
        psums * (passes - 1),
    )


def moved_floored(M, C, W, R, E, S, p, q):
    """Wrong: the clipped chunks are forgotten."""
    psums, groups, passes = M * E * (W - S + 1), max(1, M // p), max(1, C // q)
    reads, delivered = groups * C * (E + R - 1) * W, groups * C * R * E * W
    return reads, delivered, psums * passes * (R - 1), psums * (passes - 1)


def moved_hop_of_first(M, C, W, R, E, S, p, q):
    """Wrong: a psum of R PEs makes R hops."""
    reads, delivered, _, back = set_moved(M, C, W, R, E, S, p, q)
    return reads, delivered, M * E * (W - S + 1) * chunks(C, q) * R, back


def set_by_hand(nest: Nest) -> bool:
    """The whole rule of own_set, walked."""
    counts = second_way.moved(nest, SMALL) if nest.shape == OWN else None
    if counts is None or 36 * counts.cycles != 2 * 6 * 4 * 6 * 7 * 3 * 3:
        return False
    rows, cols = second_way.dims_across(nest)
    in_pe = {loop.dim for loop in nest.loops if loop.where == "RF"}
    fixed = "R" in rows - cols and "E" in cols and "S" in in_pe - rows - cols
    in_time = {loop.dim for loop in nest.loops if loop.where in ("DRAM", "GLB") and loop.step < 3}
    alone = not in_time & {"R", "S"}
    kept = {"ifmap", "filter", "psum"} == set(nest.keeps["RF"])
    return fixed and alone and kept and second_way.price(counts, SMALL) < 21


def set_in_name() -> Nest:
    """A nest with filters on the PE rows; its loop over r there has one iteration."""
    loops = [("N", 1, "GLB"), ("C", 1, "GLB"), ("F", 1, "GLB")]
    on_array = [("M", 1, "ROWS"), ("R", 3, "ROWS"), ("E", 1, "COLS")]
    return Nest(OWN, [*loops, *on_array, ("R", 1, "RF"), ("S", 1, "RF")])


def own_set(p: int, q: int, n: int, *, channels: int = 1, filters: int = 1) -> Nest:
    """A row-stationary nest of OWN: p filters, q channels, n images in a PE, and so many sets."""
    outside = [("M", p * filters, "GLB"), ("C", q * channels, "GLB"), ("N", n, "GLB"), ("F", 1, "GLB")]
    on_array = [("M", p, "ROWS"), ("C", q, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS")]
    return Nest(OWN, [*outside, *on_array, ("C", 1, "RF"), ("S", 1, "RF"), ("N", 1, "RF"), ("M", 1, "RF")])
