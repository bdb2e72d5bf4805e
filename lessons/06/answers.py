"""What notebook 06's exercises ask for, right and wrong in the ways that students get it wrong."""

from fractions import Fraction
from math import ceil, log2

import numpy as np

LARGEST_R = 64  # where the search for a crossover ends; chosen for teaching
_HALF = Fraction(1, 2)

# F(3, 2) at the points 0, 1, -1 and infinity; any other valid set passes as well.
AT = [[1, 1, 1, 0], [0, 1, -1, 0], [0, 1, 1, 1]]
G = [[1, 0], [_HALF, _HALF], [_HALF, -_HALF], [0, 1]]
BT = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]


def winograd_layer(M, C, E, F, m, r):
    """Right: tiles of a plane, and multiplications of the layer."""
    tiles = ceil(E / m) * ceil(F / m)
    return tiles, tiles * (m + r - 1) ** 2 * M * C


def ragged_tiles_dropped(M, C, E, F, m, r):
    """Wrong: only whole tiles."""
    tiles = (E // m) * (F // m)
    return tiles, tiles * (m + r - 1) ** 2 * M * C


def tiles_by_area(M, C, E, F, m, r):
    """Wrong: the plane's words divided by a tile's."""
    tiles = ceil(E * F / m**2)
    return tiles, tiles * (m + r - 1) ** 2 * M * C


def tile_of_m_by_m(M, C, E, F, m, r):
    """Wrong: one multiplication for each ofmap word."""
    tiles, _ = winograd_layer(M, C, E, F, m, r)
    return tiles, tiles * m**2 * M * C


def direct_products(M, C, E, F, m, r):
    """Wrong: each tile costs what the direct way costs."""
    tiles, _ = winograd_layer(M, C, E, F, m, r)
    return tiles, tiles * (m * r) ** 2 * M * C


def one_channel(M, C, E, F, m, r):
    """Wrong: C left out."""
    return winograd_layer(M, 1, E, F, m, r)


def tiles_of_all_planes(M, C, E, F, m, r):
    """Wrong: the tiles of all ofmap planes together."""
    tiles, multiplications = winograd_layer(M, C, E, F, m, r)
    return tiles * M, multiplications


def tiles_alone(row, weights, tile):
    """Right: each tile's own result, at its place in a line of W + S - 1 words."""
    W, S = len(row), len(weights)
    starts = range(0, W, tile)
    lines = np.zeros((len(starts), W + S - 1), dtype=np.int64)
    for line, start in zip(lines, starts, strict=True):
        words = row[start : start + tile]
        line[start : start + len(words) + S - 1] = np.convolve(words, weights[::-1])
    return lines


def tiles_flipped(row, weights, tile):
    """Wrong: np.convolve with the weights as they are."""
    return tiles_alone(row, weights[::-1], tile)


def tiles_cut_off(row, weights, tile):
    """Wrong: no overlap, each tile keeps only as many words as it has."""
    lines = tiles_alone(row, weights, tile)
    for index, line in enumerate(lines):
        line[(index + 1) * tile :] = 0
    return lines


def tiles_wrapped(row, weights, tile):
    """Wrong: the overlap comes back at the tile's start, as from an FFT without padding."""
    lines = tiles_alone(row, weights, tile)
    for index, line in enumerate(lines):
        start, stop = index * tile, min((index + 1) * tile, len(row))
        words = line[start:].copy()
        line[start:] = 0
        np.add.at(line, start + np.arange(len(words)) % (stop - start), words)
    return lines


def last_tile_dropped(row, weights, tile):
    """Wrong: len(row) // tile tiles."""
    return tiles_alone(row, weights, tile)[: len(row) // tile]


def direct_operations(E, C, M, R):
    """The direct way by the exercise's model: a multiplication and an addition for each product."""
    return 2 * M * C * E**2 * R**2


def fft_operations(E, C, M, R, transforms=None, padding=True, logarithm=True):
    """The way through frequencies by the exercise's model; the options are mistakes."""
    n = 2 ** ceil(log2(E + R - 1 if padding else E))
    one = 5 * n**2 * (log2(n) if logarithm else 1)
    return (C + M if transforms is None else transforms) * one + 4 * C * M * n**2


def _first(wins):
    return next((R for R in range(1, LARGEST_R + 1) if wins(R)), 0)


def first_win(E, C, M):
    """Right: the smallest R at which the way through frequencies takes fewer operations; 0 if none to 64."""
    return _first(lambda R: fft_operations(E, C, M, R) < direct_operations(E, C, M, R))


def win_or_tie(E, C, M):
    """Wrong: as few operations are enough."""
    return _first(lambda R: fft_operations(E, C, M, R) <= direct_operations(E, C, M, R))


def win_of_any_size(E, C, M):
    """Wrong: the transform has E + R - 1 rows, whatever that is."""

    def operations(R):
        n = E + R - 1
        return (C + M) * 5 * n**2 * log2(n) + 4 * C * M * n**2

    return _first(lambda R: operations(R) < direct_operations(E, C, M, R))


def last_loss(E, C, M):
    """Wrong: the R before the first win."""
    return max(first_win(E, C, M) - 1, 0)


def win_with_filters(E, C, M):
    """Wrong: the filters are transformed again for each image."""
    every = C + M + C * M
    return _first(lambda R: fft_operations(E, C, M, R, every) < direct_operations(E, C, M, R))


def win_without_padding(E, C, M):
    """Wrong: the transform is only as large as the ofmap."""
    return _first(lambda R: fft_operations(E, C, M, R, padding=False) < direct_operations(E, C, M, R))


def win_without_logarithm(E, C, M):
    """Wrong: a transform of n * n words takes 5 * n * n operations."""
    return _first(lambda R: fft_operations(E, C, M, R, logarithm=False) < direct_operations(E, C, M, R))


def win_on_multiplications(E, C, M):
    """Wrong: the direct way without its additions."""
    return _first(lambda R: 2 * fft_operations(E, C, M, R) < direct_operations(E, C, M, R))


def is_own_f32(answer) -> bool:
    """The whole rule: the three sizes, then the three sums, on single words and weights and on mixed ones."""
    if [np.shape(part) for part in answer] != [(3, 4), (4, 2), (4, 4)]:
        return False
    AT, G, BT = ([[Fraction(x) for x in row] for row in part] for part in answer)
    for d in ([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [3, -5, 7, 11]):
        for g in ([1, 0], [0, 1], [2, -13]):
            words = [sum(x * y for x, y in zip(row, d, strict=True)) for row in BT]
            weights = [sum(x * y for x, y in zip(row, g, strict=True)) for row in G]
            products = [x * y for x, y in zip(words, weights, strict=True)]
            for i, row in enumerate(AT):
                y = sum(x * product for x, product in zip(row, products, strict=True))
                if abs(y - d[i] * g[0] - d[i + 1] * g[1]) > Fraction(1, 10**6):
                    return False
    return True


def nearby_matrices():
    """F(3, 2) at other points, and with a row doubled."""
    return [
        (AT, [G[0], [1, 1], [1, -1], G[3]], [BT[0], [0, _HALF, _HALF, 0], [0, -_HALF, _HALF, 0], BT[3]]),
        (AT, [G[0], [1, 1], G[2], G[3]], BT),
        ([[float(x) for x in row] for row in AT], [[float(x) for x in row] for row in G], BT),
        (AT, G, [*BT[:3], [0, -1, 0, 1 + 1e-3]]),
    ]
