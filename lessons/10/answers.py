"""What notebook 10's exercises ask for, right and wrong in the ways that students get it wrong."""

from cnnhw.checks import second_way
from cnnhw.checks.own_nests import chunks
from cnnhw.chips import eyeriss
from cnnhw.counts import count
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

# Chosen for teaching: 27 rows in strips of 10, two sets on 9 x 10 PEs.
PREDICTED, SMALL = LayerShape(M=6, C=1, H=30, W=8, R=4, S=3), Machine(9, 10)


def predicted_mean() -> float:
    """Right: PEs at work on average, on PREDICTED."""
    loops = [("E", 10, "DRAM"), ("M", 2, "GLB"), ("F", 1, "GLB"), ("M", 1, "ROWS"), ("R", 1, "ROWS")]
    return count(Nest(PREDICTED, [*loops, ("E", 1, "COLS"), ("S", 1, "RF")]), SMALL).mean_active_pes


def placed_sets(R, e, rows, cols):
    """Right: parts of a set, sets on top of each other, sets side by side, PEs at work."""
    folds = chunks(e, cols)
    down, across = rows // (R * folds), max(cols // e, 1)
    return folds, down, across, R * e * down * across


def sets_never_folded(R, e, rows, cols):
    """Wrong: a set that is too wide does not fit at all."""
    across = cols // e
    return 1, rows // R, across, R * e * (rows // R) * across


def sets_folds_free(R, e, rows, cols):
    """Wrong: the parts of a folded set take no rows."""
    folds, across = chunks(e, cols), max(cols // e, 1)
    return folds, rows // R, across, R * e * (rows // R) * across


def sets_one_column(R, e, rows, cols):
    """Wrong: sets stand on top of each other only."""
    folds, down, _, _ = placed_sets(R, e, rows, cols)
    return folds, down, 1, R * e * down


def sets_full_parts(R, e, rows, cols):
    """Wrong: each part of a folded set is as wide as the array."""
    folds, down, across, _ = placed_sets(R, e, rows, cols)
    return folds, down, across, R * min(e, cols) * folds * down * across


def mean_active(M, C, E, R, e, r, t):
    """Right: PEs at work on average."""
    return R * M * C * E / (chunks(M, t) * chunks(C, r) * chunks(E, e))


def mean_of_full_steps(M, C, E, R, e, r, t):
    """Wrong: every strip and chunk is full."""
    return R * e * r * t


def mean_strips_only(M, C, E, R, e, r, t):
    """Wrong: only the last strip is clipped."""
    return R * r * t * E / chunks(E, e)


def mean_floored(M, C, E, R, e, r, t):
    """Wrong: clipped steps take no time."""
    return R * M * C * E / (max(M // t, 1) * max(C // r, 1) * max(E // e, 1))


def mean_of_both_ends(M, C, E, R, e, r, t):
    """Wrong: the mean of a full strip and the last one."""
    return R * r * t * (e + E - e * (chunks(E, e) - 1)) / 2


def turns(S, M, C, filter_words, ifmap_words, psum_words):
    """Right: (p, q) with the most filter rows in a PE, of equals the one with the most channels."""
    return _most_rows(_turns_that_fit(S, M, C, filter_words, ifmap_words, psum_words), lambda p, q: q)


def turns_fewest_channels(S, M, C, filter_words, ifmap_words, psum_words):
    """Wrong: of equals the one with the most filters."""
    return _most_rows(_turns_that_fit(S, M, C, filter_words, ifmap_words, psum_words), lambda p, q: p)


def turns_any_psums(S, M, C, filter_words, ifmap_words, psum_words):
    """Wrong: psums take no room."""
    return turns(S, M, C, filter_words, ifmap_words, M)


def turns_one_window(S, M, C, filter_words, ifmap_words, psum_words):
    """Wrong: all channels share one window of S ifmap words."""
    return turns(S, M, C, filter_words, S * C if ifmap_words >= S else 0, psum_words)


def turns_channels_first(S, M, C, filter_words, ifmap_words, psum_words):
    """Wrong: as many channels as fit, then filters."""
    fits = _turns_that_fit(S, M, C, filter_words, ifmap_words, psum_words)
    return max(((q, p) for p, q in fits), default=(0, 0))[::-1]


def _turns_that_fit(S, M, C, filter_words, ifmap_words, psum_words):
    every = ((p, q) for p in range(1, M + 1) for q in range(1, C + 1))
    return [
        (p, q) for p, q in every if p * q * S <= filter_words and q * S <= ifmap_words and p <= psum_words
    ]


def _most_rows(fits, tie):
    return max(fits, key=lambda turn: (turn[0] * turn[1], tie(*turn)), default=(0, 0))


def pass_words(N, M, C, E, F, W, R, U, n, e, channels, filters):
    """Right: passes, ifmap words read from the GLB, psums read and written there."""
    batches, passes = chunks(N, n) * chunks(E, e), chunks(C, channels) * chunks(M, filters)
    rows = sum(U * (min(e, E - start) - 1) + R for start in range(0, E, e))
    return batches * passes, N * C * rows * W * chunks(M, filters), 2 * N * M * E * F * chunks(C, channels)


def pass_words_no_halo(N, M, C, E, F, W, R, U, n, e, channels, filters):
    """Wrong: strips share no rows."""
    passes, _, psums = pass_words(N, M, C, E, F, W, R, U, n, e, channels, filters)
    return passes, N * C * (U * (E - 1) + R) * W * chunks(M, filters), psums


def pass_words_full_strips(N, M, C, E, F, W, R, U, n, e, channels, filters):
    """Wrong: the last strip is as high as the others."""
    passes, _, psums = pass_words(N, M, C, E, F, W, R, U, n, e, channels, filters)
    return passes, N * C * chunks(E, e) * (U * (e - 1) + R) * W * chunks(M, filters), psums


def pass_words_written_only(*sizes):
    """Wrong: psums are written and never read."""
    passes, ifmap, psums = pass_words(*sizes)
    return passes, ifmap, psums // 2


def pass_words_images(N, M, C, E, F, W, R, U, n, e, channels, filters):
    """Wrong: every image has passes of its own."""
    _, ifmap, psums = pass_words(N, M, C, E, F, W, R, U, n, e, channels, filters)
    return pass_words(N, M, C, E, F, W, R, U, 1, e, channels, filters)[0], ifmap, psums


def conv3_by_hand(loops) -> bool:
    """The whole rule of own_mapping, from the counts alone."""
    chip = eyeriss()
    nest = second_way.made(loops, chip.network.layers["CONV3"])
    counts = second_way.moved(nest, chip.machine) if nest else None
    busy = counts is not None and 4 * 384 * 256 * 13 * 13 * 3 * 3 >= 150 * counts.cycles
    return busy and second_way.price(counts, chip.machine) < 6.26


def conv3_loops(m, n, e, p, q, r, t, order="NEMC") -> list[tuple[str, int, str]]:
    """The loops of the lesson with these seven parameters."""
    outside = {"N": n, "E": e, "M": m, "C": q * r}
    return [
        *((dim, outside[dim], "DRAM") for dim in order),
        ("M", p * t, "GLB"), ("N", 1, "GLB"), ("F", 1, "GLB"),
        ("M", p, "ROWS"), ("C", q, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"),
        ("M", 1, "RF"), ("C", 1, "RF"), ("S", 1, "RF"),
    ]  # fmt: skip
