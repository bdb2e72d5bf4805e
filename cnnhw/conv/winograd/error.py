"""What rounding does to Winograd's convolution: a bound, and the experiment of Lavin and Gray."""

from fractions import Fraction

import numpy as np

from cnnhw.conv.windows import conv_windows, windows_of
from cnnhw.conv.winograd.convolve import conv_winograd
from cnnhw.conv.winograd.plan import Part, plan_of
from cnnhw.conv.winograd.transforms import Transforms
from cnnhw.shape import LayerShape


def amplification(transforms: Transforms) -> Fraction:
    """Give how much larger the words on the way are than the filter's and the ifmap's.

    transforms  of one direction
    returns     the largest sum over j of |AT[i][j]| * (sum of |G[j]|) * (sum of |BT[j]|) over all i. The
                direct sum has r here; what is above r cancels in exact arithmetic, and its rounding stays
    source      the componentwise bound of a bilinear algorithm (Higham 2002, chapter 23)

    >>> from cnnhw.conv.winograd import transforms
    >>> [int(amplification(transforms(m, 3))) for m in (1, 2)]             # 2 + 3 + 3 = 8
    [7, 8]
    """
    weights = [_norm(g) * _norm(b) for g, b in zip(transforms.G, transforms.BT, strict=True)]
    return max(sum(abs(a) * w for a, w in zip(row, weights, strict=True)) for row in transforms.AT)


def winograd_error_bound(
    shape: LayerShape, m=2, points=None, *, ifmap: float = 1.0, filters: float = 1.0, dtype=np.float32
) -> float:
    """Bound the error of any ofmap word of conv_winograd on real floats.

    shape           the layer
    m, points       as in conv_winograd
    ifmap, filters  the largest magnitude of their words
    dtype           of the arithmetic
    returns         g * C/G * ifmap * filters * (sum over parts of amplification down * across), with
                    g = k*u / (1 - k*u), u half a unit in the last place of 1, and k the most roundings
                    that one product meets: T + 1 in each direction of both transforms of the tile,
                    r*r + 2 in the filter's, C/G to sum channels, one for each further part of a stride
    source          Higham 2002, lemma 3.1: each of k roundings multiplies by 1 + d, |d| <= u

    >>> layer = LayerShape(M=1, C=64, H=10, R=3)
    >>> f"{winograd_error_bound(layer, 2):.0e} {winograd_error_bound(layer, 4):.0e}"
    '2e-02 9e-01'
    """
    parts = plan_of(shape, m, points).parts
    seen = shape.seen
    bound = sum(_roundings(part, seen, len(parts), dtype) * _amplification(part) for part in parts)
    return float(bound * seen * ifmap * filters)


def max_errors(shape: LayerShape, seed: int = 0, ms=(2, 4)) -> dict[str, float]:
    """Measure the largest error of an ofmap word, for words drawn evenly from -1 to 1.

    shape    the layer; U, P and G as they are
    seed     of the random words
    ms       the tiles to try
    returns  "direct": float32 added one product after the other; "direct, BLAS": the same products in the
             blocks in which a BLAS adds them; "F(m)" for each m; "fp16 words": float16 words, float32
             sums. Each against float64 with the same words before they are rounded to float16
    source   Lavin and Gray, CVPR 2016, table 4, whose direct convolution is the plain sum

    >>> errors = max_errors(LayerShape(M=2, C=8, H=12, R=3, P=1))
    >>> errors["F(2)"] < errors["F(4)"] < errors["fp16 words"]
    True
    """
    random = np.random.default_rng(seed)
    ifmap = random.uniform(-1, 1, (shape.N, shape.C, shape.H, shape.W)).astype(np.float32)
    filters = random.uniform(-1, 1, (shape.M, shape.seen, shape.R, shape.S)).astype(np.float32)
    sizes = shape.U, shape.P, shape.G, shape.D
    halves = ifmap.astype(np.float16), filters.astype(np.float16)
    ofmaps = {
        "direct": one_after_the_other(ifmap, filters, shape),
        "direct, BLAS": conv_windows(ifmap, filters, *sizes),
        **{f"F({m})": conv_winograd(ifmap, filters, *sizes, m=m) for m in ms},
        "fp16 words": one_after_the_other(*(words.astype(np.float32) for words in halves), shape),
    }
    exact = conv_windows(ifmap.astype(float), filters.astype(float), *sizes)
    return {name: float(np.max(abs(ofmap - exact))) for name, ofmap in ofmaps.items()}


def one_after_the_other(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Convolve by adding the products of each psum in the order c, r, s, as conv_loops does.

    ifmap, filters  arrays of one float dtype, the layer's shape
    shape           the layer
    returns         ofmap (N, M, E, F), rounded after every product and every addition
    """
    windows, made, seen = windows_of(ifmap, shape), shape.made, shape.seen
    ofmap = np.zeros((shape.N, shape.M, shape.E, shape.F), ifmap.dtype)
    for m in range(shape.M):
        for c, r, s in np.ndindex(seen, shape.R, shape.S):
            ofmap[:, m] += windows[:, m // made * seen + c, :, :, r, s] * filters[m, c, r, s]
    return ofmap


def _norm(row) -> Fraction:
    return sum(abs(word) for word in row)


def _amplification(part: Part) -> float:
    return float(amplification(part.rows) * amplification(part.columns))


def _roundings(part: Part, seen: int, parts: int, dtype) -> float:
    """g = k*u / (1 - k*u) for the k roundings that a product meets on its way to an ofmap word."""
    tile = 2 * (part.rows.T + 1 + part.columns.T + 1)
    k = tile + (part.rows.r * part.columns.r + 2) + seen + (parts - 1)
    ku = k * float(np.finfo(dtype).eps) / 2  # not in the arithmetic whose error it is
    return ku / (1 - ku)
