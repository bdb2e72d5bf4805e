"""What notebook 04's exercises ask for, right and wrong in the ways that students get it wrong."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnhw.shape import LayerShape

SIZED = LayerShape(M=4, C=3, H=12, W=10, R=5, S=2, U=2, P=3)  # the layer whose matrix is predicted


def matrix_size(rows=SIZED.ofmap_reuse, E=SIZED.E, F=SIZED.F):
    """Right, unless sizes are given: rows, columns and entries of the Toeplitz matrix."""
    return rows, E * F, rows * E * F


def word_copies(h, w, H, W, R, S, U, P):
    """Right: how often ifmap word (h, w) stands in the Toeplitz matrix."""
    return _windows(h, H, R, U, P) * _windows(w, W, S, U, P)


def _windows(h, H, R, U, P):
    E = (H + 2 * P - R) // U + 1
    return sum(0 <= h + P - U * e < R for e in range(E))


def copies_inside(h, w, H, W, R, S, U, P):
    """Wrong: as many as in the middle of a large ifmap, edges forgotten."""
    return -(-R // U) * -(-S // U)


def copies_without_end(h, w, H, W, R, S, U, P):
    """Wrong: windows past the last one are counted too."""
    return word_copies(h, w, H + R + U, W + S + U, R, S, U, P)


def copies_small_ofmap(h, w, H, W, R, S, U, P):
    """Wrong: E and F of a layer without padding."""
    rows = sum(0 <= h + P - U * e < R for e in range((H - R) // U + 1))
    return rows * sum(0 <= w + P - U * f < S for f in range((W - S) // U + 1))


def copies_added(h, w, H, W, R, S, U, P):
    """Wrong: rows + columns."""
    return _windows(h, H, R, U, P) + _windows(w, W, S, U, P)


def copies_off_by_one(h, w, H, W, R, S, U, P):
    """Wrong: the last row and column of windows are left out."""
    return word_copies(h, w, H - U, W - U, R, S, U, P)


def expand_ifmap(ifmap, R, S, U, P, order="crsef"):
    """Right, unless another order is given: rows c, r, s and columns e, f."""
    padded = np.pad(ifmap, ((0, 0), (P, P), (P, P)))
    windows = sliding_window_view(padded, (R, S), axis=(1, 2))[:, ::U, ::U]
    windows = windows.transpose(["cefrs".index(axis) for axis in order])
    return windows.reshape(np.prod(windows.shape[:3]), -1)


def expand_transposed(ifmap, R, S, U, P):
    """Wrong: a row for each window."""
    return expand_ifmap(ifmap, R, S, U, P).T


def expand_padded_after(ifmap, R, S, U, P):
    """Wrong: all padding below and on the right."""
    return expand_ifmap(np.pad(ifmap, ((0, 0), (0, 2 * P), (0, 2 * P))), R, S, U, 0)


def expand_too_few(ifmap, R, S, U, P):
    """Wrong: the last window is left out."""
    return expand_ifmap(ifmap, R, S, U, P)[:, :-1]


def fold_ofmap(product, N, E, F):
    """Right: columns n, e, f to ofmap (N, M, E, F)."""
    return product.reshape(-1, N, E, F).swapaxes(0, 1)


def fold_at_once(product, N, E, F):
    """Wrong: the shape is right, the words are not where they belong."""
    return product.reshape(N, -1, E, F)


def fold_columns_first(product, N, E, F):
    """Wrong: f before e."""
    return product.reshape(-1, N, F, E).swapaxes(0, 1).swapaxes(2, 3)


def fold_images_last(product, N, E, F):
    """Wrong: columns taken as e, f, n."""
    return product.reshape(-1, E, F, N).transpose(3, 0, 1, 2)


def fold_transposed(product, N, E, F):
    """Wrong: a transpose moves the filters, but only two of the axes are there yet."""
    return product.T.reshape(N, -1, E, F)


def fold_unswapped(product, N, E, F):
    """Wrong: filters before images."""
    return product.reshape(-1, N, E, F)


def attainable_flops(N, M, C, H, R, U, P, peak, bandwidth):
    """Right: the roofline, words of 4 bytes, each moved once."""
    shape = LayerShape(N=N, M=M, C=C, H=H, R=R, U=U, P=P)
    words = shape.ifmap_words_read + shape.filter_words + shape.ofmap_words
    return min(peak, 2 * shape.macs / (4 * words) * bandwidth)


def roof_from(
    flops_of_a_mac=2,
    bytes_of_a_word=4,
    limit=min,
    leave_out=(),
    filters_each_image=False,
    padding_moves=False,
    unread_moves=False,
):
    """Make an attainable_flops that counts something wrongly."""

    def mistaken(N, M, C, H, R, U, P, peak, bandwidth):
        shape = LayerShape(N=N, M=M, C=C, H=H, R=R, U=U, P=P)
        filters = shape.filter_words * (N if filters_each_image else 1)
        ifmap = shape.ifmap_words if unread_moves else shape.ifmap_words_read
        ifmap = N * C * (H + 2 * P) ** 2 if padding_moves else ifmap
        moved = {"ifmap": ifmap, "filters": filters, "ofmap": shape.ofmap_words}
        words = sum(count for tensor, count in moved.items() if tensor not in leave_out)
        return limit(peak, flops_of_a_mac * shape.macs / (bytes_of_a_word * words) * bandwidth)

    return mistaken


def is_without_repeats(shape):
    """The whole rule, with every entry of the matrix in hand."""
    if (shape.D, type(shape.U)) != (1, int) or shape.P != 0:
        return False
    copies = np.zeros((shape.H, shape.W), dtype=int)
    for top in range(0, shape.H - shape.R + 1, shape.U):
        for left in range(0, shape.W - shape.S + 1, shape.U):
            copies[top : top + shape.R, left : left + shape.S] += 1
    windows = len(range(0, shape.H - shape.R + 1, shape.U)) * len(range(0, shape.W - shape.S + 1, shape.U))
    weights = shape.M * shape.C * shape.R * shape.S
    moved = 4 * (shape.C * np.count_nonzero(copies) + weights + shape.M * windows)
    alone = (shape.N, shape.G, shape.P) == (1, 1, 0) and copies.max() == 1
    large = shape.R >= 3 <= shape.S and windows > 1 and weights <= 200_000
    return bool(alone and large and 2 * weights * windows / moved >= 10.6e12 / 720e9)


def nearby_layers():
    """Layers that repeat no word, that repeat a few, and that a P100 waits for."""
    strides = [LayerShape(M=80, C=30, H=72, R=9, U=U) for U in (7, 8, 9, 10, 64)]
    tall = [LayerShape(M=90, C=30, H=9, W=W, R=9, S=3, U=U) for W in (90, 91) for U in (2, 3, 4, 9)]
    thin = [LayerShape(M=M, C=7, H=90, R=3, U=3) for M in (54, 57, 60, 63)]
    return strides + tall + thin
