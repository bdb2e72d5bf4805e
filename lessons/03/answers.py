"""What notebook 03's exercises ask for, right and wrong in the ways that students get it wrong."""

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.shape import LayerShape


def rows_never_read(H, R, U, P):
    """Right: rows of the ifmap in no window."""
    E = (H + 2 * P - R) // U + 1
    read = {U * e + r - P for e in range(E) for r in range(R)}
    return len(set(range(H)) - read)


def rows_below_the_last(H, R, U, P):
    """Wrong: only rows below the last window."""
    E = (H + 2 * P - R) // U + 1
    return max(0, H + P - (U * (E - 1) + R))


def rows_with_a_small_E(H, R, U, P):
    """Wrong: E of a layer without padding."""
    read = {U * e + r - P for e in range((H - R) // U + 1) for r in range(R)}
    return len(set(range(H)) - read)


def rows_of_padding_too(H, R, U, P):
    """Wrong: rows of padding count."""
    return rows_never_read(H + 2 * P, R, U, 0)


def convolve_plane(ifmap, filters, U):
    """Right: the ofmap (E, F) of one channel and one filter."""
    return conv_windows(ifmap[None, None], filters[None, None], U)[0, 0]


def convolve_layer(ifmap, filters, U, P):
    """Right: the ofmap (N, M, E, F)."""
    return conv_windows(ifmap, filters, U, P)


def one_channel_only(ifmap, filters, U, P):
    """Wrong: only channel 0 is added."""
    return conv_windows(ifmap[:, :1], filters[:, :1], U, P)


def padded_at_the_end(ifmap, filters, U, P):
    """Wrong: all padding below and on the right."""
    return conv_windows(np.pad(ifmap, ((0, 0), (0, 0), (0, 2 * P), (0, 2 * P))), filters, U)


def channels_added_first(ifmap, filters, U, P):
    """Wrong: the sum of the channels times the sum of the filter."""
    return conv_windows(ifmap.sum(axis=1, keepdims=True), filters.sum(axis=1, keepdims=True), U, P)


def edge_repeated(ifmap, filters, U, P):
    """Wrong: the padding repeats the outermost words."""
    return conv_windows(np.pad(ifmap, ((0, 0), (0, 0), (P, P), (P, P)), mode="edge"), filters, U)


def first_image_only(ifmap, filters, U, P):
    """Wrong: every image is the first."""
    return conv_windows(ifmap[:1].repeat(len(ifmap), axis=0), filters, U, P)


def too_few_rows(ofmap):
    """Wrong: the last row and column are left out; where one row is all there is, nothing is left."""
    return ofmap[..., :-1, :-1]


def convolve_groups(ifmap, filters, U, P, G):
    """Right: the ofmap (N, M, E, F) of G groups."""
    return conv_windows(ifmap, filters, U, P, G)


def first_group_only(ifmap, filters, U, P, G):
    """Wrong: every filter sees the first group."""
    seen = filters.shape[1]
    return conv_windows(ifmap[:, :seen], filters, U, P)


def channels_interleaved(ifmap, filters, U, P, G):
    """Group g sees channels g, g + G, g + 2G, ... instead of a block."""
    order = np.arange(ifmap.shape[1]).reshape(-1, G).T.ravel()
    return conv_windows(ifmap[:, order], filters, U, P, G)


def filters_interleaved(ifmap, filters, U, P, G):
    """Filter m belongs to group m % G instead of m // (M / G)."""
    M, seen = filters.shape[:2]
    channels = [ifmap[:, m % G * seen : (m % G + 1) * seen] for m in range(M)]
    ofmaps = [conv_windows(channels[m], filters[m : m + 1], U, P) for m in range(M)]
    return np.concatenate(ofmaps, axis=1)


def padding_where_needed(ifmap, filters, U, P, G):
    """Wrong: padding only where the filter needs it to fit."""
    fits = ifmap.shape[2] >= filters.shape[2] and ifmap.shape[3] >= filters.shape[3]
    return conv_windows(ifmap, filters, U, 0 if fits else P, G)


def is_within_budgets(shape):
    """The whole rule of `designed`, window by window."""
    if (shape.D, type(shape.U), type(shape.P)) != (1, int, int):
        return False
    rows = [range(top, top + shape.R) for top in range(-shape.P, 52 + shape.P - shape.R + 1, shape.U)]
    columns = [range(left, left + shape.S) for left in range(-shape.P, 42 + shape.P - shape.S + 1, shape.U)]
    words, seen = len(rows) * len(columns), shape.C // shape.G
    fits = (shape.N, shape.C, shape.H, shape.W) == (1, 3, 52, 42) and shape.M >= 12 and words >= 500
    every = set(range(52)) <= set().union(*rows) and set(range(42)) <= set().union(*columns)
    weights = shape.M * seen * shape.R * shape.S
    return fits and every and shape.R >= 5 <= shape.S and weights <= 1000 and weights * words <= 500_000


def nearby_layers():
    """Layers on both sides of each budget."""
    sizes = {"C": 3, "H": 52, "W": 42}
    wide = [LayerShape(M=M, **sizes, R=5, U=2, P=P, G=G) for M in (12, 24) for P in range(5) for G in (1, 3)]
    return wide + [LayerShape(M=12, **sizes, R=R, S=S, U=2, P=1) for R in (5, 6, 7) for S in (4, 5, 6)]
